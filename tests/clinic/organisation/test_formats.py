"""Formats of human numbers: the next number changes, no printed one does, and no two are ever alike."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID

import pytest

from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.clinic.organisation.checks import number_series, numbers_whole
from clinic_desktop.clinic.organisation.numbering import NumberKind, Reset, is_number, number_kind
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from tests.clinic.world import World
from tests.conftest import FrozenClock

BILL = number_kind("test_bill", "TSB", title="Bills")
SLIP = number_kind("test_slip", "TSL", width=4, title="Slips")
BARE = number_kind("test_bare", "TSR", reset=Reset.DAILY)


@command(commands.MANAGE)
def take(tx: Tx, *, kind: NumberKind, clinic_id: UUID) -> str:
    return commands.take_number(tx, kind, clinic_id=clinic_id)


def number(world: World, kind: NumberKind = BILL, clinic_id: UUID | None = None) -> str:
    return world.db.run(world.system(), take, kind=kind, clinic_id=clinic_id or world.clinic_id)


def set_format(
    world: World, prefix: str, width: int = 5, reset: Reset = Reset.YEARLY, kind: NumberKind = BILL, clinic_id: UUID | None = None
) -> None:
    actor, place = world.actor("admin"), clinic_id or world.clinic_id
    world.db.run(actor, commands.set_number_format, clinic_id=place, kind=kind.code, prefix=prefix, width=width, reset=reset)


def shown(world: World, kind: NumberKind = BILL) -> queries.NumberFormatRow:
    with world.db.read() as session:
        rows = queries.number_formats(session, clinic_id=world.clinic_id, now=world.db.clock())
    return next(one for one in rows if one.kind is kind)


def whole(world: World, taken: list[str], kind: NumberKind = BILL) -> tuple[str, ...]:
    with world.db.read() as session:
        return (*numbers_whole(session, kind, [(one, None) for one in taken]).failures, *number_series(session).failures)


def test_the_next_number_has_the_new_format_and_goes_on_counting(world: World) -> None:
    taken = [number(world), number(world)]
    set_format(world, "bill", 4)
    assert shown(world).next == "BILL-2026-0003"
    taken.append(number(world))
    assert taken == ["TSB-2026-00001", "TSB-2026-00002", "BILL-2026-0003"]
    set_format(world, "B", 3)
    set_format(world, "C", 3)  # nothing was numbered in between
    taken.append(number(world))
    set_format(world, "TSB", 5)
    taken.append(number(world))
    assert taken[3:] == ["C-2026-004", "TSB-2026-00005"]
    assert whole(world, taken) == ()
    assert whole(world, [*taken[:3], "B-2026-004", taken[4]]) == (
        "B-2026-004 was never given out by its counter",
        "C-2026-004 is missing from its series",
    )
    assert whole(world, [*taken[:2], *taken[3:]]) == ("BILL-2026-0003 is missing from its series",)


def test_a_series_starts_again_by_another_rule_and_never_repeats_itself(world: World, clock: FrozenClock) -> None:
    taken = [number(world)]
    set_format(world, "TSB", 5, Reset.NEVER)
    taken += [number(world), number(world)]
    set_format(world, "TSB", 5, Reset.DAILY)
    taken.append(number(world))
    clock.advance(hours=24)
    taken.append(number(world))
    set_format(world, "TSB", 5, Reset.YEARLY)
    taken.append(number(world))
    set_format(world, "TSB", 5, Reset.NEVER)
    clock.now = datetime(2027, 5, 1, tzinfo=UTC)
    taken.append(number(world))
    assert taken == [
        "TSB-2026-00001",
        "TSB-00001",
        "TSB-00002",
        "TSB-20260302-00001",
        "TSB-20260303-00001",
        "TSB-2026-00002",
        "TSB-00003",
    ]
    assert whole(world, taken) == ()


def test_any_order_of_changes_gives_distinct_whole_numbers(world: World, clock: FrozenClock) -> None:
    chance = random.Random(7)
    north = world.db.run(world.actor("admin"), commands.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata")
    taken: list[str] = []
    for _ in range(60):
        place = chance.choice((world.clinic_id, north))
        if chance.random() < 0.3:
            set_format(world, chance.choice(("TSB", "BILL", "B")), chance.choice((3, 5)), chance.choice(list(Reset)), clinic_id=place)
        elif chance.random() < 0.15:
            clock.advance(hours=24 * chance.choice((1, 90)))
        else:
            taken.append(number(world, clinic_id=place))
    assert len(set(taken)) == len(taken)
    assert all(is_number(one) for one in taken)
    assert whole(world, taken) == ()


def test_a_year_that_has_not_begun_begins_with_the_format(world: World, clock: FrozenClock) -> None:
    set_format(world, "BILL", 3)
    assert number(world) == "BILL-2026-001"
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    assert (shown(world).next, number(world)) == ("BILL-2027-001", "BILL-2027-001")


def test_each_clinic_has_its_own_format(world: World) -> None:
    north = world.db.run(world.actor("admin"), commands.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata")
    set_format(world, "BILL", clinic_id=north)
    assert [number(world), number(world, clinic_id=north)] == ["TSB-2026-00001", "BILL-NTH-2026-00001"]


@pytest.mark.parametrize("prefix", ["PAT", "TSL", "LAB", "TSR"])
def test_a_prefix_of_other_numbers_is_refused(world: World, prefix: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_format(world, prefix)
    assert (refused.value.field, refused.value.reason) == ("prefix", "prefix_taken")


def test_a_prefix_that_other_numbers_once_had_is_refused_for_ever(world: World) -> None:
    set_format(world, "BILL")
    number(world)
    set_format(world, "B")
    number(world)
    set_format(world, "TSB")
    for prefix in ("BILL", "B"):
        with pytest.raises(InvalidInput) as refused:
            set_format(world, prefix, kind=SLIP)
        assert refused.value.reason == "prefix_taken"
    set_format(world, "BILL")  # for its own kind it stays free


@pytest.mark.parametrize(("prefix", "width", "field"), [("", 5, "prefix"), ("Ünü", 5, "prefix"), ("A1", 5, "prefix"), ("OK", 2, "width")])
def test_what_is_no_format_is_refused(world: World, prefix: str, width: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_format(world, prefix, width)
    assert refused.value.field == field


def test_bare_counts_have_no_format(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_format(world, "ABC", kind=BARE)
    assert refused.value.reason == "unknown_number_kind"
    with world.db.read() as session:
        kinds = [one.kind.code for one in queries.number_formats(session, clinic_id=world.clinic_id, now=world.db.clock())]
    assert {"patient", "invoice", "receipt", "prescription"} <= set(kinds)
    assert not {"queue", BARE.code} & set(kinds)


def test_numbers_taken_while_the_format_changes_are_whole(world: World) -> None:
    barrier = Barrier(5)

    def desk(_: int) -> list[str]:
        barrier.wait(timeout=30)
        return [number(world) for _ in range(8)]

    def administrator() -> list[str]:
        barrier.wait(timeout=30)
        for prefix in ("BILL", "B", "TSB", "BILL"):
            set_format(world, prefix, 4)
        return []

    with ThreadPoolExecutor(5) as pool:
        jobs = [pool.submit(desk, place) for place in range(4)] + [pool.submit(administrator)]
        taken = [one for job in jobs for one in job.result()]
    assert len(set(taken)) == 32
    assert sorted(int(one.rpartition("-")[2]) for one in taken) == list(range(1, 33))
    assert whole(world, taken) == ()
    assert number(world) == "BILL-2026-0033"
