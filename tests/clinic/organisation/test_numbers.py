"""Human numbers: distinct, gapless and never reused, whoever takes them at the same instant."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from clinic_desktop.clinic.organisation import commands
from clinic_desktop.clinic.organisation.rules import NumberKind, Reset, number_kind
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.security import Actor
from tests.clinic.processes import ready_processes
from tests.clinic.world import World
from tests.conftest import FrozenClock

YEARLY = number_kind("test_yearly", "TST")
DAILY = number_kind("test_daily", "TSQ", width=3, reset=Reset.DAILY)
EVER = number_kind("test_ever", "TSE", width=4, reset=Reset.NEVER)


@command(commands.MANAGE)
def take(tx: Tx, *, kind: NumberKind, clinic_id: UUID) -> str:
    return commands.take_number(tx, kind, clinic_id=clinic_id)


@command(commands.MANAGE)
def take_and_fail(tx: Tx, *, clinic_id: UUID) -> str:
    commands.take_number(tx, YEARLY, clinic_id=clinic_id)
    raise NotFound(entity="tests", key="")


@command(commands.MANAGE)
def count(tx: Tx, *, clinic_id: UUID, on: date) -> int:
    return commands.take_count(tx, DAILY, clinic_id=clinic_id, on=on)


def test_eight_threads_take_distinct_gapless_numbers(world: World) -> None:
    barrier = threading.Barrier(8)

    def desk(_: int) -> list[str]:
        barrier.wait(timeout=30)  # all of them also race to open the period
        return [world.db.run(world.system(), take, kind=YEARLY, clinic_id=world.clinic_id) for _ in range(6)]

    with ThreadPoolExecutor(8) as pool:
        taken = [number for numbers in pool.map(desk, range(8)) for number in numbers]
    assert sorted(taken) == [f"TST-2026-{n:05d}" for n in range(1, 49)]


def _take_in_process(address: str, clinic_id: UUID, start: datetime, barrier: threading.Barrier, wanted: int) -> list[str]:
    database = Database.open(address, clock=lambda: start)
    barrier.wait(timeout=60)
    try:
        actor = Actor.system(clinic_id=clinic_id)
        return [database.run(actor, take, kind=YEARLY, clinic_id=clinic_id) for _ in range(wanted)]
    finally:
        database.close()


def test_three_processes_take_distinct_gapless_numbers(world: World, clock: FrozenClock) -> None:
    context = ready_processes()
    address = world.db.address.url.render_as_string(hide_password=False)
    with context.Manager() as manager, context.Pool(3) as pool:
        barrier = manager.Barrier(3)
        job = (address, world.clinic_id, clock.now, barrier, 15)
        taken = [number for numbers in pool.starmap(_take_in_process, [job] * 3) for number in numbers]
        pool.close()
        pool.join()
    assert sorted(taken) == [f"TST-2026-{n:05d}" for n in range(1, 46)]


def test_a_rollback_leaves_no_gap(world: World) -> None:
    first = world.db.run(world.system(), take, kind=YEARLY, clinic_id=world.clinic_id)
    with pytest.raises(NotFound):
        world.db.run(world.system(), take_and_fail, clinic_id=world.clinic_id)
    assert [first, world.db.run(world.system(), take, kind=YEARLY, clinic_id=world.clinic_id)] == ["TST-2026-00001", "TST-2026-00002"]


def test_the_first_number_of_a_period_rolls_back_too(world: World) -> None:
    with pytest.raises(NotFound):
        world.db.run(world.system(), take_and_fail, clinic_id=world.clinic_id)
    assert world.db.run(world.system(), take, kind=YEARLY, clinic_id=world.clinic_id) == "TST-2026-00001"


def test_each_further_clinic_counts_for_itself_and_shows_its_code(world: World) -> None:
    north = world.db.run(world.system(), commands.add_clinic, code="nth", name="North", timezone="Asia/Kolkata")
    main = world.db.run(world.system(), take, kind=YEARLY, clinic_id=world.clinic_id)
    assert (main, world.db.run(world.system(), take, kind=YEARLY, clinic_id=north)) == ("TST-2026-00001", "TST-NTH-2026-00001")


def test_the_year_turns_at_the_clinics_midnight(world: World, clock: FrozenClock) -> None:
    clock.now = datetime(2026, 12, 31, 18, 29, tzinfo=UTC)
    assert world.db.run(world.system(), take, kind=YEARLY, clinic_id=world.clinic_id) == "TST-2026-00001"
    clock.advance(minutes=1)
    assert world.db.run(world.system(), take, kind=YEARLY, clinic_id=world.clinic_id) == "TST-2027-00001"


def test_a_series_that_never_starts_again(world: World, clock: FrozenClock) -> None:
    first = world.db.run(world.system(), take, kind=EVER, clinic_id=world.clinic_id)
    clock.advance(days=400)
    assert [first, world.db.run(world.system(), take, kind=EVER, clinic_id=world.clinic_id)] == ["TSE-0001", "TSE-0002"]


def test_daily_counts_start_again_each_day(world: World) -> None:
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    taken = [world.db.run(world.system(), count, clinic_id=world.clinic_id, on=day) for day in (monday, monday, tuesday, monday)]
    assert taken == [1, 2, 1, 3]
    assert re.fullmatch(r"TSQ-20260302-004", world.db.run(world.system(), take, kind=DAILY, clinic_id=world.clinic_id))


def test_many_numbers_at_once_follow_each_other(world: World) -> None:
    with world.db.write(world.system()) as tx:
        tx.command = "test.import"
        numbers = commands.take_numbers(tx, YEARLY, clinic_id=world.clinic_id, count=3)
        numbers.append(commands.take_number(tx, YEARLY, clinic_id=world.clinic_id))
    assert numbers == [f"TST-2026-{n:05d}" for n in range(1, 5)]


def test_a_number_is_not_taken_outside_a_command(world: World) -> None:
    with world.db.write(world.system()) as tx, pytest.raises(RuntimeError, match="take_number is a step"):
        commands.take_number(tx, YEARLY, clinic_id=world.clinic_id)


def test_an_unknown_clinic_has_no_numbers(world: World) -> None:
    with pytest.raises(NotFound):
        world.db.run(world.system(), take, kind=YEARLY, clinic_id=world.hospital_id)


def test_kinds_and_prefixes_are_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        number_kind("test_yearly", "TSX")
    with pytest.raises(ValueError, match="used twice"):
        number_kind("test_other", "TST")
