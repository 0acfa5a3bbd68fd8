"""``clinic check``: for each check, a lie written behind the program's back, found by that check and told with its number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.kernel.checks import declared_checks, run_check, run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.tables import Base
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


Reads = dict[str, set[str]]


@pytest.fixture(scope="module", params=ENGINES)
def disarmed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Disarmed, Reads]]:
    """The lived-in clinic, in which nothing stands in a liar's way, and which tables each check reads."""
    made, _ = fresh(request.param, tmp_path_factory.mktemp("lived"), FrozenClock(START), recipe="lived", build=live)
    reads = what_checks_read(made)
    clinic = Disarmed(made)
    yield clinic, reads
    clinic.close()


def tables_in(statement: str) -> set[str]:
    return set(re.findall(r"\w+", statement)) & set(Base.metadata.tables)


def what_checks_read(database: Database) -> Reads:
    """The tables in each check's statements: what is not among them it cannot see."""
    reads: Reads = {}
    with database.read() as session:
        for name in declared_checks():
            seen: set[str] = reads.setdefault(name, set())

            def note(_line: Any, _cursor: Any, statement: str, *_rest: Any, seen: set[str] = seen) -> None:
                seen |= tables_in(statement)

            event.listen(database.engine, "before_cursor_execute", note)
            run_check(session, name)
            event.remove(database.engine, "before_cursor_execute", note)
    return reads


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
    # No patient was merged here, no file attached, nothing waits for payment or in a queue, and Postgres checks its pages itself.
    assert idle <= {"B2 stored files", "C3 merged patients", "F6 visits waiting to pay", "J4 database pages", "T3 open queue entries"}


def test_an_empty_database_tells_no_lie(database: Database) -> None:
    with database.read() as session:
        assert failing(session) == {}


ELSEWHERE = {"J1 journal chain", "J4 database pages"}
"""Lied to in the tests of the journal; SQLite's own check of its pages is SQLite's."""


def test_every_check_is_lied_to() -> None:
    assert {one.check for one in LIES} | ELSEWHERE == set(declared_checks())


@pytest.mark.parametrize("one", LIES, ids=lambda one: one.check)
def test_a_lie_is_found_by_its_check(disarmed: tuple[Disarmed, Reads], one: Lie) -> None:
    clinic, reads = disarmed
    row = clinic.find(one.row)
    assert row != "None", "nothing here to lie about"
    touched = tables_in(" ".join(one.sql))
    with clinic.lied(*(statement.replace("{0}", row) for statement in one.sql)) as session:
        # Whether others see it too hangs on what they compute, not on the engine: one of the two shows it.
        others = session.get_bind().dialect.name == "sqlite"
        found = failing(session, *(name for name in reads if name == one.check or (others and reads[name] & touched)))
    assert one.check in found, f"not found: {found}"
    assert set(found) <= {one.check, *one.also}, f"seen by others too: {sorted(found)}"
    assert any(row in line for line in found[one.check]), found[one.check]


def test_every_check_reads_tables(disarmed: tuple[Disarmed, Reads]) -> None:
    """Else no lie would be shown to it. SQLite's own check of its pages reads all of them, and is asked elsewhere."""
    assert [name for name, read in disarmed[1].items() if not read] == ["J4 database pages"]
