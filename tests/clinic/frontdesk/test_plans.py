"""Every list is served by an index and by a fixed number of statements, however long the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.planning import patient_is_busy, taken_places
from clinic_desktop.clinic.frontdesk.waiting_room import paces
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from tests.clinic.frontdesk.desk import TODAY, Desk, at, build_desk
from tests.clinic.world import World, money
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

GROWING = ("visits", "appointments", "appointment_queue", "appointment_status_log", "patients", "invoices")

LISTS: dict[str, tuple[int, Callable[[Session, Desk], Any]]] = {
    "day_board": (1, lambda s, d: queries.day_board(s, clinic_id=d.clinic_id, day=TODAY)),
    "todays_appointments": (1, lambda s, d: queries.todays_appointments(s, clinic_id=d.clinic_id, day=TODAY)),
    "waiting": (7, lambda s, d: queries.waiting(s, clinic_id=d.clinic_id, day=TODAY)),
    "waiting of a doctor": (7, lambda s, d: queries.waiting(s, clinic_id=d.clinic_id, doctor_id=d.doctor, day=TODAY)),
    "in_room": (1, lambda s, d: queries.in_room(s, clinic_id=d.clinic_id, day=TODAY)),
    "to_pay": (1, lambda s, d: queries.to_pay(s, clinic_id=d.clinic_id, day=TODAY)),
    "display": (9, lambda s, d: queries.display(s, clinic_id=d.clinic_id, day=TODAY)),
    "home_counts": (1, lambda s, d: queries.home_counts(s, clinic_id=d.clinic_id, day=TODAY)),
    "visits_of_patient": (2, lambda s, d: queries.visits_of_patient(s, patient_id=d.patients[0])),
    "appointment_by_booking_id": (1, lambda s, d: queries.appointment_by_booking_id(s, "APT-2026-00001")),
    "free_slots": (3, lambda s, d: queries.free_slots(s, clinic_id=d.clinic_id, doctor_id=d.doctor, day=TODAY, now=at(9))),
    "on_hold": (1, lambda s, d: queries.on_hold(s, clinic_id=d.clinic_id, day=TODAY)),
    "left_open": (1, lambda s, d: queries.left_open(s, clinic_id=d.clinic_id, day=TODAY)),
    "at_kiosk": (
        15,
        lambda s, d: queries.at_kiosk(s, patient_id=d.patients[0], clinic_id=d.clinic_id, day=TODAY, now=at(9)),
    ),
    "reviews": (1, lambda s, d: queries.reviews(s, actor=Actor.system())),
    "doctor_ratings": (1, lambda s, d: queries.doctor_ratings(s, actor=Actor.system())),
    "status_history": (1, lambda s, d: queries.status_history(s, visit_id=d.patients[0])),
}
IN_ORDER = ("day_board", "todays_appointments", "visits_of_patient")
"""Lists that an index delivers in their order, without a sort."""

RANGES = {
    "taken_places": ("start_time", lambda s, d: taken_places(s, doctor_id=d.doctor, start=at(10), end=at(11))),
    "patient_is_busy": ("start_time", lambda s, d: patient_is_busy(s, patient_id=d.patients[0], start=at(10), end=at(11))),
    "paces": ("end_time", lambda s, d: paces(s, d.world.doctors)),
}
"""Reads that look at one end of a long history only, and the column by which their index goes there."""


@contextmanager
def heard(desk: Desk) -> Iterator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "(SELECT", "WITH")):
            statements.append((statement, parameters))

    event.listen(desk.db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(desk.db.engine, "before_cursor_execute", note)


def plan_of(desk: Desk, statement: str, parameters: Any) -> str:
    with desk.db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            return "\n".join(row[0] for row in rows)
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))


@pytest.fixture
def busy(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Desk]:
    """A desk at work: some wait, one is called, one is booked."""

    def build(db: Database) -> tuple[World, list[UUID]]:
        world, patients = build_desk(db)
        be_busy(Desk(db, world, patients, clock))
        return world, patients

    db, (world, patients) = fresh(engine_name, tmp_path, clock, recipe="frontdesk_busy", build=build)
    yield Desk(db, world.at(db), patients, clock)
    drop(db)


def be_busy(desk: Desk) -> None:
    for number in range(4):
        desk.walk_in(number, doctor_id=desk.world.doctors[number % 2])
    desk.book(5, at(10))
    desk.call_next()
    desk.run("receptionist", commands.check_in, visit_id=desk.book(6, at(11)).visit_id)


def test_no_list_scans_a_growing_table(busy: Desk, subtests: pytest.Subtests) -> None:
    for name, (_, ask) in LISTS.items():
        with subtests.test(name):
            with heard(busy) as statements, busy.db.read() as session:
                ask(session, busy)
            assert statements
            for statement, parameters in statements:
                plan = plan_of(busy, statement, parameters)
                scanned = re.findall(r"(?:SCAN|Seq Scan on) (\w+)", plan)
                assert not set(scanned) & set(GROWING), plan
                if name in IN_ORDER:
                    assert not re.search(r"TEMP B-TREE|Sort", plan), plan


def test_the_number_of_statements_does_not_grow(busy: Desk, subtests: pytest.Subtests) -> None:
    before = {name: asked(busy, name) for name in LISTS}
    for patient in range(7, 13):
        busy.walk_in(patient, doctor_id=busy.world.doctors[patient % 2])
    for name, (limit, _) in LISTS.items():
        with subtests.test(name):
            assert before[name] == asked(busy, name) <= limit


def asked(desk: Desk, name: str) -> int:
    """How many statements a list sends."""
    with heard(desk) as statements, desk.db.read() as session:
        LISTS[name][1](session, desk)
    return len(statements)


HISTORY = 3000


def long_history(desk: Desk) -> None:
    """Years of finished visits of one doctor and one patient, written past the journal: only the plans matter here."""
    stamp = {"created_at": at(9), "updated_at": at(9), "row_version": 1, "clinic_id": desk.clinic_id, "doctor_id": desk.doctor}
    stamp |= {"patient_id": desk.patients[0], "service_id": desk.world.services["CONS"]}
    visits, appointments = [], []
    for number in range(HISTORY):
        start = at(9) - timedelta(days=1 + number)
        end = start + timedelta(minutes=15)
        timed = {**stamp, "business_date": start.date(), "start_time": start, "end_time": end}
        visits.append(
            {**timed, "id": new_id(), "visit_type": "WALK_IN", "status": "COMPLETED", "planned_at": start, "check_in_time": start}
        )
        kinds = {"status": "COMPLETED", "type": "REGULAR", "booking_source": "PHONE", "confirmation_sent": False}
        appointments.append({**timed, **kinds, "id": new_id(), "booking_id": f"H-{number}", "slot_place": 1, "fee": money(1)})
    with desk.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(insert(Visit.__table__), visits)
        connection.execute(insert(Appointment.__table__), appointments)
        connection.exec_driver_sql("ANALYZE")


def test_a_long_history_is_entered_at_its_end(desk: Desk) -> None:
    long_history(desk)
    for column, ask in RANGES.values():
        with heard(desk) as statements, desk.db.read() as session:
            ask(session, desk)
        asked_first = [one for one in statements if "FROM patients" not in one[0]]  # not which records are that person's
        plan = plan_of(desk, *asked_first[0])
        assert not re.search(r"TEMP B-TREE|Sort", plan), plan
        if desk.db.engine.dialect.name == "sqlite":
            assert re.search(rf"{column}[<>]|ix_visits_doctor_ended", plan), plan
        else:
            assert re.search(rf"Index Cond: .*{column}|Index Scan Backward using ix_visits_doctor_ended", plan), plan
