"""What every tab of a patient's file has in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screen import Screen


class Part(QWidget):
    """A tab: made when it is first looked at. ``counted(n)`` puts a number behind its title; 0 takes it away."""

    counted = Signal(int)

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent or screen)
        self._screen, self.desk, self.work = screen, screen.desk, screen.work

    def show_patient(self, patient: PatientRow | None) -> None:
        """Show somebody, the same one again after a change, or nobody while the next one is read."""
        raise NotImplementedError
