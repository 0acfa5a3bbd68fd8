"""Alembic, driven from the program: each upgrade is one transaction on both engines, and leaves a note in the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.schema import MIGRATIONS, revision
from clinic_desktop.kernel.security import Actor

_Direction = Callable[[ScriptDirectory, str, Any], Any]
"""Which revisions lead from the present one to a target."""


def upgrade(database: Database, target: str = "head") -> None:
    """Bring the database up to a revision; a failure half-way leaves it as it was."""
    before = revision(database)
    _migrate(database, ScriptDirectory._upgrade_revs, target)
    database.recall_currency()
    after = revision(database)
    if after != before:
        _note(database, before, after)


def downgrade(database: Database, target: str) -> None:
    """Take the database down to an older revision, or to ``base``."""
    _migrate(database, ScriptDirectory._downgrade_revs, target)


def upgrade_within(connection: Connection, target: str) -> None:
    """Bring a database up to a revision inside the caller's transaction, without a note: a restore builds what the journal tells."""
    _migrate_within(connection, ScriptDirectory._upgrade_revs, target)


def _migrate(database: Database, direction: _Direction, target: str) -> None:
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        _migrate_within(connection, direction, target)


def _migrate_within(connection: Connection, direction: _Direction, target: str) -> None:
    config, scripts = Config(), _scripts()
    config.attributes["connection"] = connection
    with EnvironmentContext(config, scripts, fn=lambda present, _context: direction(scripts, target, present), destination_rev=target):
        scripts.run_env()


@cache
def _scripts() -> ScriptDirectory:
    """The revisions, loaded once: Alembic's own commands would load all of their files again for each run."""
    return ScriptDirectory(str(MIGRATIONS))


def _note(database: Database, before: str | None, after: str | None) -> None:
    with database.write(Actor.system("migration")) as tx:
        tx.command = "kernel.upgrade"
        identity = tx.session.scalars(select(DatabaseIdentity.database_id)).one()
        tx.note("migrated", "database_identity", identity, before=before, after=after)
