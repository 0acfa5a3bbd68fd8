"""The week of the whole clinic: a doctor a row, a day a column, in each how full it is and where the gaps are."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, DoctorDay
from clinic_desktop.kernel.formats import date_text, weekday_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.calendar.choosing import Filters, is_of_kind
from clinic_desktop.ui.screens.calendar.painting import Brushes
from clinic_desktop.ui.screens.calendar.strips import Strips
from clinic_desktop.ui.screens.calendar.words import away_text, booked_text, counts_text, free_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8
from clinic_desktop.ui.widgets.text import plain_tooltip

_ROW, _STRIP, _NAMES = 66, 12, 168
_Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Week(QAbstractTableModel):
    """The cells, with what is heard and shown in full of each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: CalendarRow | None = None
        self.strips = Strips({}, {})
        self.filters = Filters()
        self.today = date.min
        self._units: dict[tuple[UUID, date], tuple[list[QRectF], dict[str, list[QRectF]]]] = {}

    def show_week(self, shown: CalendarRow, strips: Strips, filters: Filters, today: date) -> None:
        """Show a week."""
        self.beginResetModel()
        self.shown, self.strips, self.filters, self.today = shown, strips, filters, today
        self._units = {}
        self.endResetModel()

    def units(self, cell: DoctorDay, brushes: Brushes) -> tuple[list[QRectF], dict[str, list[QRectF]]]:
        """Working hours, and by ink the appointments of a cell, on a strip that is one wide and one high."""
        key = (cell.doctor_id, cell.day)
        if key not in self._units:
            by_ink: dict[str, list[QRectF]] = {}
            for (begin, end), row in self.strips.booked.get(key, ()):
                if is_of_kind(row, self.filters.kind):
                    by_ink.setdefault(brushes.of(row)[2], []).append(QRectF(begin, 0, (end - begin) * 0.85, 1))
            hours = self.strips.open.get(key, ()) if cell.slots else ()  # on leave nobody keeps them
            self._units[key] = [QRectF(begin, 0, end - begin, 1) for begin, end in hours], by_ink
        return self._units[key]

    def cell(self, index: _Index) -> DoctorDay:
        """The doctor's day of a cell."""
        assert self.shown is not None
        return self.shown.cells[self.shown.doctors[index.row()].id, self.shown.days[index.column()]]

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if self.shown is None else len(self.shown.doctors)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if self.shown is None else len(self.shown.days)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.shown is None or role not in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        cell, doctor = self.cell(index), self.shown.doctors[index.row()]
        lines = [doctor.name, date_text(cell.day, weekday=True), counts_text(cell, self.today), *(away_text(one) for one in cell.away)]
        return ", ".join(lines) if role == Qt.ItemDataRole.AccessibleTextRole else plain_tooltip("\n".join(lines))

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if self.shown is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            if way == Qt.Orientation.Horizontal:
                return weekday_text(self.shown.days[section])
            return self.shown.doctors[section].name
        if role == Qt.ItemDataRole.ToolTipRole and way == Qt.Orientation.Vertical:
            doctor = self.shown.doctors[section]
            return plain_tooltip(f"{doctor.name}\n{doctor.specialty}")
        return None


class _Cell(QStyledItemDelegate):
    """Paints one doctor's day: how full in words, and the day as a strip."""

    def __init__(self, view: WeekMatrix) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model, brushes = self._view.week, self._view.brushes()
        cell, room = model.cell(index), QRectF(option.rect)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_off = not cell.slots
        ground = "accent_soft" if is_selected else "window" if is_off else "surface"
        painter.save()
        painter.setClipRect(room)
        painter.fillRect(room, brushes.colour[ground])
        inner = room.adjusted(GAP_8, GAP_4, -GAP_8, -GAP_4)
        line = QRectF(inner.left(), inner.top(), inner.width(), (inner.height() - scaled(_STRIP) - GAP_4) / 2)
        lines = [free_text(cell, model.today), booked_text(cell)]
        if is_off:
            lines = [counts_text(cell, model.today), *(one.text for one in cell.away if one.text)]
        for number, text in enumerate(lines[:2]):
            painter.setPen(brushes.colour["muted" if is_off or number else "text"])
            brushes.text(painter, line.translated(0, number * line.height()), text)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(brushes.colour["border"], 1))
        painter.drawRect(room.adjusted(-0.5, -0.5, -0.5, -0.5))
        if is_selected:
            painter.setPen(QPen(brushes.colour["focus"], 2))
            painter.drawRect(room.adjusted(1, 1, -2, -2))
        self._strip(painter, brushes, QRectF(inner.left(), inner.bottom() - scaled(_STRIP), inner.width(), scaled(_STRIP)), cell)
        painter.restore()

    def _strip(self, painter: QPainter, brushes: Brushes, strip: QRectF, cell: DoctorDay) -> None:
        """In units of the strip: what one repaint has worked out serves the next."""
        opened, by_ink = self._view.week.units(cell, brushes)
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


class WeekMatrix(QTableView):
    """Doctors and days; ``entered(doctor_id, day)`` by Enter or a double click."""

    entered = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.week = Week(self)
        self._brushes: Brushes | None = None
        self.setModel(self.week)
        self.setItemDelegate(_Cell(self))
        self.setAccessibleName(_("Week of the clinic"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(scaled(96))
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(scaled(_ROW))
        down.setFixedWidth(scaled(_NAMES))
        down.setTextElideMode(Qt.TextElideMode.ElideRight)
        for head in (across, down):
            head.setHighlightSections(False)
            head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(self._enter)

    def show_week(self, shown: CalendarRow, strips: Strips, filters: Filters, today: date) -> None:
        """Show a week; the selected doctor's day stays selected."""
        kept = self.chosen
        self._brushes = None
        self.week.show_week(shown, strips, filters, today)
        if shown.doctors:
            ids = [one.id for one in shown.doctors]
            row = ids.index(kept[0]) if kept is not None and kept[0] in ids else 0
            wanted = kept[1] if kept is not None else today
            self.setCurrentIndex(self.week.index(row, shown.days.index(wanted) if wanted in shown.days else 0))

    @property
    def chosen(self) -> tuple[UUID, date] | None:
        """The selected doctor's day."""
        index = self.currentIndex()
        if not index.isValid() or self.week.shown is None:
            return None
        cell = self.week.cell(index)
        return cell.doctor_id, cell.day

    def brushes(self) -> Brushes:
        """Colours and fonts, made once for what is shown."""
        if self._brushes is None:
            self._brushes = Brushes(right_to_left=self.isRightToLeft())
        return self._brushes

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in _ENTER and not event.isAutoRepeat():
            self._enter(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _enter(self, index: QModelIndex) -> None:
        if index.isValid():
            cell = self.week.cell(index)
            self.entered.emit(cell.doctor_id, cell.day)
