"""What the week of the clinic shows: each doctor's day, with what is heard and shown in full of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, DoctorDay, PlannedRow, WalkInRow
from clinic_desktop.kernel.formats import date_text, listed, weekday_text
from clinic_desktop.ui.screens.calendar.choosing import Filters, is_of_kind
from clinic_desktop.ui.screens.calendar.painting import Brushes
from clinic_desktop.ui.screens.calendar.strips import Part, Strips
from clinic_desktop.ui.screens.calendar.words import away_text, counts_text, walk_ins_text
from clinic_desktop.ui.screens.reception.words import TONES
from clinic_desktop.ui.widgets.text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
Units = tuple[list[QRectF], dict[str, list[QRectF]]]
_FOR_WALK_INS, _BETWEEN = 0.36, 0.12
"""Of the height of a strip."""


class Week(QAbstractTableModel):
    """The cells, with what is heard and shown in full of each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: CalendarRow | None = None
        self.strips = Strips({}, {}, {})
        self.filters = Filters()
        self.today = date.min
        self._units: dict[tuple[UUID, date], Units] = {}

    def show_week(self, shown: CalendarRow, strips: Strips, filters: Filters, today: date) -> None:
        """Show a week."""
        self.beginResetModel()
        self.shown, self.strips, self.filters, self.today = shown, strips, filters, today
        self._units = {}
        self.endResetModel()

    def units(self, cell: DoctorDay, brushes: Brushes) -> Units:
        """Working hours, and by ink the appointments and walk-ins of a cell, on a strip that is one wide and one high."""
        key = (cell.doctor_id, cell.day)
        if key not in self._units:
            by_ink: dict[str, list[QRectF]] = {}
            top, height = self.lane(key, is_walk_in=False)
            for (begin, end), row in self.strips.booked.get(key, ()):
                if is_of_kind(row, self.filters.kind):
                    by_ink.setdefault(brushes.of(row)[2], []).append(QRectF(begin, top, (end - begin) * 0.85, height))
            top, height = self.lane(key, is_walk_in=True)
            for (begin, end), came in self.strips.walk_ins.get(key, ()):
                by_ink.setdefault(f"on_{TONES[came.status]}", []).append(QRectF(begin, top, (end - begin) * 0.85, height))
            hours = self.strips.open.get(key, ()) if cell.slots else ()  # on leave nobody keeps them
            self._units[key] = [QRectF(begin, 0, end - begin, 1) for begin, end in hours], by_ink
        return self._units[key]

    def cell(self, index: Index) -> DoctorDay:
        """The doctor's day of a cell."""
        assert self.shown is not None
        return self.shown.cells[self.shown.doctors[index.row()].id, self.shown.days[index.column()]]

    def pieces(self, index: Index) -> list[tuple[Part, PlannedRow]]:
        """The appointments of a day that the filters leave, by time, with where they lie on its strip."""
        if not index.isValid() or self.shown is None:
            return []
        cell = self.cell(index)
        found = self.strips.booked.get((cell.doctor_id, cell.day), ())
        return [one for one in found if is_of_kind(one[1], self.filters.kind)]

    def came(self, index: Index) -> list[tuple[Part, WalkInRow]]:
        """The walk-ins of a day, by time, with where they lie on its strip."""
        if not index.isValid() or self.shown is None:
            return []
        cell = self.cell(index)
        return list(self.strips.walk_ins.get((cell.doctor_id, cell.day), ()))

    def stops(self, index: Index) -> list[tuple[Part, PlannedRow | WalkInRow]]:
        """Everything at which one stops on a day's strip, by time."""
        found: list[tuple[Part, PlannedRow | WalkInRow]] = [*self.pieces(index), *self.came(index)]
        return sorted(found, key=lambda one: one[1].start)

    def lane(self, key: tuple[UUID, date], *, is_walk_in: bool) -> tuple[float, float]:
        """Where on a day's strip something lies, from its top, and how high: walk-ins in a row of their own below, where there are any."""
        if is_walk_in:
            return 1 - _FOR_WALK_INS, _FOR_WALK_INS
        return 0, 1 - _FOR_WALK_INS - _BETWEEN if self.strips.walk_ins.get(key) else 1

    def index_of(self, doctor_id: UUID, day: date) -> QModelIndex:
        """The cell of a doctor's day; none where it is not shown."""
        ids = [] if self.shown is None else [one.id for one in self.shown.doctors]
        if self.shown is None or doctor_id not in ids or day not in self.shown.days:
            return QModelIndex()
        return self.index(ids.index(doctor_id), self.shown.days.index(day))

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if self.shown is None else len(self.shown.doctors)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if self.shown is None else len(self.shown.days)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.shown is None or role not in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        cell, doctor = self.cell(index), self.shown.doctors[index.row()]
        came = self.came(index)
        lines = [doctor.name, date_text(cell.day, weekday=True), counts_text(cell, self.today)]
        lines += [*([walk_ins_text(len(came))] if came else []), *(away_text(one) for one in cell.away)]
        return listed(lines) if role == Qt.ItemDataRole.AccessibleTextRole else plain_tooltip("\n".join(lines))

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
