"""What patients are told of their wait, beside how long they waited: on simulated days that nobody has tuned anything to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import make_url

from clinic_desktop.clinic.simulation.day import DayReport, simulate_day
from clinic_desktop.kernel.db import Database
from tests.benchmarks.bench import PASSPHRASE, SQLITE, Bench
from tests.benchmarks.measuring import Figure
from tests.benchmarks.people import standing
from tests.clinic.simulation.clinic import furnish
from tests.clinic.world import World
from tests.databases import copy_file

FIRST_SEED = 3001
"""Of as many days as the bench asks for. Not the ones of the tests, and never to be looked at while the estimate is changed."""
PATIENTS = 36
_BEFORE, _DAY = date(2026, 3, 2), date(2026, 3, 3)


def wait(bench: Bench) -> Iterator[Figure]:
    """The mean error of each day in minutes; where a floor stands, the mean wait itself: the error of saying nothing."""
    seeds = range(FIRST_SEED, FIRST_SEED + bench.days)
    with bench.built(SQLITE, standing, furnish) as world:
        world.db.close()
        reports = [_day(bench, world, seed) for seed in seeds]
    print("seed  patients  waited  error  share", file=sys.stderr)
    for seed, one in zip(seeds, reports, strict=True):
        share = one.wait_error_minutes / one.wait_minutes
        print(f"{seed}  {one.patients:8}  {one.wait_minutes:6.1f}  {one.wait_error_minutes:5.1f}  {share:5.2f}", file=sys.stderr)
    errors, waits = tuple(one.wait_error_minutes for one in reports), tuple(one.wait_minutes for one in reports)
    yield Figure("wait", "error of the wait that is told on arrival", SQLITE, errors, waits, size=PATIENTS, unit="min")


def _day(bench: Bench, furnished: World, seed: int) -> DayReport:
    """A day after another one of few patients, from which the doctors' pace is known a little; in a copy of the clinic."""
    assert furnished.db.address.file is not None
    with bench.address(SQLITE) as address:
        copy_file(furnished.db.address.file, Path(str(make_url(address).database)))
        database = Database.open(address, passphrase=PASSPHRASE, clock=standing)
        try:
            simulate_day(database, patients=12, seed=seed + 100, day=_BEFORE)
            return simulate_day(database, patients=PATIENTS, seed=seed, day=_DAY)
        finally:
            database.close()
