"""What a patient's file offers: merging it with another record, which is searched for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.patients.queries import PatientHit, PatientRow, compared
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.duplicates.merging import MergeDialog
from clinic_desktop.ui.screens.reception.other_patient import OtherPatientDialog
from clinic_desktop.ui.widgets import beside


def merge_with_another(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Ask for the other record."""
    OtherRecordDialog(screen, patient).open()


class OtherRecordDialog(OtherPatientDialog):
    """Search, Down, Enter: the two stand beside each other in the next dialog."""

    def __init__(self, screen: Screen, patient: PatientRow) -> None:
        told = _("Which other record is of {patient}, too?").format(patient=beside(patient.full_name, patient.patient_number))
        title, sought = _("Merge with another record"), _("Find the other record")
        super().__init__(screen, patient, title, told, sought=sought, go=_("Compare"), begun=patient.full_name)
        self.chosen.connect(self._read)

    def _read(self, other: PatientHit) -> None:
        self._screen.work.read(self, compared, latest="compared", then=self._compare, one_id=self._patient.id, other_id=other.id)

    def _compare(self, both: object) -> None:
        screen = self._screen
        self.accept()
        MergeDialog(screen, both).open()  # type: ignore[arg-type]
