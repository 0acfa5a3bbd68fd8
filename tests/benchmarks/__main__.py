"""``python -m tests.benchmarks``: measures and prints; figures only, never a failed test."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.bench import Bench, Benchmark
from tests.benchmarks.boards import board
from tests.benchmarks.calendars import week
from tests.benchmarks.days import day
from tests.benchmarks.duplicates import duplicates
from tests.benchmarks.keys import keys
from tests.benchmarks.measuring import Figure
from tests.benchmarks.reconnecting import chain
from tests.benchmarks.report import as_json, as_table
from tests.benchmarks.searching import find
from tests.benchmarks.seeing import see
from tests.benchmarks.starting import fresh, start
from tests.benchmarks.syncing import sync
from tests.benchmarks.together import desks
from tests.benchmarks.transactions import bill, book, prescribe, register
from tests.benchmarks.waits import wait
from tests.postgres import running_postgres

FOLDER = Path(__file__).resolve().parents[2] / "build" / "bench"
BENCHMARKS: dict[str, tuple[str, Benchmark]] = {
    "search": ("patient search as one types", find),
    "keys": ("key press to painted rows of the search", keys),
    "duplicates": ("candidates beside a form; the look over the whole register", duplicates),
    "register": ("register a patient", register),
    "book": ("book an appointment", book),
    "bill": ("invoice of 3 lines: create, issue, pay", bill),
    "prescribe": ("prescription of 3 items: write, activate, dispense", prescribe),
    "board": ("today's list of 40", board),
    "calendar": ("the calendar's week of ten doctors, read and painted", week),
    "day": ("whole simulated clinic day", day),
    "wait": ("what patients are told of their wait", wait),
    "desks": ("20 desks at once on one Postgres", desks),
    "refresh": ("other PC's screen shows a change", see),
    "sync": ("sync: push, pull, small rounds, new site", sync),
    "chain": ("sites that come back to central all at once", chain),
    "fresh": ("fresh database, migrated", fresh),
    "start": ("process start to usable login, memory", start),
}


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=sorted(BENCHMARKS), metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--patients", type=_sizes, default=(10_000, 100_000), help="sizes of the register, such as 10000,1000000")
    parser.add_argument("--history", type=int, default=20_000, help="visits before today")
    parser.add_argument("--journeys", type=int, default=60, help="patients of the simulated day")
    parser.add_argument("--days", type=int, default=20, help="simulated days on which what was told of the wait is held against it")
    parser.add_argument("--sites", type=int, default=200, help="sites that come back to one central server at once")
    parser.add_argument("--rounds", type=int, default=60, help="samples of each work")
    parser.add_argument("--json", action="store_true", help="print the JSON instead of the table")
    return parser.parse_args(given)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def main(given: Sequence[str]) -> int:
    """Run the benchmarks that were asked for and write build/bench/bench.json."""
    wanted = arguments(given)
    chosen = wanted.only or list(BENCHMARKS)
    figures: list[Figure] = []
    with ExitStack() as kept:
        # Commits reach the disk here, as in a clinic.
        server = kept.enter_context(running_postgres("fsync=on"))
        bench = Bench(FOLDER, server, wanted.patients, wanted.history, wanted.rounds, wanted.journeys, wanted.sites, wanted.days)
        for name in chosen:
            for figure in BENCHMARKS[name][1](bench):
                figures.append(figure)
                print(f"{figure.work}, {figure.engine}: {figure.median:.3g} {figure.unit}", file=sys.stderr, flush=True)
    not_run = {name: work for name, (work, _) in BENCHMARKS.items() if name not in chosen}
    found = as_json(figures, not_run)
    (FOLDER / "bench.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    print(json.dumps(found, ensure_ascii=False) if wanted.json else as_table(figures, not_run))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
