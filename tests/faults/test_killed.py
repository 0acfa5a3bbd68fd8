"""A clinic day that is killed again and again: nothing that was acknowledged is lost, and nothing half is left.

``CLINIC_FAULT_ROUNDS=1000`` makes the long run of tests/README.md; every round restarts where the last one was killed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import inspect, select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.migrations import downgrade, upgrade
from clinic_desktop.kernel.schema import is_current, newest_revision, revision
from tests.clinic.simulation.clinic import furnish
from tests.conftest import FrozenClock
from tests.databases import address_of, bare, copied, drop, fresh
from tests.faults.killing import Zygote, zygote
from tests.faults.zygote import head_of, opened
from tests.sync.conftest import lived_day

ROUNDS = int(os.environ.get("CLINIC_FAULT_ROUNDS", "8"))
PATIENTS_A_DAY = 40
TRIES = 30
"""At a migration, until one was killed and one was not: three or four where the machine has time for both processes."""
WHOLE_CHECK_EVERY = max(4, ROUNDS // 20)
"""Rounds between two recomputations of everything: 20 in a long run. Each round looks at what was acknowledged in it."""


@pytest.fixture(params=("sqlcipher", "postgres"))
def url(request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock) -> Iterator[str]:
    """A furnished clinic that is on the disk as it would be in a clinic."""
    database, _ = fresh(request.param, tmp_path, clock, recipe="furnished", build=furnish)
    database.close()
    yield address_of(database).replace("+psycopg", "")
    drop(database)


@pytest.fixture(scope="module")
def workers() -> Iterator[Zygote]:
    with zygote() as made:
        yield made


def days() -> Iterator[date]:
    """Working days from next week on."""
    day = system_clock().date() + timedelta(days=7)
    while True:
        day += timedelta(days=1)
        if day.weekday() != 6:
            yield day


def test_a_killed_day_loses_nothing_that_was_acknowledged(url: str, workers: Zygote) -> None:
    load_checks()
    chance, calendar = Random(1), days()
    day, acknowledged = next(calendar), 0
    for number in range(1, ROUNDS + 1):
        pid = workers.start("play", url, day.isoformat(), str(number), str(PATIENTS_A_DAY))
        said = workers.kill_after(chance.uniform(0.02, 0.6), pid, words=3)
        told = [line.split() for line in said if line.startswith("ack ")]
        acknowledged += len(told)
        look_at(url, told, whole=number % WHOLE_CHECK_EVERY == 0 or number == ROUNDS)
        if "done" in said:
            day = next(calendar)
    assert acknowledged > 2 * ROUNDS  # the workers were at work when they were killed


def look_at(url: str, told: list[list[str]], *, whole: bool) -> None:
    """Every acknowledged change set is there as it was acknowledged, the chain is whole, and all invariants hold."""
    database = opened(url)
    try:
        seq, digest = head_of(database)
        if told:
            since = ChangeSet.seq >= min(int(one[1]) for one in told)
            with database.read() as session:
                kept = {str(row.seq): bytes(row.hash).hex() for row in session.execute(select(ChangeSet.seq, ChangeSet.hash).where(since))}
            assert [one for one in told if kept.get(one[1]) != one[2]] == []
            assert kept[str(seq)] == digest
        if whole:
            with database.read() as session:
                assert verify(session).broken is None
                assert {result.name: result.failures for result in run_checks(session) if not result.ok} == {}
    finally:
        database.close()


def test_a_killed_migration_is_done_or_undone(engine_name: str, tmp_path: Path, workers: Zygote, clock: FrozenClock) -> None:
    """Killed ever later until one is faster: each ends before or after the change, never between."""
    older, _ = fresh(engine_name, tmp_path, clock, recipe="sync", build=lived_day)
    before, patience, outcomes = "0006", 0.02, [""]
    downgrade(older, before)
    wanted = {before, newest_revision()}
    try:
        while not wanted <= set(outcomes):  # some are killed in the middle, and at last one is faster
            assert len(outcomes) < TRIES, outcomes
            database = copied(older, tmp_path)
            database.engine.dispose()
            workers.kill_after(patience, workers.start("migrate", address_of(database).replace("+psycopg", "")))
            outcomes.append(str(revision(database)))
            assert outcomes[-1] in wanted
            upgrade(database)
            with database.read() as session:
                assert verify(session).broken is None
            drop(database)
            patience *= 3 if outcomes[-1] == before else 0.1  # this process may have been the slower one of the two
    finally:
        drop(older)


def test_a_killed_beginning_is_whole_or_nothing(engine_name: str, tmp_path: Path, workers: Zygote) -> None:
    """An empty database is killed ever later while its script runs: it stays empty until one is faster."""
    database = bare(engine_name, tmp_path)
    address = address_of(database).replace("+psycopg", "")
    patience = 0.005
    try:
        while revision(database) is None:
            with database.engine.connect() as connection:
                assert inspect(connection).get_table_names() == []
            database.engine.dispose()
            workers.kill_after(patience, workers.start("migrate", address))
            patience *= 3
        assert is_current(database)
        with database.read() as session:
            assert verify(session).broken is None
    finally:
        drop(database)
