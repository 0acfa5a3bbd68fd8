"""Someone in the doctor's chair."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.clinical import commands, queries
from clinic_desktop.clinic.clinical.commands import NewDiagnosis, NewItem
from clinic_desktop.clinic.clinical.rules import Frequency, NewVitals, Route
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.consultation.screen import ConsultationScreen
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import ANYBODY, World
from tests.conftest import FrozenClock
from tests.ui.screens.lobby import Lobby, Seat
from tests.ui.texts import plain

Settle = Callable[[], None]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def lobby(world: World, clock: FrozenClock) -> Lobby:
    return Lobby(world, clock)


@pytest.fixture
def medicines(world: World) -> dict[str, UUID]:
    catalogue = {
        "Amoxicillin": {"strength": "500 mg", "form": "Capsule", "unit": "capsule"},
        "Augmentin": {"generic_name": "Amoxicillin", "strength": "625 mg", "form": "Tablet"},
        "Paracetamol": {"strength": "650 mg", "form": "Tablet"},
        "Salbutamol syrup": {"generic_name": "Salbutamol", "strength": "2 mg/5 ml", "form": "Syrup", "unit": "bottle"},
    }
    return Shelf.open(world).stocked(catalogue)


class Chair(Seat):
    """The doctor at the screen."""

    screen: ConsultationScreen

    def start(self, visit_id: UUID) -> None:
        """Open a visit whose patient is in the room."""
        self.screen.open(visit_id=visit_id)
        self.settle()

    def prescribe(self, *keys: str) -> None:
        """Type the fields of one line, Enter after each."""
        self.press(Qt.Key.Key_2, CTRL)
        if QApplication.focusWidget() is not self.screen.prescription.entry.medicine:
            self.screen.prescription.entry.medicine.setFocus()
        for text in keys:
            self.type(text)
            self.enter()

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        return [(line.drug.title, plain(line.how()), plain(line.amount())) for line in self.screen.prescription.lines]


@pytest.fixture
def chair(
    desk_as: Callable[[str], Desk], medicines: dict[str, UUID], show: Callable[..., None], settle: Settle, qtbot: QtBot
) -> Callable[[], Chair]:
    return lambda: Chair(ConsultationScreen(desk_as("doctor")), show, settle, qtbot)


def written(lobby: Lobby, visit_id: UUID) -> queries.ConsultationRow:
    with lobby.world.db.read() as session:
        found = queries.consultation(session, visit_id, **ANYBODY)
    assert found is not None
    return found


def prescribed(lobby: Lobby, visit_id: UUID) -> list[queries.PrescriptionRow]:
    with lobby.world.db.read() as session:
        return queries.visit_prescriptions(session, visit_id=visit_id, **ANYBODY)


def signed(lobby: Lobby, medicine_id: UUID, name: str = "Asha Rao", *, patient_id: UUID | None = None, diagnosis: str = "Migraine") -> UUID:
    """A visit that the doctor has signed."""
    db, actor = lobby.world.db, lobby.world.actor("doctor")
    visit = lobby.start(lobby.walk_in(name, patient_id=patient_id))
    vitals = NewVitals(systolic=128, diastolic=84, pulse=76, weight_kg=Decimal(64), height_cm=Decimal(158))
    db.run(actor, commands.record_vitals, visit_id=visit, reading=vitals)
    notes = {"complaint": "Headache", "diagnosis": diagnosis, "diagnoses": (NewDiagnosis(diagnosis),)}
    db.run(actor, commands.save_consultation, visit_id=visit, **notes)
    item = NewItem(medicine_id, Decimal(1), "tablet", Route.ORAL, Frequency.BD, 30)
    db.run(actor, commands.write_prescription, key=new_id(), visit_id=visit, items=(item,))
    db.run(actor, commands.sign_consultation, visit_id=visit)
    return visit
