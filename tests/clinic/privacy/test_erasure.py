"""Erasure: decided by a second person, done for good, and honest about what the law lets stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.clinic.access.commands import keep_drafts
from clinic_desktop.clinic.access.models import Draft
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries as billing_queries
from clinic_desktop.clinic.billing.rules import PaymentMethod, Tender
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients import queries as patient_queries
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier, PatientMerge
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import due_erasures, erasure_preview, privacy_request
from clinic_desktop.clinic.privacy.rules import ErasureBlocked, Kind, RequestStatus, SecondPersonNeeded
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.money import Money
from tests.clinic.clinical.room import Room
from tests.clinic.lived import live
from tests.clinic.privacy.patient import PHONE, asked, erased, register
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.history import entity_history

load_checks()


def everything(db: Database) -> str:
    """All that the tables of patients, search, drafts and requests hold, as one text."""
    tables = ("patients", "patient_identifiers", "patient_duplicates", "patient_merges", "id_cards", "drafts", "reviews", "appointments")
    with db.engine.connect() as connection:
        parts = [
            str(connection.exec_driver_sql(f"SELECT * FROM {name}").all())
            for name in (*tables, "privacy_requests", "name_words", "name_word_keys")
        ]
        if db.engine.dialect.name == "sqlite":
            parts.append(str(connection.exec_driver_sql("SELECT search_text FROM patient_search").all()))
    return "\n".join(parts)


def lies(db: Database) -> dict[str, tuple[str, ...]]:
    with db.read() as session:
        return {one.name: one.failures for one in run_checks(session) if not one.ok}


def test_nothing_of_who_it_was_is_left_in_the_record(world: World) -> None:
    patient_id = register(world)
    with world.db.write(world.system()) as tx:
        tx.command = "test.identifier"
        tx.add(PatientIdentifier(patient_id=patient_id, system="old", value="OLD-778"))
        tx.session.get_one(Patient, patient_id).refresh_search(["OLD-778"])
    world.db.run(world.actor("receptionist"), keep_drafts, changed={"registration": '{"first_name": "Meher Contractor"}'}, open_screen=None)
    world.db.run(world.actor("receptionist"), patients.issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=patient_id)
    traces = (
        "Meher",
        "Contractor",
        "CONTRACTOR",
        "contractor",
        PHONE,
        "meher@",
        "Sea View",
        "4411",
        "mayor",
        "Jal",
        "OLD-778",
    )
    before = everything(world.db)
    assert [one for one in traces if one not in before and one not in ("CONTRACTOR", "contractor")] == []
    erased(world, patient_id)
    after = everything(world.db)
    assert [one for one in traces if one in after] == []
    with world.db.read() as session:
        person = session.get_one(Patient, patient_id)
        assert (person.full_name, person.status, person.allergies) == ("Erased on request", PatientStatus.ARCHIVED, None)
        assert person.erased_at is not None
        assert session.scalars(select(Draft)).all() == []
        for word in ("meher", "contractor", PHONE, "OLD-778", "4411"):
            assert patient_queries.search(session, word) == []
        assert verify(session).broken is None
    assert lies(world.db) == {}


def test_the_medical_record_stays_and_says_until_when(world: World, clock: FrozenClock) -> None:
    room = Room(world, Shelf.open(world))
    patient_id = register(world)
    visit = room.visit(patient_id)
    world.db.run(world.actor("doctor"), clinical.save_consultation, visit_id=visit, complaint="Cough")
    world.db.run(world.actor("doctor"), clinical.sign_consultation, visit_id=visit)
    with world.db.read() as session:
        blocked = erasure_preview(session, patient_id=patient_id, clinic_id=world.clinic_id, now=clock.now).blocked
    assert blocked is not None
    assert blocked.params["reason"] == "open_bills"
    with pytest.raises(ErasureBlocked):
        erased(world, patient_id)
    settle(world, visit)
    with world.db.read() as session:
        preview = erasure_preview(session, patient_id=patient_id, clinic_id=world.clinic_id, now=clock.now)
    assert preview.blocked is None
    until = {one.kind: one.until for one in preview.plan.stays}
    assert until == {
        Kind.MEDICAL: date(2036, 3, 2), Kind.BILLING: date(2033, 3, 2), Kind.APPOINTMENTS: date(2033, 3, 2), Kind.AUDIT: date(2029, 3, 2)
    }  # fmt: skip
    request_id = erased(world, patient_id)
    with world.db.read() as session:
        person = session.get_one(Patient, patient_id)
        assert (person.allergies, person.date_of_birth, person.dob_is_estimated) == ("Penicillin", date(1980, 12, 31), True)
        done = privacy_request(session, request_id)
        assert done.outcome == preview.plan
        assert done.next_due == date(2033, 3, 2)
        assert due_erasures(session, date(2033, 3, 1)) == []
        assert [one.id for one in due_erasures(session, date(2033, 3, 2))] == [request_id]
    assert lies(world.db) == {}
    clock.advance(days=3653)
    world.db.run(world.actor("super_admin"), commands.finish_erasure, request_id=request_id)
    with world.db.read() as session:
        person = session.get_one(Patient, patient_id)
        assert (person.allergies, person.date_of_birth) == (None, None)
        assert privacy_request(session, request_id).next_due is None


def settle(world: World, visit_id: UUID) -> None:
    """Pay what the visit cost."""
    cashier = world.actor("cashier")
    world.db.run(cashier, billing.open_till, key=new_id(), clinic_id=world.clinic_id, opening_float=Money(0, "INR"))
    with world.db.read() as session:
        (draft,) = billing_queries.visit_invoices(session, visit_id)
    tender = Tender(PaymentMethod.CASH, draft.total)
    world.db.run(cashier, billing.issue_and_take, key=new_id(), invoice_id=draft.id, tenders=[tender])


def test_a_second_person_decides_and_it_is_done_once(world: World) -> None:
    patient_id = register(world)
    request_id = asked(world, patient_id)
    with pytest.raises(SecondPersonNeeded):
        world.db.run(world.actor("admin"), commands.erase_patient, request_id=request_id, note="I say so")
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("receptionist"), commands.erase_patient, request_id=request_id, note="I say so")
    with world.db.read() as session:
        assert session.get_one(Patient, patient_id).full_name == "Meher Contractor"
    world.db.run(world.actor("super_admin"), commands.erase_patient, request_id=request_id, note="Lawful")
    with pytest.raises(IllegalTransition):
        world.db.run(world.actor("super_admin"), commands.erase_patient, request_id=request_id, note="Again")
    with pytest.raises(InvalidInput):
        asked(world, patient_id)


def test_the_database_itself_refuses_one_person_for_both(world: World) -> None:
    request_id = asked(world, register(world))
    with pytest.raises(DBAPIError), world.db.engine.execution_options(clinic_write=True).begin() as connection:
        decided = "status = 'REFUSED', decided_at = requested_at, decided_by = recorded_by"
        connection.execute(text(f"UPDATE privacy_requests SET {decided}"))
    world.db.run(world.actor("super_admin"), commands.refuse_request, request_id=request_id, note="Bills are being contested")
    with world.db.read() as session:
        assert privacy_request(session, request_id).status is RequestStatus.REFUSED


def test_what_is_open_stands_in_the_way(world: World) -> None:
    patient_id = register(world)
    booked = world.db.run(
        world.actor("receptionist"),
        frontdesk.book,
        key=new_id(),
        clinic_id=world.clinic_id,
        doctor_id=world.doctor_id,
        patient_id=patient_id,
        service_id=world.services["CONS"],
        start=world.db.clock().replace(hour=5, day=4, minute=0),
    )
    with pytest.raises(ErasureBlocked):
        erased(world, patient_id)
    world.db.run(world.actor("receptionist"), frontdesk.cancel, appointment_id=booked.appointment_id, reason="Moves abroad, Meher")
    request_id = asked(world, patient_id)
    world.db.run(world.actor("super_admin"), commands.erase_patient, request_id=request_id, note="Lawful")
    assert "Meher" not in everything(world.db)


def test_a_shared_phone_becomes_a_relatives_own(world: World) -> None:
    mother = register(world)
    daughter = register(world, first_name="Roxane", phone_owner_id=mother)
    son = register(world, first_name="Cyrus", phone_owner_id=mother)
    erased(world, mother)
    with world.db.read() as session:
        kept = {key: session.get_one(Patient, key) for key in (daughter, son)}
        assert kept[daughter].phone_owner_id is None
        assert kept[son].phone_owner_id == daughter
        assert kept[daughter].phone == kept[son].phone is not None
    assert lies(world.db) == {}


def test_records_that_were_merged_into_it_are_erased_with_it(world: World) -> None:
    kept, merged = register(world), register(world, first_name="Mehru", phone=None)
    with world.db.write(world.system()) as tx:
        tx.command = "test.merge"
        other = tx.session.get_one(Patient, merged)
        other.status, other.merged_into_id = PatientStatus.MERGED, kept
        choices = '{"first_name": "Mehru"}'
        tx.add(PatientMerge(kept_id=kept, merged_id=merged, field_choices=choices, reason="Mehru is Meher", merged_at=tx.now))
    with pytest.raises(ErasureBlocked):
        erased(world, merged)
    with world.db.write(world.system()) as tx:  # that request is of no use
        tx.command = "test.tidy"
    erased(world, kept)
    assert "Mehru" not in everything(world.db).replace("Meher Contractor", "")
    assert lies(world.db) == {}


def test_the_journal_tells_who_decided_and_still_holds_what_was(world: World) -> None:
    """The statement says so: old values leave with the audit trail."""
    patient_id = register(world)
    request_id = erased(world, patient_id)
    with world.db.read() as session:
        history = entity_history(session, "patients", patient_id)
        request = privacy_request(session, request_id)
    assert {one.command for one in history} == {"patients.register_patient", "privacy.erase_patient"}
    assert any(one.changes.get("email") == ["meher@example.org", None] for one in history if one.operation == "U")
    assert (request.recorded_by, request.decided_by, request.asked_by) == ("Administrator One", "Owner One", request.patient_number)


@pytest.fixture
def lived(engine_name: str, tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    made, built = fresh(engine_name, tmp_path, clock, recipe="lived", build=live)
    yield built.at(made)
    drop(made)


def test_everybody_who_can_be_erased_leaves_a_clinic_that_tells_no_lie(lived: World) -> None:
    with lived.db.read() as session:
        everyone = session.scalars(select(Patient.id).where(Patient.erased_at.is_(None))).all()
    count = 0
    for patient_id in everyone:
        try:
            erased(lived, patient_id)
        except ErasureBlocked:
            continue
        count += 1
    assert count > 5
    assert lies(lived.db) == {}
