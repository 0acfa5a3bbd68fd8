"""The script of each engine makes what all revisions make, in one transaction, and Alembic is not even loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.schema import is_current, newest_revision
from clinic_desktop.kernel.schema_scripts import lay_out, script_revision
from tests.databases import bare, drop
from tests.migrations.make_schema import by_revisions, dump, listing
from tests.migrations.test_migrations import execute, tables
from tests.postgres import binaries


@pytest.fixture
def empty(engine_name: str, tmp_path: Path) -> Iterator[Database]:
    made = bare(engine_name, tmp_path)
    yield made
    drop(made)


def all_of(database: Database) -> str:
    """Everything that an engine can say of a database: triggers, functions, defaults, CHECKs, comments, grants and rows, too."""
    return listing(database) if database.engine.dialect.name == "sqlite" else dump(database)


def test_the_script_makes_what_the_revisions_make(empty: Database, engine_name: str, tmp_path: Path) -> None:
    engine = empty.engine.dialect.name
    if engine == "postgresql" and not (binaries() / "pg_dump").exists():
        pytest.skip("this Postgres came without pg_dump")
    assert script_revision(engine) == newest_revision(), "run `make schema`: a revision is newer than migrations/schema"
    with empty.engine.execution_options(clinic_write=True).begin() as connection:
        assert lay_out(connection, newest_revision()) == newest_revision()
    other = bare(engine_name, tmp_path)
    try:
        by_revisions(other)
        assert all_of(empty) == all_of(other), "run `make schema`: a revision is not what it was when migrations/schema was made"
    finally:
        drop(other)


def test_an_empty_database_needs_no_alembic_and_any_other_does(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clinic_desktop.kernel.revisions", None)  # whoever imports it now fails
    execute(empty, "CREATE TABLE visits (id INTEGER)")
    with pytest.raises(ImportError):
        upgrade(empty)
    assert tables(empty) == {"visits"}
    execute(empty, "DROP TABLE visits")
    upgrade(empty)
    upgrade(empty)  # nothing is left to do
    with empty.read() as session:
        (note,) = session.scalars(select(AuditLog.changes))
        assert verify(session).broken is None
    assert msgspec.json.decode(note) == {"event": "migrated", "before": None, "after": newest_revision()}


def test_a_script_that_fails_half_way_leaves_nothing(empty: Database) -> None:
    obstacle, remedy = {
        "sqlite": ("PRAGMA max_page_count = 40", "PRAGMA max_page_count = 1000000"),
        "postgresql": ("CREATE FUNCTION refuse_change() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION refuse_change()"),
    }[empty.engine.dialect.name]
    execute(empty, obstacle)
    with pytest.raises(DBAPIError):
        upgrade(empty)
    assert tables(empty) == set()
    execute(empty, remedy)
    upgrade(empty)
    assert is_current(empty)
