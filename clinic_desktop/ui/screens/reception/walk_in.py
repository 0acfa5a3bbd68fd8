"""A patient without appointment joins the queue: doctor, service and priority, all prefilled."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Signal

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.frontdesk.rules import Priority
from clinic_desktop.clinic.staff.queries import DoctorDayRow
from clinic_desktop.clinic.staff.rules import ServiceCategory
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated, listed, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.acts import QUEUE_TOKEN, arrival_text
from clinic_desktop.ui.screens.reception.reading import Offer, on_offer
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, directed, keyed


class WalkInDialog(Dialog):
    """Adds one patient to the queue; Enter takes what is prefilled; ``added(visit_id)``."""

    added = Signal(object)

    def __init__(self, screen: Screen, patient_id: UUID, name: str) -> None:
        super().__init__(screen, _("Walk-in"), name, width=500)
        self._screen, self._patient_id, self._name = screen, patient_id, name
        self.form = Form(columns=1)
        self.form.add("doctor", _("Doctor"), Choice(""), required=True)
        self.form.add("service", _("Service"), Choice(""), required=True)
        self.form.add(
            "priority",
            _("Priority"),
            Choice("", [(_("By age and arrival"), None), (wording.status(Priority.EMERGENCY), Priority.EMERGENCY)]),
        )
        self.body.addWidget(self.form)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.printing = BusyButton(_("Add and print token"), icon_name="printer", role=None)
        self.adding = BusyButton(_("Add to the queue"), icon_name="ticket")
        self.adding.setDefault(True)
        keyed(self.printing, "F8")
        for button, prints in ((self.printing, True), (self.adding, False)):
            self.buttons.addWidget(button)
            button.clicked.connect(lambda _checked=False, one=button, also=prints: self._add(one, also))
        screen.work.read(self, on_offer, then=self._offer, clinic_id=screen.desk.clinic_id, day=screen.desk.today())
        self.form["doctor"].setFocus()

    def _offer(self, offer: Offer) -> None:
        doctors = sorted(offer.doctors, key=lambda one: not one.hours)
        self.form["doctor"].set_options([(_doctor_text(one), one.doctor.id) for one in doctors])
        services = sorted(offer.services, key=lambda one: one.category is not ServiceCategory.CONSULTATION)
        self.form["service"].set_options([(one.name, one.id) for one in services])

    def _add(self, button: BusyButton, prints: bool) -> None:
        values = self.form.values()
        if values is None or self.adding.is_busy or self.printing.is_busy:
            return
        button.run(
            self._screen.work,
            self,
            commands.walk_in,
            then=lambda arrival: self._added(arrival, prints),
            failed=self._refused,
            clinic_id=self._screen.desk.clinic_id,
            patient_id=self._patient_id,
            doctor_id=values["doctor"],
            service_id=values["service"],
            priority=values["priority"],
        )

    def _added(self, arrival: ArrivalRow, prints: bool) -> None:
        self._screen.desk.toast(arrival_text(self._name, arrival), tone=Tone.GOOD)
        self.accept()
        self.added.emit(arrival.visit_id)
        if prints:
            show_document(self._screen, _("Queue token"), QUEUE_TOKEN, visit_id=arrival.visit_id)

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()


def _doctor_text(one: DoctorDayRow) -> str:
    if not one.hours:
        return _("{doctor} (not in today)").format(doctor=one.doctor.full_name)
    # Each span in its own direction: Arabic hours beside a Latin name would be torn apart.
    hours = listed(isolated(f"{time_text(start)} – {time_text(end)}") for start, end in one.hours)
    return directed(f"{one.doctor.full_name} · {hours}")
