"""Who may work when all come at once: the lanes of a worker process, without a server around them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from random import Random
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from clinic_desktop.server.admission import LONGEST_AWAY, Admission, Bounds, Lane, Limits
from clinic_desktop.sync.errors import Busy


@pytest.fixture
def gate() -> Iterator[Event]:
    """Work that waits until the test lets it go."""
    held = Event()
    yield held
    held.set()


def run(limits: Limits, story: Any) -> Any:
    """Run a story with an admission of its own."""

    async def told() -> Any:
        admission = Admission(limits, Random(7))
        try:
            return await asyncio.wait_for(story(admission), 60)
        finally:
            await asyncio.get_running_loop().run_in_executor(None, admission.close)

    return asyncio.run(told())


async def loaded(admission: Admission, load: tuple[int, int]) -> None:
    """Wait until so much of the heavy lane runs, and so much waits."""
    while admission.load(Lane.HEAVY) != load:
        await asyncio.sleep(0)


async def settled(work: Coroutine[Any, Any, Any]) -> Any:
    """What came of it: its value, or the refusal."""
    try:
        return await work
    except Busy as busy:
        return busy


def test_a_crowd_is_sent_away_each_to_another_moment_and_small_questions_never_wait(gate: Event) -> None:  # SYNC 40
    async def story(admission: Admission) -> tuple[list[Any], tuple[int, int]]:
        crowd = [asyncio.create_task(settled(admission.do(Lane.HEAVY, uuid4(), gate.wait, 60))) for _ in range(500)]
        await loaded(admission, (4, 8))
        for _ in range(50):
            await admission.do(Lane.SMALL, uuid4(), lambda: None)
            await admission.do(Lane.OPERATOR, None, lambda: None)
        crowded = admission.load(Lane.HEAVY)
        gate.set()
        return await asyncio.gather(*crowd), crowded

    outcomes, crowded = run(Limits(heavy=Bounds(4, 8, 60.0)), story)
    away = [one.params["retry_after"] for one in outcomes if isinstance(one, Busy)]
    assert len(away) == 500 - 4 - 8
    assert len(set(away)) == len(away)
    assert max(away) - min(away) > 10  # spread over as long as they will take
    assert all(1 <= one <= LONGEST_AWAY for one in away)
    assert crowded == (4, 8)  # a hundred small questions were answered before anybody of the crowd


def test_who_waited_too_long_for_a_place_is_sent_away(gate: Event) -> None:
    async def story(admission: Admission) -> Any:
        first = asyncio.create_task(admission.do(Lane.HEAVY, uuid4(), gate.wait, 60))
        await loaded(admission, (1, 0))
        second = await settled(admission.do(Lane.HEAVY, uuid4(), lambda: "done"))
        gate.set()
        await first
        return second, await admission.do(Lane.HEAVY, uuid4(), lambda: "done")

    second, third = run(Limits(heavy=Bounds(1, 5, 0.05)), story)
    assert isinstance(second, Busy)
    assert third == "done"  # the place is free again


def test_one_site_asks_one_heavy_question_at_a_time_and_not_without_end(gate: Event) -> None:
    site = uuid4()

    async def story(admission: Admission) -> Any:
        first = asyncio.create_task(admission.do(Lane.HEAVY, site, gate.wait, 60))
        await loaded(admission, (1, 0))
        second = await settled(admission.do(Lane.HEAVY, site, lambda: "done"))
        gate.set()
        await first
        asked = [await settled(admission.do(Lane.SMALL, site, lambda: "done")) for _ in range(10)]
        return second, asked, await settled(admission.do(Lane.SMALL, uuid4(), lambda: "done"))

    second, asked, other = run(Limits(a_second=0.001, burst=8), story)
    assert isinstance(second, Busy)
    assert asked[:6] == ["done"] * 6
    assert isinstance(asked[-1], Busy)
    assert other == "done"


def test_work_that_takes_too_long_is_ended_not_cut_off(gate: Event) -> None:
    ended: list[str] = []

    def work() -> None:
        gate.wait(60)
        ended.append("whole")

    async def story(admission: Admission) -> Any:
        outcome = await settled(admission.do(Lane.HEAVY, uuid4(), work))
        load = admission.load(Lane.HEAVY)
        gate.set()
        return outcome, load

    outcome, load = run(Limits(seconds=0.05), story)
    assert isinstance(outcome, Busy)
    assert load == (1, 0)  # its place is taken until it has ended
    assert ended == ["whole"]  # closing waited for it
