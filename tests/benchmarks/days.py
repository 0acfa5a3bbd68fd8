"""A whole simulated clinic day."""

from __future__ import annotations

from collections.abc import Iterator

from clinic_desktop.clinic.simulation.day import simulate_day
from tests.benchmarks.bench import Bench
from tests.benchmarks.floors import floor_of, newest, written_since
from tests.benchmarks.measuring import Figure, timed
from tests.benchmarks.people import standing
from tests.clinic.simulation.clinic import furnish
from tests.conftest import START


def day(bench: Bench) -> Iterator[Figure]:
    """Complete patient journeys a second, one process; the floor writes the same rows."""
    for engine in bench.engines:
        with bench.built(engine, standing, furnish) as world:
            database = world.db
            before = newest(database)
            report = simulate_day(database, patients=bench.journeys, seed=1, day=START.date())
            writes = written_since(database, before)
            with floor_of(database) as floor:
                seconds = timed(lambda: floor.write(writes)) / 1000  # noqa: B023
        rates = (report.completed / report.seconds,), (report.completed / seconds,)
        yield Figure("day", "whole simulated clinic day", engine, *rates, size=bench.journeys, unit="journeys/s")
