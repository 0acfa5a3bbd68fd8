"""Appointments that repeat: their days, their places, booked all or none, and given up or moved from one on."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.commands import SeriesRow
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, Every, NotInSeries, Repeat, SlotTaken, series_days
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.errors import InvalidInput
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.world import HOLIDAY

WEEK = timedelta(weeks=1)


def test_the_days_of_a_series() -> None:
    assert series_days(TODAY, Repeat(Every.DAY, 10, count=3)) == [TODAY, date(2026, 3, 12), date(2026, 3, 22)]
    weekdays = frozenset({0, 3})
    assert series_days(TODAY, Repeat(Every.WEEK, 2, weekdays, count=4)) == [TODAY, date(2026, 3, 5), date(2026, 3, 16), date(2026, 3, 19)]
    assert series_days(date(2026, 3, 4), Repeat(Every.WEEK, 1, weekdays, until=date(2026, 3, 9))) == [date(2026, 3, 5), date(2026, 3, 9)]


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.sampled_from(Every),
    st.integers(1, 8),
    st.frozensets(st.integers(0, 6)),
    st.integers(1, 52),
    st.integers(0, 300),
)
def test_days_of_a_series_are_in_order_and_within_its_bounds(
    first: date, every: Every, step: int, weekdays: frozenset[int], count: int, days: int
) -> None:
    until = first + timedelta(days=days)
    found = series_days(first, Repeat(every, step, weekdays, count, until))
    assert found == sorted(set(found))
    assert len(found) <= count
    assert all(first <= day <= until for day in found)
    if every is Every.WEEK:
        wanted = weekdays or {first.weekday()}
        assert {day.weekday() for day in found} <= wanted
        monday = first - timedelta(days=first.weekday())
        assert all(((day - monday).days // 7) % step == 0 for day in found)


@pytest.mark.parametrize(
    ("repeat", "field"),
    [
        (Repeat(Every.WEEK), "count"),
        (Repeat(Every.WEEK, 0, count=2), "step"),
        (Repeat(Every.DAY, count=53), "count"),
        (Repeat(Every.DAY, until=TODAY - WEEK), "until"),
    ],
)
def test_a_series_without_sense_is_refused(repeat: Repeat, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        series_days(TODAY, repeat)
    assert refused.value.field == field


def plan(desk: Desk, days: list[date], at_time: time = time(10)) -> list[queries.SeriesDayRow]:
    what = {"clinic_id": desk.clinic_id, "doctor_id": desk.doctor, "patient_id": desk.patients[0], "minutes": 15}
    with desk.db.read() as session:
        return queries.series_plan(session, **what, days=days, at=at_time, now=desk.clock.now)


def book(desk: Desk, starts: list[object], **more: object) -> SeriesRow:
    wish = {name: value for name, value in desk.booking(**more).items() if name != "start"}
    return desk.run("receptionist", commands.book_series, **wish, starts=starts)


def test_each_day_says_what_is_in_the_way_and_what_can_be_had(desk: Desk) -> None:
    leave = TODAY + WEEK
    asked = desk.run("doctor", staff.request_leave, doctor_id=desk.doctor, first_day=leave, last_day=leave)
    desk.run("admin", staff.approve_leave, leave_id=asked)
    taken = TODAY + timedelta(days=1)
    desk.book(1, at(10, day=taken))
    desk.book(0, at(10, day=taken + timedelta(days=1)), doctor_id=desk.world.second_doctor_id)
    sunday = date(2026, 3, 8)
    days = [TODAY, taken, taken + timedelta(days=1), sunday, leave, HOLIDAY]
    rows = plan(desk, days)
    assert [row.problem for row in rows] == [None, "taken", "patient_busy", "no_hours", "leave", "holiday"]
    assert rows[0].start == at(10)
    assert rows[1].start in (at(9, 45, taken), at(10, 15, taken))
    assert rows[3].start == at(10, day=leave + timedelta(days=1))  # Monday is leave: Tuesday
    assert rows[4].start in (at(9, 45, leave + timedelta(days=1)), at(10, 15, leave + timedelta(days=1)))  # Sunday's took ten o'clock
    assert rows[5].start == at(10, day=HOLIDAY + timedelta(days=1))
    assert plan(desk, [TODAY], time(14))[0].problem == "outside_hours"


def test_a_series_is_booked_all_or_none(desk: Desk) -> None:
    starts = [at(10, day=TODAY + WEEK * number) for number in range(3)]
    row = book(desk, starts)
    assert [one.start for one in row.bookings] == starts
    with desk.db.read() as session:
        assert set(session.scalars(select(Appointment.series_id))) == {row.series_id}
    before = desk.rows()
    with pytest.raises(SlotTaken) as refused:
        book(desk, [at(11), at(10, day=TODAY + WEEK)], patient=1)
    assert refused.value.params["start"] == at(10, day=TODAY + WEEK)
    assert desk.rows() == before


def test_this_one_and_those_that_follow(desk: Desk) -> None:
    row = book(desk, [at(10, day=TODAY + WEEK * number) for number in range(4)])
    ids = [one.appointment_id for one in row.bookings]
    moved = {"appointment_id": ids[1], "start": at(11, 30, TODAY + WEEK + timedelta(days=1))}
    assert len(desk.run("receptionist", commands.move_following, **moved)) == 3
    wanted = [at(10), *(at(11, 30, TODAY + WEEK * number + timedelta(days=1)) for number in (1, 2, 3))]
    with desk.db.read() as session:
        assert session.scalars(select(Appointment.start_time).order_by(Appointment.start_time)).all() == wanted
    desk.book(1, at(9, day=TODAY + WEEK * 3))
    with pytest.raises(SlotTaken):
        desk.run("receptionist", commands.move_following, appointment_id=ids[2], start=at(9, day=TODAY + WEEK * 2))
    assert desk.run("receptionist", commands.cancel_following, appointment_id=ids[2], reason="has recovered") == 2
    with desk.db.read() as session:
        kept = session.scalars(
            select(Appointment.id).where(Appointment.status == AppointmentStatus.PENDING, Appointment.series_id.is_not(None))
        )
        assert set(kept) == set(ids[:2])
    with pytest.raises(NotInSeries):
        desk.run("receptionist", commands.cancel_following, appointment_id=desk.book(2, at(12)).appointment_id, reason="no")


def test_a_series_moves_by_a_step_of_its_own_onto_itself(desk: Desk) -> None:
    row = book(desk, [at(10, day=TODAY + WEEK * number) for number in range(3)])
    first = row.bookings[0].appointment_id
    moved = desk.run("receptionist", commands.move_following, appointment_id=first, start=at(10, day=TODAY + WEEK))
    assert [one.start for one in moved] == [at(10, day=TODAY + WEEK * number) for number in (1, 2, 3)]
