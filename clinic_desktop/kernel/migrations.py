"""Alembic, driven from the program: each upgrade is one transaction on both engines, and leaves a note in the journal."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.schema import MIGRATIONS, revision
from clinic_desktop.kernel.security import Actor


def upgrade(database: Database, target: str = "head") -> None:
    """Bring the database up to a revision; a failure half-way leaves it as it was."""
    before = revision(database)
    _migrate(database, command.upgrade, target)
    database.recall_currency()
    after = revision(database)
    if after != before:
        _note(database, before, after)


def downgrade(database: Database, target: str) -> None:
    """Take the database down to an older revision, or to ``base``."""
    _migrate(database, command.downgrade, target)


def upgrade_within(connection: Connection, target: str) -> None:
    """Bring a database up to a revision inside the caller's transaction, without a note: a restore builds what the journal tells."""
    _migrate_within(connection, command.upgrade, target)


def _migrate(database: Database, direction: object, target: str) -> None:
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        _migrate_within(connection, direction, target)


def _migrate_within(connection: Connection, direction: object, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    direction(config, target)  # type: ignore[operator]


def _note(database: Database, before: str | None, after: str | None) -> None:
    with database.write(Actor.system("migration")) as tx:
        tx.command = "kernel.upgrade"
        identity = tx.session.scalars(select(DatabaseIdentity.database_id)).one()
        tx.note("migrated", "database_identity", identity, before=before, after=after)
