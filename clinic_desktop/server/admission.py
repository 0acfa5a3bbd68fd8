"""Who may work now: three lanes with threads of their own, so that no crowd at one of them is felt at another.

Heavy questions (push, pull, first load) wait a moment for a place, and are told when to come again where there is none: each its own
moment, spread over as long as the whole crowd will take. Small ones and the operator's page never stand in that queue.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from clinic_desktop.sync.errors import Busy

P = ParamSpec("P")
R = TypeVar("R")
LONGEST_AWAY = 120.0
"""Seconds after which a refused site may come again at the latest."""
_REMEMBERED = 30.0
"""Seconds for which those who were sent away count as a crowd that comes back."""
_MOST_KNOWN = 5_000


class Lane(StrEnum):
    """Where a question waits."""

    HEAVY = "heavy"
    SMALL = "small"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a lane is done at once, how many may wait for a place, and for how long."""

    at_once: int
    waiting: int
    patience: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker process takes on."""

    heavy: Bounds = Bounds(4, 8, 2.0)
    small: Bounds = Bounds(4, 200, 10.0)
    operator: Bounds = Bounds(2, 20, 10.0)
    a_second: float = 20.0
    """Questions of one site, in the long run."""
    burst: float = 60.0
    seconds: float = 60.0
    """After which whoever asked is told to ask again; the work itself is ended, never cut off."""
    body_seconds: float = 60.0
    """In which a question must have come in whole."""


class _Way:
    """One lane: its threads, and the places before them."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self.bounds = bounds
        self.threads = ThreadPoolExecutor(bounds.at_once, thread_name_prefix=f"central-{name}")
        self.places = asyncio.Semaphore(bounds.at_once)
        self.waiting = self.running = 0
        self.mean = 0.1


@dataclass(slots=True)
class _Site:
    """How much one site may still ask now."""

    credit: float
    at: float
    is_heavy: bool = False

    def leave(self, lane: Lane) -> None:
        """Its question is over: it may ask another of the same weight."""
        self.is_heavy = self.is_heavy and lane is not Lane.HEAVY


@dataclass(slots=True)
class Admission:
    """The lanes of one worker process; used from its event loop only."""

    limits: Limits
    random: Random = field(default_factory=Random)
    _ways: dict[Lane, _Way] = field(init=False)
    _sites: dict[Hashable, _Site] = field(default_factory=dict)
    _away: deque[float] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._ways = {lane: _Way(lane.value, getattr(self.limits, lane.value)) for lane in Lane}

    def load(self, lane: Lane) -> tuple[int, int]:
        """How much of a lane is running, and how much waits."""
        way = self._ways[lane]
        return way.running, way.waiting

    def close(self) -> None:
        """End what is running and take nothing more."""
        for way in self._ways.values():
            way.threads.shutdown(wait=True, cancel_futures=True)

    async def do(self, lane: Lane, site: Hashable | None, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run ``work`` on a thread of the lane; raises Busy where there is no place for it."""
        way, known = self._ways[lane], self._paced(site, is_heavy=lane is Lane.HEAVY) if site is not None else _Site(0.0, 0.0)
        try:
            await self._place(way)
        except BaseException:
            known.leave(lane)
            raise
        way.running += 1
        begun = monotonic()
        done = asyncio.get_running_loop().run_in_executor(way.threads, lambda: work(*args, **kwargs))

        def leave(_done: object) -> None:
            way.running -= 1
            way.mean += 0.1 * (monotonic() - begun - way.mean)
            way.places.release()
            known.leave(lane)

        done.add_done_callback(leave)
        try:
            # The transaction goes on behind the shield: it ends whole, and whoever asked hears of it the next time.
            return await asyncio.wait_for(asyncio.shield(done), self.limits.seconds)
        except TimeoutError as error:
            done.add_done_callback(_heard)
            raise Busy(retry_after=self._when(way)) from error
        except asyncio.CancelledError:
            done.add_done_callback(_heard)
            raise

    async def _place(self, way: _Way) -> None:
        if way.running + way.waiting >= way.bounds.at_once + way.bounds.waiting:
            raise Busy(retry_after=self._when(way))
        way.waiting += 1
        try:
            await asyncio.wait_for(way.places.acquire(), way.bounds.patience)
        except TimeoutError as error:
            raise Busy(retry_after=self._when(way)) from error
        finally:
            way.waiting -= 1

    def _when(self, way: _Way) -> float:
        """A moment within the time that everybody who was sent away lately will take, none like another's."""
        now = monotonic()
        while self._away and self._away[0] < now - _REMEMBERED:
            self._away.popleft()
        self._away.append(now)
        crowd = (len(self._away) + way.waiting) * way.mean / way.bounds.at_once
        return min(1.0 + self.random.uniform(0.0, max(2.0, 1.5 * crowd)), LONGEST_AWAY)

    def _paced(self, site: Hashable, *, is_heavy: bool) -> _Site:
        now, known = monotonic(), self._sites.get(site)
        if known is None:
            if len(self._sites) >= _MOST_KNOWN:
                self._sites = {name: one for name, one in self._sites.items() if one.is_heavy or now - one.at < _REMEMBERED}
            known = self._sites[site] = _Site(self.limits.burst, now)
        known.credit = min(self.limits.burst, known.credit + (now - known.at) * self.limits.a_second)
        known.at = now
        if known.credit < 1.0:
            raise Busy(retry_after=1.0 + self.random.uniform(0.0, 2.0))
        if is_heavy and known.is_heavy:
            raise Busy(retry_after=self.random.uniform(0.5, 2.0))  # the answer to the one before is not there yet
        known.credit -= 1.0
        known.is_heavy = known.is_heavy or is_heavy
        return known


def _heard(done: asyncio.Future[Any]) -> None:
    """Nobody waits for this any more; an error of it is not "never retrieved"."""
    if not done.cancelled():
        done.exception()
