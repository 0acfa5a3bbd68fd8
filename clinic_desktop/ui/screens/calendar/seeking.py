"""Finding in the calendar: the next appointment that is meant, and the next free place of a doctor."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.calendar.bar import View
from clinic_desktop.ui.screens.calendar.choosing import says
from clinic_desktop.ui.screens.calendar.reading import next_free
from clinic_desktop.ui.screens.calendar.showing import rows_of
from clinic_desktop.ui.theme.tokens import Tone

if TYPE_CHECKING:
    from clinic_desktop.ui.screens.calendar.screen import CalendarScreen


class Seeker(QObject):
    """What is looked for is selected as soon as its day is read."""

    def __init__(self, screen: CalendarScreen) -> None:
        super().__init__(screen)
        self._screen, self._desk = screen, screen.desk
        self.appointment_id: UUID | None = None
        self._place: tuple[UUID, datetime] | None = None

    def show_wanted(self) -> None:
        """The days were read: select what was looked for."""
        grid, pages = self._screen.grid, self._screen.pages
        if self.appointment_id is not None and pages.select(self.appointment_id):
            self.appointment_id = None
        if self._place is not None and grid.select_place(*self._place):
            self._place = None
            grid.setFocus()

    def next_match(self) -> None:
        """Enter in the search box goes from one that is meant to the next."""
        screen, text = self._screen, self._screen.filters.text
        if screen.found is None or not text:
            return
        meant = [row for row in rows_of(screen.found.shown, screen.filters) if says(row, text)]
        meant.sort(key=lambda row: (row.start, row.doctor_name))
        here = next((place for place, row in enumerate(meant) if row == screen.pages.current), -1)
        if meant:
            screen.pages.select(meant[(here + 1) % len(meant)].id)
        else:
            self._desk.toast(_("Nothing of that in the days shown."))

    def next_free(self) -> None:
        """Go to the next free place of the doctor at whom the cursor stands, after the one that is chosen."""
        screen, cursor, after = self._screen, self._screen.grid.cursor_at, self._desk.now()
        doctor_id = screen.pages.asked_of(screen.view, screen.likes.doctor_id)
        if doctor_id is None:
            return
        if screen.view is not View.CLINIC and cursor is not None and cursor.doctor_id == doctor_id and cursor.is_empty:
            after = max(after, cursor.start)
        place = self._desk.place
        screen.work.read(
            self,
            next_free,
            latest="free",
            then=partial(self._found, doctor_id),
            clinic_id=place.clinic_id,
            doctor_id=doctor_id,
            timezone=place.timezone,
            now=self._desk.now(),
            after=after,
        )

    def _found(self, doctor_id: UUID, start: datetime | None) -> None:
        screen = self._screen
        if start is None:
            self._desk.toast(_("No free place in the next twelve weeks."), tone=Tone.WARN)
            return
        if screen.view is View.CLINIC:
            screen.likes.view, screen.likes.doctor_id = View.WEEK, doctor_id
        self._place = (doctor_id, start)
        screen.go_to(business_date(start, self._desk.place.timezone))
