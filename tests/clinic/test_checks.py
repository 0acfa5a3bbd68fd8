"""``clinic check``: for each check, a lie written behind the program's back, found by that check and told with its number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.kernel.checks import declared_checks, run_check, run_checks
from clinic_desktop.kernel.db import Database
from tests.clinic.lies import LIES, Lie
from tests.clinic.lived import Disarmed, live
from tests.conftest import START, FrozenClock
from tests.databases import ENGINES, drop, fresh

load_checks()


@pytest.fixture
def lived(engine_name: str, tmp_path: Path, clock: FrozenClock) -> Iterator[Database]:
    """The lived-in clinic."""
    made, _ = fresh(engine_name, tmp_path, clock, recipe="lived", build=live)
    yield made
    drop(made)


@pytest.fixture(scope="module", params=ENGINES)
def disarmed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disarmed]:
    """The lived-in clinic, in which nothing stands in a liar's way."""
    made, _ = fresh(request.param, tmp_path_factory.mktemp("lived"), FrozenClock(START), recipe="lived", build=live)
    clinic = Disarmed(made)
    yield clinic
    clinic.close()


def failing(session: Session, *names: str) -> dict[str, tuple[str, ...]]:
    """What all checks, or those named, find."""
    results = (run_check(session, name) for name in names) if names else run_checks(session)
    return {result.name: result.failures for result in results if not result.ok}


def test_a_lived_in_clinic_tells_no_lie(lived: Database) -> None:
    with lived.read() as session:
        assert failing(session) == {}


def test_every_check_looks_at_rows(lived: Database) -> None:
    """A check that looks at nothing would be true of anything."""
    with lived.read() as session:
        idle = {result.name for result in run_checks(session) if result.rows == 0}
    # No patient was merged here, nothing waits for payment or in a queue, and Postgres checks its pages itself.
    assert idle <= {"C3 merged patients", "F6 visits waiting to pay", "J4 database pages", "T3 open queue entries"}


def test_an_empty_database_tells_no_lie(database: Database) -> None:
    with database.read() as session:
        assert failing(session) == {}


ELSEWHERE = {"J1 journal chain", "J4 database pages"}
"""Lied to in the tests of the journal; SQLite's own check of its pages is SQLite's."""


def test_every_check_is_lied_to() -> None:
    assert {one.check for one in LIES} | ELSEWHERE == set(declared_checks())


@pytest.mark.parametrize("one", LIES, ids=lambda one: one.check)
def test_a_lie_is_found_by_its_check(disarmed: Disarmed, one: Lie) -> None:
    row = disarmed.find(one.row)
    assert row != "None", "nothing here to lie about"
    with disarmed.lied(*(statement.replace("{0}", row) for statement in one.sql)) as session:
        # Whether others see it too hangs on what they compute, not on the engine: one of the two shows it.
        found = failing(session) if session.get_bind().dialect.name == "sqlite" else failing(session, one.check)
    found.pop("J4 database pages", None)  # SQLite's own check sees what broke a CHECK constraint, too
    assert one.check in found, f"not found: {found}"
    assert set(found) <= {one.check, *one.also}, f"seen by others too: {sorted(found)}"
    assert any(row in line for line in found[one.check]), found[one.check]
