"""Questions of the queue board."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.staff.queries import DoctorRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, LineEdit


class TransferDialog(Dialog):
    """Chooses the doctor for whom a patient waits from now on."""

    def __init__(self, screen: Screen, visit: VisitRow, doctors: tuple[DoctorRow, ...]) -> None:
        text = _("{number} · {name} waits for {doctor}.").format(
            number=visit.queue_number, name=visit.patient_name, doctor=visit.doctor_name
        )
        super().__init__(screen, _("Transfer to another doctor"), text)
        self._screen, self._visit = screen, visit
        others = [one for one in doctors if one.id != visit.doctor_id and one.is_available]
        self.form = Form(columns=1)
        self.doctor = Choice("", [(f"{one.full_name} · {one.specialty}", one.id) for one in others])
        self.form.add("doctor", _("Doctor"), self.doctor, required=True)
        self.form.add("reason", _("Reason"), LineEdit())
        self.body.addWidget(self.form)
        self.body.addWidget(Label(_("The fee is charged anew at the other doctor's price."), tone="muted", wrap=True))
        self.add_button(_("Cancel"), None, self.reject)
        self.done_button = BusyButton(_("Transfer"))
        self.done_button.setDefault(True)
        self.done_button.clicked.connect(self._transfer)
        self.buttons.addWidget(self.done_button)
        self.doctor.setFocus()

    def _transfer(self) -> None:
        values = self.form.values()
        if values is None:
            return
        doctor_id: UUID = values["doctor"]
        self.done_button.run(
            self._screen.work,
            self,
            commands.transfer,
            then=lambda _nothing: self._transferred(),
            failed=self._refuse,
            visit_id=self._visit.visit_id,
            doctor_id=doctor_id,
            reason=values["reason"],
        )

    def _transferred(self) -> None:
        said = _("{name} now waits for {doctor}.").format(name=self._visit.patient_name, doctor=self.doctor.currentText().split(" · ")[0])
        self._screen.desk.toast(said, tone=Tone.GOOD)
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.form.fields["doctor"].set_error(wording.sentence(error))


class HoldDialog(Dialog):
    """Why somebody is not called for the moment: a word is enough, none as well."""

    def __init__(self, screen: Screen, visit: VisitRow) -> None:
        text = _("{number} · {name} keeps the place and is not called until you resume.")
        super().__init__(screen, _("Put on hold"), text.format(number=visit.queue_number, name=visit.patient_name))
        self._screen, self._visit = screen, visit
        self.form = Form(columns=1)
        self.form.add("reason", _("Reason"), LineEdit(placeholder=_("Blood test, X-ray, a telephone call"), limit=120))
        self.body.addWidget(self.form)
        self.add_button(_("Cancel"), None, self.reject)
        self.done_button = BusyButton(_("Put on hold"))
        self.done_button.setDefault(True)
        self.done_button.clicked.connect(self._hold)
        self.buttons.addWidget(self.done_button)
        self.form["reason"].setFocus()

    def _hold(self) -> None:
        values = self.form.values()
        if values is not None:
            self.done_button.run(
                self._screen.work,
                self,
                commands.hold,
                then=lambda _nothing: self.accept(),
                failed=self._refuse,
                visit_id=self._visit.visit_id,
                reason=values["reason"],
            )

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.form.fields["reason"].set_error(wording.sentence(error))
