"""Many desks on one server at once: nothing is lost, nothing is done twice, and nobody waits for each other in a circle.

``CLINIC_DESKS_PATIENTS=1000`` lets so many come to twenty desks, on a server whose commits reach the disk.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from clinic_desktop.clinic.billing.queries import cashier_worklist
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk.queries import waiting
from clinic_desktop.clinic.pharmacy.queries import worklist
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal_proof import verify
from tests.clinic.desks import FEW, TWENTY, House, Record, furnished, work_together
from tests.clinic.stock.shelf import check_ledger
from tests.clinic.world import World, build_world
from tests.conftest import START, FrozenClock
from tests.databases import drop, fresh
from tests.postgres import cluster

LONG = int(os.environ.get("CLINIC_DESKS_PATIENTS", "0"))
SECOND_COMES_LATE = {
    "book": {"slot_taken", "patient_busy"},
    "call next": {"queue_empty"},
    "dispense": {"prescription_not_dispensable"},
    "issue": {"invoice_frozen"},
    "pay": {"nothing_to_pay", "pays_too_much"},
}
"""What whoever comes second is told; no other command is ever refused."""


@pytest.fixture
def server() -> Iterator[None]:
    """The run's own Postgres; the long version has one whose commits reach the disk."""
    if not LONG:
        yield
        return
    before = os.environ["CLINIC_TEST_POSTGRES"]
    with cluster("fsync=on", in_memory=False) as own:
        os.environ["CLINIC_TEST_POSTGRES"] = own.address
        yield
        os.environ["CLINIC_TEST_POSTGRES"] = before


@pytest.fixture
def world(server: None, clock: FrozenClock, tmp_path: Path) -> Iterator[World]:
    db, built = fresh("postgres", tmp_path, clock, recipe="desks" if LONG else "world", build=build_world)
    yield built.at(db)
    drop(db)


def rows(database: Database, statement: str) -> list[Any]:
    with database.engine.connect() as connection:
        return [tuple(row) if len(row) > 1 else row[0] for row in connection.execute(text(statement))]


def told(records: list[Record], kind: str) -> list[str]:
    """What people were told, by any desk."""
    return sorted(number for record in records for number in record.numbers.get(kind, []))


def test_many_desks_lose_nothing_and_do_nothing_twice(world: World) -> None:
    database, people = world.db, TWENTY if LONG else FEW
    address = database.address.url.set(drivername="postgresql").render_as_string(hide_password=False)
    receptionists = sum(role == "receptionist" for role, _name in people)
    house = furnished(world, address, people, patients=LONG // receptionists or 6)
    records = work_together(house, people, commands_per_second=150 if LONG else 80, patience=60 + LONG)
    assert [record.broke for record in records if record.broke] == []
    _refusals_are_what_they_should_be(records)
    _what_was_told_is_there(database, records)
    _nothing_is_there_twice(database)
    _nothing_is_left_to_do(world, house)
    load_checks()
    with database.read() as session:
        assert verify(session).broken is None
        assert [result.name for result in run_checks(session) if not result.ok] == []
    assert check_ledger(database) > 0
    assert sum((record.ran_again for record in records), Counter()).get("40P01", 0) == 0
    assert rows(database, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == [0]
    assert min(record.heard for record in records) > 10  # each desk heard of the others all the while


def _refusals_are_what_they_should_be(records: list[Record]) -> None:
    done = [one for record in records for one in record.done]
    succeeded = Counter(one.kind for one in done if one.refusal is None)
    for kind in ("register", "book", "walk in", "call next", "sign", "dispense", "issue", "pay"):
        assert succeeded[kind] > 1, kind
    unexpected = Counter((one.kind, one.refusal) for one in done if one.refusal and one.refusal not in SECOND_COMES_LATE.get(one.kind, ()))
    assert unexpected == {}


def _what_was_told_is_there(database: Database, records: list[Record]) -> None:
    assert told(records, "patient") == sorted(rows(database, "SELECT patient_number FROM patients"))
    assert told(records, "booking") == sorted(rows(database, "SELECT booking_id FROM appointments"))
    assert told(records, "receipt") == sorted(rows(database, "SELECT DISTINCT receipt_number FROM payments"))
    assert told(records, "dispensed") == sorted(map(str, rows(database, "SELECT id FROM pharmacy_dispensing")))
    assert len(told(records, "called")) == len(set(told(records, "called")))
    tickets = rows(database, "SELECT concat(doctor_id, ' ', business_date, ' ', queue_number) FROM appointment_queue")
    assert told(records, "ticket") == sorted(tickets)
    assert rows(database, "SELECT coalesce(sum(amount), 0) FROM payments") == [sum(record.paid for record in records)]


def _nothing_is_left_to_do(world: World, house: House) -> None:
    place: dict[str, Any] = {"clinic_id": house.clinic_id, "day": START.date()}
    with world.db.read() as session:
        assert waiting(session, **place) == []
        assert worklist(session, **place, location_id=house.location_id) == []
        assert cashier_worklist(session, **place) == []


def _nothing_is_there_twice(database: Database) -> None:
    for table, number in (("patients", "patient_number"), ("appointments", "booking_id"), ("invoices", "number")):
        found = sorted(rows(database, f"SELECT {number} FROM {table} WHERE {number} IS NOT NULL"))
        assert [int(one.rsplit("-", 1)[1]) for one in found] == list(range(1, len(found) + 1)), table  # no gap either
    assert rows(database, "SELECT doctor_id, start_time FROM appointments GROUP BY 1, 2 HAVING count(*) > 1") == []
    assert rows(database, "SELECT invoice_id FROM payment_allocations GROUP BY 1 HAVING count(*) > 1") == []
