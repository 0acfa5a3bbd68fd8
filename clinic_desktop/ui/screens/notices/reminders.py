"""Who is to be reminded: by the program where it can send, else by telephone or a slip of paper; and what could not be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QTabWidget, QWidget

from clinic_desktop.clinic.frontdesk.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentMoved,
    PatientCheckedIn,
)
from clinic_desktop.clinic.messages import events
from clinic_desktop.clinic.messages.queries import SaidRow, TellRow, not_sent, to_tell
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.kernel.formats import date_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.notices.failed import FailedList
from clinic_desktop.ui.screens.notices.telling import TellList
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import Choice, Label, Page

_DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Reminders:
    """The appointments of a day with what their patients know, and what could not be sent."""

    day: date
    appointments: list[TellRow]
    failed: list[SaidRow]
    is_copy: bool = False
    """Whether this is a copy of the server's data, which sends nothing."""


def reminders(session: Any, *, clinic_id: UUID, day: date, now: Any) -> Reminders:
    """What the screen shows."""
    return Reminders(day, to_tell(session, clinic_id=clinic_id, day=day), not_sent(session, now=now), bool(series_of(session)))


class RemindersScreen(Screen):
    """One day's appointments on the first page, what could not be sent on the second."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.day = Choice(_("Day"))
        self.day.setMinimumWidth(scaled(232))
        page = Page(self, _("Reminders"), actions=[self.day])
        self.pages = QTabWidget(self)
        self.pages.setDocumentMode(True)
        self.pages.tabBar().setDrawBase(False)
        self.telling, self.failed = TellList(self, self.pages), FailedList(self, self.pages)
        self.pages.addTab(self.telling, _("To tell"))
        self.pages.addTab(self.failed, _("Could not be sent"))
        self.away = Label(
            _("The clinic\u2019s server sends all messages, also about what is booked here, once it is back. Call who comes before that."),
            tone="warn",
            wrap=True,
        )
        self.away.hide()
        page.body.addWidget(self.away)
        page.body.addWidget(self.pages, 1)
        self._offer_days()
        self.day.currentIndexChanged.connect(lambda _place: self.refresh())
        begin_at(self, self.telling.table)
        self.watch(AppointmentBooked, AppointmentMoved, AppointmentCancelled, AppointmentConfirmed, PatientCheckedIn, PatientChanged)
        self.watch(events.MessageQueued, events.MessageSettled)

    def refresh(self) -> None:
        """Read the day and the failures again."""
        if not self.day.count() or self._first_day != self.desk.today():
            self._offer_days()
        day = self.day.value()
        if day is not None:
            now = self.desk.now()
            self.work.read(self, reminders, latest="reminders", then=self._show, clinic_id=self.desk.clinic_id, day=day, now=now)

    def open(self, *, failed: bool = False, **_what: Any) -> None:
        """Show what could not be sent, when asked for."""
        self.pages.setCurrentWidget(self.failed if failed else self.telling)

    def _offer_days(self) -> None:
        """Tomorrow first: that is what is done every evening."""
        self._first_day = today = self.desk.today()
        days = [today + timedelta(days=number) for number in (1, 0, *range(2, _DAYS_AHEAD + 1))]
        named = {today: _("Today"), today + timedelta(days=1): _("Tomorrow")}
        self.day.blockSignals(True)
        self.day.set_options((f"{named[day]}, {date_text(day)}" if day in named else date_text(day, weekday=True), day) for day in days)
        self.day.blockSignals(False)

    def _show(self, found: Reminders) -> None:
        if found.day != self.day.value():
            return
        self.away.setVisible(found.is_copy)
        self.telling.show_rows(found.appointments)
        self.failed.show_rows(found.failed)
        for page, title, count in (
            (self.telling, _("To tell"), self.telling.open_count),
            (self.failed, _("Could not be sent"), len(found.failed)),
        ):
            text = f"{title} ({number_text(count)})" if count else title
            self.pages.setTabText(self.pages.indexOf(page), text)
        self.desk.badge("reminders", len(found.failed))
