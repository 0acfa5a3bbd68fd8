"""A way to central on which things go wrong, programs that die, and what is remembered of a simulated site."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import JournalHead
from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync.callers import Caller
from clinic_desktop.sync.central import answer
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.rows import read_rows
from clinic_desktop.sync.site import Site
from tests.sync.chain import Direct

_ON_THE_WAY = ("no way", "answer lost", "twice", "cut", "answer cut", "edit", "replay")


class Died(Exception):
    """The power failed."""


@dataclass(slots=True)
class Wrote:
    """A value that somebody was told is saved: of which row and field, in which change set, and over which one it was written."""

    row: UUID
    field: str
    value: Any
    database_id: UUID
    seq: int
    over: Any
    is_lost: bool = False
    """It was never sent, and the disk is gone."""


class Way(Direct):
    """The way of one site to central; what happens on it is told by a plan of one round."""

    who: Caller
    trouble = "none"
    at = 0
    """At which request of the round."""
    has_struck = False
    """The trouble came to pass."""
    between: Callable[[], None]
    heard: list[tuple[str, bytes]]

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask central, if it comes to that."""
        self.at -= 1
        trouble = self.trouble if self.at == 0 and self.trouble in _ON_THE_WAY and (self.heard or self.trouble != "replay") else "none"
        self.has_struck |= trouble != "none"
        if trouble == "no way":
            raise Offline(reason="timeout")
        if trouble == "cut":
            return self._asked(verb, body[: len(body) // 2])
        if trouble == "replay":
            self._replay()
        if trouble == "twice":
            self._asked(verb, body)
        if verb == "push":
            self.heard.append((verb, body))
        answered = self._asked(verb, body)
        if trouble == "answer lost":
            raise Offline(reason="timeout")
        if trouble == "edit":
            self.between()
        return answered[: len(answered) // 2] if trouble == "answer cut" else answered

    def _replay(self) -> None:
        """Something sent before comes again, out of its place."""
        verb, body = self.heard[len(self.heard) // 2]
        with suppress(Refused):
            self._asked(verb, body)

    def _asked(self, verb: str, body: bytes) -> bytes:
        return answer(self.central, self.who, verb, body)


@dataclass(slots=True)
class Place:
    """One site as the simulator knows it."""

    code: str
    database: Database
    clinic_id: UUID
    way: Way
    site: Site
    offset: timedelta = timedelta()
    is_open: bool = True
    """A restored site reads before anybody works there."""
    owes: bool = False
    """Central was restored, and has not been sent again what it lost of this site."""
    backup: tuple[Database, int] | None = None


class Dying:
    """A program that dies at a commit, after so many that it lived through."""

    def __init__(self, database: Database, after: int) -> None:
        self.engine, self.left = database.engine, after

    def __enter__(self) -> None:
        event.listen(self.engine, "commit", self._commit)

    def __exit__(self, *gone: object) -> None:
        event.remove(self.engine, "commit", self._commit)

    def _commit(self, _connection: Any) -> None:
        self.left -= 1
        if self.left < 0:
            raise Died


def table_of(database: Database, table: str) -> dict[UUID, Values]:
    """All rows of a table."""
    with database.read() as session:
        connection = session.connection()
        keys = [UUID(str(key)) for (key,) in connection.exec_driver_sql(f"SELECT id FROM {table}")]
        return read_rows(connection, table, keys)


def head_of(database: Database) -> int:
    """The newest change set."""
    with database.read() as session:
        return session.scalars(select(JournalHead.seq)).one()
