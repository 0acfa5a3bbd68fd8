"""What the patient has booked already: to be confirmed, moved or cancelled."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus
from clinic_desktop.kernel.formats import date_text, datetime_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.services_dialog import ServicesDialog
from clinic_desktop.ui.screens.reception.words import visit_status, visit_tone
from clinic_desktop.ui.table import END, Column, TableView, put_title
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import ROW_HEIGHT, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Card, Choice, ask_reason, keep_if, keyed

_HEAD, _MOST_ROWS = 112, 2
"""All but the rows; more of them scroll."""


class PlannedList(Card):
    """Next appointments, gone when there are none; ``move_wanted(visit)`` asks the screen for another place."""

    move_wanted = Signal(object)

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._screen, self._desk, self._work = screen, screen.desk, screen.work
        self.table = TableView(
            _("Next appointments"),
            self._columns(),
            key=lambda visit: visit.visit_id,
            empty=_("Nothing is booked."),
            empty_icon="calendar",
            filterable=False,
        )
        self.confirm = BusyButton(_("Confirm"), icon_name="check", role=None)
        self.move_button = Button(_("Move"), icon_name="calendar-days")
        self.services = Button(_("Services…"), icon_name="list-checks")
        self.cancel = BusyButton(_("Cancel…"), icon_name="x", role=None)
        for button, command, keys, action in (
            (self.confirm, commands.confirm, "Ctrl+Shift+C", self._confirm),
            (self.move_button, commands.move, "Ctrl+M", self._move),
            (self.services, commands.change_services, "Ctrl+Shift+S", self._change_services),
            (self.cancel, commands.cancel, "F10", self._ask_cancel),
        ):
            keyed(button, keys)
            button.clicked.connect(action)
            keep_if(button, self._desk.may(command))
            self.table.tools.addWidget(button)
        self.table.selected.connect(lambda _row: self._offer())
        put_title(self.table, _("Already booked"))
        self.body.addWidget(self.table)
        self.show_visits([])

    def _columns(self) -> list[Column]:
        zone = self._desk.place.timezone
        return [
            Column(_("Booking"), lambda v: v.booking_id or "", width=132),
            Column(_("Date"), lambda v: date_text(v.business_date, weekday=True), width=148, sort_key=lambda v: v.planned_at),
            Column(_("Time"), lambda v: time_text(v.planned_at, timezone=zone), width=88, sort_key=lambda v: v.planned_at),
            Column(_("Doctor"), lambda v: v.doctor_name, width=0),
            Column(_("Token"), lambda v: str(v.queue_number or ""), align=END, width=92),
            Column(_("Status"), visit_status, chip=visit_tone, width=128),
        ]

    def show_visits(self, visits: list[VisitRow]) -> None:
        """Show them."""
        self.table.set_rows(visits)
        # No higher than it must be: the places of the day need the room.
        self.setFixedHeight(scaled(_HEAD + ROW_HEIGHT * min(max(len(visits), 1), _MOST_ROWS)))
        self.setVisible(bool(visits))
        if self.table.current is None:
            self.table.select_first()
        self._offer()

    def _offer(self) -> None:
        visit = self.table.current
        self.confirm.setEnabled(visit is not None and visit.appointment_status is AppointmentStatus.PENDING)
        self.move_button.setEnabled(visit is not None)
        self.services.setEnabled(visit is not None)
        self.cancel.setEnabled(visit is not None)

    def _change_services(self) -> None:
        if self.table.current is not None:
            ServicesDialog(self._screen, self.table.current).open()

    def _confirm(self) -> None:
        visit = self.table.current
        if visit is not None:
            done = _("{booking} is confirmed.").format(booking=visit.booking_id)
            self.confirm.run(
                self._work,
                self,
                commands.confirm,
                appointment_id=visit.appointment_id,
                then=lambda _nothing: self._desk.toast(done, tone=Tone.GOOD),
            )

    def _move(self) -> None:
        if self.table.current is not None:
            self.move_wanted.emit(self.table.current)

    def _ask_cancel(self) -> None:
        visit = self.table.current
        if visit is None:
            return
        when = datetime_text(visit.planned_at, timezone=self._desk.place.timezone)
        asked = ask_reason(
            self,
            _("Cancel {booking}?").format(booking=visit.booking_id),
            _("{patient}, {when}, {doctor}. The place is free again and nothing is charged.").format(
                patient=visit.patient_name, when=when, doctor=visit.doctor_name
            ),
            yes=_("Cancel the appointment"),
            no=_("Keep it"),
            then=lambda reason: self._cancel(visit, reason, which.value() if which is not None else False),
        )
        which = None
        if visit.series_id is not None:
            which = Choice(_("Which"), [(_("Only this one"), False), (_("This one and those that follow"), True)])
            asked.body.addWidget(which)

    def _cancel(self, visit: VisitRow, reason: str, following: bool) -> None:
        command = commands.cancel_following if following else commands.cancel
        self.cancel.run(self._work, self, command, appointment_id=visit.appointment_id, reason=reason)
