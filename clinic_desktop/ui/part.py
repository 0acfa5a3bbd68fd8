"""What every tab of a patient's file has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
        self.patient: PatientRow | None = None

    def show_patient(self, patient: PatientRow | None) -> None:
        """Show somebody, the same one again after a change, or nobody while the next one is read."""
        is_other = patient is None or self.patient is None or patient.id != self.patient.id
        self.patient = patient
        if is_other:
            self.forget()
        self.offer()
        self.read_again()

    def forget(self) -> None:
        """Show nothing: what was there is of somebody else."""

    def offer(self) -> None:
        """Enable what can be done with whom is shown."""

    def read_of(self, patient: PatientRow) -> None:
        """Ask for what is shown, by ``ask``."""

    def read_again(self) -> None:
        """Ask once more, after a change."""
        if self.patient is not None:
            self.read_of(self.patient)

    def ask(self, query: Callable[..., Any], *, then: Callable[[Any], object], **params: Any) -> None:
        """Run a query of this patient; an answer that comes when somebody else is shown is dropped."""
        asked = self.patient

        def answer(found: Any) -> None:
            if asked is not None and self.patient is not None and asked.id == self.patient.id:
                then(found)

        self.work.read(self, query, latest=type(self).__name__, then=answer, **params)
