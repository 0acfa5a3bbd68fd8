"""Sync between a site, central and a second site: rows a second, small rounds, and bytes on the wire, by the real engine in one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import perf_counter

from sqlalchemy import func, select

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.simulation.day import simulate_day
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import NOTE, AuditLog
from clinic_desktop.sync.loading import load
from clinic_desktop.sync.outbox import own_changes
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.wire import Push, pack, unpack
from tests.benchmarks.bench import Bench
from tests.benchmarks.floors import Floor, Writes, floor_of
from tests.benchmarks.measuring import Figure, timed
from tests.clinic.simulation.clinic import furnish
from tests.clinic.world import World
from tests.conftest import START, FrozenClock
from tests.sync.chain import Chain, Direct, renewed

FIRST_DAY = date(2026, 3, 2)
SMALL, SMALL_ROUNDS = 100, 12
AT_ONCE = 1 << 20


@dataclass(slots=True)
class Weighed(Direct):
    """A way to central that counts the bytes of both directions."""

    weight: int = field(default=0)

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask central."""
        answer = Direct.ask(self, verb, body)
        self.weight += len(body) + len(answer)
        return answer


def sync(bench: Bench) -> Iterator[Figure]:
    """Everything that a clinic did, to central and on to another site; then little, then nothing, then a new site."""
    for engine in bench.engines:
        with ExitStack() as kept:
            clock = FrozenClock(START)
            central, main, north, new = (kept.enter_context(bench.migrated(engine, clock)) for _ in range(4))
            for one in (central, main, north, new):
                renewed(one)
            world = _lived(main, bench)
            clock.now += timedelta(days=400)
            yield from _exchanged(engine, Chain(central, world=world), main, north, new)


def _lived(database: Database, bench: Bench) -> World:
    """Days of a clinic until so many rows were written."""
    world, day = furnish(database), FIRST_DAY
    while _rows(database) < bench.history:
        simulate_day(database, patients=bench.journeys, seed=day.toordinal(), day=day)
        day += timedelta(days=1 if day.weekday() < 5 else 2)
    return world


def _rows(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(AuditLog).where(AuditLog.operation != NOTE)) or 0)


def _exchanged(engine: str, chain: Chain, main: Database, north: Database, new: Database) -> Iterator[Figure]:
    rows = _rows(main)
    first, second = chain.join("MAIN", main, keeps_shared_data=True), chain.join("NTH", north)
    first.channel, second.channel = up, down = Weighed(chain.central, main), Weighed(chain.central, north)
    floor = _floor_rate(main, north, rows)
    pushed = rows / (timed(first.round) / 1000)
    yield Figure("push", f"sync: push {rows} rows", engine, (pushed,), (floor,), unit="rows/s")
    pulled = rows / (timed(second.round) / 1000)
    yield Figure("pull", f"sync: pull {rows} rows", engine, (pulled,), (floor,), unit="rows/s")
    weight = (up.weight + down.weight) / 2 / rows
    yield Figure("wire", "sync: bytes a row on the wire", engine, (weight,), (160.0,), unit="B")
    assert chain.differences() == []
    yield from _small(engine, chain, first, second)
    new_site = chain.join("NEW", new)
    began = perf_counter()
    loaded = load(new_site).rows
    yield Figure("load", f"sync: new site, {loaded} rows, verified", engine, (loaded / (perf_counter() - began),), (floor,), unit="rows/s")


def _floor_rate(source: Database, target: Database, rows: int) -> float:
    """Rows a second of the same change sets packed, unpacked and written by the bare driver into one table, a page a transaction."""
    pages, after = [], 0
    with source.read() as session:
        while page := own_changes(session.connection(), after, AT_ONCE):
            pages.append(page)
            after = page[-1].seq
    with floor_of(target) as floor:
        began = perf_counter()
        for page in pages:
            carried = unpack(Push, pack(Push("0", page)))
            told = [len(row.changes) for change in carried.changes for row in change.rows]
            _written(floor, len(told), sum(told) // max(len(told), 1))
        return rows / (perf_counter() - began)


def _written(floor: Floor, count: int, size: int) -> None:
    floor.write([Writes(count, 0, size)])


def _small(engine: str, chain: Chain, first: Site, second: Site) -> Iterator[Figure]:
    """A hundred edits sent, the same read, and rounds in which nothing is new."""
    chain.settle()
    sent, read, idle, floors = [], [], [], []
    with floor_of(chain.central) as floor:
        for number in range(SMALL_ROUNDS):
            _edit(chain, first.database, number)
            sent.append(timed(first.round))
            read.append(timed(second.round))
            second.round()  # tells central how far it has read: the last round that has anything to say
            idle.append(timed(second.round))
            floors.append(timed(lambda: _written(floor, SMALL, 120)))
    yield Figure("small push", f"sync: send {SMALL} changes", engine, tuple(sent), tuple(floors))
    yield Figure("small pull", f"sync: read {SMALL} changes", engine, tuple(read), tuple(floors))
    yield Figure("idle", "sync: nothing is new", engine, tuple(idle), tuple(floors))


def _edit(chain: Chain, database: Database, number: int) -> None:
    assert chain.world is not None
    with database.read() as session:
        keys = session.scalars(select(Patient.id).order_by(Patient.id).limit(SMALL)).all()
    for at in range(0, len(keys), 10):
        with database.write(chain.world.system()) as tx:
            tx.command = "bench"
            for key in keys[at : at + 10]:
                tx.session.get_one(Patient, key).remarks = f"edit {number}"
