"""Which revision a database is at, told without loading the migration machinery (start-up needs only this)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from clinic_desktop.kernel.db import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
"""Alembic's folder; revisions are named by a rising number, so the newest file is the head."""


def revision(database: Database) -> str | None:
    """The revision that the database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return revision_within(connection)


def revision_within(connection: Connection) -> str | None:
    """The same, inside the caller's transaction."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def newest_revision() -> str:
    """The revision that this program wants."""
    return _newest(MIGRATIONS)


@cache
def _newest(migrations: Path) -> str:
    return max(path.stem.split("_")[0] for path in (migrations / "versions").glob("[0-9]*.py"))


def is_current(database: Database) -> bool:
    """Whether the database is at the revision that this program wants."""
    return revision(database) == newest_revision()
