"""What is done around a booking: behind one button, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from clinic_desktop.clinic.frontdesk import commands, events
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind
from clinic_desktop.clinic.staff import events as staff_events
from clinic_desktop.clinic.staff.commands import add_time_slot
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.booking.added_slots import AddedSlotsDialog
from clinic_desktop.ui.screens.booking.alerts import Alerts, standing
from clinic_desktop.ui.screens.booking.confirming import ConfirmDialog
from clinic_desktop.ui.screens.booking.delay import DelayDialog
from clinic_desktop.ui.screens.booking.follow_up import FollowUpDialog
from clinic_desktop.ui.screens.booking.missing import MissedDialog
from clinic_desktop.ui.screens.booking.moved_away import MovedAwayDialog
from clinic_desktop.ui.screens.booking.reading import Wish, last_seen
from clinic_desktop.ui.screens.booking.rebooking import RebookDialog
from clinic_desktop.ui.screens.booking.series import SeriesDialog
from clinic_desktop.ui.screens.booking.waiting import WaitDialog, WaitingListDialog
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.widgets import Button, keyed

if TYPE_CHECKING:
    from clinic_desktop.ui.screens.booking.screen import BookingScreen

TOLD_BY = (
    *(events.AppointmentBooked, events.AppointmentConfirmed, events.AppointmentMoved, events.AppointmentCancelled, events.PatientMissed),
    *(events.PlaceOffered, events.WaitingListChanged, events.DoctorRunsLate, events.PatientNotReached),
    *(staff_events.LeaveDecided, staff_events.LeaveTakenBack, staff_events.ScheduleChanged),
)
"""After which the line of alerts may read otherwise."""


class BookingTools(QObject):
    """The button "More", its menu, and the line of what waits for a hand."""

    def __init__(self, screen: BookingScreen) -> None:
        super().__init__(screen)
        self._screen, self._desk = screen, screen.desk
        self.alerts = Alerts(screen.desk)
        self.button = Button(_("More"), icon_name="ellipsis", role="quiet")
        keyed(self.button, "F12")
        screen.calendar.week.tools.addWidget(self.button)
        self.menu = QMenu(screen)
        self.actions: dict[str, QAction] = {}
        self._fill_menu()
        self.button.clicked.connect(lambda: self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft())))
        find = QShortcut(QKeySequence("Ctrl+F"), screen)
        find.setWhatsThis(_("Find a patient"))
        find.activated.connect(screen.search.setFocus)
        self.alerts.wanted.connect(lambda name: self.actions[name].trigger())
        screen.work.on(self, *TOLD_BY, then=lambda _events: self.read())

    def _fill_menu(self) -> None:
        screen = self._screen
        may = screen.desk.may
        of_patient = (
            ("follow_up", _("Follow-up…"), "calendar-plus", "Ctrl+Shift+F", self._follow_up, may(commands.book)),
            ("series", _("Several dates…"), "layers", "Ctrl+Shift+D", self._series, may(commands.book_series)),
            ("wait", _("Put on the waiting list…"), "list-ordered", "Ctrl+Shift+W", self._wait, may(commands.add_waiting)),
        )
        of_clinic = (
            ("waiting", _("Waiting list…"), "list-ordered", "Ctrl+W", lambda: WaitingListDialog(screen).open(), may(commands.accept_offer)),
            ("confirm", _("To be confirmed…"), "phone", "Ctrl+T", lambda: ConfirmDialog(screen).open(), may(commands.confirm)),
            ("rebook", _("New times needed…"), "calendar-clock", "Ctrl+Shift+N", lambda: RebookDialog(screen).open(), may(commands.move)),
            ("moved", _("Moved away by a leave…"), "undo-2", "Ctrl+Shift+B", lambda: MovedAwayDialog(screen).open(), may(commands.move)),
            ("missed", _("Did not come…"), "user-x", "Ctrl+Shift+M", lambda: MissedDialog(screen).open(), may(commands.sweep_no_shows)),
            ("late", _("A doctor runs late…"), "timer", "Ctrl+Shift+L", self._late, may(commands.set_delay)),
            ("slots", _("Add a time…"), "plus", "Ctrl+Shift+A", self._slots, may(add_time_slot)),
        )
        for group in (of_patient, of_clinic):
            self.menu.addSeparator()
            for name, text, icon_name, keys, does, is_allowed in group:
                if is_allowed:
                    self._add(name, text, icon_name, keys, does)

    def _add(self, name: str, text: str, icon_name: str, keys: str, does: Callable[[], object]) -> None:
        action = QAction(icon(icon_name), text, self._screen)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: does())
        self.menu.addAction(action)
        self._screen.addAction(action)
        self.actions[name] = action

    def read(self) -> None:
        """Read what waits for a hand, while somebody sees it."""
        if self._screen.isVisible():
            self._screen.work.read(
                self,
                standing,
                latest="standing",
                then=self.alerts.show_standing,
                clinic_id=self._desk.clinic_id,
                today=self._desk.today(),
                now=self._desk.now(),
            )

    # Of the patient

    def _needs_patient(self) -> bool:
        if self._screen.file is None:
            self._screen.side.say(_("Choose a patient first."))
            self._screen.search.setFocus()
        return self._screen.file is not None

    def _follow_up(self) -> None:
        screen = self._screen
        if not self._needs_patient() or screen.file is None:
            return
        seen = last_seen(screen.file.past)
        if seen is None:
            screen.side.say(_("No doctor has seen this patient here yet."))
            return

        def go(day: date) -> None:
            screen.side.say("")
            screen.wish.want(doctor=seen.doctor_id, service=seen.service_id)
            screen.wish.choose_kind(AppointmentKind.FOLLOW_UP)
            screen.calendar.want_focus()
            screen.calendar.choose_day(day, seeking=True)

        FollowUpDialog(screen, seen, go).open()

    def _series(self) -> None:
        screen, found = self._screen, self._wished()
        if found is not None and screen.file is not None:
            details = {name: screen.wish.form[name].value() for name in ("source", "reason")}
            start = screen.calendar.start or next((one.slot.start for one in screen.calendar.slots.free), None)
            SeriesDialog(screen, screen.file.patient.id, found, screen.wish.minutes, start, **details).open()

    def _wait(self) -> None:
        screen, found = self._screen, self._wished()
        if found is not None and screen.file is not None:
            WaitDialog(screen, screen.file, found, screen.wish.form["doctor"].currentText()).open()

    def _wished(self) -> Wish | None:
        return self._screen.wish.wish(None, self._screen.calendar.day) if self._needs_patient() else None

    # Of the clinic

    def _late(self) -> None:
        choice = self._screen.wish.form["doctor"]
        DelayDialog(self._screen, choice.options(), choice.value()).open()

    def _slots(self) -> None:
        choice = self._screen.wish.form["doctor"]
        if choice.value() is not None:
            AddedSlotsDialog(self._screen, choice.value(), choice.currentText(), self._screen.calendar.day).open()
