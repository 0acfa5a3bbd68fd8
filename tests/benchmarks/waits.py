"""What patients are told of their wait, beside how long they waited: on simulated days that nobody has tuned anything to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date

from clinic_desktop.clinic.simulation.day import DayReport, simulate_day
from tests.benchmarks.bench import SQLITE, Bench
from tests.benchmarks.measuring import Figure
from tests.benchmarks.people import standing
from tests.clinic.simulation.clinic import furnish

SEEDS = range(3001, 3021)
"""Not the ones of the tests, and never to be looked at while the estimate is changed."""
PATIENTS = 36
_BEFORE, _DAY = date(2026, 3, 2), date(2026, 3, 3)


def wait(bench: Bench) -> Iterator[Figure]:
    """The mean error of each day in minutes; where a floor stands, the mean wait itself: the error of saying nothing."""
    reports = [_day(bench, seed) for seed in SEEDS]
    print("seed  patients  waited  error  share", file=sys.stderr)
    for seed, one in zip(SEEDS, reports, strict=True):
        share = one.wait_error_minutes / one.wait_minutes
        print(f"{seed}  {one.patients:8}  {one.wait_minutes:6.1f}  {one.wait_error_minutes:5.1f}  {share:5.2f}", file=sys.stderr)
    errors, waits = tuple(one.wait_error_minutes for one in reports), tuple(one.wait_minutes for one in reports)
    yield Figure("wait", "error of the wait that is told on arrival", SQLITE, errors, waits, size=PATIENTS, unit="min")


def _day(bench: Bench, seed: int) -> DayReport:
    """A day after another one of few patients, from which the doctors' pace is known a little."""
    with bench.built(SQLITE, standing, furnish) as world:
        simulate_day(world.db, patients=12, seed=seed + 100, day=_BEFORE)
        return simulate_day(world.db, patients=PATIENTS, seed=seed, day=_DAY)
