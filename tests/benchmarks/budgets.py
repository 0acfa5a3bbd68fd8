"""The budgets of PERFORMANCE.md, and what they say of a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.bench import SQLITE
from tests.benchmarks.measuring import Figure


@dataclass(frozen=True, slots=True)
class Budget:
    """What a work may take, in words and as a test of its figure."""

    words: str
    is_met: Callable[[Figure], bool]


def _at_most(limit: float, unit: str = "ms") -> Budget:
    return Budget(f"≤ {limit:g} {unit}", lambda figure: figure.median <= limit)


def _p95(limit: float) -> Budget:
    return Budget(f"p95 ≤ {limit:g} ms", lambda figure: figure.p95 <= limit)


def _search(figure: Figure) -> bool:
    """Where the floor is half a millisecond, half a millisecond of Python is a ratio of two that nobody can see."""
    floor = figure.floor_median or 0
    return figure.p95 <= 15 and figure.median <= max(1.5 * floor, floor + 1)


_SQLITE_MS = {"register": 4, "book": 6, "bill": 15, "prescribe": 15}
_POSTGRES_MS = {"register": 8, "book": 12, "bill": 25, "prescribe": 25}
_BUDGETS = {
    "search": Budget("≤ 1.5 × floor or floor + 1 ms, p95 ≤ 15 ms", _search),
    "misspelt": _p95(15),
    "similar": _p95(15),
    "duplicates stop": _at_most(500),
    "keys": _p95(60),
    "stall": Budget("≤ 16 ms", lambda figure: max(figure.ours) <= 16),
    "board": _at_most(4),
    "calendar": Budget("≤ 12 × floor", lambda figure: (figure.ratio or 0) <= 12),
    "first paint": Budget("≤ 16 ms", lambda figure: figure.p95 <= 16),
    "day paint": Budget("≤ 16 ms", lambda figure: figure.p95 <= 16),
    "calendar stall": Budget("≤ 16 ms", lambda figure: figure.p95 <= 16),
    "scroll paint": Budget("≤ 16 ms", lambda figure: figure.p95 <= 16),
    "fresh": _at_most(3, "s"),
    "start": _at_most(0.9, "s"),
    "memory": _at_most(130, "MB"),
    "refresh": _p95(80),
    "refresh_reception": _p95(80),
    "desks": _p95(80),
    "push": Budget("≥ 20 000 rows/s", lambda figure: figure.median >= 20_000),
    "pull": Budget("≥ 20 000 rows/s", lambda figure: figure.median >= 20_000),
    "load": Budget("≥ 20 000 rows/s", lambda figure: figure.median >= 20_000),
    "wire": _at_most(160, "B"),
    "small push": _at_most(25),
    "small pull": _at_most(25),
    "idle": _at_most(3),
    "meanwhile": _p95(250),
    "desk rate": Budget("≥ 150 /s", lambda figure: figure.median >= 150),
}
_DAY = Budget("≥ 20 journeys/s", lambda figure: figure.median >= 20)
GROWTH = {"search": (5.0, "10 k → 1 M"), "misspelt": (5.0, "10 k → 1 M"), "board": (1.5, "flat"), "calendar": (1.5, "flat")}
"""How many times the smallest size's median the largest may take."""


def budget_of(figure: Figure) -> Budget | None:
    """The budget of a figure; None where PERFORMANCE.md sets none for that engine."""
    if figure.name == "day":
        return _DAY if figure.engine == SQLITE else None
    limits = _SQLITE_MS if figure.engine == SQLITE else _POSTGRES_MS
    return _at_most(limits[figure.name]) if figure.name in limits else _BUDGETS.get(figure.name)


NOT_BUILT = {
    "installed": "installed size and installer",
}
"""Works with a budget that no benchmark measures yet."""
