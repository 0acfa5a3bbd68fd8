"""Paints the cells of the clinic's week: how full a day is in words, the day as a strip, and what is held over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clinic_desktop.clinic.frontdesk.queries import DoctorDay
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.ui.screens.calendar.painting import ICON, Brushes
from clinic_desktop.ui.screens.calendar.strips import Part
from clinic_desktop.ui.screens.calendar.week_hand import WeekHand
from clinic_desktop.ui.screens.calendar.words import booked_text, clock_text, counts_text, free_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, RADIUS

if TYPE_CHECKING:
    from clinic_desktop.ui.screens.calendar.matrix import WeekMatrix

_STRIP, _TWO_LINES = 12, 34


def strip_of(room: QRectF) -> QRectF:
    """Where the day lies in its cell."""
    height = scaled(_STRIP)
    return QRectF(room.left() + GAP_8, room.bottom() - GAP_4 - height, room.width() - 2 * GAP_8, height)


def piece_of(strip: QRectF, part: Part, lane: Part = (0, 1), *, right_to_left: bool) -> QRectF:
    """Where a part of a day lies on its strip; ``lane``: from where on downwards, and how high."""
    begin, end = (1 - part[1], 1 - part[0]) if right_to_left else part
    top, height = strip.top() + lane[0] * strip.height(), lane[1] * strip.height()
    return QRectF(strip.left() + begin * strip.width(), top, (end - begin) * strip.width(), height)


class WeekCell(QStyledItemDelegate):
    """Paints one doctor's day: how full in words, and the day as a strip."""

    def __init__(self, view: WeekMatrix) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        model, brushes = self._view.week, self._view.brushes()
        cell, room = model.cell(index), QRectF(option.rect)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_off = not cell.slots
        ground = "accent_soft" if is_selected else "window" if is_off else "surface"
        painter.save()
        painter.setClipRect(room)
        painter.fillRect(room, brushes.colour[ground])
        strip = strip_of(room)
        above = QRectF(strip.left(), room.top() + GAP_4, strip.width(), strip.top() - room.top() - 2 * GAP_4)
        lines = self._lines(cell, are_two=above.height() >= scaled(_TWO_LINES))
        line = QRectF(above.left(), above.top(), above.width(), above.height() / (2 if above.height() >= scaled(_TWO_LINES) else 1))
        beside = self._walk_ins(painter, brushes, line, len(model.came(index)))
        for number, text in enumerate(lines):
            painter.setPen(brushes.colour["muted" if is_off or number else "text"])
            brushes.text(painter, line.translated(0, number * line.height()) if number else beside, text)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(brushes.colour["border"], 1))
        painter.drawRect(room.adjusted(-0.5, -0.5, -0.5, -0.5))
        if is_selected:
            painter.setPen(QPen(brushes.colour["focus"], 2))
            painter.drawRect(room.adjusted(1, 1, -2, -2))
        self._strip(painter, brushes, strip, cell)
        self._marked(painter, brushes, strip, index)
        hand = self._view.taking.hand
        if hand is not None and (hand.doctor_id, hand.day) == (cell.doctor_id, cell.day):
            self._ghost(painter, brushes, room, hand)
        painter.restore()

    def _lines(self, cell: DoctorDay, *, are_two: bool) -> list[str]:
        """How full the day is, or which of its appointments is chosen; of a low cell the line that says more."""
        today, picked, shown = self._view.week.today, self._view.chosen_row, self._view.week.shown
        if cell.slots:
            lines = [free_text(cell, today), booked_text(cell)]
        else:
            lines = [counts_text(cell, today), *(one.text for one in cell.away if one.text)]
        if picked is not None and shown is not None and (picked.doctor_id, picked.day) == (cell.doctor_id, cell.day):
            lines = [lines[0], f"{clock_text(picked.start, shown.timezone)} {picked.patient_name}"][0 if are_two else 1 :]
        return lines[: 2 if are_two else 1]

    def _marked(self, painter: QPainter, brushes: Brushes, strip: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        """The chosen one stands out by its frame."""
        chosen, cell = self._view.chosen_row, self._view.week.cell(index)
        if chosen is None or (chosen.doctor_id, chosen.day) != (cell.doctor_id, cell.day):
            return
        for part, row in self._view.week.stops(index):
            if row.visit_id == chosen.visit_id:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(brushes.colour["focus"], 2))
                painter.drawRect(self._view.piece(strip, part, row).adjusted(-1, -2, 1, 2))

    def _walk_ins(self, painter: QPainter, brushes: Brushes, line: QRectF, count: int) -> QRectF:
        """A token and how many came without an appointment at the trailing end of a line; what is left of the line."""
        if not count:
            return line
        text = number_text(count)
        width = brushes.metrics[False].horizontalAdvance(text) + GAP_4
        number = QRectF(line.left() if brushes.right_to_left else line.right() - width, line.top(), width, line.height())
        x = number.right() + GAP_4 if brushes.right_to_left else number.left() - ICON - GAP_4
        painter.drawPixmap(QPointF(x, line.center().y() - ICON / 2), brushes.icon("ticket", "muted", self._view.devicePixelRatioF()))
        painter.setPen(brushes.colour["muted"])
        brushes.text(painter, number, text)
        taken = width + ICON + 2 * GAP_4
        return line.adjusted(taken, 0, 0, 0) if brushes.right_to_left else line.adjusted(0, 0, -taken, 0)

    @staticmethod
    def _ghost(painter: QPainter, brushes: Brushes, room: QRectF, hand: WeekHand) -> None:
        tone = "bad" if hand.verdict.is_refused else "warn" if hand.verdict.problem is not None else None
        soft, ink = (f"{tone}_soft", f"on_{tone}") if tone else ("accent_soft", "on_accent_soft")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(brushes.colour[ink], 2, Qt.PenStyle.DashLine if tone else Qt.PenStyle.SolidLine))
        painter.setBrush(brushes.colour[soft])
        painter.drawRoundedRect(room.adjusted(2, 2, -2, -2), RADIUS, RADIUS)
        painter.setPen(brushes.colour[ink])
        inner = room.adjusted(GAP_8, GAP_4, -GAP_8, -GAP_4)
        when, what = hand.lines
        if brushes.metrics[True].horizontalAdvance(when) > inner.width():
            when = hand.begins
        for number, text in enumerate((when, what)):
            line = QRectF(inner.left(), inner.top() + number * inner.height() / 2, inner.width(), inner.height() / 2)
            brushes.text(painter, line, text, strong=number == 0)

    def _strip(self, painter: QPainter, brushes: Brushes, strip: QRectF, cell: DoctorDay) -> None:
        """In units of the strip: what one repaint has worked out serves the next."""
        opened, by_ink = self._view.week.units(cell, brushes)
        painter.save()
        painter.translate(strip.right() if brushes.right_to_left else strip.left(), strip.top())
        painter.scale(-strip.width() if brushes.right_to_left else strip.width(), strip.height())
        frame = QPen(brushes.colour["border_strong"], 1)
        frame.setCosmetic(True)
        painter.setPen(frame)
        painter.setBrush(brushes.colour["field"])
        painter.drawRects(opened)
        painter.setPen(Qt.PenStyle.NoPen)
        for ink, pieces in by_ink.items():
            painter.setBrush(brushes.colour[ink])
            painter.drawRects(pieces)
        painter.restore()
