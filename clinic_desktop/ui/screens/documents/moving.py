"""A document that came into the wrong patient's folder goes to the right one's."""

from __future__ import annotations

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import DocumentRow, PatientHit, PatientRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.other_patient import OtherPatientDialog
from clinic_desktop.ui.widgets import Label


class MoveDialog(OtherPatientDialog):
    """Whose it is: search, Down, Enter. It can be undone."""

    def __init__(self, screen: Screen, patient: PatientRow, row: DocumentRow) -> None:
        told = _("{name} goes from the folder of {patient} to that of whom you choose.").format(name=row.name, patient=patient.full_name)
        super().__init__(screen, patient, _("Wrong patient"), told, sought=_("Find the right patient"), go=_("Move the document"))
        self._row = row
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.chosen.connect(self._move)

    def _move(self, other: PatientHit) -> None:
        self.problem.hide()
        self.go.run(
            self._screen.work,
            self,
            commands.move_document,
            then=lambda _nothing: self._moved(other),
            failed=self._refuse,
            document_id=self._row.id,
            patient_id=other.id,
        )

    def _moved(self, other: PatientHit) -> None:
        screen, document_id, former = self._screen, self._row.id, self._patient.id
        said = _("{name} is in the folder of {patient}.").format(name=self._row.name, patient=other.full_name)
        screen.desk.toast(said, undo=lambda: screen.work.do(screen, commands.move_document, document_id=document_id, patient_id=former))
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        self.problem.setText(wording.sentence(error))
        self.problem.show()
