"""Slots of a day: pure rules, with clock changes and properties."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.frontdesk.rules import (
    Added,
    Hours,
    Slot,
    Span,
    Taken,
    day_slots,
    free_place,
    run_from,
    shown_slots,
    slots_of,
)

DAY = date(2026, 3, 2)
KOLKATA = "Asia/Kolkata"


def at(hour: int, minute: int = 0, day: date = DAY, zone: str = KOLKATA) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def test_hours_become_whole_slots_in_utc() -> None:
    slots = slots_of(Hours(time(9), time(10, 10), 15, 2), DAY, KOLKATA)
    assert [slot.start for slot in slots] == [at(9), at(9, 15), at(9, 30), at(9, 45)]
    assert slots[-1].end == at(10)
    assert slots[0].start.utcoffset() == timedelta(0)
    assert {slot.capacity for slot in slots} == {2}


def test_spring_forward_loses_the_hour_that_does_not_exist() -> None:
    day, zone = date(2026, 3, 8), "America/New_York"
    slots = slots_of(Hours(time(1), time(4), 30, 1), day, zone)
    walls = [slot.start.astimezone(ZoneInfo(zone)).strftime("%H:%M") for slot in slots]
    assert walls == ["01:00", "01:30", "03:00", "03:30"]
    assert all(after.start == before.end for before, after in itertools.pairwise(slots))


def test_fall_back_has_the_repeated_hour_twice_without_overlap() -> None:
    day, zone = date(2026, 11, 1), "America/New_York"
    slots = slots_of(Hours(time(0, 30), time(3), 30, 1), day, zone)
    walls = [slot.start.astimezone(ZoneInfo(zone)).strftime("%H:%M") for slot in slots]
    assert walls == ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00", "02:30"]
    assert len({slot.start for slot in slots}) == len(slots)


def test_working_hours_keep_their_wall_time_over_a_clock_change() -> None:
    zone = "Europe/Berlin"
    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)):
        (first, *_rest) = slots_of(Hours(time(9), time(10), 30, 1), day, zone)
        assert first.start.astimezone(ZoneInfo(zone)).time() == time(9)


def test_leave_takes_every_slot_it_touches() -> None:
    leave = Span(at(9, 10), at(9, 31))
    slots = day_slots([Hours(time(9), time(10), 15, 1)], [leave], [], DAY, KOLKATA)
    assert [slot.start for slot in slots] == [at(9, 45)]


def test_added_slots_stand_in_an_absence() -> None:
    whole_day = Span(at(0), at(0, day=DAY + timedelta(days=1)))
    slots = day_slots([Hours(time(9), time(10), 15, 1)], [whole_day], [Added(Span(at(20), at(20, 30)), 3)], DAY, KOLKATA)
    assert slots == [Slot(at(20), at(20, 30), 3)]


def test_a_long_visit_needs_slots_without_a_break() -> None:
    slots = day_slots([Hours(time(9), time(10), 15, 3), Hours(time(10, 30), time(11), 15, 1)], [], [], DAY, KOLKATA)
    assert run_from(slots, at(9), 40) == (at(9, 45), 3)
    assert run_from(slots, at(9, 45), 15) == (at(10), 3)
    assert run_from(slots, at(9, 45), 16) is None
    assert run_from(slots, at(9, 5), 10) is None
    assert run_from(slots, at(13), 10) is None


def test_the_narrowest_slot_of_a_run_gives_its_capacity() -> None:
    slots = [Slot(at(9), at(9, 15), 4), Slot(at(9, 15), at(9, 30), 2)]
    assert run_from(slots, at(9), 30) == (at(9, 30), 2)


def test_slots_show_what_is_booked_and_what_is_past() -> None:
    slots = day_slots([Hours(time(9), time(10), 15, 2)], [], [], DAY, KOLKATA)
    taken = [Taken(at(9, 15), at(9, 45), 1), Taken(at(9, 30), at(9, 45), 2)]
    rows = shown_slots(slots, taken, at(9, 5), 15)
    assert [(row.booked, row.is_free) for row in rows] == [(0, False), (1, True), (2, False), (0, True)]
    longer = shown_slots(slots, taken, at(8), 30)
    assert [row.is_free for row in longer] == [True, False, False, False]


bookings = st.lists(st.tuples(st.integers(0, 15), st.integers(1, 4)), max_size=60)


@given(bookings, st.integers(1, 4))
def test_places_never_overlap_and_never_exceed_capacity(wishes: list[tuple[int, int]], capacity: int) -> None:
    slots = day_slots([Hours(time(9), time(13), 15, capacity)], [], [], DAY, KOLKATA)
    taken: list[Taken] = []
    for index, length in wishes:
        run = run_from(slots, slots[index].start, 15 * length)
        place = run and free_place(taken, slots[index].start, run[0], capacity)
        if run and place:
            taken.append(Taken(slots[index].start, run[0], place))
    for slot in slots:
        here = [one.place for one in taken if one.start < slot.end and slot.start < one.end]
        assert len(here) == len(set(here)) <= capacity


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from(["America/New_York", "Europe/London", KOLKATA, "Australia/Lord_Howe"])
)
def test_slots_of_any_day_are_whole_ordered_and_inside_it(day: date, zone: str) -> None:
    slots = slots_of(Hours(time(0), time(23, 45), 15, 1), day, zone)
    assert all(slot.end - slot.start == timedelta(minutes=15) for slot in slots)
    assert all(before.end <= after.start for before, after in itertools.pairwise(slots))
    assert all(slot.start.astimezone(ZoneInfo(zone)).date() == day for slot in slots)
