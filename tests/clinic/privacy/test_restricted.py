"""Restricted records: below the screens, whoever does not treat the patient reads nothing without a reason that is reviewed."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.clinical import queries
from clinic_desktop.clinic.clinical.restricted import RecordRestricted
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import openings
from clinic_desktop.clinic.privacy.rules import SecondPersonNeeded
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from tests.clinic.clinical.room import Room
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.history import entity_history

Read = Callable[[Session, UUID, UUID, dict[str, Any]], object]

READS: dict[str, Read] = {
    "patient_summary": lambda s, patient, visit, who: queries.patient_summary(s, patient, day=who["now"].date(), **who),
    "past_visits": lambda s, patient, visit, who: queries.past_visits(s, patient_id=patient, **who),
    "problems": lambda s, patient, visit, who: queries.problems(s, patient_id=patient, **who),
    "consultation": lambda s, patient, visit, who: queries.consultation(s, visit, **who),
    "visit_prescriptions": lambda s, patient, visit, who: queries.visit_prescriptions(s, visit_id=visit, **who),
    "vitals": lambda s, patient, visit, who: queries.vitals(s, visit_id=visit, **who),
}


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


@pytest.fixture
def case(room: Room) -> tuple[UUID, UUID]:
    """A restricted patient of the first doctor, with a signed consultation: patient and visit."""
    world, visit = room.world, room.visit()
    doctor = world.actor("doctor")
    world.db.run(doctor, clinical.save_consultation, visit_id=visit, complaint="Palpitations", diagnosis="Anxiety")
    world.db.run(doctor, clinical.sign_consultation, visit_id=visit)
    patient = room.patient_of[visit]
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=patient, is_restricted=True, reason="Works here")
    return patient, visit


def read(world: World, role: str, case: tuple[UUID, UUID], name: str) -> object:
    with world.db.read() as session:
        return READS[name](session, *case, {"actor": world.actor(role), "now": world.db.clock()})


@pytest.mark.parametrize("name", READS)
def test_only_those_who_treat_the_patient_read(world: World, case: tuple[UUID, UUID], name: str) -> None:
    read(world, "doctor", case, name)
    for other in ("doctor2", "admin", "super_admin", "nurse", "receptionist", "cashier", "auditor"):
        with pytest.raises(RecordRestricted):
            read(world, other, case, name)


def test_every_query_that_tells_of_a_patient_asks_who_reads() -> None:
    """A new one without ``actor`` would be a way around; those that are not of one patient, or serve prescribing, are named here."""
    open_to_all = {"doctors_day", "usual_diagnoses", "templates", "versions", "prescription", "prescriptions", "prescription_warnings"}
    inside = {"running_prescriptions"}  # other departments' safety checks; screens get it through the summary
    functions = {name for name in queries.__all__ if name.islower()}
    asking = {name for name in functions if {"actor", "now"} <= set(inspect.signature(getattr(queries, name)).parameters)}
    assert asking == set(READS)
    assert functions - asking == open_to_all | inside


def test_a_record_that_is_not_restricted_is_open(world: World, room: Room, case: tuple[UUID, UUID]) -> None:
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=case[0], is_restricted=False, reason="Left the staff")
    for name in READS:
        read(world, "doctor2", case, name)


def test_treating_ends_with_the_day_and_begins_with_a_visit(world: World, room: Room, case: tuple[UUID, UUID], clock: FrozenClock) -> None:
    clock.advance(days=1)
    with pytest.raises(RecordRestricted):
        read(world, "doctor", case, "consultation")
    world.db.run(
        world.actor("receptionist"),
        frontdesk.walk_in,
        key=UUID(int=7),
        clinic_id=world.clinic_id,
        doctor_id=world.second_doctor_id,
        patient_id=case[0],
        service_id=world.services["CONS"],
    )
    read(world, "doctor2", case, "patient_summary")


def test_an_unsigned_consultation_keeps_the_record_open_to_its_doctor(world: World, room: Room, clock: FrozenClock) -> None:
    visit = room.visit()
    world.db.run(world.actor("doctor"), clinical.save_consultation, visit_id=visit, complaint="Cough")
    patient = room.patient_of[visit]
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=patient, is_restricted=True, reason="A public person")
    clock.advance(days=2)
    read(world, "doctor", (patient, visit), "consultation")
    with pytest.raises(RecordRestricted):
        read(world, "doctor2", (patient, visit), "consultation")


def test_breaking_the_glass_opens_for_an_hour_and_is_written_down(world: World, case: tuple[UUID, UUID], clock: FrozenClock) -> None:
    until = world.db.run(world.actor("doctor2"), commands.break_glass, patient_id=case[0], reason="Collapsed in the corridor")
    assert (until - clock.now).total_seconds() == 3600
    for name in READS:
        read(world, "doctor2", case, name)
    with pytest.raises(RecordRestricted):
        read(world, "nurse", case, "vitals")
    clock.advance(minutes=59)
    read(world, "doctor2", case, "vitals")
    clock.advance(minutes=1)
    with pytest.raises(RecordRestricted):
        read(world, "doctor2", case, "vitals")
    with world.db.read() as session:
        notes = [one for one in entity_history(session, "patients", case[0]) if one.changes.get("event") == "glass_broken"]
        (waiting,) = openings(session, waiting=True)
    assert [(one.actor_name, one.reason) for one in notes] == [("Farah Ansari", "Collapsed in the corridor")]
    assert (waiting.user, waiting.reason, waiting.reviewed_at) == ("Farah Ansari", "Collapsed in the corridor", None)


def test_a_reason_must_be_given(world: World, case: tuple[UUID, UUID]) -> None:
    for reason in ("", "   ", "x"):
        with pytest.raises(InvalidInput):
            world.db.run(world.actor("doctor2"), commands.break_glass, patient_id=case[0], reason=reason)
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("receptionist"), commands.break_glass, patient_id=case[0], reason="I am curious")


def test_an_opening_waits_until_another_administrator_has_looked(world: World, case: tuple[UUID, UUID]) -> None:
    world.db.run(world.actor("admin"), commands.break_glass, patient_id=case[0], reason="A complaint came in")
    with world.db.read() as session:
        (waiting,) = openings(session, waiting=True)
    with pytest.raises(SecondPersonNeeded):
        world.db.run(world.actor("admin"), commands.review_opening, opening_id=waiting.id, note="Fine")
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("doctor2"), commands.review_opening, opening_id=waiting.id, note="Fine")
    with pytest.raises(InvalidInput):
        world.db.run(world.actor("super_admin"), commands.review_opening, opening_id=waiting.id, note=" ")
    world.db.run(world.actor("super_admin"), commands.review_opening, opening_id=waiting.id, note="The complaint is on file")
    with world.db.read() as session:
        assert openings(session, waiting=True) == []
        (seen,) = openings(session)
    assert (seen.reviewed_by, seen.review_note) == ("Owner One", "The complaint is on file")
