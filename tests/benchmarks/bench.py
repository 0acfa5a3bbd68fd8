"""What every benchmark is given: sizes, rounds, and fresh databases of both engines."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event, make_url

from clinic_desktop.kernel.clock import Clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.migrations import upgrade
from tests.benchmarks.measuring import Figure
from tests.clinic.world import World
from tests.databases import PASSPHRASE as PASSPHRASE

SQLITE, POSTGRES = "SQLite encrypted", "Postgres"


@dataclass(frozen=True, slots=True)
class Bench:
    """The choices of one run; ``postgres`` is the address of a server's maintenance database, None leaves that engine out."""

    folder: Path
    postgres: str | None
    patients: tuple[int, ...] = (10_000, 100_000)
    history: int = 20_000
    rounds: int = 60
    journeys: int = 60
    sites: int = 200
    days: int = 20

    @property
    def engines(self) -> tuple[str, ...]:
        """Every engine that can be measured here."""
        return (SQLITE,) if self.postgres is None else (SQLITE, POSTGRES)

    @contextmanager
    def empty(self, engine: str, clock: Clock) -> Iterator[Database]:
        """A database without tables, gone afterwards."""
        with self.address(engine) as address:
            database = Database.open(address, passphrase=PASSPHRASE, clock=clock)
            try:
                yield database
            finally:
                database.close()

    @contextmanager
    def migrated(self, engine: str, clock: Clock) -> Iterator[Database]:
        """A fresh migrated database, gone afterwards."""
        with self.empty(engine, clock) as database:
            upgrade(database)
            yield database

    @contextmanager
    def built(self, engine: str, clock: Clock, build: Callable[[Database], World]) -> Iterator[World]:
        """A fresh clinic, set up by ``build``; gone afterwards."""
        with self.migrated(engine, clock) as database:
            yield build(database)

    @contextmanager
    def address(self, engine: str, *, template: str = "template1") -> Iterator[str]:
        """The address of a new database; whatever is there afterwards is removed."""
        if engine == SQLITE:
            self.folder.mkdir(parents=True, exist_ok=True)
            place = Path(tempfile.mkdtemp(prefix="clinic-", dir=self.folder))
            try:
                yield f"sqlcipher:///{place / 'clinic.db'}"
            finally:
                shutil.rmtree(place)
            return
        name = f"bench_{new_id().hex}"
        self.on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield make_url(self.postgres or "").set(database=name).render_as_string(hide_password=False)
        finally:
            self.on_server(f'DROP DATABASE "{name}" WITH (FORCE)')

    def on_server(self, statement: str) -> None:
        """Run one statement in the maintenance database."""
        with psycopg.connect(self.postgres or "", autocommit=True) as connection:
            connection.execute(statement)


Benchmark = Callable[[Bench], Iterator[Figure]]


@dataclass(slots=True)
class Counted:
    """Statements that an engine was sent."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@contextmanager
def statements(database: Database) -> Iterator[Counted]:
    """Count what goes to the engine, BEGIN and COMMIT not included."""
    counted = Counted()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SET TRANSACTION")):
            counted.texts.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def stored(database: Database, value: UUID) -> str:
    """An id as raw SQL writes it."""
    return value.hex if database.address.file is not None else str(value)
