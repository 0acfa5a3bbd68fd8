"""``clinic check``: for each check, a lie written behind the program's back, found by that check and told with its number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.kernel.checks import declared_checks, run_checks
from clinic_desktop.kernel.db import Database
from tests.clinic.lies import LIES, Lie
from tests.clinic.lived import Shelf, lie

load_checks()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The databases of this module."""
    kept = Shelf(tmp_path_factory.mktemp("lived"))
    yield kept
    kept.close()


@pytest.fixture
def lived(engine_name: str, shelf: Shelf) -> Database:
    """The lived-in clinic, as new."""
    return shelf.fresh(engine_name)


def failing(database: Database) -> dict[str, tuple[str, ...]]:
    with database.read() as session:
        return {result.name: result.failures for result in run_checks(session) if not result.ok}


def test_a_lived_in_clinic_tells_no_lie(lived: Database) -> None:
    assert failing(lived) == {}


def test_every_check_looks_at_rows(lived: Database) -> None:
    """A check that looks at nothing would be true of anything."""
    with lived.read() as session:
        idle = {result.name for result in run_checks(session) if result.rows == 0}
    # No patient was merged here, nothing waits for payment or in a queue, and Postgres checks its pages itself.
    assert idle <= {"C3 merged patients", "F6 visits waiting to pay", "J4 database pages", "T3 open queue entries"}


def test_an_empty_database_tells_no_lie(database: Database) -> None:
    assert failing(database) == {}


ELSEWHERE = {"J1 journal chain", "J4 database pages"}
"""Lied to in the tests of the journal; SQLite's own check of its pages is SQLite's."""


def test_every_check_is_lied_to() -> None:
    assert {one.check for one in LIES} | ELSEWHERE == set(declared_checks())


@pytest.mark.parametrize("one", LIES, ids=lambda one: one.check)
def test_a_lie_is_found_by_its_check(lived: Database, one: Lie) -> None:
    uuid = "::uuid" if lived.engine.dialect.name == "postgresql" else ""
    with lived.engine.connect() as connection:
        row = str(connection.exec_driver_sql(one.row.replace("{uuid}", uuid)).scalar_one())
    assert row != "None", "nothing here to lie about"
    lie(lived, *(statement.replace("{uuid}", uuid).replace("{0}", row) for statement in one.sql))
    found = failing(lived)
    found.pop("J4 database pages", None)  # SQLite's own check sees what broke a CHECK constraint, too
    assert one.check in found, f"not found: {found}"
    assert set(found) <= {one.check, *one.also}, f"seen by others too: {sorted(found)}"
    assert any(row in line for line in found[one.check]), found[one.check]
