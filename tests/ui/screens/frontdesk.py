"""Patients, appointments and arrivals for the tests of the front desk's screens, and the shell around a screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.ids import new_id
from tests.clinic.world import TIMEZONE, World

TODAY = date(2026, 3, 2)


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    """A wall time of the clinic as an instant."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(TIMEZONE)).astimezone(UTC)


@dataclass
class FrontDesk:
    """The world, and short words for what happened before a test begins."""

    world: World
    numbers: list[int] = field(default_factory=list)

    def run(self, role: str, command: Callable[..., Any], **params: Any) -> Any:
        if getattr(command, "idempotent", False):
            params.setdefault("key", new_id())
        return self.world.db.run(self.world.actor(role), command, **params)

    def patient(self, first: str = "Asha", last: str | None = "Rao", **more: Any) -> PatientRow:
        values: dict[str, Any] = {"gender": Gender.FEMALE, "date_of_birth": date(1990, 3, 5), **more}
        made = self.run("receptionist", register_patient, clinic_id=self.world.clinic_id, first_name=first, last_name=last, **values)
        assert isinstance(made, PatientRow)
        return made

    def book(self, patient: PatientRow, start: datetime | None = None, **more: Any) -> commands.BookingRow:
        wish = {"doctor_id": self.world.doctor_id, "service_id": self.world.services["CONS"], **more}
        made = self.run("receptionist", commands.book, clinic_id=self.world.clinic_id, patient_id=patient.id, start=start or at(10), **wish)
        assert isinstance(made, commands.BookingRow)
        return made

    def walk_in(self, patient: PatientRow, **more: Any) -> commands.ArrivalRow:
        wish = {"doctor_id": self.world.doctor_id, "service_id": self.world.services["CONS"], **more}
        made = self.run("receptionist", commands.walk_in, clinic_id=self.world.clinic_id, patient_id=patient.id, **wish)
        assert isinstance(made, commands.ArrivalRow)
        return made

    def board(self, day: date = TODAY) -> list[VisitRow]:
        with self.world.db.read() as session:
            return queries.day_board(session, clinic_id=self.world.clinic_id, day=day)

    def visit(self, visit_id: UUID) -> VisitRow:
        with self.world.db.read() as session:
            return queries.visit(session, visit_id)

    def ask(self, query: Callable[..., Any], *args: Any, **params: Any) -> Any:
        with self.world.db.read() as session:
            return query(session, *args, **params)


class Hands:
    """Keys into whatever has the focus, counted."""

    def __init__(self) -> None:
        self.presses = 0

    def type(self, text: str) -> None:
        for character in text:
            self.presses += 1
            QTest.keyClicks(self._target(), character)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.presses += 1
        QTest.keyClick(self._target(), key, modifier)

    @staticmethod
    def _target() -> QWidget:
        found = QApplication.focusWidget() or QApplication.activeWindow()
        assert found is not None
        return found
