"""Databases that simulated days start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from tests.clinic.simulation.clinic import furnish
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

load_checks()


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
