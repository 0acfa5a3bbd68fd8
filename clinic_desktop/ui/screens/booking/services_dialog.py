"""What an appointment is for, changed before the patient comes."""

from __future__ import annotations

from typing import Any

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import BookingRow
from clinic_desktop.clinic.frontdesk.queries import BookedServiceRow, VisitRow, booked_services
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.clinic.staff.queries import ServiceRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.more_services import MoreServices
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, keyed


def on_offer_and_booked(session: Any, *, visit: VisitRow) -> tuple[list[ServiceRow], list[BookedServiceRow]]:
    """All services, and those of the appointment."""
    assert visit.appointment_id is not None
    return staff.services(session), booked_services(session, appointment_id=visit.appointment_id)


class ServicesDialog(Dialog):
    """The first service and those that follow it; the time begins where it did."""

    def __init__(self, screen: Screen, visit: VisitRow) -> None:
        text = _("{patient}, {doctor}. Time and fee follow; nothing changes once the bill is issued.")
        super().__init__(
            screen,
            _("Services of {booking}").format(booking=visit.booking_id),
            text.format(patient=visit.patient_name, doctor=visit.doctor_name),
        )
        self._screen, self._visit = screen, visit
        self.form = Form(columns=1)
        self.form.add("service_id", _("Service"), Choice(""), required=True)
        self.form.add("more_services", _("Further services"), MoreServices(_("Further services")))
        self.said = Label(tone="bad", wrap=True)
        self.said.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.said)
        self.form["service_id"].currentIndexChanged.connect(
            lambda _place: self.form["more_services"].leave_out(self.form["service_id"].value())
        )
        self.add_button(_("Cancel"), None, self.reject)
        self.keep = BusyButton(_("Save"), icon_name="check")
        keyed(self.keep, "Ctrl+Return")
        self.keep.clicked.connect(self._keep)
        self.buttons.addWidget(self.keep)
        self.form["service_id"].setFocus()
        screen.work.read(self, on_offer_and_booked, then=self._show, visit=visit)

    def _show(self, found: tuple[list[ServiceRow], list[BookedServiceRow]]) -> None:
        services, booked = found
        self.form["service_id"].set_options([(one.name, one.id) for one in services])
        self.form["more_services"].offer(services)
        self.form["service_id"].set_value(booked[0].service_id)
        self.form["more_services"].set_value(one.service_id for one in booked[1:])

    def _keep(self) -> None:
        values = self.form.values()
        if values is not None:
            self.keep.run(
                self._screen.work,
                self,
                commands.change_services,
                then=self._kept,
                failed=self._refused,
                appointment_id=self._visit.appointment_id,
                **values,
            )

    def _kept(self, booked: BookingRow) -> None:
        end = time_text(booked.end, timezone=self._screen.desk.place.timezone)
        self._screen.desk.toast(_("{booking} now lasts until {time}.").format(booking=booked.booking_id, time=end), tone=Tone.GOOD)
        self.accept()

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.said.setText(wording.sentence(error))
            self.said.setVisible(True)
