"""A central server and its sites in one process: real databases, the real engine, and a channel that is a function call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from clinic_desktop.kernel.db import Database
from clinic_desktop.sync.callers import Caller
from clinic_desktop.sync.central import answer
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.digests import Digest, digest, travelling_tables
from clinic_desktop.sync.lineage import identity
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.sync.seen import Round
from clinic_desktop.sync.site import Site
from tests.clinic.world import World
from tests.databases import drop, fresh
from tests.databases import renewed as renewed

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Direct(Channel):
    """The way to central as a call: who asks is known by the database that asks."""

    central: Database
    site: Database

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask central."""
        return answer(self.central, caller(self.site), verb, body)


def caller(site: Database) -> Caller:
    """What a token would say of a database."""
    with site.engine.connect() as connection:
        me = identity(connection)
    return Caller(me.site_id, me.database_id)


def enrolled(central: Database, site: Database, code: str, *, keeps_shared_data: bool = False) -> None:
    """Make a site known to central, as an enrolment does."""
    me = caller(site)
    with central.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(
            insert(SyncPeer).values(
                site_id=me.site_id,
                code=code,
                name=code,
                keeps_shared_data=keeps_shared_data,
                database_id=me.database_id,
                public_key=bytes(32),
                clinics="[]",
                program="test",
                revision="0",
                enrolled_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )


@dataclass(slots=True)
class Chain:
    """A central server and the sites that are enrolled with it."""

    central: Database
    sites: dict[str, Site] = field(default_factory=dict)
    world: World | None = None
    """What stands in the first site."""

    def join(self, code: str, database: Database, *, keeps_shared_data: bool = False) -> Site:
        """Enrol a database as a site."""
        enrolled(self.central, database, code, keeps_shared_data=keeps_shared_data)
        return self.add(code, database)

    def add(self, code: str, database: Database) -> Site:
        """Take in a database that is enrolled already."""
        self.sites[code] = Site(database, Direct(self.central, database))
        return self.sites[code]

    def sync(self, *codes: str) -> list[Round]:
        """One round of each site, in order; of all without names."""
        return [self.sites[code].round() for code in codes or self.sites]

    def settle(self) -> None:
        """Round after round until nothing moves."""
        for _ in range(10):
            if not any(one.pushed or one.pulled for one in self.sync()):
                return
        raise AssertionError("the sites do not come to rest")

    def differences(self) -> list[str]:
        """Tables in which a site does not hold what central holds."""
        expected = state_of(self.central)
        return [
            f"{code}: {table}"
            for code, site in self.sites.items()
            for table, held in state_of(site.database).items()
            if held != expected[table]
        ]


def state_of(database: Database) -> dict[str, Digest]:
    """The digests of a whole database."""
    with database.read() as session:
        connection = session.connection()
        return {table: digest(connection, table) for table in travelling_tables()}


def empty_databases(engine: str, folder: Path, clock: Clock, count: int) -> Iterator[Database]:
    """So many fresh databases, each with an identity of its own; dropped by whoever takes them."""
    for _ in range(count):
        made, _ = fresh(engine, folder, clock)
        renewed(made)
        yield made


def close(databases: list[Database]) -> None:
    """Free them."""
    for one in databases:
        drop(one)
