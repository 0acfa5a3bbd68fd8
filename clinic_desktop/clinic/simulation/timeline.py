"""Simulated time: an agenda in planned time, and the clock that the database reads while a day is played."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

from clinic_desktop.kernel.clock import Clock
from clinic_desktop.kernel.db import Database

Action = Callable[[], None]
_DAY = 86_400.0


class SimulatedClock:
    """A clock that goes from event to event.

    A day is planned from ``opens`` to ``ends``. When it can only begin later (it is already afternoon), planned time is
    pressed together so that all of it still falls on that date, and never runs backwards.
    """

    def __init__(self, opens: datetime, begins: datetime, ends: datetime, last: datetime) -> None:
        self.now = begins
        self._opens, self._begins, self._last = opens, begins, last
        length = (ends - opens).total_seconds()
        self._pace = min(1.0, max((last - begins).total_seconds(), 0.001) / length) if length > 0 else 1.0

    def __call__(self) -> datetime:
        return self.now

    def real(self, planned: datetime) -> datetime:
        """The instant of a planned moment."""
        return min(self._begins + (planned - self._opens) * self._pace, self._last)

    def planned(self, real: datetime) -> datetime:
        """The planned moment of an instant, at most a day away: minutes before midnight a second stands for hours."""
        seconds = (real - self._begins).total_seconds() / self._pace
        return self._opens + timedelta(seconds=max(-_DAY, min(seconds, _DAY)))

    def move_to(self, planned: datetime) -> None:
        """Let it be that moment, unless it is later already."""
        self.now = max(self.now, self.real(planned))

    def pass_by(self, seconds: float) -> None:
        """Let a little time pass, as between two clicks."""
        self.now = max(self.now, min(self.now + timedelta(seconds=seconds * self._pace), self._last))


class Agenda:
    """What happens when: actions in order of planned time, first added first among equals."""

    def __init__(self, clock: SimulatedClock, opens: datetime) -> None:
        self._clock = clock
        self._heap: list[tuple[datetime, int, Action]] = []
        self._counter = count()
        self.now = opens

    def at(self, moment: datetime, action: Action) -> None:
        """Do something at a planned moment, or next when that has passed."""
        heapq.heappush(self._heap, (max(moment, self.now), next(self._counter), action))

    def after(self, minutes: float, action: Action) -> None:
        """Do something some planned minutes from now."""
        self.at(self.now + timedelta(minutes=minutes), action)

    def run(self, until: datetime | None = None) -> None:
        """Do everything in order; with ``until``, what would come later stays undone."""
        while self._heap and (until is None or self._heap[0][0] <= until):
            self.now, _, action = heapq.heappop(self._heap)
            self._clock.move_to(self.now)
            action()


@contextmanager
def simulated(database: Database, clock: Clock) -> Iterator[None]:
    """Let the database read a simulated clock, and its own again afterwards, whatever happens."""
    own = database.clock
    database.clock = clock
    try:
        yield
    finally:
        database.clock = own


class HandClock:
    """A clock that stands until it is set: for the months before a demo clinic's first simulated day."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, moment: datetime) -> None:
        """Let it be that moment, unless it is later already."""
        self.now = max(self.now, moment)
