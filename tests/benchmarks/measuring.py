"""Timing ours and the floor in turn, and the figures that come of it."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Action = Callable[[], object]
WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured work: samples of ours and of the floor in the same unit; ``size`` is how much there was beside it."""

    name: str
    work: str
    engine: str
    ours: tuple[float, ...]
    floor: tuple[float, ...]
    size: int | None = None
    unit: str = "ms"
    statements: int | None = None

    @property
    def median(self) -> float:
        """The middle sample of ours."""
        return median(self.ours)

    @property
    def p95(self) -> float:
        """What one in twenty samples of ours exceeds."""
        return percentile(self.ours, 0.95)

    @property
    def floor_median(self) -> float | None:
        """The middle sample of the floor; None where there is nothing to compare with."""
        return median(self.floor) if self.floor else None

    @property
    def ratio(self) -> float | None:
        """How many times the floor ours takes (for rates: what part of the floor's rate)."""
        return self.median / self.floor_median if self.floor_median else None


def percentile(samples: tuple[float, ...], part: float) -> float:
    """The sample that this part of all do not exceed (nearest rank)."""
    return sorted(samples)[max(0, math.ceil(part * len(samples)) - 1)]


def timed(action: Action) -> float:
    """Milliseconds that an action takes."""
    began = perf_counter()
    action()
    return (perf_counter() - began) * 1000


def alternate(rounds: int, prepare: Callable[[int], tuple[Action, Action]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Time ours and the floor in turn; ``prepare(round)`` makes both ready, untimed. The first rounds only warm up."""
    warm_up = min(WARM_UP, rounds)
    samples = []
    with _collected():
        for number in range(warm_up + rounds):
            ours, floor = prepare(number)
            samples.append((timed(ours), timed(floor)))
    ours_ms, floor_ms = zip(*samples[warm_up:], strict=True)
    return tuple(ours_ms), tuple(floor_ms)


@contextmanager
def _collected() -> Iterator[None]:
    """Clear away what the setting up left, so that no sample pays for it."""
    was_frozen = gc.get_freeze_count() > 0  # in the tests the whole program is, to the end: later ones would pay for looking at it
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        if not was_frozen:
            gc.unfreeze()
