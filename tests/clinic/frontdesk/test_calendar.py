"""The calendar's rows: what each day says, as the booking screen says it, and in a constant number of statements."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import CalendarRow, DoctorDay
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.test_query_plans import heard
from tests.clinic.world import HOLIDAY, TIMEZONE, money


def read(desk: Desk, first: date = TODAY, count: int = 7, **more: object) -> CalendarRow:
    with desk.db.read() as session:
        return queries.calendar(session, clinic_id=desk.clinic_id, first=first, count=count, now=desk.clock.now, **more)


def cell(desk: Desk, day: date = TODAY, doctor: int = 0) -> DoctorDay:
    return read(desk, day, 1).cells[desk.world.doctors[doctor], day]


def test_every_day_has_the_slots_of_the_booking_screen(desk: Desk) -> None:
    desk.book(0, at(10))
    desk.book(1, at(9, 15), service_id=desk.world.services["XRAY"])  # 20 minutes: two slots
    desk.book(2, at(11), doctor_id=desk.world.second_doctor_id)
    slot = {"doctor_id": desk.doctor, "clinic_id": desk.clinic_id, "day": TODAY, "capacity": 2}
    desk.run("receptionist", staff.add_time_slot, **slot, start=time(20), end=time(20, 30))
    desk.book(3, at(20))
    desk.clock.now = at(9, 20)
    shown = read(desk)
    with desk.db.read() as session:
        for (doctor_id, _day), one in shown.cells.items():
            slots = queries.free_slots(session, clinic_id=desk.clinic_id, doctor_id=doctor_id, day=one.day, now=desk.clock.now)
            assert list(one.slots) == slots
    today = shown.cells[desk.doctor, TODAY]
    assert (today.booked, [slot.booked for slot in today.slots][:3], today.slots[-1].booked) == (3, [0, 1, 1], 1)
    assert today.slots[-1].is_free


def test_leave_holiday_and_rooms_are_said(desk: Desk) -> None:
    leave = TODAY + timedelta(days=1)
    part = {"first_day": leave, "last_day": leave, "start": time(9), "end": time(11)}
    asked = desk.run("doctor", staff.request_leave, doctor_id=desk.doctor, reason="Conference", **part)
    assert cell(desk, leave).away == ()  # asked for is not granted
    desk.run("admin", staff.approve_leave, leave_id=asked)
    row = cell(desk, leave)
    assert [(one.kind, one.text, one.span.start, one.span.end) for one in row.away] == [
        ("leave", "Conference", at(9, 0, leave), at(11, 0, leave))
    ]
    assert row.slots[0].start == at(11, 0, leave)
    assert row.room == "1"
    closed = cell(desk, HOLIDAY)
    assert (closed.is_holiday, closed.slots, closed.away[0].text) == (True, (), "Eid al-Fitr")
    sunday = cell(desk, TODAY + timedelta(days=6))
    assert (sunday.hours, sunday.slots, sunday.free) == ((), (), 0)


def test_an_appointment_says_what_the_desk_asks_first(desk: Desk) -> None:
    desk.clock.now = at(9)
    visit_id = desk.walk_in(0).visit_id
    desk.call_next()
    desk.see(visit_id)
    booked = desk.book(0, at(12), reason="Fever", notes="Needs a wheelchair")
    fresh = desk.book(1, at(12, 15))
    rows = {one.id: one for one in cell(desk).appointments}
    known = rows[booked.appointment_id]
    assert (known.reason, known.notes, known.is_first_visit, known.owes) == ("Fever", "Needs a wheelchair", True, False)
    assert (known.queue_number, known.minutes, known.service_name) == (booked.queue_number, 15, "Consultation")
    later = desk.book(0, at(10, 0, TODAY + timedelta(days=1)))
    tomorrow = cell(desk, TODAY + timedelta(days=1)).appointments[0]
    assert (tomorrow.id, tomorrow.is_first_visit) == (later.appointment_id, False)
    assert rows[fresh.appointment_id].is_first_visit
    _issue(desk, visit_id)
    assert [one.owes for one in cell(desk).appointments] == [True, False]


def _issue(desk: Desk, visit_id: UUID) -> None:
    with desk.db.read() as session:
        invoice_id = session.scalars(select(Invoice.id).where(Invoice.visit_id == visit_id)).one()
    desk.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=invoice_id)


def test_what_a_doctor_holds_in_another_clinic_is_not_free_here(desk: Desk) -> None:
    system = desk.world.system()
    other = desk.db.run(system, organisation.add_clinic, code="EAST", name="East Clinic", timezone=TIMEZONE, address="Pune")
    desk.book(0, at(10), role="doctor", clinic_id=other, override_reason="Called there")
    row = cell(desk)
    assert (row.appointments, [(one.start, one.end) for one in row.elsewhere]) == ((), [(at(10), at(10, 15))])
    assert [slot.start for slot in row.slots if not slot.is_free] == [at(10)]


def test_a_week_of_all_takes_as_many_statements_as_a_day_of_one(desk: Desk) -> None:
    for number in range(8):
        desk.book(
            number, at(9, 0, TODAY + timedelta(days=number % 3)) + timedelta(minutes=15 * number), doctor_id=desk.world.doctors[number % 2]
        )
    with heard(desk.db) as week:
        read(desk)
    with heard(desk.db) as day:
        read(desk, count=1, doctor_ids=[desk.doctor])
    assert len(week) == len(day) <= 8


def test_the_fee_after_a_move_is_told_before_it(desk: Desk) -> None:
    row = desk.book()
    desk.run("admin", staff.set_fee, doctor_id=desk.world.second_doctor_id, visit_type="OPD", amount=money(900), valid_from=TODAY)
    with desk.db.read() as session:
        same, other = (
            queries.fee_after_move(session, appointment_id=row.appointment_id, doctor_id=doctor, day=TODAY) for doctor in desk.world.doctors
        )
    assert (same.before, same.after, other.after) == (money(600), money(600), money(900))
    moved = desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(11), doctor_id=desk.world.second_doctor_id)
    assert moved.start == at(11)
    assert cell(desk, doctor=1).appointments[0].status is AppointmentStatus.PENDING


def test_a_calendar_has_one_to_seven_days(desk: Desk) -> None:
    with pytest.raises(ValueError, match="1 to 7"):
        read(desk, count=8)


def test_walk_ins_take_the_time_in_which_the_doctor_sees_them(desk: Desk) -> None:
    """Seen: as long as it took; in the room: until now at least; waiting: foreseen, one after the other; who left takes none."""

    def shown() -> dict[str, tuple[Any, ...]]:
        with desk.db.read() as session:
            rows = queries.walk_ins(session, clinic_id=desk.clinic_id, first=TODAY, count=7, now=desk.clock.now)
        return {row.patient_name: (row.start, row.end, row.is_expected) for row in rows}

    desk.clock.now = at(9)
    first, second = desk.walk_in(0).visit_id, desk.walk_in(1).visit_id
    desk.walk_in(2)
    desk.run("receptionist", commands.leave_unseen, visit_id=desk.walk_in(3).visit_id)
    desk.book(4, at(11))
    before = shown()
    assert [before[f"Patient {n}"][2] for n in range(3)] == [True] * 3
    assert all(later[0] >= earlier[1] for earlier, later in pairwise(before[f"Patient {n}"] for n in range(3)))
    desk.call_next()
    desk.see(first, minutes=25)
    desk.call_next()
    desk.run("doctor", commands.start_consultation, visit_id=second)
    desk.clock.advance(minutes=40)
    after = shown()
    assert after["Patient 0"] == (at(9), at(9, 25), False)
    assert after["Patient 1"] == (at(9, 25), at(10, 5), False)
    assert after["Patient 2"][0] >= at(10, 5)
    assert set(after) == {"Patient 0", "Patient 1", "Patient 2"}
    desk.clock.now = at(9, 0, TODAY + timedelta(days=1))
    assert shown() == {"Patient 0": after["Patient 0"], "Patient 1": (at(9, 25), at(9, 40), False)}  # the day is over for all others
