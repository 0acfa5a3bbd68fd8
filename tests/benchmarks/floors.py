"""The floor of a transaction: as many rows written as the command wrote, by the bare driver, with the same durability."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import case, func, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, AuditLog
from clinic_desktop.kernel.journal_proof import head

_TABLE = "CREATE TABLE bench_floor (key TEXT PRIMARY KEY, value TEXT NOT NULL)"


@dataclass(frozen=True, slots=True)
class Writes:
    """The rows of one transaction; ``size`` is the length of an average one."""

    inserts: int
    updates: int
    size: int


def newest(database: Database) -> int:
    """The sequence number of the last change set."""
    with database.read() as session:
        return head(session).seq


def written_since(database: Database, seq: int) -> list[Writes]:
    """What each later change set wrote: the clinic's rows, their audit rows, the journal's row and its head."""
    inserted = func.sum(case((AuditLog.operation.in_((INSERT, DELETE)), 1), else_=0))
    updated = func.sum(case((AuditLog.operation.not_in((INSERT, DELETE, NOTE)), 1), else_=0))
    wanted = select(inserted, updated, func.count(), func.sum(func.length(AuditLog.changes))).where(AuditLog.seq > seq)
    with database.read() as session:
        found = session.execute(wanted.group_by(AuditLog.seq).order_by(AuditLog.seq)).all()
    return [Writes(int(new) + entries + 1, int(changed) + 1, int(size) // entries) for new, changed, entries, size in found]


class Floor:
    """A bare connection of the driver to the same database, with a table of its own."""

    def __init__(self, connection: Any, is_sqlite: bool) -> None:
        self._connection, self._cursor, self._is_sqlite = connection, connection.cursor(), is_sqlite
        mark = "?" if is_sqlite else "%s"
        self._insert = f"INSERT INTO bench_floor (key, value) VALUES ({mark}, {mark})"
        self._update = f"UPDATE bench_floor SET value = {mark} WHERE key = {mark}"
        self._last = ""
        self._begin()
        self._cursor.execute(_TABLE)
        self._end()
        self.write([Writes(1, 0, 10)])

    def write(self, transactions: list[Writes]) -> None:
        """Write so many rows in each of so many transactions."""
        for writes in transactions:
            value = "x" * writes.size
            self._begin()
            for _ in range(writes.inserts):
                self._last = uuid4().hex
                self._cursor.execute(self._insert, (self._last, value))
            for _ in range(writes.updates):
                self._cursor.execute(self._update, (value, self._last))
            self._end()

    def _begin(self) -> None:
        if self._is_sqlite:
            self._cursor.execute("BEGIN IMMEDIATE")

    def _end(self) -> None:
        if self._is_sqlite:
            self._cursor.execute("COMMIT")
        else:
            self._connection.commit()


@contextmanager
def floor_of(database: Database) -> Iterator[Floor]:
    """A floor beside the clinic's own tables: same file or server, same key, same settings."""
    pooled = database.engine.raw_connection()
    try:
        yield Floor(pooled.driver_connection, database.address.file is not None)
    finally:
        pooled.close()
