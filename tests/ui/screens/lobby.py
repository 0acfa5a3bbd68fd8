"""A waiting room for the tests of screens: people walk in through the real front desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets import Dialog
from tests.clinic.world import World
from tests.conftest import FrozenClock

TODAY = date(2026, 3, 2)


@dataclass(slots=True)
class Lobby:
    """Short words for what people do at the desk."""

    world: World
    clock: FrozenClock

    def person(self, name: str, *, born: date = date(1990, 5, 17), **details: Any) -> UUID:
        """A new patient."""
        first, _space, last = name.partition(" ")
        actor = self.world.actor("receptionist")
        values = {"first_name": first, "last_name": last or None, "gender": Gender.FEMALE, "date_of_birth": born, **details}
        return self.world.db.run(actor, register_patient, key=new_id(), clinic_id=self.world.clinic_id, **values).id

    def walk_in(self, name: str = "Asha Rao", *, doctor: int = 0, patient_id: UUID | None = None, **details: Any) -> UUID:
        """Someone comes without appointment and waits; returns the visit."""
        arrived = self.world.db.run(
            self.world.actor("receptionist"),
            commands.walk_in,
            key=new_id(),
            clinic_id=self.world.clinic_id,
            doctor_id=self.world.doctors[doctor],
            patient_id=patient_id or self.person(name, **details),
            service_id=self.world.services["CONS"],
        )
        return arrived.visit_id

    def booked(self, name: str, start: datetime, *, doctor: int = 0) -> UUID:
        """Someone with an appointment arrives; returns the visit."""
        row = self.world.db.run(
            self.world.actor("receptionist"),
            commands.book,
            key=new_id(),
            clinic_id=self.world.clinic_id,
            doctor_id=self.world.doctors[doctor],
            patient_id=self.person(name),
            service_id=self.world.services["CONS"],
            start=start,
        )
        self.world.db.run(self.world.actor("receptionist"), commands.check_in, visit_id=row.visit_id)
        return row.visit_id

    def at(self, hours: int, minutes: int = 0) -> datetime:
        """An instant after the clock's present one."""
        return self.clock.now + timedelta(hours=hours, minutes=minutes)

    def call(self, visit_id: UUID, room: str = "1") -> None:
        """A doctor calls somebody."""
        self.world.db.run(self.world.actor("doctor"), commands.call, visit_id=visit_id, room=room)

    def start(self, visit_id: UUID, room: str = "1") -> UUID:
        """Somebody is called and goes in."""
        self.call(visit_id, room)
        self.world.db.run(self.world.actor("doctor"), commands.start_consultation, visit_id=visit_id)
        return visit_id

    def visit(self, visit_id: UUID) -> VisitRow:
        """The visit as the database has it."""
        with self.world.db.read() as session:
            return queries.visit(session, visit_id)

    def elsewhere(self) -> Database:
        """The same database, opened by another program."""
        return Database.open(f"sqlite:///{self.world.db.address.url.database}", clock=self.clock)


class Seat:
    """Somebody at a screen: presses keys, and remembers what it said, opened and counted."""

    def __init__(self, screen: Screen, show: Callable[..., None], settle: Callable[[], None], qtbot: QtBot) -> None:
        self.screen: Any = screen
        self._settle, self.qtbot = settle, qtbot
        self.toasts: list[str] = []
        self.opened: list[tuple[str, dict[str, Any]]] = []
        self.badges: list[int] = []
        self.keys = 0
        screen.desk.toasted.connect(lambda text, _tone, _undo: self.toasts.append(text))
        screen.desk.opened.connect(lambda code, what: self.opened.append((code, what)))
        screen.desk.badged.connect(lambda _code, count: self.badges.append(count))
        show(screen, 1170, 684)
        self.settle()

    def settle(self) -> None:
        """Answers ask again: wait until nothing more comes."""
        for _round in range(4):
            self._settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key where the focus is, and wait for what follows."""
        self.keys += 1
        QTest.keyClick(QApplication.focusWidget() or self.screen, key, modifier)
        # A button's key presses it for a moment, as a mouse would.
        buttons = self.screen.findChildren(QAbstractButton)
        self.qtbot.waitUntil(lambda: not any(isValid(one) and one.isDown() for one in buttons))
        self.settle()

    def enter(self) -> None:
        """Press Enter."""
        self.press(Qt.Key.Key_Return)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        self.keys += len(text)
        QTest.keyClicks(QApplication.focusWidget(), text)
        self.settle()

    def dialog(self, kind: type[Dialog] = Dialog) -> Any:
        """The one open dialog."""
        (found,) = [one for one in self.screen.findChildren(kind) if one.isVisible()]
        return found
