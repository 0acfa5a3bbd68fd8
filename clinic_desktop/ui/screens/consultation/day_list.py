"""The doctor's patients of today: in the room, called, waiting in call order, expected, done."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.clinical.queries import DoctorsVisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.formats import time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import ROW_ROLE, Column, RowsModel
from clinic_desktop.ui.screens.reception.words import TONES
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, RADIUS, Tone
from clinic_desktop.ui.widgets import BusyButton, Label, row
from clinic_desktop.ui.widgets.chip import chip_size, paint_chip

_HEIGHT, _NUMBER = 60, 34
_DONE = (VisitStatus.PENDING_PAYMENT, VisitStatus.COMPLETED)


def tone_of(status: VisitStatus) -> Tone:
    """The tone of a status, as the doctor sees it: what is called stands out."""
    return Tone.WARN if status is VisitStatus.CALLED else Tone.GOOD if status in _DONE else TONES[status]


class VisitDelegate(QStyledItemDelegate):
    """Number, name, and below them the status and the time."""

    def __init__(self, timezone: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._timezone = timezone

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        return QSize(scaled(160), scaled(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        visit: DoctorsVisitRow = index.data(ROW_ROLE)
        palette = current()
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.selection))
            painter.drawRoundedRect(option.rect.adjusted(0, 2, 0, -2), RADIUS, RADIUS)
        room = option.rect.adjusted(GAP_8, GAP_8, -GAP_8, -GAP_8)
        ink = palette.on_selection if is_selected else palette.muted if visit.status in _DONE else palette.text
        upper = QRect(room.left(), room.top(), room.width(), room.height() // 2)
        lower = upper.translated(0, upper.height())
        number = QRect(upper.left(), upper.top(), scaled(_NUMBER), upper.height())
        name = upper.adjusted(scaled(_NUMBER), 0, 0, 0)
        self._line(painter, option, number, str(visit.queue_number or "–"), ink, Text.STRONG)
        self._line(painter, option, name, visit.patient_name, ink, Text.STRONG)
        self._draw_status(painter, option, lower.adjusted(scaled(_NUMBER), 0, 0, 0), visit, ink)
        painter.restore()

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, text: str, ink: str, voice: Text = Text.BODY) -> None:
        chosen = font(voice)
        painter.setFont(chosen)
        painter.setPen(QPen(QColor(ink)))
        shown = QFontMetrics(chosen).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        place = QStyle.visualRect(option.direction, option.rect, room)
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(place, int(align), shown)

    def _draw_status(self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, visit: DoctorsVisitRow, ink: str) -> None:
        text = wording.status(visit.status)
        place = QRectF(QStyle.visualRect(option.direction, option.rect, room))
        is_rtl = option.direction == Qt.LayoutDirection.RightToLeft
        paint_chip(painter, place, text, tone_of(visit.status), font(), right_to_left=is_rtl)
        time = room.adjusted(chip_size(text, font()).width() + GAP_12, 0, 0, 0)
        planned = time_text(visit.planned_at, timezone=self._timezone)
        if time.width() >= QFontMetrics(font()).horizontalAdvance(planned):  # half a time tells nothing
            self._line(painter, option, time, planned, ink)


class DayList(QListView):
    """``opened(visit_id)`` by a click or Enter."""

    opened = Signal(object)

    def __init__(self, timezone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("My patients of today"))
        self.rows = RowsModel([Column("", self._words)], lambda visit: visit.visit_id, self)
        self.setModel(self.rows)
        self.setItemDelegate(VisitDelegate(timezone, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._open)

    @staticmethod
    def _words(visit: DoctorsVisitRow) -> str:
        return f"{visit.queue_number or ''} {visit.patient_name}, {wording.status(visit.status)}"

    def show_visits(self, visits: Iterable[DoctorsVisitRow], shown: UUID | None) -> None:
        """Show these, the opened one selected."""
        self.rows.set_rows(visits)
        self.mark(shown)

    def mark(self, visit_id: UUID | None) -> None:
        """Select the visit that is open."""
        place = self.rows.position(visit_id) if visit_id is not None else None
        if place is None:
            self.clearSelection()
        else:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self.rows.index(place, 0), flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        visit = self.rows.row(index)
        if visit is not None:
            self.opened.emit(visit.visit_id)


class Side(QWidget):
    """The doctor's list with its heading and the button that calls the next."""

    def __init__(self, timezone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(scaled(248))
        self.days = DayList(timezone)
        self.call = BusyButton(_("Call next"), icon_name="megaphone")
        self.waiting = Label(tone="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        heading = row(Label(_("My patients"), voice=Text.TITLE), self.waiting, stretch_at=1)
        column.addLayout(heading)
        column.addWidget(self.call)
        column.addWidget(self.days, 1)
