"""Registering a patient and saving a changed one: each once, whatever the hands do."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from uuid import UUID

from PySide6.QtCore import QElapsedTimer, QObject, Signal
from PySide6.QtWidgets import QApplication

from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.registration.typed import Typed, columns_of, edited_details
from clinic_desktop.ui.widgets import BusyButton


class Saver(QObject):
    """``registered(what follows, patient)``, ``edited(patient)`` or ``refused(ClinicError)``."""

    registered = Signal(str, object)
    edited = Signal(object)
    refused = Signal(object)

    def __init__(self, screen: Screen, button: BusyButton) -> None:
        super().__init__(screen)
        self._desk, self._button = screen.desk, button
        self._run = partial(button.run, screen.work, self, failed=self.refused.emit)
        self._since = QElapsedTimer()

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited, or came so lately that a further press belongs to the one before."""
        just_now = self._since.isValid() and self._since.elapsed() < QApplication.doubleClickInterval()
        return self._button.is_busy or just_now

    def answer(self) -> None:
        """A press has had its answer: one more at once belongs to it, as of hands that press everything twice."""
        self._since.start()

    def register(self, typed: Typed, owner_id: UUID | None, following: str) -> None:
        """Register a new patient."""

        def done(patient: PatientRow) -> None:
            self.answer()
            self.registered.emit(following, patient)

        self._run(
            commands.register_patient,
            then=done,
            clinic_id=self._desk.clinic_id,
            phone=typed.phone,
            phone_owner_id=owner_id,
            numbers=typed.numbers,
            **columns_of(typed),
        )

    def edit(self, typed: Typed, patient: PatientRow, touched: Collection[str], owner_id: UUID | None) -> None:
        """Save what was changed of a patient."""
        self._run(
            commands.edit_patient,
            then=self.edited.emit,
            patient_id=patient.id,
            row_version=patient.row_version,
            details=edited_details(typed, patient, touched),
            phone=typed.phone,
            phone_owner_id=owner_id,
            numbers=typed.numbers,
        )
