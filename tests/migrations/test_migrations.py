"""Every revision goes up and down on both engines, with data; the head is what the models and triggers say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from clinic_desktop.clinic.access.commands import keep_drafts
from clinic_desktop.clinic.organisation.commands import add_clinic
from clinic_desktop.kernel import origins
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.migrations import downgrade, upgrade
from clinic_desktop.kernel.schema import MIGRATIONS, is_current, newest_revision, revision
from clinic_desktop.kernel.tables import Base, append_only_tables
from clinic_desktop.kernel.triggers import append_only_triggers
from clinic_desktop.sync import models, peers
from tests.clinic.conftest import world
from tests.clinic.world import World
from tests.databases import bare, drop

__all__ = ["models", "origins", "peers", "world"]  # their tables are the schema's, too
REVISIONS = sorted(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


@pytest.fixture
def empty(engine_name: str, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    made = bare(engine_name, tmp_path)
    yield made
    drop(made)


def execute(database: Database, *statements: str) -> None:
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def tables(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return {name for name in inspect(connection).get_table_names() if not name.startswith("patient_search")}


def counts(database: Database) -> dict[str, int]:
    """Rows of every table, so that a round trip shows what it lost."""
    with database.engine.connect() as connection:
        return {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in tables(database)}


def triggers(database: Database) -> set[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with database.engine.connect() as connection:
        return set(connection.exec_driver_sql(query[database.engine.dialect.name]).scalars())


def test_each_revision_goes_up_and_down_again(empty: Database) -> None:
    known: dict[str | None, set[str]] = {None: tables(empty)}
    for target in REVISIONS:
        upgrade(empty, target)
        assert revision(empty) == target
        known[target] = tables(empty)
    assert is_current(empty)
    for older, newer in reversed(list(zip([None, *REVISIONS], REVISIONS, strict=False))):
        assert tables(empty) == known[newer]
        downgrade(empty, older or "base")
        assert tables(empty) - {"alembic_version"} == known[older] - {"alembic_version"}
    upgrade(empty)
    assert tables(empty) == known[newest_revision()]


def test_data_of_older_revisions_survives_a_round_trip(world: World) -> None:
    database = world.db
    database.run(world.actor("doctor"), keep_drafts, changed={"consultation": '{"complaint": "Dizzy"}'}, open_screen="consultation")
    assert 0 not in (counts(database)["drafts"], counts(database)["users"])
    for older, newer in reversed(list(pairwise(REVISIONS))):
        downgrade(database, older)
        kept = counts(database)
        assert kept["audit_logs"] > 0
        upgrade(database, newer)
        after = counts(database)
        journal = {"journal", "audit_logs"}  # the upgrade leaves a note
        assert {name: after[name] for name in kept if name not in journal} == {name: n for name, n in kept.items() if name not in journal}
        downgrade(database, older)
    upgrade(database)
    with database.read() as session:
        assert verify(session).broken is None


def test_the_head_is_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    by_hand = ("patient_search", "ix_patients_search")  # full-text tables and the trigram index: SQLAlchemy has no words for them
    assert [d for d in differences if not any(name in str(d) for name in by_hand)] == []


def test_every_ledger_is_guarded_at_the_head(database: Database) -> None:
    found = triggers(database)
    dialect = database.engine.dialect.name
    missing = [name for table in append_only_tables() for name in append_only_triggers(table, dialect) if name not in found]
    assert missing == []
    assert len(append_only_tables()) >= 15


def test_no_trigger_is_lost_on_the_way_down_and_up(database: Database) -> None:
    before = triggers(database)
    downgrade(database, REVISIONS[0])
    upgrade(database)
    assert triggers(database) == before


def test_a_revision_that_fails_half_way_leaves_the_database_as_it_was(empty: Database) -> None:
    upgrade(empty, "0004")
    before = tables(empty) | {"visits"}
    execute(empty, "CREATE TABLE visits (id INTEGER)")
    with pytest.raises(DBAPIError):
        upgrade(empty, "0005")
    assert revision(empty) == "0004"
    assert tables(empty) == before
    execute(empty, "DROP TABLE visits")
    upgrade(empty)
    assert is_current(empty)


def test_drafts_go_with_their_table_and_nothing_else_does(world: World) -> None:
    database = world.db
    without = counts(database)
    database.run(world.actor("doctor"), keep_drafts, changed={"consultation": "{}"}, open_screen=None)
    assert counts(database) == without | {"drafts": 1}
    downgrade(database, "0006")
    kept = counts(database)
    assert kept["drafts"] == 1
    downgrade(database, "0005")
    assert counts(database) == {name: rows for name, rows in kept.items() if name != "drafts"}
    upgrade(database)
    assert counts(database)["drafts"] == 0
    with database.read() as session:
        newest = session.scalars(select(AuditLog.changes).order_by(AuditLog.seq.desc()).limit(1)).one()
        assert verify(session).broken is None
    assert msgspec.json.decode(newest) == {"event": "migrated", "before": "0005", "after": newest_revision()}


def test_what_sites_may_both_do_passes_at_the_head_and_not_before_it(world: World) -> None:
    """Rewritten rules hold for the rows that are there, and the file is sound after them (0014)."""
    database = world.db
    slot = (
        "INSERT INTO time_slots (id, doctor_id, clinic_id, slot_date, start_time, end_time, capacity, is_available, "
        "created_at, updated_at, row_version) "
        "SELECT {id}, d.id, {clinic}, '2026-04-01', '09:00:00.000000', '09:30:00.000000', 1, TRUE, d.created_at, d.created_at, 1 "
        f"FROM doctors d WHERE d.id = '{_key(database, world.doctor_id)}'"
    )
    elsewhere = world.db.run(world.system(), add_clinic, code="EAST", name="East", timezone="Asia/Kolkata")
    here, there = (f"'{_key(database, one)}'" for one in (world.clinic_id, elsewhere))
    names = [f"'{_key(database, new_id())}'" for _ in range(3)]
    downgrade(database, "0012")
    execute(database, slot.format(id=names[0], clinic=here))
    with pytest.raises(IntegrityError):
        execute(database, slot.format(id=names[1], clinic=there))
    upgrade(database)
    execute(database, slot.format(id=names[1], clinic=there))
    with pytest.raises(IntegrityError):
        execute(database, slot.format(id=names[2], clinic=there))
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def _key(database: Database, key: UUID) -> str:
    return key.hex if database.engine.dialect.name == "sqlite" else str(key)
