"""Field-level hiding: what was written about a patient is not in the rows of those who do not treat; a PIN hands out nothing controlled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.clinical import commands, queries
from clinic_desktop.clinic.clinical.rules import NewVitals
from clinic_desktop.kernel.errors import PasswordNeeded
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from tests.clinic.clinical.room import Room, line
from tests.clinic.pharmacy.counter import dispense
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World

NOTES = ("Hears voices", "Psychosis", "F20.0", "Haloperidol it is", "38.4")
FOR_THE_PHARMACY = ("Voices at night", "Not with alcohol")


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


@pytest.fixture
def seen(room: Room) -> UUID:
    """A visit about which everything that can be written was written."""
    medicine_id, item_id = room.shelf.medicine("Paracetamol")
    room.shelf.receive(item_id, 100)
    visit_id, doctor, db = room.visit(), room.world.actor("doctor"), room.world.db
    db.run(doctor, commands.record_vitals, visit_id=visit_id, reading=NewVitals(temperature_c=Decimal("38.4"), pulse=90))
    db.run(
        doctor,
        commands.save_consultation,
        visit_id=visit_id,
        complaint="Hears voices",
        diagnosis="Psychosis",
        notes="Haloperidol it is",
        diagnoses=(commands.NewDiagnosis("Psychosis", "F20.0", "ICD-10"),),
    )
    wanted = {"items": (line(medicine_id),), "diagnosis": "Voices at night", "notes": "Not with alcohol"}
    db.run(doctor, commands.write_prescription, key=new_id(), visit_id=visit_id, **wanted)  # type: ignore[arg-type]
    db.run(doctor, commands.sign_consultation, visit_id=visit_id)
    return visit_id


def told(room: Room, visit_id: UUID, role: str) -> str:
    """Everything that the queries tell a person of a role about the visit."""
    world = room.world
    patient_id, asking = room.patient_of[visit_id], {"actor": world.actor(role), "now": world.db.clock()}
    with world.db.read() as session:
        rows: dict[str, Any] = {
            "consultation": queries.consultation(session, visit_id, **asking),
            "vitals": queries.vitals(session, visit_id=visit_id, **asking),
            "problems": queries.problems(session, patient_id=patient_id, **asking),
            "visits": queries.past_visits(session, patient_id=patient_id, **asking),
            "prescriptions": queries.visit_prescriptions(session, visit_id=visit_id, **asking),
            "summary": queries.patient_summary(session, patient_id, day=date(2026, 3, 2), **asking),
        }
    return repr(rows)


@pytest.mark.parametrize("role", ["cashier", "receptionist", "inventory_manager", "auditor", "lab_technician"])
def test_who_does_not_treat_is_told_that_there_was_a_visit_and_no_more(room: Room, seen: UUID, role: str) -> None:
    said = told(room, seen, role)
    assert [note for note in (*NOTES, *FOR_THE_PHARMACY) if note in said] == []
    assert "Paracetamol" in said  # what is paid and handed out is no secret
    assert "Asha" in said


def test_the_pharmacist_is_told_what_a_prescription_is_for(room: Room, seen: UUID) -> None:
    said = told(room, seen, "pharmacist")
    assert [note for note in NOTES if note in said] == []
    assert [note for note in FOR_THE_PHARMACY if note not in said] == []


@pytest.mark.parametrize("role", ["doctor", "doctor2", "nurse", "dentist", "optician", "admin"])
def test_who_treats_is_told_everything(room: Room, seen: UUID, role: str) -> None:
    said = told(room, seen, role)
    assert [note for note in (*NOTES, *FOR_THE_PHARMACY) if note not in said] == []


# Controlled medicines


def by_pin(room: Room, role: str) -> Actor:
    """The person of a role, come in by PIN; the session itself is no matter here."""
    return replace(room.world.actor(role), by_pin=True)


def confirmed(room: Room, actor: Actor) -> Actor:
    return replace(actor, confirmed_until=room.world.db.clock() + timedelta(minutes=10))


@pytest.mark.parametrize("is_controlled", [True, False])
def test_a_controlled_medicine_is_not_handed_out_on_a_pin(room: Room, is_controlled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    medicine_id, item_id = room.shelf.medicine("Morphine", is_controlled=is_controlled)
    room.shelf.receive(item_id, 100)
    prescription_id, actor = room.active(line(medicine_id)), by_pin(room, "pharmacist")
    monkeypatch.setattr(World, "actor", lambda _self, _role: actor)
    if is_controlled:
        with pytest.raises(PasswordNeeded) as needed:
            dispense(room, prescription_id)
        assert needed.value.params == {"command": "pharmacy.dispense"}
        actor = confirmed(room, actor)
    assert dispense(room, prescription_id).owed == 0


@pytest.mark.parametrize("is_controlled", [True, False])
def test_a_controlled_medicine_is_not_prescribed_on_a_pin(room: Room, is_controlled: bool) -> None:
    medicine_id, _ = room.shelf.medicine("Morphine", is_controlled=is_controlled)
    visit_id, db = room.visit(), room.world.db
    room.prescribe(visit_id, line(medicine_id))
    doctor = by_pin(room, "doctor")
    db.run(doctor, commands.save_consultation, visit_id=visit_id, complaint="Pain")
    if is_controlled:
        with pytest.raises(PasswordNeeded):
            db.run(doctor, commands.sign_consultation, visit_id=visit_id)
        doctor = confirmed(room, doctor)
    db.run(doctor, commands.sign_consultation, visit_id=visit_id)
