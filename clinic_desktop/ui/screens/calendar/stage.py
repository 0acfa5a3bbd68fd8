"""The three views in one place, of which one is seen."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QStackedWidget

from clinic_desktop.clinic.frontdesk.queries import PlannedRow, WalkInRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.calendar.bar import View
from clinic_desktop.ui.screens.calendar.choosing import Filters
from clinic_desktop.ui.screens.calendar.grid import CalendarGrid
from clinic_desktop.ui.screens.calendar.matrix import WeekMatrix
from clinic_desktop.ui.screens.calendar.reading import Span
from clinic_desktop.ui.screens.calendar.showing import picture_of
from clinic_desktop.ui.widgets import EmptyState


class Stage(QStackedWidget):
    """Board, week of the clinic, or what to do where there is nobody to show."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._desk = screen.desk
        self.grid = CalendarGrid(screen.desk, self)
        self.matrix = WeekMatrix(screen.desk, self.grid.taking, self)
        text = _("No doctor has working hours here yet. They are set under Administration, Weekly hours.")
        self.empty = EmptyState(text, icon_name="calendar-off", parent=self)
        for view in (self.grid, self.matrix, self.empty):
            self.addWidget(view)
        begin_at(self, self.grid)

    def show_span(self, view: View, found: Span, filters: Filters) -> None:
        """Show what was read."""
        shown, today, focus = found.shown, self._desk.today(), self.window().focusWidget()
        has_focus = focus is not None and self.isAncestorOf(focus)
        wanted = self.empty if not shown.doctors else self.matrix if view is View.CLINIC else self.grid
        if wanted is self.matrix:
            self.matrix.show_week(shown, found.strips, filters, today)
        elif wanted is self.grid:
            self.grid.show_picture(picture_of(view, found, filters, today))
        self.setCurrentWidget(wanted)
        begin_at(self, wanted)
        if has_focus:
            wanted.setFocus()

    @property
    def current(self) -> PlannedRow | None:
        """The chosen appointment of the view that is seen."""
        return self.matrix.picked if self.currentWidget() is self.matrix else self.grid.current

    @property
    def walk_in(self) -> WalkInRow | None:
        """The chosen walk-in of the view that is seen."""
        return self.matrix.walk_in if self.currentWidget() is self.matrix else self.grid.walk_in

    def take_focus(self) -> None:
        """Give the keyboard to the view that is seen."""
        (self.matrix if self.currentWidget() is self.matrix else self.grid).setFocus()

    def pick_up(self) -> None:
        """Take it up by keys."""
        (self.matrix if self.currentWidget() is self.matrix else self.grid).pick_up()

    def select(self, appointment_id: UUID) -> bool:
        """Choose an appointment in the view that is seen; False when it is not shown."""
        if self.currentWidget() is not self.matrix:
            return self.grid.select(appointment_id)
        row = None if self.matrix.week.shown is None else self.matrix.week.shown.appointment(appointment_id)
        self.matrix.pick(row)
        return row is not None

    def asked_of(self, view: View, week_of: UUID | None) -> UUID | None:
        """At which doctor the cursor stands."""
        if view is View.CLINIC:
            return None if self.matrix.chosen is None else self.matrix.chosen[0]
        if view is View.WEEK:
            return week_of
        board, cursor = self.grid.board, self.grid.cursor_at
        first = board.columns[0].doctor_id if board is not None and board.columns else None
        return first if cursor is None else cursor.doctor_id
