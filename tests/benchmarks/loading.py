"""Rows by the million: what guards and serves a table is taken off, the rows are laid down, and it is built again as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

Raw = dict[str, Any]
"""A row as SQLite keeps it, which Postgres reads alike: ids as hex, dates and instants as text, truths as numbers."""

_POSTGRES_INDEXES = """SELECT format('DROP INDEX %%I', indexname), indexdef FROM pg_indexes WHERE tablename = ANY(%s)
AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname"""
_POSTGRES_EXCLUSIONS = """SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'x' AND conrelid::regclass::text = ANY(%s) ORDER BY conname"""
_SQLITE = (
    "SELECT 'DROP ' || type || ' ' || name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = ?"
)


@contextmanager
def bare(connection: Connection, *tables: str) -> Iterator[None]:
    """Without the indexes, triggers and exclusions of these tables: built over all rows at once they take a fraction of the time."""
    found = _on_postgres(connection, tables) if connection.dialect.name == "postgresql" else _on_sqlite(connection, tables)
    for drop, _create in found:
        connection.exec_driver_sql(drop)
    yield
    for _drop, create in found:
        connection.exec_driver_sql(create)


def _on_postgres(connection: Connection, tables: Sequence[str]) -> list[tuple[str, str]]:
    # The rows name only what is there: nobody needs to look each up. And their times are spelt in UTC.
    for setting in ("session_replication_role = replica", "TimeZone = 'UTC'", "maintenance_work_mem = '256MB'"):
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    parts = (connection.exec_driver_sql(question, (list(tables),)) for question in (_POSTGRES_INDEXES, _POSTGRES_EXCLUSIONS))
    return [(drop, create) for part in parts for drop, create in part]


def _on_sqlite(connection: Connection, tables: Sequence[str]) -> list[tuple[str, str]]:
    return [(drop, create) for table in tables for drop, create in connection.exec_driver_sql(_SQLITE, (table,))]


def load(connection: Connection, table: str, rows: Sequence[Raw]) -> None:
    """Lay rows down, all of which have the same columns."""
    columns = ", ".join(rows[0])
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
            stream.write("".join("\t".join(map(str, row.values())) + "\n" for row in rows))
        return
    marks = ", ".join("?" * len(rows[0]))
    connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", [tuple(row.values()) for row in rows])
