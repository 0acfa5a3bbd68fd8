"""Vitals, consultations, signatures and prescriptions on both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.clinical import commands, queries
from clinic_desktop.clinic.clinical.rules import (
    Certainty,
    ConsultationSealed,
    Frequency,
    NewVitals,
    NothingToSign,
    PrescriptionSealed,
    PrescriptionStatus,
    PrescriptionWarned,
    WarningKind,
)
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, PermissionDenied, StaleRecord
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import Room, line
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import ANYBODY, World
from tests.conftest import FrozenClock
from tests.history import entity_history

TODAY = date(2026, 3, 2)


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


def save(room: Room, visit_id: UUID, **details: Any) -> commands.DraftSaved:
    return room.world.db.run(room.world.actor("doctor"), commands.save_consultation, visit_id=visit_id, **details)


def test_vitals_are_kept_with_warnings_and_body_mass_index(room: Room) -> None:
    visit = room.visit()
    reading = NewVitals(height_cm=Decimal("170.5"), weight_kg=Decimal("72.55"), temperature_c=Decimal("40.1"), systolic=130, diastolic=85)
    taken = room.world.db.run(room.world.actor("nurse"), commands.record_vitals, visit_id=visit, reading=reading)
    assert [warning.field for warning in taken.warnings] == ["temperature_c"]
    with room.world.db.read() as session:
        (row,) = queries.vitals(session, visit_id=visit, **ANYBODY)
    assert (row.height_cm, row.weight_kg, row.bmi, row.temperature_c) == (
        Decimal("170.5"),
        Decimal("72.55"),
        Decimal("25.0"),
        Decimal("40.1"),
    )


def test_a_draft_is_saved_again_and_again(room: Room) -> None:
    visit = room.visit()
    first = save(room, visit, complaint="Cough", diagnoses=(commands.NewDiagnosis("Acute bronchitis", "j20.9", "ICD-10"),))
    again = save(room, visit, complaint="Cough", diagnoses=(commands.NewDiagnosis("Acute bronchitis", "J20.9", "ICD-10"),))
    assert again == first  # the first answer may have been lost: the same content is not a conflict
    second = save(room, visit, complaint="Cough", notes="Smoker", row_version=first.row_version)
    assert second.row_version > first.row_version
    with pytest.raises(StaleRecord):
        save(room, visit, complaint="Fever", row_version=first.row_version)
    with room.world.db.read() as session:
        row = queries.consultation(session, visit, **ANYBODY)
    assert row is not None
    assert (row.complaint, row.notes, row.diagnoses, row.row_version) == ("Cough", "Smoker", (), second.row_version)


def test_a_change_of_diagnoses_alone_is_not_overwritten_by_a_stale_window(room: Room) -> None:
    visit = room.visit()
    first = save(room, visit, complaint="Cough")
    save(room, visit, complaint="Cough", diagnoses=(commands.NewDiagnosis("Asthma"),), row_version=first.row_version)
    with pytest.raises(StaleRecord):
        save(room, visit, complaint="Cough", row_version=first.row_version)


def test_signing_seals_activates_and_sends_to_the_cashier(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    visit = room.visit()
    saved = room.prescribe(visit, line(medicine))
    assert (saved.number, saved.status) == ("RX-2026-00001", PrescriptionStatus.DRAFT)
    signed = room.sign(visit)
    assert signed.prescription_ids == (saved.prescription_id,)
    with room.world.db.read() as session:
        row = queries.prescription(session, saved.prescription_id)
        assert session.get_one(Visit, visit).status == "PENDING_PAYMENT"
    assert (row.status, row.valid_until, row.items[0].quantity, row.items[0].dose) == ("ACTIVE", date(2026, 4, 1), 10, Decimal(1))
    with pytest.raises(ConsultationSealed):
        room.world.db.run(room.world.actor("doctor"), commands.sign_consultation, visit_id=visit)
    with pytest.raises(ConsultationSealed):
        save(room, visit, complaint="Something else")
    doctor = room.world.actor("doctor")
    room.world.db.run(doctor, commands.add_addendum, consultation_id=signed.consultation_id, text="Rash seen later.\nNo fever.")
    with room.world.db.read() as session:
        note = queries.consultation(session, visit, **ANYBODY)
    assert note is not None
    assert [one.text for one in note.addenda] == ["Rash seen later.\nNo fever."]


def test_nothing_written_cannot_be_signed(room: Room) -> None:
    visit, doctor = room.visit(), room.world.actor("doctor")
    with pytest.raises(NothingToSign):
        room.world.db.run(doctor, commands.sign_consultation, visit_id=visit)
    saved = save(room, visit, notes="Only a note")
    with pytest.raises(NothingToSign):
        room.world.db.run(doctor, commands.sign_consultation, visit_id=visit)
    with pytest.raises(IllegalTransition):
        room.world.db.run(doctor, commands.add_addendum, consultation_id=saved.consultation_id, text="Too early")
    save(room, visit, diagnoses=(commands.NewDiagnosis("Migraine"),), row_version=saved.row_version)
    room.world.db.run(doctor, commands.sign_consultation, visit_id=visit)


def test_edits_of_a_draft_keep_every_version(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    other, _ = room.shelf.medicine("Cetirizine 10")
    visit, doctor = room.visit(), room.world.actor("doctor")
    saved = room.prescribe(visit, line(medicine))
    items = (line(other, frequency=Frequency.HS, dose=Decimal("0.5")), line(medicine, frequency=Frequency.PRN, quantity=6))
    db = room.world.db
    edited = db.run(doctor, commands.edit_prescription, prescription_id=saved.prescription_id, version=1, items=items, reason="Itching too")
    assert edited.version == 2
    with pytest.raises(StaleRecord):
        db.run(doctor, commands.edit_prescription, prescription_id=saved.prescription_id, version=1, items=items)
    with db.read() as session:
        first, second = queries.versions(session, prescription_id=saved.prescription_id)
        row = queries.prescription(session, saved.prescription_id)
    assert [item["quantity"] for item in first.content["items"]] == [10]
    assert [(item["dose"], item["quantity"]) for item in second.content["items"]] == [("0.5", 3), ("1", 6)]
    assert (second.reason, [item.medicine for item in row.items]) == ("Itching too", ["Cetirizine 10", "Paracetamol 500"])
    room.sign(visit)
    with pytest.raises(PrescriptionSealed):
        db.run(doctor, commands.edit_prescription, prescription_id=saved.prescription_id, version=2, items=items)


def test_a_double_click_writes_one_prescription(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    visit, key, doctor = room.visit(), new_id(), room.world.actor("doctor")
    rows = [room.world.db.run(doctor, commands.write_prescription, key=key, visit_id=visit, items=(line(medicine),)) for _ in range(2)]
    assert rows[0] == rows[1]
    with room.world.db.read() as session:
        assert len(queries.visit_prescriptions(session, visit_id=visit, **ANYBODY)) == 1


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"unit": "mg"}, "quantity"),
        ({"frequency": Frequency.PRN}, "quantity"),
        ({"duration_days": 0}, "duration_days"),
        ({"dose": Decimal(0)}, "dose"),
    ],
)
def test_lines_that_say_too_little_are_refused(room: Room, details: dict[str, Any], field: str) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    visit = room.visit()
    with pytest.raises(InvalidInput) as refusal:
        room.prescribe(visit, line(medicine, **details))
    assert refusal.value.field == field
    with room.world.db.read() as session:
        assert queries.visit_prescriptions(session, visit_id=visit, **ANYBODY) == []


def test_an_allergy_stops_the_prescription_until_a_reason_is_given_and_logged(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Amoxicillin 500")
    visit = room.visit(allergies="Penicillin, peanuts")
    with pytest.raises(PrescriptionWarned) as refusal:
        room.prescribe(visit, line(medicine))
    (warning,) = refusal.value.params["warnings"]
    assert (warning.kind, warning.detail) == (WarningKind.ALLERGY, "penicillin")
    saved = room.prescribe(visit, line(medicine), override_reason="Tolerated in 2025, no alternative")
    with room.world.db.read() as session:
        notes = [row for row in entity_history(session, "prescriptions", saved.prescription_id) if row.operation == "N"]
    assert notes[0].changes["event"] == "prescription_override"
    assert notes[0].changes["reason"] == "Tolerated in 2025, no alternative"
    assert notes[0].changes["warnings"][0]["medicine"] == "Amoxicillin 500"


def test_an_allergy_that_became_known_meanwhile_stops_the_signature(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Amoxicillin 500")
    visit = room.visit()
    room.prescribe(visit, line(medicine))
    set_allergies(room, room.patient_of[visit], "penicillin")
    with pytest.raises(PrescriptionWarned):
        room.sign(visit)


def set_allergies(room: Room, patient_id: UUID, allergies: str) -> None:
    """The desk writes an allergy into the record."""
    with room.world.db.write(room.world.system()) as tx:
        tx.command = "tests.set_allergies"
        tx.session.get_one(Patient, patient_id).allergies = allergies


def test_what_the_patient_takes_already_is_warned_about(room: Room, clock: FrozenClock) -> None:
    dolo, _ = room.shelf.medicine("Dolo 650", ingredients="Paracetamol")
    crocin, _ = room.shelf.medicine("Crocin", ingredients="Paracetamol, Caffeine")
    first = room.visit()
    room.prescribe(first, line(dolo))
    with pytest.raises(PrescriptionWarned) as refusal:
        room.prescribe(first, line(crocin))
    assert refusal.value.params["warnings"][0].other == "Dolo 650"
    room.sign(first)
    clock.advance(days=1)
    second = room.visit(room.patient_of[first])
    with pytest.raises(PrescriptionWarned):
        room.prescribe(second, line(crocin))
    clock.advance(days=40)
    third = room.visit(room.patient_of[first])
    assert room.prescribe(third, line(crocin)).status is PrescriptionStatus.DRAFT


def test_permissions(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    visit, db = room.visit(), room.world.db
    nurse = room.world.actor("nurse")
    with pytest.raises(PermissionDenied):
        db.run(nurse, commands.write_prescription, key=new_id(), visit_id=visit, items=(line(medicine),))
    with pytest.raises(PermissionDenied):
        db.run(nurse, commands.sign_consultation, visit_id=visit)
    with pytest.raises(PermissionDenied):
        db.run(room.world.actor("cashier"), commands.record_vitals, visit_id=visit, reading=NewVitals(pulse=70))
    with pytest.raises(PermissionDenied):
        db.run(room.world.actor("pharmacist"), commands.save_consultation, visit_id=visit, complaint="x")


def test_the_summary_at_a_glance(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    visit = room.visit(allergies="Dust")
    world = room.world
    world.db.run(world.actor("nurse"), commands.record_vitals, visit_id=visit, reading=NewVitals(pulse=70))
    room.prescribe(visit, line(medicine))
    diagnoses = (commands.NewDiagnosis("Type 2 diabetes", "E11", "ICD-10"), commands.NewDiagnosis("Asthma", certainty=Certainty.RULED_OUT))
    save(room, visit, complaint="Thirst", diagnosis="Diabetes", diagnoses=diagnoses)
    world.db.run(world.actor("doctor"), commands.sign_consultation, visit_id=visit)
    with world.db.read() as session:
        summary = queries.patient_summary(session, room.patient_of[visit], day=TODAY, **ANYBODY)
        day = queries.doctors_day(session, world.doctor_id, TODAY)
    assert summary.patient.allergies == summary.allergies == "Dust"
    assert summary.vitals is not None
    assert summary.vitals.pulse == 70
    assert [(one.doctor_name, one.diagnosis) for one in summary.visits] == [("Doctor One", "Diabetes")]
    assert [one.number for one in summary.prescriptions] == ["RX-2026-00001"]
    assert [one.text for one in summary.problems] == ["Type 2 diabetes"]
    assert [(one.visit_id, one.queue_number, one.consultation) for one in day] == [(visit, 1, "SIGNED")]


def test_templates_are_offered_to_their_doctor_and_shared_ones_to_all(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    world, doctor = room.world, room.world.actor("doctor")
    own = world.db.run(doctor, commands.save_template, name="My fever", items=(line(medicine),), doctor_id=world.doctor_id)
    world.db.run(doctor, commands.save_template, name="Fever", items=(line(medicine, dose=Decimal("0.5")),), diagnosis="Fever")
    with world.db.read() as session:
        assert [one.name for one in queries.templates(session, doctor_id=world.doctor_id)] == ["Fever", "My fever"]
        (shared,) = queries.templates(session, doctor_id=world.second_doctor_id)
    assert (shared.diagnosis, shared.items[0].medicine, shared.items[0].dose) == ("Fever", "Paracetamol 500", Decimal("0.5"))
    world.db.run(doctor, commands.drop_template, template_id=own)
    with world.db.read() as session:
        assert [one.name for one in queries.templates(session, doctor_id=world.doctor_id)] == ["Fever"]


def test_cancelling_and_activating_after_the_signature(room: Room) -> None:
    medicine, _ = room.shelf.medicine("Paracetamol 500")
    visit, doctor, db = room.visit(), room.world.actor("doctor"), room.world.db
    saved = room.prescribe(visit, line(medicine))
    with pytest.raises(IllegalTransition):
        db.run(doctor, commands.activate_prescription, prescription_id=saved.prescription_id)
    room.sign(visit)
    db.run(doctor, commands.cancel_prescription, prescription_id=saved.prescription_id, reason="Wrong strength")
    later = room.prescribe(visit, line(medicine, duration_days=2))
    db.run(doctor, commands.activate_prescription, prescription_id=later.prescription_id)
    with db.read() as session:
        assert [row.status for row in queries.visit_prescriptions(session, visit_id=visit, **ANYBODY)] == ["CANCELLED", "ACTIVE"]


def test_a_doctors_usual_diagnoses_come_by_frequency(room: Room) -> None:
    for texts in (("Migraine", "Hypertension"), ("Hypertension",), ("Asthma",)):
        save(room, room.visit(), diagnoses=tuple(commands.NewDiagnosis(text) for text in texts))
    with room.world.db.read() as session:
        usual = queries.usual_diagnoses(session, doctor_id=room.world.doctor_id)
        others = queries.usual_diagnoses(session, doctor_id=room.world.second_doctor_id)
    assert [one.text for one in usual] == ["Hypertension", "Asthma", "Migraine"]
    assert others == []
