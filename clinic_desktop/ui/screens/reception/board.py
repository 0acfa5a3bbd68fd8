"""Everyone of the day: the list, its filters, and the keys that work on its selected rows."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import OPEN_VISITS
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.acts import BoardActs
from clinic_desktop.ui.screens.reception.columns import Owed, board_columns
from clinic_desktop.ui.screens.reception.figures import SHOWS, UNSIGNED
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12
from clinic_desktop.ui.widgets import Choice


class DayBoard(QWidget):
    """The day's visits with their actions; ``opened(visit)`` asks for the patient's file."""

    opened = Signal(object)

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent or screen)
        self._visits: list[VisitRow] = []
        self._owed: Mapping[UUID, Owed] = {}
        self._wanted: UUID | None = None
        self._unsigned: frozenset[UUID] = frozenset()
        self.figure = ""
        """What is shown alone; everybody where it is empty."""
        self._empty = _("Nobody is expected today. Find a patient above to book or to add to the queue, or register a new one.")
        self.table = TableView(
            _("Today's patients"),
            board_columns(screen.desk, self.owed),
            key=lambda visit: visit.visit_id,
            empty=self._empty,
            empty_icon="calendar-days",
        )
        self.table.grid.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.doctor = Choice(_("Doctor"), placeholder=_("All doctors"))
        self.doctor.setMinimumWidth(scaled(180))
        self.table.tools.addWidget(self.doctor)
        self.acts = BoardActs(screen, lambda: self.chosen, self.owed, self)
        self.check_in, self.token, self.no_show = self.acts.check_in, self.acts.token, self.acts.no_show
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.table, 1)
        column.addWidget(self.acts)
        self._wire()
        self.acts.offer()

    def _wire(self) -> None:
        self.doctor.currentIndexChanged.connect(lambda _place: self._show())
        self.table.grid.selectionModel().selectionChanged.connect(lambda _on, _off: self.acts.offer())
        self.table.selected.connect(lambda _row: self.acts.offer())
        self.table.activated.connect(self.opened)
        self.table.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.grid.customContextMenuRequested.connect(lambda at: self.acts.pop_up(self.table.grid.viewport().mapToGlobal(at)))
        # Waiting times grow while nothing else changes.
        minute = QTimer(self, interval=30_000)
        minute.timeout.connect(self.table.grid.viewport().update)
        minute.start()

    @property
    def chosen(self) -> list[VisitRow]:
        """The selected visits, in the order of the list."""
        places = sorted(index.row() for index in self.table.grid.selectionModel().selectedRows())
        rows = self.table.rows
        return [rows[place] for place in places if place < len(rows)]

    def owed(self, visit: VisitRow) -> Owed | None:
        """What the patient of a visit has to pay now."""
        return self._owed.get(visit.patient_id)

    # What the screen does with it

    def show_visits(self, visits: list[VisitRow], owed: Mapping[UUID, Owed], unsigned: frozenset[UUID] = frozenset()) -> None:
        """Show the day; ``unsigned``: who is to sign something."""
        self._visits, self._owed, self._unsigned = visits, owed, unsigned
        names = {visit.doctor_id: visit.doctor_name for visit in visits}
        self.doctor.set_options(sorted(((name, doctor_id) for doctor_id, name in names.items()), key=lambda option: option[0]))
        self._show()
        if self._wanted is not None:
            self.select(self._wanted)

    def show_only(self, figure: str) -> None:
        """Show only the visits behind a figure; all of them for an empty name."""
        self.figure = figure
        self.table.set_empty(_("Nobody is in this group now. Press the figure again to see everybody.") if figure else self._empty)
        self._show()

    def select(self, visit_id: UUID) -> None:
        """Put the selection on a visit, so that the next key is about it; on one that was just made, once it is there."""
        self._wanted = None if self.table.select(visit_id) else visit_id

    def _show(self) -> None:
        chosen = self.doctor.value()
        self.table.set_rows(visit for visit in self._visits if chosen in (None, visit.doctor_id) and self._is_shown(visit))
        self.acts.offer()

    def _is_shown(self, visit: VisitRow) -> bool:
        if self.figure == UNSIGNED:
            return visit.patient_id in self._unsigned and visit.status in OPEN_VISITS
        shows = SHOWS.get(self.figure)
        return shows is None or shows(visit)
