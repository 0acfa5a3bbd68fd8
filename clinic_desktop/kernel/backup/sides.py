"""The two engines as a copy sees them: tables with typed columns, rows in raw form (rawforms.py), and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from clinic_desktop.kernel.backup.rawforms import Column, Raw, postgres_kind, postgres_raw, sqlite_kind
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import for_reading

NOT_COPIED = frozenset({"key_vault", "document_blobs", "name_words", "name_word_keys"})
"""How a server keeps keys and documents: a backup has both beside the rows (container.py, documents.py). Words are made by triggers."""

BATCH = 2_000
Rows = Sequence[Sequence[Raw]]


class Side(Protocol):
    """One database of a copy, inside one transaction of its own."""

    def tables(self) -> dict[str, tuple[Column, ...]]:
        """Tables by name, each with its columns in order of name."""

    def count(self, table: str) -> int:
        """How many rows a table has."""

    def read(self, table: str, columns: Sequence[Column]) -> Iterator[Rows]:
        """All rows in batches, in raw form."""

    def clear(self, tables: Sequence[str]) -> None:
        """Delete all rows."""

    def write(self, table: str, columns: Sequence[Column], batches: Iterator[Rows]) -> None:
        """Add rows in raw form."""

    def unguarded(self) -> Any:
        """A context in which rows come in any order; references and guards are back afterwards."""


_GUARDS = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    " AND (sql LIKE '%append-only table%' OR upper(sql) LIKE '%BEFORE DELETE ON%')"  # what left into an archive is deleted by a replay
)


class SqliteSide:
    """A SQLite or SQLCipher file, through the driver's own connection; foreign keys are the caller's to switch off."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def tables(self) -> dict[str, tuple[Column, ...]]:
        """Tables by name, without SQLite's own and those of the full-text search."""
        listed = self.connection.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name")
        names = [name for (name,) in listed if not name.startswith("sqlite_") and name not in NOT_COPIED]
        return {name: self._columns(name) for name in names}

    def _columns(self, table: str) -> tuple[Column, ...]:
        found = self.connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
        return tuple(sorted(Column(name, sqlite_kind(declared)) for name, declared in found))

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])

    def read(self, table: str, columns: Sequence[Column]) -> Iterator[Rows]:
        """All rows in batches."""
        cursor = self.connection.execute(f'SELECT {_names(columns)} FROM "{table}"')
        while rows := cursor.fetchmany(BATCH):
            yield rows

    def clear(self, tables: Sequence[str]) -> None:
        """Delete all rows."""
        for table in tables:
            self.connection.execute(f'DELETE FROM "{table}"')

    def write(self, table: str, columns: Sequence[Column], batches: Iterator[Rows]) -> None:
        """Add rows."""
        statement = f'INSERT INTO "{table}" ({_names(columns)}) VALUES ({", ".join("?" * len(columns))})'
        for rows in batches:
            self.connection.executemany(statement, rows)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Without the append-only triggers: what writes here is a replay or a copy, and is checked as a whole."""
        guards = self.connection.execute(_GUARDS).fetchall()
        for name, _ in guards:
            self.connection.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in guards:
            self.connection.execute(sql)


_COLUMNS = """
SELECT t.relname, c.attname, format_type(c.atttypid, NULL) FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND c.attnum > 0 AND NOT c.attisdropped ORDER BY 1
"""
"""Out of the catalogue itself: the views of the standard's information schema take the server a fifth of a second."""
_KEYS = """
SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""


class PostgresSide:
    """A Postgres database (its current schema), through psycopg's own connection, inside a transaction."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def tables(self) -> dict[str, tuple[Column, ...]]:
        """Tables by name."""
        found: dict[str, list[Column]] = {}
        for table, column, data_type in self.connection.execute(_COLUMNS):
            if table not in NOT_COPIED:
                found.setdefault(table, []).append(Column(column, postgres_kind(data_type)))
        return {name: tuple(sorted(columns)) for name, columns in found.items()}

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])

    def read(self, table: str, columns: Sequence[Column]) -> Iterator[Rows]:
        """All rows in batches, from a cursor of the server."""
        with self.connection.cursor(name="clinic_copy") as cursor:
            cursor.execute(f'SELECT {", ".join(map(postgres_raw, columns))} FROM "{table}"')
            while rows := cursor.fetchmany(BATCH):
                yield rows

    def clear(self, tables: Sequence[str]) -> None:
        """Delete all rows; ledgers refuse that, so only tables that hold any are touched."""
        for table in tables:
            if self.connection.execute(f'SELECT EXISTS (SELECT FROM "{table}")').fetchone()[0]:
                self.connection.execute(f'DELETE FROM "{table}"')

    def write(self, table: str, columns: Sequence[Column], batches: Iterator[Rows]) -> None:
        """Add rows: Postgres reads the raw forms as they are (its session is in UTC)."""
        with self.connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({_names(columns)}) FROM STDIN') as copy:
            for rows in batches:
                for row in rows:
                    copy.write_row(row)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Without foreign keys, which are made again (and thereby checked) at the end; append-only triggers stay."""
        keys = self.connection.execute(_KEYS).fetchall()
        for table, name, _ in keys:
            self.connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield
        for table, name, definition in keys:
            self.connection.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


@contextmanager
def side_of(database: Database) -> Iterator[Side]:
    """An open database, seen in one read view."""
    with for_reading(database.engine).connect() as connection, connection.begin():
        driver: Any = connection.connection.driver_connection
        if database.engine.dialect.name == "postgresql":
            driver.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # a slow disk at the other end is no idle client
            yield PostgresSide(driver)
        else:
            yield SqliteSide(driver)


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)
