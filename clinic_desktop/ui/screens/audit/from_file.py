"""What a patient's file offers of the audit trail."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screen import Screen


def open_history(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Everything that was ever done to a patient's record."""
    screen.desk.open("audit", patient_id=patient.id)
