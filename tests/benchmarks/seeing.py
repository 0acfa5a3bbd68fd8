"""From a commit at one computer to the painted change at another."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

from tests.benchmarks.bench import Bench
from tests.benchmarks.measuring import Figure
from tests.benchmarks.people import People, at_work
from tests.benchmarks.starting import child_settings

SCREENS = {
    "queue": ("refresh", "other PC's screen shows a change"),
    "reception": ("refresh_reception", "other PC's reception shows a change"),
}
_WARM_UP = 3
_POLL = 0.001


def see(bench: Bench) -> Iterator[Figure]:
    """A patient walks in at one desk while another process shows the queue, or the reception's home.

    The floor is a bare connection that waits for the word.
    """
    for engine in bench.engines:
        with at_work(bench, engine) as people:
            rounds = bench.rounds + _WARM_UP
            painted = [_painted(people, screen, place * (rounds + 1), rounds)[_WARM_UP:] for place, screen in enumerate(SCREENS)]
            heard = _heard(people, bench.rounds)
        for samples, (code, title) in zip(painted, SCREENS.values(), strict=True):
            yield Figure(code, title, engine, tuple(samples), tuple(heard))


def _painted(people: People, screen: str, already: int, rounds: int) -> list[float]:
    """How long each of so many arrivals took to be seen, with so many patients there already."""
    url = people.db.address.url
    address = url.set(drivername="postgresql").render_as_string(hide_password=False) if people.db.address.file is None else str(url)
    command = [sys.executable, "-m", "tests.benchmarks.seeing_child", address, screen, str(already + rounds + 1)]
    people.walk_in()
    samples = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, **child_settings()) as child:
        assert child.stdout is not None
        _shown(child.stdout.readline(), already + 1)
        for number in range(already + 2, already + rounds + 2):
            sleep(random.uniform(0.15, 0.25))  # a person's pause, at any moment between two looks at a file
            people.walk_in()
            committed = monotonic()
            samples.append((_shown(child.stdout.readline(), number) - committed) * 1000)
    return samples


def _shown(said: str, number: int) -> float:
    if not said.startswith(f"{number} "):
        raise RuntimeError(f"{number} patients wait, but the screen showed {said!r}")
    return float(said.split()[1])


def _heard(people: People, rounds: int) -> list[float]:
    writer, listener = people.db.engine.raw_connection(), people.db.engine.raw_connection()
    try:
        say: Any = writer.driver_connection
        hear: Any = listener.driver_connection
        return _by_file(say, hear, rounds) if people.db.address.file is not None else _by_notice(say, hear, rounds)
    finally:
        writer.close()
        listener.invalidate()  # it would go on listening in the pool


def _by_notice(say: Any, hear: Any, rounds: int) -> list[float]:
    hear.rollback()
    hear.autocommit = True
    hear.execute("LISTEN bench_floor")
    samples = []
    for _ in range(rounds):
        say.execute("NOTIFY bench_floor")
        say.commit()
        began = monotonic()
        list(hear.notifies(stop_after=1, timeout=5))
        samples.append((monotonic() - began) * 1000)
    return samples


def _by_file(say: Any, hear: Any, rounds: int) -> list[float]:
    say.execute("CREATE TABLE bench_floor (key INTEGER)")
    samples = []
    for _ in range(rounds):
        before = hear.execute("PRAGMA data_version").fetchone()
        say.execute("INSERT INTO bench_floor VALUES (1)")
        began = monotonic()
        while hear.execute("PRAGMA data_version").fetchone() == before:
            sleep(_POLL)
        samples.append((monotonic() - began) * 1000)
    return samples
