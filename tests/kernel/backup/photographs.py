"""A clinic that is looked at while it works: what every table held at some instants, to compare a restore with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from clinic_desktop.kernel.backup.copying import Digests, copy_rows, digests
from clinic_desktop.kernel.backup.sides import SqliteSide, side_of
from clinic_desktop.kernel.backup.workfiles import building, found
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.kernel.tables import Base

KEY = bytes(range(32))
"""Of working files."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """Every table at one instant."""

    seq: int
    at: datetime
    tables: Digests


@dataclass(slots=True)
class Album:
    """Photographs of one database, taken every so many change sets as it commits them."""

    database: Database
    every: int
    first: Callable[[], None] | None = None
    """Done once, before the first photograph: a backup, say."""
    taken: list[Photograph] = field(default_factory=list)
    _next: int = 40

    def look(self, _events: object = None) -> None:
        """After a commit: photograph it when it is time."""
        with self.database.engine.connect() as connection:
            seq = connection.scalar(text("SELECT seq FROM journal_head"))
        if seq < self._next:
            return
        self._next = seq + self.every
        if self.first is not None:
            first, self.first = self.first, None
            first()
        self.photograph()

    def photograph(self) -> Photograph:
        """Take one now."""
        with side_of(self.database) as side:
            seen = digests(side)
        with self.database.read() as session:
            newest = session.query(ChangeSet).order_by(ChangeSet.seq.desc()).first()
            assert newest is not None
            self.taken.append(Photograph(newest.seq, newest.at, seen))
        return self.taken[-1]


@dataclass(frozen=True, slots=True)
class Lived:
    """A database with photographs of its past, and its rows as they were at the first of them, in a working file."""

    database: Database
    taken: tuple[Photograph, ...]
    copied: Path


def copy_into(file: Path) -> Callable[[Database], None]:
    """A way to copy a database into a working file."""

    def copy(database: Database) -> None:
        with building(file, KEY) as target, side_of(database) as source:
            found(target, newest_revision())
            target.execute("BEGIN")
            copy_rows(source, SqliteSide(target))
            target.execute("COMMIT")

    return copy


def told_by_journal(tables: Digests) -> Digests:
    """Only what a replay must bring back: keystrokes and other mechanics of a site are as of the backup."""
    mechanics = {name for name, table in Base.metadata.tables.items() if not table.info.get("journalled", True)}
    journal = {"journal", "audit_logs", "journal_head", "journal_secrets"}
    return {name: seen for name, seen in tables.items() if name not in mechanics - journal}
