"""What changes nothing leaves a trace all the same: opening a record, exporting, verifying, refusals and logins (promise 16)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from clinic_desktop.clinic.audit import witness
from clinic_desktop.clinic.audit.commands import record_export, record_read, record_verification
from clinic_desktop.clinic.audit.rules import What
from clinic_desktop.clinic.organisation.commands import record_print, set_setting
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import AuditLog, ChangeSet
from clinic_desktop.kernel.journal_proof import head
from clinic_desktop.kernel.security import Actor
from tests.clinic.world import World
from tests.conftest import FrozenClock

PATIENT = new_id()


def notes(world: World, event: str) -> list[tuple[str, UUID, dict[str, Any]]]:
    """Who left which note about what, oldest first."""
    with world.db.read() as session:
        rows = session.execute(
            select(ChangeSet.actor_name, AuditLog.entity_id, AuditLog.changes)
            .join(AuditLog, AuditLog.seq == ChangeSet.seq)
            .where(AuditLog.operation == "N")
            .order_by(AuditLog.seq)
        ).all()
    told = [(name, entity_id, msgspec.json.decode(changes)) for name, entity_id, changes in rows]
    return [(name, entity_id, {k: v for k, v in note.items() if k != "event"}) for name, entity_id, note in told if note["event"] == event]


def look(world: World, role: str = "doctor", what: str = What.FILE, patient: UUID = PATIENT) -> bool:
    return world.db.run(world.actor(role), record_read, entity_type="patients", entity_id=patient, what=what)


def test_opening_a_record_is_noted_once_in_a_quarter_of_an_hour(world: World, clock: FrozenClock) -> None:
    assert look(world)
    clock.advance(minutes=14, seconds=59)
    assert not look(world)
    assert notes(world, "read") == [("Doctor One", PATIENT, {"what": "file"})]
    clock.advance(seconds=1)
    assert look(world)
    assert len(notes(world, "read")) == 2


def test_each_person_each_record_and_each_part_of_it_is_noted(world: World) -> None:
    other = new_id()
    assert look(world)
    assert look(world, "nurse")
    assert look(world, what=What.CLINICAL_RECORD)
    assert look(world, patient=other)
    assert [(name, key, note["what"]) for name, key, note in notes(world, "read")] == [
        ("Doctor One", PATIENT, "file"),
        ("Nurse One", PATIENT, "file"),
        ("Doctor One", PATIENT, "clinical_record"),
        ("Doctor One", other, "file"),
    ]


def test_what_is_not_noted_again_writes_nothing(world: World) -> None:
    look(world)
    with world.db.read() as session:
        before = head(session)
    look(world)
    with world.db.read() as session:
        assert head(session) == before


def test_a_clock_that_was_set_back_hides_no_reading(world: World, clock: FrozenClock) -> None:
    look(world)
    clock.advance(days=-300)
    assert look(world)


def test_a_role_without_the_right_leaves_its_trace_all_the_same(world: World) -> None:
    stranger = Actor(world.users["cashier"], "Cashier One", frozenset(), clinic_id=world.clinic_id)
    with pytest.raises(PermissionDenied):
        world.db.run(stranger, record_read, entity_type="patients", entity_id=PATIENT, what=What.FILE)
    witness.read(world.db, actor=stranger, entity_type="patients", entity_id=PATIENT, what=What.FILE)
    witness.export(world.db, actor=stranger, what="Patients", rows=12, way="csv")
    assert notes(world, "read") == [("Cashier One", PATIENT, {"what": "file"})]
    assert notes(world, "exported") == [("Cashier One", world.users["cashier"], {"what": "Patients", "rows": 12, "way": "csv"})]


def test_an_export_about_a_record_is_noted_at_that_record(world: World) -> None:
    about = {"entity_type": "patients", "entity_id": PATIENT}
    for _ in range(2):
        world.db.run(world.actor("auditor"), record_export, what="history", rows=3, way="pdf", **about)
    assert notes(world, "exported") == [("Auditor One", PATIENT, {"what": "history", "rows": 3, "way": "pdf"})] * 2


def test_who_verified_and_what_was_found_is_noted(world: World) -> None:
    with world.db.read() as session:
        newest = head(session)
    found = {"head_seq": newest.seq, "head_hash": newest.hash}
    world.db.run(world.actor("auditor"), record_verification, **found, broken_seq=None, problem=None)
    world.db.run(world.actor("auditor"), record_verification, **found, broken_seq=7, problem="altered")
    (_, _, whole), (_, _, broken) = notes(world, "verified")
    assert whole == found
    assert broken == {**found, "broken_seq": 7, "problem": "altered"}
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("cashier"), record_verification, **found, broken_seq=None, problem=None)


def test_refusals_and_prints_are_noted(world: World) -> None:
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("nurse"), set_setting, key="queue.skip_behind", value=2)
    invoice = {"entity_type": "invoices", "entity_id": PATIENT, "number": "INV-1"}
    world.db.run(world.actor("cashier"), record_print, kind="invoice", way="printer", **invoice)
    assert notes(world, "denied") == [
        ("Nurse One", world.users["nurse"], {"command": "organisation.set_setting", "permission": "organisation.settings"})
    ]
    assert notes(world, "printed") == [("Cashier One", PATIENT, {"kind": "invoice", "number": "INV-1", "way": "printer"})]
