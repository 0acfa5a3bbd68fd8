"""A week of the booking screen: the days as free_slots shows them, and why a day has none."""

from __future__ import annotations

from datetime import date, timedelta

from clinic_desktop.clinic.frontdesk import queries
from clinic_desktop.clinic.staff import commands as staff
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.world import HOLIDAY


def week(desk: Desk, first: date, minutes: int = 15) -> list[queries.DayRow]:
    with desk.db.read() as session:
        return queries.days(session, clinic_id=desk.clinic_id, doctor_id=desk.doctor, first=first, now=desk.clock.now, minutes=minutes)


def test_a_week_is_seven_days_of_the_slots_that_each_day_has(desk: Desk) -> None:
    desk.book(0, at(10))
    rows = week(desk, TODAY)
    assert [row.day for row in rows] == [TODAY + timedelta(days=n) for n in range(7)]
    with desk.db.read() as session:
        for row in rows:
            single = queries.free_slots(
                session, clinic_id=desk.clinic_id, doctor_id=desk.doctor, day=row.day, now=desk.clock.now, minutes=15
            )
            assert list(row.slots) == single
    assert [row.free for row in rows] == [27, 28, 28, 28, 28, 28, 0]


def test_a_day_without_slots_says_why(desk: Desk) -> None:
    leave = TODAY + timedelta(days=2)
    asked = desk.run("doctor", staff.request_leave, doctor_id=desk.doctor, first_day=leave, last_day=leave, reason="Conference")
    desk.run("admin", staff.approve_leave, leave_id=asked)
    assert [row.closed for row in week(desk, TODAY)] == [None, None, "leave", None, None, None, "no_hours"]
    assert week(desk, HOLIDAY)[0].closed == "holiday"
