"""Databases that simulated days start from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.simulation.day import DayReport, simulate_day
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import JournalHead
from tests.clinic.simulation.clinic import furnish
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import drop, fresh, on
from tests.kernel.test_journal import install_shadow_triggers, journal_count

load_checks()
MONDAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Played:
    """A day of twelve patients, and what was there before it."""

    report: DayReport
    progress: list[tuple[int, int]]
    change_sets: int
    entries: Counter[Any]


@on("furnished", furnish)
def play(database: Database, _furnished: World) -> Played:
    """Play a Monday, under the eyes of shadow triggers."""
    seen: list[tuple[int, int]] = []
    with database.read() as session:
        before = session.scalars(select(func.max(JournalHead.seq))).one()
    entries = Counter(journal_count(database))
    install_shadow_triggers(database)
    report = simulate_day(database, patients=12, seed=2, day=MONDAY, progress=lambda done, of: seen.append((done, of)))
    return Played(report, seen, before, entries)


@pytest.fixture
def played(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[tuple[Database, Played]]:
    """That day: played once for all who only look at it."""
    database, told = fresh(engine_name, tmp_path, clock, recipe="played", build=play)
    yield database, told
    drop(database)


@pytest.fixture
def new_clinic(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Makes fresh copies of one furnished clinic: a world with a small pharmacy."""
    made: list[Database] = []

    def make() -> Database:
        database, _ = fresh(engine_name, tmp_path, clock, recipe="furnished", build=furnish)
        made.append(database)
        return database

    yield make
    for database in made:
        drop(database)


def lies(database: Database) -> list[str]:
    """Everything that the checks find wrong."""
    with database.read() as session:
        return [f"{result.name}: {failure}" for result in run_checks(session) for failure in result.failures]
