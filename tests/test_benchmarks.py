"""The benchmarks work: each one runs with tiny sizes. Nothing here looks at how long anything takes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from clinic_desktop.kernel.clock import Clock
from clinic_desktop.kernel.db import Database
from tests.benchmarks.__main__ import BENCHMARKS, arguments
from tests.benchmarks.bench import POSTGRES, SQLITE, Bench
from tests.benchmarks.budgets import budget_of
from tests.benchmarks.measuring import Figure, alternate, percentile
from tests.benchmarks.report import as_json, as_table
from tests.clinic.simulation.clinic import furnish
from tests.clinic.world import World, build_world
from tests.databases import drop, fresh

BOTH = ("search", "duplicates", "register", "book", "bill", "prescribe", "board", "calendar", "day", "fresh", "refresh", "sync")
WITHOUT_BUDGET = {"duplicates", "duplicates memory", "desks full", "desk cpu", "back", "agreed", "turned away", "wait"}
"""What explains a figure that has one; of the wait the share is looked at, from day to day."""
MAY_BE_NOTHING = {"turned away", "desk cpu", "duplicates memory"}
"""Nobody has to be turned away, and the processor time of other processes is counted in hundredths of a second."""


class Ready(Bench):
    """Its databases are copies of one that was migrated: how long that takes is measured by ``fresh`` alone."""

    @contextmanager
    def migrated(self, engine: str, clock: Clock) -> Iterator[Database]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="clinic-", dir=self.folder) as place:
            database, _ = fresh("postgres" if engine == POSTGRES else "sqlcipher", Path(place), clock)
            yield database
            drop(database)

    @contextmanager
    def built(self, engine: str, clock: Clock, build: Callable[[Database], World]) -> Iterator[World]:
        self.folder.mkdir(parents=True, exist_ok=True)
        recipe = {build_world: "world", furnish: "furnished"}[build]
        with TemporaryDirectory(prefix="clinic-", dir=self.folder) as place:
            database, made = fresh("postgres" if engine == POSTGRES else "sqlcipher", Path(place), clock, recipe=recipe, build=build)
            yield made.at(database)
            drop(database)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Ready(tmp_path, os.environ["CLINIC_TEST_POSTGRES"], patients=(60,), history=20, rounds=1, journeys=2, sites=3, days=1)


@pytest.mark.parametrize("name", sorted(BENCHMARKS))
def test_a_benchmark_measures_ours_and_the_floor(bench: Bench, name: str) -> None:
    if name == "chain":
        bench = replace(bench, postgres=None)  # a central server and its sites, each a process, are dear: once is enough
    figures = list(BENCHMARKS[name][1](bench))
    assert {figure.engine for figure in figures} == ({SQLITE, POSTGRES} if name in BOTH else {POSTGRES if name == "desks" else SQLITE})
    for figure in figures:
        assert min(*figure.ours, figure.median) > 0 or figure.name in MAY_BE_NOTHING, figure.work
        assert min(figure.floor) > 0, figure.work
        assert len(figure.ours) == len(figure.floor)
        has_none = figure.name in WITHOUT_BUDGET or (name, figure.engine) == ("day", POSTGRES)
        assert (budget_of(figure) is None) == has_none, figure.work
    assert not list(bench.folder.glob("clinic-*")), "a database was left behind"


def test_ours_and_the_floor_take_turns_after_warming_up() -> None:
    order: list[str] = []
    ours, floor = alternate(4, lambda number: (lambda: order.append(f"ours {number}"), lambda: order.append(f"floor {number}")))
    assert order == [f"{who} {number}" for number in range(7) for who in ("ours", "floor")]
    assert (len(ours), len(floor)) == (4, 4)


def test_the_table_says_what_was_missed_and_what_was_not_run() -> None:
    small = Figure("search", "patient search", SQLITE, (1.0, 2.0, 3.0), (2.0, 2.0, 2.0), size=100)
    large = Figure("search", "patient search", SQLITE, (10.0, 20.0, 30.0), (2.0, 2.0, 2.0), size=1000)
    table = as_table([small, large], {"book": "book an appointment"})
    head, first, second, *others = (line.split("  ") for line in table.splitlines())
    assert ("met" in head, "yes" in first, "NO" in second) == (True, True, True)
    assert any("10 × (≤ 5" in cell for cell in second)
    assert ["book an appointment", "not run"] in [[cell.strip() for cell in line if cell.strip()] for line in others]
    found = json.loads(json.dumps(as_json([small, large], {"book": "book an appointment"})))
    assert [(one["median"], one["p95"], one["ratio"], one["met"]) for one in found["figures"]] == [(2, 3, 1, True), (20, 30, 10, False)]
    assert found["not_run"][0] == {"name": "book", "work": "book an appointment"}


def test_a_percentile_is_a_sample() -> None:
    assert percentile(tuple(float(number) for number in range(1, 101)), 0.95) == 95
    assert percentile((7.0,), 0.95) == 7


def test_sizes_are_read() -> None:
    assert arguments(["--patients", "10,20", "--only", "book"]).patients == (10, 20)
