"""Databases made and brought up to date: each time one transaction on both engines, and a note in the journal.

An empty database is made by its engine's script. Alembic is loaded only where revisions have to run.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.schema import newest_revision, revision_within
from clinic_desktop.kernel.schema_scripts import lay_out
from clinic_desktop.kernel.security import Actor

NEWEST = "head"


def upgrade(database: Database, target: str = NEWEST) -> None:
    """Bring the database up to a revision; a failure half-way leaves it as it was."""
    with _writing(database) as connection:
        before = revision_within(connection)
        upgrade_within(connection, target)
        after = revision_within(connection)
    database.recall_currency()
    if after != before:
        _note(database, before, after)


def downgrade(database: Database, target: str) -> None:
    """Take the database down to an older revision, or to ``base``."""
    with _writing(database) as connection:
        _revisions().lower_to(connection, target)


def upgrade_within(connection: Connection, target: str) -> None:
    """Bring a database up to a revision inside the caller's transaction, without a note: a restore builds what the journal tells."""
    wanted = newest_revision() if target == NEWEST else target
    if (lay_out(connection, wanted) or revision_within(connection)) != wanted:
        _revisions().raise_to(connection, wanted)


def _writing(database: Database) -> AbstractContextManager[Connection]:
    return database.engine.execution_options(clinic_write=True).begin()


def _revisions() -> Any:
    return import_module("clinic_desktop.kernel.revisions")


def _note(database: Database, before: str | None, after: str | None) -> None:
    with database.write(Actor.system("migration")) as tx:
        tx.command = "kernel.upgrade"
        identity = tx.session.scalars(select(DatabaseIdentity.database_id)).one()
        tx.note("migrated", "database_identity", identity, before=before, after=after)
