"""Encrypted working files: what a backup is written into and what a restore is built in. Never plain, never with a plain journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from clinic_desktop.kernel.backup.errors import BadBackup
from clinic_desktop.kernel.engines import APPLICATION_ID, connect_to
from clinic_desktop.kernel.migrations import upgrade_within

_FOR_BUILDING = (
    "PRAGMA journal_mode = MEMORY",
    "PRAGMA synchronous = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -64000",
)
"""A file that is being built is thrown away when anything fails, so it needs no journal; it is synced once it is whole."""

_STATEMENTS = """
SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL
AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY type != 'table', rowid
"""
"""What makes a file's tables, then their indexes and triggers; a table of the full-text search makes its own shadows."""


@contextmanager
def building(path: Path, data_key: bytes | None) -> Iterator[Any]:
    """A new or copied file to build in, by the driver's own connection, in autocommit."""
    connection = connect_to(path, data_key)
    try:
        for pragma in _FOR_BUILDING:
            connection.execute(pragma).fetchall()
        yield connection
    finally:
        connection.close()


@contextmanager
def reading(path: Path, data_key: bytes) -> Iterator[Any]:
    """A finished payload where it lies: nothing beside it is read or written, and what follows the payload does not matter."""
    connection = connect_to(path, data_key, options="mode=ro&immutable=1")
    try:
        for pragma in ("PRAGMA temp_store = MEMORY", "PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON"):
            connection.execute(pragma).fetchall()
        if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            raise BadBackup(path=str(path), reason="not_a_backup")
        yield connection
    except sqlcipher.DatabaseError as error:
        raise BadBackup(path=str(path), reason="damaged") from error
    finally:
        connection.close()


@contextmanager
def in_transaction(connection: Any) -> Iterator[Connection]:
    """One transaction of a file as SQLAlchemy sees it; the driver's connection stays open behind it."""
    engine = create_engine("sqlite+pysqlite://", module=sqlcipher, creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", lambda opened: opened.exec_driver_sql("BEGIN"))
    with engine.begin() as opened:
        yield opened


def bring_to(connection: Any, revision: str) -> None:
    """Run the migrations up to a revision on a file that is being built, in one transaction."""
    with in_transaction(connection) as opened:
        upgrade_within(opened, revision)


def found(connection: Any, revision: str) -> None:
    """Lay out the empty tables of a revision in a new file; all rows, those of the migrations too, come with a copy."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("BEGIN")
    for statement in _layout(revision):
        connection.execute(statement)
    connection.execute("COMMIT")


@cache
def _layout(revision: str) -> tuple[str, ...]:
    """The statements that make the tables of a revision: its migrations run once, and not for every backup."""
    with building(Path(":memory:"), None) as connection:
        bring_to(connection, revision)
        return tuple(statement for (statement,) in connection.execute(_STATEMENTS))
