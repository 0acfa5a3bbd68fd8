"""Twenty desks at once on one server: as much as it can do, and a clinic that is very busy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from math import inf
from pathlib import Path
from threading import Event, Thread
from time import monotonic, process_time

import psycopg

from tests.benchmarks.bench import POSTGRES, Bench
from tests.benchmarks.floors import Floor, Writes, floor_of
from tests.benchmarks.measuring import Figure, timed
from tests.benchmarks.people import standing
from tests.clinic.desks import FEW, TWENTY, Crew, Done, House, Record, furnished, work_together
from tests.clinic.world import build_world

_PACE = 1.0
"""Commands a second of each desk in the paced run. Nobody works so fast: a receptionist who sends a patient on every minute gives three
commands a minute, a doctor who sees one in five minutes one a minute. Twenty desks at this pace are a house of two hundred."""
_DAYLIKE = 20
"""With fewer journeys it is only tried whether all this works."""
_FULL, _BUSY = 5, 1
"""Patients for each journey in either run."""
_MORNING = 0.2
"""The part of the day in which each program says everything for the first time."""
_TYPICAL = [Writes(inserts=9, updates=3, size=200)]
_ALONE = 200
_WATCH_EVERY = 0.3
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class _Day:
    """What was done while patients came, and the processor time that went into all of it."""

    done: list[Done]
    rate: float
    clients: float
    server: float
    """Milliseconds a command."""


def desks(bench: Bench) -> Iterator[Figure]:
    """Everybody at work at the same time, first without ever pausing, then paced; the floor writes as many rows, alone."""
    if POSTGRES not in bench.engines:
        return
    crew = TWENTY if bench.journeys >= _DAYLIKE else FEW
    with bench.built(POSTGRES, standing, build_world) as world:
        database = world.db
        address = database.address.url.set(drivername="postgresql").render_as_string(hide_password=False)
        house = furnished(world, address, crew, patients=0)
        full = _worked(bench, house, crew, inf, _FULL)
        busy = _worked(bench, house, crew, _PACE * len(crew) if crew is TWENTY else inf, _BUSY)
        with floor_of(database) as floor:
            alone, client, server = _floor(bench, floor)
    people = f"{len(crew)} desks"
    yield Figure("desk rate", f"{people} without a pause: commands", POSTGRES, (full.rate,), (1000 / (sum(alone) / len(alone)),), unit="/s")
    yield _took("desks full", f"{people} without a pause: a command", full.done, alone)
    yield _took("desks", f"{people}, each {_PACE:g} commands a second: a command", busy.done, alone)
    for kind in sorted({one.kind for one in busy.done}):
        yield _took("desks", f"{people}, paced: {kind}", [one for one in busy.done if one.kind == kind], alone)
    yield Figure("desk cpu", f"{people} without a pause: their own CPU a command", POSTGRES, (full.clients,), (client,))
    yield Figure("desk cpu", f"{people} without a pause: the server's CPU a command", POSTGRES, (full.server,), (server,))


def _took(name: str, work: str, done: Sequence[Done], alone: Sequence[float]) -> Figure:
    return Figure(name, work, POSTGRES, tuple(one.took for one in done), tuple(islice(cycle(alone), len(done))))


def _worked(bench: Bench, house: House, crew: Crew, commands_per_second: float, patients: int) -> _Day:
    receptionists = sum(role == "receptionist" for role, _name in crew)
    house = replace(house, patients=max(3, patients * bench.journeys // receptionists))
    with _Watch(bench) as watch:
        records = work_together(house, crew, commands_per_second=commands_per_second, patience=240 + 10 * bench.journeys)
    if broken := [record.broke for record in records if record.broke]:
        raise RuntimeError(f"a desk broke down: {broken}")
    return _day(records, watch)


def _day(records: Sequence[Record], watch: _Watch) -> _Day:
    """Without the morning, in which each program says everything for the first time, and without the evening, when most have nothing to do.

    A command that was refused, because somebody else had come first or nobody waited, has cost something and counts for nothing.
    """
    every = [one for record in records for one in record.done]
    first, end = min(one.began for one in every), max(one.began for one in every if one.kind == "register")
    begin = first + _MORNING * (end - first)
    done = [one for one in every if one.refusal is None and begin <= one.began <= end]
    clients = sum(_used(record, begin, end) for record in records)
    return _Day(done, len(done) / (end - begin), 1000 * clients / len(done), 1000 * watch.between(begin, end) / len(done))


def _used(record: Record, begin: float, end: float) -> float:
    """Seconds of processor time of one desk between two moments, to the nearest command."""
    before = [one.cpu for one in record.done if one.began < begin] or [record.done[0].cpu if record.done else 0.0]
    until = [one.cpu for one in record.done if one.began <= end] or before
    return max(until[-1] - before[-1], 0.0)


class _Watch:
    """Looks several times a second how much processor time the server has used."""

    def __init__(self, bench: Bench) -> None:
        self._mother, self._is_over = _mother(bench), Event()
        self._seen: list[tuple[float, float]] = []
        self._thread = Thread(target=self._look, name="watch")

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(_WATCH_EVERY):
            self._seen.append((monotonic(), _server_cpu(self._mother)))

    def between(self, begin: float, end: float) -> float:
        """Seconds between two moments."""
        before = [used for at, used in self._seen if at <= begin] or [self._seen[0][1]]
        return max([used for at, used in self._seen if at <= end] or before) - before[-1]


def _floor(bench: Bench, floor: Floor) -> tuple[tuple[float, ...], float, float]:
    """Milliseconds of each bare transaction, and what it takes of the client's processor and of the server's."""
    mother = _mother(bench)
    client, server = process_time(), _server_cpu(mother)
    alone = tuple(timed(lambda: floor.write(_TYPICAL)) for _ in range(_ALONE))
    return alone, 1000 * (process_time() - client) / _ALONE, max(1000 * (_server_cpu(mother) - server), 1.0) / _ALONE


def _mother(bench: Bench) -> int:
    """The process of the server that all its others come from."""
    with psycopg.connect(bench.postgres or "") as line:
        found = line.execute("SELECT pg_backend_pid()").fetchone()
        assert found is not None
        return _stat(int(found[0]))[1]


def _server_cpu(mother: int) -> float:
    """Seconds of processor time of the server and all its processes, those that have ended included."""
    there = [_stat(int(one.name)) for one in Path("/proc").iterdir() if one.name.isdigit()]
    return (sum(_stat(mother)[11:15]) + sum(sum(one[11:13]) for one in there if one and one[1] == mother)) / _TICKS


def _stat(pid: int) -> list[int]:
    """The numbers of ``/proc/<pid>/stat`` after its state, with the state as 0; nothing of one that has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [0, *map(int, text.rpartition(")")[2].split()[1:])]
