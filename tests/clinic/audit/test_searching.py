"""Searching the audit trail: every condition against the journal read line by line, page by page, on both engines."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.access.rules import LoginRefused
from clinic_desktop.clinic.audit import queries
from clinic_desktop.clinic.audit.commands import record_read
from clinic_desktop.clinic.audit.queries import AuditEntry, AuditFilter
from clinic_desktop.clinic.audit.rules import TRACES, Only, What
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import AuditLog, ChangeSet
from tests.clinic.test_query_plans import heard
from tests.clinic.world import TIMEZONE, World
from tests.conftest import FrozenClock

Told = tuple[ChangeSet, list[AuditLog]]


def journal(db: Database) -> list[Told]:
    """Every change set with its entries, newest first, read without any index."""
    with db.read() as session:
        logs: dict[int, list[AuditLog]] = {}
        for log in session.scalars(select(AuditLog)):
            logs.setdefault(log.seq, []).append(log)
        return [(one, logs.get(one.seq, [])) for one in session.scalars(select(ChangeSet).order_by(ChangeSet.seq.desc()))]


def found(world: World, limit: int = 1000, **wanted: Any) -> list[int]:
    with world.db.read() as session:
        page = queries.audit_page(session, world.actor("auditor"), AuditFilter(timezone=TIMEZONE, **wanted), limit=limit)
    assert page.after is None
    return [entry.seq for entry in page.entries]


def in_pages(world: World, limit: int, **wanted: Any) -> list[int]:
    seqs: list[int] = []
    after = None
    while True:
        with world.db.read() as session:
            page = queries.audit_page(session, world.actor("auditor"), AuditFilter(timezone=TIMEZONE, **wanted), after=after, limit=limit)
        assert len(page.entries) <= limit
        seqs += [entry.seq for entry in page.entries]
        after = page.after
        if after is None:
            return seqs


def events(logs: list[AuditLog]) -> set[str]:
    return {msgspec.json.decode(log.changes)["event"] for log in logs if log.operation == "N"}


@pytest.fixture
def busy(lived: World) -> World:
    """Besides a whole day: a failed login, a right one, a refusal, and a record that was opened."""
    password = passwords.new("tamarind-boat-7", username="nurse")
    lived.db.run(lived.system(), access.set_password, user_id=lived.users["nurse"], password=password, must_change_password=False)
    at = {"clinic_id": lived.clinic_id, "workstation_id": lived.workstations["room 1"]}
    with pytest.raises(LoginRefused):
        log_in(lived.db, "nurse", "tamarind-boat-8", **at)
    with pytest.raises(LoginRefused):
        log_in(lived.db, "nobody-here", "tamarind-boat-8", **at)
    log_in(lived.db, "nurse", "tamarind-boat-7", **at)
    with pytest.raises(PermissionDenied):
        lived.db.run(lived.actor("nurse"), set_setting, key="queue.skip_behind", value=2)
    lived.db.run(lived.actor("nurse"), record_read, entity_type="patients", entity_id=patient(lived), what=What.FILE)
    return lived


def patient(world: World, number: str = "PAT-2026-00001") -> UUID:
    with world.db.read() as session:
        return next(key for kind, key in queries.numbered(session, number) if kind == "patients")


def day_of(change_set: ChangeSet) -> date:
    return business_date(change_set.at, TIMEZONE)


CONDITIONS: dict[str, tuple[Callable[[World], dict[str, Any]], Callable[[World, ChangeSet, list[AuditLog]], bool]]] = {
    "everything": (lambda w: {}, lambda w, c, logs: True),
    "person": (
        lambda w: {"person_id": w.users["nurse"]},
        lambda w, c, logs: c.actor_id == w.users["nurse"] or any(log.entity_id == w.users["nurse"] for log in logs),
    ),
    "command": (lambda w: {"command": "frontdesk.book"}, lambda w, c, logs: c.command == "frontdesk.book"),
    "kind": (lambda w: {"entity_type": "invoices"}, lambda w, c, logs: any(log.entity_type == "invoices" for log in logs)),
    "workstation": (
        lambda w: {"workstation_id": w.workstations["room 1"]},
        lambda w, c, logs: c.workstation_id == w.workstations["room 1"],
    ),
    "first day": (lambda w: {"last": date(2026, 3, 2)}, lambda w, c, logs: day_of(c) <= date(2026, 3, 2)),
    "next day": (lambda w: {"first": date(2026, 3, 3), "last": date(2026, 3, 3)}, lambda w, c, logs: day_of(c) == date(2026, 3, 3)),
    "cashier's payments": (
        lambda w: {"person_id": w.users["cashier"], "entity_type": "payments"},
        lambda w, c, logs: c.actor_id == w.users["cashier"] and any(log.entity_type == "payments" for log in logs),
    ),
    "payments taken on a day": (
        lambda w: {"command": "billing.take_payment", "first": date(2026, 3, 2), "last": date(2026, 3, 2)},
        lambda w, c, logs: c.command == "billing.take_payment" and day_of(c) == date(2026, 3, 2),
    ),
    "printed invoices": (
        lambda w: {"only": Only.PRINTS, "entity_type": "id_cards"},
        lambda w, c, logs: bool(events(logs) & set(TRACES[Only.PRINTS].events)) and any(log.entity_type == "id_cards" for log in logs),
    ),
    **{
        only.value: (
            lambda w, only=only: {"only": only},  # type: ignore[misc]
            lambda w, c, logs, only=only: bool(events(logs) & set(TRACES[only].events)),  # type: ignore[misc]
        )
        for only in Only
    },
}


def test_what_is_found_is_what_is_in_the_journal(busy: World, subtests: pytest.Subtests) -> None:
    read = journal(busy.db)
    for condition, (wanted, matches) in CONDITIONS.items():
        with subtests.test(condition):
            expected = [change_set.seq for change_set, logs in read if matches(busy, change_set, logs)]
            assert in_pages(busy, 7, **wanted(busy)) == expected
            assert expected or condition in (Only.EXPORTS.value, Only.OVERRIDES.value)
            assert len(expected) < 250 or condition in ("everything", "first day")


def test_a_number_leads_to_its_record_and_a_patients_number_to_all_of_the_patient(busy: World) -> None:
    seqs = found(busy, number="rct-2026-00001")
    with busy.db.read() as session:
        tenders = queries.numbered(session, "RCT-2026-00001")
    keys = {key for _kind, key in tenders}
    assert {kind for kind, _key in tenders} == {"payments"}
    assert seqs == [c.seq for c, logs in journal(busy.db) if any(log.entity_id in keys for log in logs)]
    assert seqs
    assert found(busy, number=" pat-2026-00001 ") == found(busy, patient_id=patient(busy))
    assert found(busy, number="PAT-2026-99999") == []
    assert found(busy, number="'; DROP TABLE journal; --") == []


def test_a_day_begins_at_midnight_of_the_clinic(world: World, clock: FrozenClock) -> None:
    day = business_date(clock(), TIMEZONE)
    clock.now = clock.now.replace(hour=18, minute=29)  # 23:59 in Kolkata
    world.db.run(world.actor("admin"), set_setting, key="queue.skip_behind", value=2)
    clock.advance(minutes=1)
    world.db.run(world.actor("admin"), set_setting, key="queue.skip_behind", value=3)
    late, early = (found(world, first=one, last=one, command="organisation.set_setting") for one in (day, day + timedelta(days=1)))
    assert (len(late), len(early)) == (1, 1)
    assert late[0] < early[0]


def test_a_clock_that_was_set_back_changes_neither_the_order_nor_the_day_of_others(world: World, clock: FrozenClock) -> None:
    now = clock()
    for value, back in ((2, 0), (3, 400), (4, 0)):
        clock.now = now - timedelta(days=back)
        world.db.run(world.actor("admin"), set_setting, key="queue.skip_behind", value=value)
    today, then = business_date(now, TIMEZONE), business_date(now - timedelta(days=400), TIMEZONE)
    every = found(world, command="organisation.set_setting")
    assert every == sorted(every, reverse=True)
    assert len(every) == 3
    assert found(world, first=today, last=today, command="organisation.set_setting") == [every[0], every[2]]
    assert found(world, first=then, last=then) == [every[1]]


def test_nothing_happened_on_a_day_before_the_clinic(world: World) -> None:
    assert found(world, first=date(2020, 1, 1), last=date(2020, 12, 31)) == []


@pytest.mark.parametrize("role", ["cashier", "receptionist", "doctor", "nurse", "pharmacist"])
def test_only_who_may_read_the_audit_trail_reads_it(world: World, role: str) -> None:
    with world.db.read() as session:
        for ask in (
            lambda: queries.audit_page(session, world.actor(role), AuditFilter()),
            lambda: queries.change_sets(session, world.actor(role), [1]),
            lambda: queries.history_of_patient(session, world.actor(role), new_id()),
        ):
            with pytest.raises(PermissionDenied):
                ask()


def test_a_line_says_who_where_and_about_what(busy: World) -> None:
    def newest(**wanted: Any) -> AuditEntry:
        with busy.db.read() as session:
            return queries.audit_page(session, busy.actor("auditor"), AuditFilter(**wanted), limit=1).entries[0]

    paid = newest(command="billing.take_payment")
    assert (paid.actor_name, paid.workstation) == ("Cashier One", "cashier")
    assert paid.subject is not None
    assert paid.subject.entity_type == "payments"
    assert re.fullmatch(r"RCT-2026-\d{5}", str(paid.subject.parts[0]))
    assert str(paid.subject.parts[2]).startswith("PAT-2026-")
    refused = newest(only=Only.DENIALS)
    assert refused.note == {"event": "denied", "permission": "organisation.settings", "command": "organisation.set_setting"}
    failed = newest(only=Only.FAILURES, person_id=busy.users["nurse"])
    assert failed.subject is not None
    assert (failed.actor_id, failed.subject.parts) == (None, ("Nurse One",))


INDEXES = {
    "person": ({"person_id": new_id()}, ("ix_journal_actor", "ix_audit_logs_entity")),
    "command": ({"command": "x.y"}, ("ix_journal_command",)),
    "kind": ({"entity_type": "invoices"}, ("ix_audit_logs_kind",)),
    "record": ({"entity_type": "invoices", "entity_id": new_id()}, ("ix_audit_logs_entity",)),
    "workstation": ({"workstation_id": new_id()}, ("ix_journal_workstation",)),
    "days": ({"first": date(2026, 3, 1)}, ("ix_journal_at",)),
    "patient": ({"patient_id": new_id()}, ("ix_audit_logs_entity",)),
    "denials": ({"only": Only.DENIALS}, ("ix_journal_command",)),
    "reads": ({"only": Only.READS}, ("ix_journal_command",)),
    "exports": ({"only": Only.EXPORTS}, ("ix_audit_logs_notes",)),
    "number": ({"number": "RCT-2026-00001"}, ("ix_audit_logs_entity",)),
}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_each_condition_enters_an_index_of_its_own(lived: World, subtests: pytest.Subtests) -> None:
    for name, (wanted, indexes) in INDEXES.items():
        with subtests.test(name):
            plan = plans(lived, AuditFilter(**wanted))
            assert not re.search(r"SCAN (journal|audit_logs)", plan), plan
            for index in indexes:
                assert index in plan, plan


@pytest.mark.parametrize("engine_name", ["postgres"])
def test_each_condition_can_enter_an_index_on_postgres(lived: World, subtests: pytest.Subtests) -> None:
    for name, (wanted, _indexes) in INDEXES.items():
        with subtests.test(name):
            plan = plans(lived, AuditFilter(**wanted))
            assert "Seq Scan on journal" not in plan
            assert "Seq Scan on audit_logs" not in plan


def plans(world: World, wanted: AuditFilter) -> str:
    actor = world.actor("auditor")
    with heard(world.db) as statements, world.db.read() as session:
        queries.audit_page(session, actor, wanted)
    assert len(statements) < 60  # by kinds of records, never by records
    lines = []
    with world.db.engine.connect() as connection:
        is_postgres = connection.dialect.name == "postgresql"
        if is_postgres:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in statements:
            explained = connection.exec_driver_sql(f"EXPLAIN {'' if is_postgres else 'QUERY PLAN '}{statement}", parameters)
            lines += [str(row[-1]) for row in explained]
    return "\n".join(lines)
