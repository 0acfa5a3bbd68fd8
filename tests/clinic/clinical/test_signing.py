"""Who signs: the doctor who has the patient; another doctor with a reason that is audited; nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.clinical import commands, queries
from clinic_desktop.clinic.clinical.rules import NotADoctor, OtherDoctorsPatient, PrescriptionStatus
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.wording import sentence
from tests.clinic.clinical.room import Room, line
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import ANYBODY, World
from tests.history import entity_history

WHY = "Doctor One was called to theatre"


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


def written(room: Room) -> tuple[UUID, UUID]:
    """A visit of the first doctor that only needs a signature, and its prescription."""
    medicine, _item = room.shelf.medicine("Paracetamol 500")
    visit = room.visit()
    saved = room.prescribe(visit, line(medicine))
    room.world.db.run(room.world.actor("doctor"), commands.save_consultation, visit_id=visit, complaint="Fever for two days")
    return visit, saved.prescription_id


def sign(room: Room, role: str, visit_id: UUID, **how: Any) -> commands.Signed:
    return room.world.db.run(room.world.actor(role), commands.sign_consultation, visit_id=visit_id, **how)


def test_another_doctor_does_not_sign_without_a_reason(room: Room) -> None:
    visit, prescription = written(room)
    for reason in (None, "", "   "):
        with pytest.raises(OtherDoctorsPatient) as refused:
            sign(room, "doctor2", visit, on_behalf_reason=reason)
        assert refused.value.field == "on_behalf_reason"
        assert "Doctor One" in sentence(refused.value)
    with room.world.db.read() as session:
        assert queries.prescription(session, prescription).status is PrescriptionStatus.DRAFT
        assert session.get_one(Visit, visit).status is VisitStatus.IN_PROGRESS


def test_a_reason_lets_another_doctor_sign_and_stands_in_the_audit(room: Room) -> None:
    visit, prescription = written(room)
    signed = sign(room, "doctor2", visit, on_behalf_reason=WHY)
    with room.world.db.read() as session:
        note = queries.consultation(session, visit, **ANYBODY)
        paper = queries.prescription(session, prescription)
        history = entity_history(session, "consultations", signed.consultation_id)
        assert session.get_one(Visit, visit).doctor_id == room.world.doctor_id
    assert note is not None
    assert (note.doctor_id, note.signed_by) == (room.world.doctor_id, "Farah Ansari")  # the visit and its fee stay where they were
    assert (paper.doctor_id, paper.doctor_name, paper.status) == (room.world.second_doctor_id, "Farah Ansari", "ACTIVE")
    told = [entry for entry in history if entry.changes.get("event") == "signed_on_behalf"]
    assert [(one.changes["reason"], one.changes["doctor_id"], one.reason) for one in told] == [(WHY, str(room.world.doctor_id), WHY)]


def test_the_own_doctor_signs_without_a_reason_and_none_is_kept(room: Room) -> None:
    visit, prescription = written(room)
    signed = sign(room, "doctor", visit, on_behalf_reason=WHY)
    with room.world.db.read() as session:
        note, paper = queries.consultation(session, visit, **ANYBODY), queries.prescription(session, prescription)
        history = entity_history(session, "consultations", signed.consultation_id)
    assert note is not None
    assert (note.signed_by, paper.doctor_id) == ("Doctor One", room.world.doctor_id)
    assert not any(entry.changes.get("event") or entry.reason for entry in history)


def test_who_is_no_doctor_never_signs(room: Room) -> None:
    """An administrator holds every permission, and still is no doctor."""
    visit, _prescription = written(room)
    with pytest.raises(NotADoctor):
        sign(room, "admin", visit, on_behalf_reason=WHY)
    with pytest.raises(NotADoctor):
        room.world.db.run(room.world.system(), commands.sign_consultation, visit_id=visit, on_behalf_reason=WHY)
    sign(room, "doctor", visit)


def test_a_later_prescription_is_signed_by_the_same_rule(room: Room) -> None:
    visit, _prescription = written(room)
    sign(room, "doctor", visit)
    medicine, _item = room.shelf.medicine("Cetirizine 10")
    later = room.prescribe(visit, line(medicine)).prescription_id
    db, other = room.world.db, room.world.actor("doctor2")
    with pytest.raises(OtherDoctorsPatient):
        db.run(other, commands.activate_prescription, prescription_id=later)
    db.run(other, commands.activate_prescription, prescription_id=later, on_behalf_reason=WHY)
    with db.read() as session:
        assert queries.prescription(session, later).doctor_name == "Farah Ansari"


def test_an_addendum_names_its_author(room: Room) -> None:
    visit, _prescription = written(room)
    signed = sign(room, "doctor", visit)
    room.world.db.run(room.world.actor("doctor2"), commands.add_addendum, consultation_id=signed.consultation_id, text="Seen on the ward")
    with room.world.db.read() as session:
        note = queries.consultation(session, visit, **ANYBODY)
    assert note is not None
    assert [(one.author, one.text) for one in note.addenda] == [("Farah Ansari", "Seen on the ward")]
