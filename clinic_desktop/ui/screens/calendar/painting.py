"""Paints the board: the ground with its closed stretches, appointments, what is held over them, and the present moment."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPixmap

from clinic_desktop.clinic.frontdesk.queries import PlannedRow
from clinic_desktop.clinic.frontdesk.rules import FREED
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.calendar.board import Block, Board
from clinic_desktop.ui.screens.calendar.words import away_text, clock_text, flags_of, status_icon, status_tone
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, RADIUS, Palette
from clinic_desktop.ui.widgets import directed

ICON, _BAR = 14, 3
_ONE_LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)
_TWO_LINES, _LEAST_FOR_WORDS = 36, 14
_REPEAT = 200


class Brushes:
    """Colours and fonts of the theme that is worn, made once for a board and not at each stroke."""

    def __init__(self, *, right_to_left: bool) -> None:
        self.palette: Palette = current()
        self.colour = {name: QColor(value) for name, value in self.palette.colours().items()}
        self.body, self.strong = font(), font(Text.STRONG)
        self.metrics = {False: QFontMetricsF(self.body), True: QFontMetricsF(self.strong)}
        self.right_to_left = right_to_left
        self.side = int(Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignAbsolute)
        self.closed = QBrush(self.colour["pressed"], Qt.BrushStyle.FDiagPattern)
        self.hatch = QBrush(self.colour["border"], Qt.BrushStyle.BDiagPattern)
        self._icons: dict[tuple[str, str, float], QPixmap] = {}
        self._cut: dict[tuple[str, int, bool], str] = {}

    def of(self, row: PlannedRow) -> tuple[QColor, QColor, str]:
        """Ground, ink and the name of the ink of an appointment."""
        tone = status_tone(row)
        soft, ink = ("accent_soft", "on_accent_soft") if tone is None else (f"{tone}_soft", f"on_{tone}")
        return self.colour[soft], self.colour[ink], ink

    def icon(self, name: str, ink: str, ratio: float) -> QPixmap:
        """A small icon in an ink."""
        key = (name, ink, ratio)
        if key not in self._icons:
            self._icons[key] = pixmap(name, ink, size=ICON, ratio=ratio)
        return self._icons[key]

    def text(self, painter: QPainter, room: QRectF, text: str, *, strong: bool = False) -> None:
        """One line at the leading side of a room; what does not fit ends in an ellipsis."""
        if room.width() < GAP_8:
            return
        key = (text, int(room.width()), strong)
        shown = self._cut.get(key)
        if shown is None:
            shown = self.metrics[strong].elidedText(directed(text), Qt.TextElideMode.ElideRight, room.width())
            self._cut[key] = shown
        painter.setFont(self.strong if strong else self.body)
        painter.drawText(room, self.side | _ONE_LINE, shown)


class BoardPainter:
    """Paints one board; everything is in the coordinates of its content, turned round where the language runs from the right."""

    def __init__(self, board: Board, brushes: Brushes, ratio: float) -> None:
        self._board, self._brushes, self._ratio = board, brushes, ratio

    def turned(self, rect: QRectF) -> QRectF:
        """A rectangle where it stands on the screen's side."""
        if not self._brushes.right_to_left:
            return rect
        return QRectF(self._board.width - rect.right(), rect.top(), rect.width(), rect.height())

    # The ground

    def ground(self, painter: QPainter, seen: QRectF) -> None:
        """Hours, breaks, leave and holidays, with the lines of the hours."""
        board, colour = self._board, self._brushes.colour
        painter.fillRect(seen, colour["window"])
        if self._brushes.palette.window == self._brushes.palette.surface:  # in high contrast nothing else tells closed from open
            painter.fillRect(seen, self._brushes.closed)
        hours: dict[int, list[QRectF]] = {}
        for place, cell in enumerate(board.columns):
            if self.turned(board.column_rect(place)).intersects(seen):
                hours[place] = [board.stretch(place, span.start, span.end) for span in cell.hours]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour["surface"])
        painter.drawRects([self.turned(one) for found in hours.values() for one in found])
        self._lines(painter, seen)
        for place, found in hours.items():
            self._breaks(painter, found)
            self._closed(painter, place)

    def _breaks(self, painter: QPainter, open_hours: list[QRectF]) -> None:
        """Between two spans of a day: a break, in words."""
        ordered = sorted(open_hours, key=lambda one: one.top())
        for before, after in pairwise(ordered):
            gap = QRectF(before.left(), before.bottom(), before.width(), after.top() - before.bottom())
            if gap.height() > GAP_8:
                self._note(painter, gap, _("Break"))

    def _closed(self, painter: QPainter, place: int) -> None:
        board, cell = self._board, self._board.columns[place]
        for away in cell.away:
            rect = board.stretch(place, away.span.start, away.span.end)
            self._hatched(painter, rect, away_text(away))
        for other in cell.elsewhere:
            self._hatched(painter, board.stretch(place, other.start, other.end), _("At another clinic"))
        if not cell.hours and not cell.away:
            whole = board.column_rect(place).adjusted(0, GAP_8, 0, 0)
            for down in range(0, int(whole.height()), _REPEAT):
                self._note(painter, whole.adjusted(0, down, 0, 0), _("Not in"), top=True)

    def _hatched(self, painter: QPainter, rect: QRectF, text: str) -> None:
        shown = self.turned(rect)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._brushes.colour["window"])
        painter.drawRect(shown)
        painter.setBrush(self._brushes.hatch)
        painter.drawRect(shown)
        for down in range(0, max(int(rect.height()) - _REPEAT // 2, 1), _REPEAT):  # read wherever the board is scrolled to
            self._note(painter, rect.adjusted(0, down, 0, 0), text, top=True)

    def _note(self, painter: QPainter, rect: QRectF, text: str, *, top: bool = False) -> None:
        brushes = self._brushes
        height = brushes.metrics[False].height() + GAP_4
        room = self.turned(rect).adjusted(GAP_4, 0, -GAP_4, 0)
        room = QRectF(room.left(), room.top() + GAP_4 if top else room.center().y() - height / 2, room.width(), height)
        room.setWidth(min(room.width(), brushes.metrics[False].horizontalAdvance(text) + 3 * GAP_4))
        if brushes.right_to_left:
            room.moveRight(self.turned(rect).right() - GAP_4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brushes.colour["window"])
        painter.drawRoundedRect(room, GAP_4, GAP_4)
        painter.setPen(brushes.colour["muted"])
        brushes.text(painter, room.adjusted(GAP_4, 0, -GAP_4, 0), text)

    def _lines(self, painter: QPainter, seen: QRectF) -> None:
        board, colour = self._board, self._brushes.colour
        hour, row = 60 * board.pixels, board.step * board.pixels
        fine = [y for n in range(int(board.height / row) + 1) if seen.top() - 1 <= (y := n * row) <= seen.bottom() + 1]
        painter.setPen(QPen(colour["hover"], 1))
        for y in fine:
            painter.drawLine(QPointF(seen.left(), y), QPointF(seen.right(), y))
        painter.setPen(QPen(colour["border"], 1))
        for n in range(int(board.height / hour) + 1):
            painter.drawLine(QPointF(seen.left(), n * hour), QPointF(seen.right(), n * hour))
        for place in range(len(board.columns) + 1):
            x = board.width - place * board.column_width if self._brushes.right_to_left else place * board.column_width
            painter.drawLine(QPointF(x, seen.top()), QPointF(x, seen.bottom()))

    # Appointments

    def blocks(self, painter: QPainter, seen: QRectF, *, selected: UUID | None, faint: frozenset[UUID], carried: UUID | None) -> None:
        """The appointments that are seen; ``faint`` are those that a search does not mean."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for block in self._board.blocks:
            rect = self.turned(block.rect)
            if not rect.intersects(seen):
                continue
            is_faint = block.row.id in faint or block.row.id == carried
            if is_faint:
                painter.setOpacity(0.35)
            self._block(painter, block, rect)
            if is_faint:
                painter.setOpacity(1.0)
            if block.row.id == selected:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._brushes.colour["focus"], 2))
                painter.drawRoundedRect(rect, RADIUS, RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _block(self, painter: QPainter, block: Block, rect: QRectF) -> None:
        brushes, row = self._brushes, block.row
        ground, ink, ink_name = brushes.of(row)
        painter.setPen(QPen(brushes.colour["border_strong"], 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), GAP_4, GAP_4)
        edge = rect.right() - _BAR if brushes.right_to_left else rect.left()
        painter.fillRect(QRectF(edge, rect.top() + 1, _BAR, rect.height() - 2), ink)
        if rect.height() < scaled(_LEAST_FOR_WORDS):
            return  # nearer it is read, and in the tooltip and by the screen reader from here, too
        self._words(painter, row, rect.adjusted(_BAR + GAP_4, 0, -_BAR - GAP_4, 0), ink, ink_name)

    def _words(self, painter: QPainter, row: PlannedRow, room: QRectF, ink: QColor, ink_name: str) -> None:
        """Icon and name; the service too where there is a second line."""
        brushes, zone = self._brushes, self._board.shown.timezone
        is_tall = room.height() >= _TWO_LINES
        line = brushes.metrics[True].height() + 1
        first = QRectF(room.left(), room.top() + (2 if is_tall else 0), room.width(), line if is_tall else room.height())
        first = self._icon(painter, first, status_icon(row), ink_name, trailing=False)
        if room.width() > 7 * ICON:
            for name, _text in reversed(flags_of(row)):
                first = self._icon(painter, first, name, ink_name, trailing=True)
        painter.setPen(ink)
        struck = row.status in FREED
        if struck:
            self._strike(painter, first)
        clock = clock_text(row.start, zone)
        brushes.text(painter, first, row.patient_name if is_tall or first.width() < 110 else f"{clock} {row.patient_name}", strong=is_tall)
        if is_tall:
            below = QRectF(room.left(), first.bottom(), room.width(), line)
            brushes.text(painter, below, f"{clock}–{clock_text(row.end, zone)} · {row.service_name}")

    def _icon(self, painter: QPainter, room: QRectF, name: str, ink_name: str, *, trailing: bool) -> QRectF:
        """Draw an icon at one end of a line; what is left of the line."""
        if room.width() < 2 * ICON:
            return room
        at_left = trailing == self._brushes.right_to_left
        x = room.left() if at_left else room.right() - ICON
        painter.drawPixmap(QPointF(x, room.center().y() - ICON / 2), self._brushes.icon(name, ink_name, self._ratio))
        taken = ICON + GAP_4
        return room.adjusted(taken, 0, 0, 0) if at_left else room.adjusted(0, 0, -taken, 0)

    @staticmethod
    def _strike(painter: QPainter, room: QRectF) -> None:
        painter.drawLine(QPointF(room.left(), room.center().y()), QPointF(room.right(), room.center().y()))

    # Over them

    def cursor(self, painter: QPainter, rect: QRectF, text: str) -> None:
        """The chosen empty place."""
        shown = self.turned(rect).adjusted(2, 1, -2, -1)
        painter.setPen(QPen(self._brushes.colour["focus"], 2))
        painter.setBrush(self._brushes.colour["accent_soft"])
        painter.drawRoundedRect(shown, GAP_4, GAP_4)
        painter.setPen(self._brushes.colour["on_accent_soft"])
        self._brushes.text(painter, shown.adjusted(GAP_8, 0, -GAP_8, 0), text)

    def ghost(self, painter: QPainter, rect: QRectF, lines: tuple[str, ...], *, refused: bool, doubtful: bool) -> None:
        """What is held over the board: its new time, and the reason where it cannot or should not stand there."""
        brushes = self._brushes
        tone = "bad" if refused else "warn" if doubtful else None
        soft, ink = (f"{tone}_soft", f"on_{tone}") if tone else ("accent_soft", "on_accent_soft")
        line = brushes.metrics[True].height() + 2
        shown = self.turned(rect).adjusted(1, 0, -1, 0)
        shown.setHeight(max(shown.height(), line * len(lines) + GAP_4))
        style = Qt.PenStyle.DashLine if tone else Qt.PenStyle.SolidLine
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(brushes.colour[ink], 2, style))
        painter.setBrush(brushes.colour[soft])
        painter.drawRoundedRect(shown, RADIUS, RADIUS)
        painter.setPen(brushes.colour[ink])
        for number, text in enumerate(lines):
            room = QRectF(shown.left() + GAP_8, shown.top() + 2 + number * line, shown.width() - 2 * GAP_8, line)
            brushes.text(painter, room, text, strong=number == 0)

    def now_line(self, painter: QPainter, now: datetime, places: list[int]) -> None:
        """The present moment across the columns of today."""
        board = self._board
        painter.setPen(QPen(self._brushes.colour["danger"], 2))
        for place in places:
            y = board.y(board.minute(now, board.columns[place].day))
            column = self.turned(board.column_rect(place))
            if 0 <= y <= board.height:
                painter.drawLine(QPointF(column.left(), y), QPointF(column.right(), y))
