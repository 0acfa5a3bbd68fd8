"""Who did not come today: recorded at once, and taken back where one came after all."""

from __future__ import annotations

from typing import Any

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.frontdesk.queries import VisitRow, day_board
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus
from clinic_desktop.kernel.formats import number_text, phone_text, time_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.listing import ListDialog
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, keep_if, keyed


def missed_today(session: Any, **place: Any) -> list[VisitRow]:
    """The day's no-shows, by time."""
    return [row for row in day_board(session, **place) if row.appointment_status is AppointmentStatus.NO_SHOW]


class MissedDialog(ListDialog):
    """The program records no-shows by itself once they are late enough; here at once."""

    def __init__(self, screen: Screen) -> None:
        zone = screen.desk.place.timezone
        columns = [
            Column(_("Time"), lambda one: time_text(one.planned_at, timezone=zone), width=96, sort_key=lambda one: one.planned_at),
            Column(_("Patient"), lambda one: one.patient_name, width=0),
            Column(_("Phone"), lambda one: phone_text(one.patient_phone), width=148, export=lambda one: one.patient_phone or ""),
            Column(_("Doctor"), lambda one: one.doctor_name, width=180),
        ]
        text = _("Whoever is much too late counts as missing. One who comes after all is checked in, if the place was not given away.")
        super().__init__(
            screen, _("Did not come today"), text, columns, key=lambda one: one.visit_id, empty=_("Nobody is missing."), width=760
        )
        self.came = self.act(_("Came after all"), "user-check", "Ctrl+Return", self._came)
        keep_if(self.came, self.desk.may(commands.came_after_all))
        self.sweep = BusyButton(_("Record who has not come"), icon_name="user-x")
        keyed(self.sweep, "Ctrl+N")
        keep_if(self.sweep, self.desk.may(commands.sweep_no_shows))
        self.sweep.clicked.connect(self._sweep)
        self.buttons.addWidget(self.sweep)
        self.read()

    def read(self) -> None:
        """Read the day's no-shows again."""
        self.work.read(self, missed_today, latest="list", then=self.show_rows, clinic_id=self.desk.clinic_id, day=self.desk.today())

    def _sweep(self) -> None:
        self.run(self.sweep, commands.sweep_no_shows, then=self._swept, clinic_id=self.desk.clinic_id)

    def _swept(self, found: int) -> None:
        text = ngettext("{n} patient did not come.", "{n} patients did not come.", found).format(n=number_text(found))
        self.desk.toast(text if found else _("Everybody who is due has come, or is not late enough yet."))

    def _came(self, row: VisitRow) -> None:
        self.run(self.came, commands.came_after_all, then=lambda arrived: self._arrived(arrived, row), appointment_id=row.appointment_id)

    def _arrived(self, arrived: ArrivalRow, row: VisitRow) -> None:
        text = _("{patient} waits with number {number}.").format(patient=row.patient_name, number=number_text(arrived.queue_number))
        self.desk.toast(text, tone=Tone.GOOD)
