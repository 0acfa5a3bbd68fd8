"""What a leave or a holiday overtakes needs a new time, and each has proposals that can all be taken."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import RebookRow
from clinic_desktop.clinic.frontdesk.rules import WaitingStatus
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.queries import doctor, leaves
from clinic_desktop.clinic.staff.rules import LeaveStatus
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.waiting import entry, wait

TOMORROW = TODAY + timedelta(days=1)
NEXT = TOMORROW + timedelta(days=1)


def needing(desk: Desk) -> list[RebookRow]:
    with desk.db.read() as session:
        return queries.needing_new_time(session, clinic_id=desk.clinic_id, now=desk.clock.now)


def approve(desk: Desk, **part: time) -> None:
    leave = desk.run("doctor", staff.request_leave, doctor_id=desk.doctor, first_day=TOMORROW, last_day=TOMORROW, **part)
    desk.run("admin", staff.approve_leave, leave_id=leave)


def same_specialty(desk: Desk) -> None:
    with desk.db.read() as session:
        first, second = doctor(session, desk.doctor), doctor(session, desk.world.second_doctor_id)
    told = {"license_number": second.license_number, "specialty_id": first.specialty_id}
    desk.run("admin", staff.change_doctor, doctor_id=second.id, row_version=second.row_version, **told)


def test_a_leave_leaves_proposals_that_do_not_meet(desk: Desk) -> None:
    same_specialty(desk)
    rows = [desk.book(number, at(9, 15 * number, TOMORROW)) for number in range(3)]
    desk.book(3, at(9, day=NEXT))  # where the first one would go
    desk.book(4, at(9, 15, TOMORROW), doctor_id=desk.world.second_doctor_id)
    assert needing(desk) == []
    approve(desk)
    found = needing(desk)
    assert [(one.appointment_id, one.why) for one in found] == [(row.appointment_id, "leave") for row in rows]
    same = [one.same_doctor.start for one in found if one.same_doctor is not None]
    assert same == [at(9, 15, NEXT), at(9, 30, NEXT), at(9, 45, NEXT)]
    assert [one.other_doctor is not None for one in found] == [True, False, True]
    for one in found:
        assert one.same_doctor is not None
        desk.run("receptionist", commands.move, appointment_id=one.appointment_id, start=one.same_doctor.start)
    assert needing(desk) == []


def test_a_part_of_a_day_a_holiday_and_what_was_booked_on_purpose(desk: Desk) -> None:
    desk.book(0, at(9, day=TOMORROW))
    desk.book(1, at(12, day=TOMORROW))
    desk.book(2, at(16, day=NEXT), doctor_id=desk.world.second_doctor_id)
    approve(desk, start=time(9), end=time(11))
    desk.book(3, at(10, day=TOMORROW), override_reason="comes in for this one", role="doctor")
    desk.run("admin", organisation.add_holiday, day=NEXT, name="Founders' day", clinic_id=desk.clinic_id)
    found = needing(desk)
    assert [(one.patient_name, one.why) for one in found] == [("Patient 0", "leave"), ("Patient 2", "holiday")]
    # That very day is not over: the doctor is back at eleven.
    assert found[0].same_doctor is not None
    assert found[0].same_doctor.start == at(11, day=TOMORROW)
    assert found[0].other_doctor is None  # the other one is a cardiologist
    assert found[1].same_doctor is not None
    assert found[1].same_doctor.start == at(16, day=NEXT + timedelta(days=1))


def moved_away(desk: Desk) -> list[tuple[str, datetime, bool]]:
    with desk.db.read() as session:
        found = queries.moved_away(session, clinic_id=desk.clinic_id, now=desk.clock.now)
    return [(one.patient_name, one.former_start, one.is_free) for one in found]


def test_a_leave_that_is_taken_back_offers_its_places_and_names_who_was_moved_away(desk: Desk) -> None:
    """A part of a day: its own hours and no others; nobody is moved back, and who is moved once more is named no longer."""
    rows = [desk.book(number, at(9, 15 * number, TOMORROW)) for number in range(3)]
    leave = desk.run(
        "doctor", staff.request_leave, doctor_id=desk.doctor, first_day=TOMORROW, last_day=TOMORROW, start=time(9), end=time(10)
    )
    desk.run("admin", staff.approve_leave, leave_id=leave)
    waiting = [wait(desk, 10 + number, first_day=TOMORROW, last_day=TOMORROW) for number in range(7)]
    for hour, row in enumerate(rows):
        desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(16 + hour, day=TOMORROW))
    assert moved_away(desk) == []  # the doctor is still away
    desk.run("receptionist", commands.move, appointment_id=rows[2].appointment_id, start=at(12, day=TOMORROW))
    desk.run("receptionist", commands.cancel, appointment_id=desk.book(9, at(12, 30, TOMORROW)).appointment_id, reason="away")
    before = {one: entry(desk, one) for one in waiting}
    desk.run("admin", staff.take_back_leave, leave_id=leave, note="Conference was cancelled")
    offered = sorted(start for one in waiting if before[one][0] is WaitingStatus.WAITING and (start := entry(desk, one)[1]) is not None)
    assert offered == [at(9, 15 * number, TOMORROW) for number in range(4)]
    assert moved_away(desk) == [("Patient 0", at(9, day=TOMORROW), True), ("Patient 1", at(9, 15, TOMORROW), True)]
    desk.book(5, at(9, 15, TOMORROW))
    assert [one[2] for one in moved_away(desk)] == [True, False]
    assert desk.visit(rows[0].visit_id).planned_at == at(16, day=TOMORROW)
    with pytest.raises(IllegalTransition):
        desk.run("admin", staff.take_back_leave, leave_id=leave)


def test_a_leave_that_has_begun_ends_and_one_that_is_over_stays(desk: Desk) -> None:
    last = TODAY + timedelta(days=3)
    leave = desk.run("doctor", staff.request_leave, doctor_id=desk.doctor, first_day=TODAY, last_day=last)
    desk.run("admin", staff.approve_leave, leave_id=leave)
    desk.clock.now = at(8, day=NEXT)
    waiting = wait(desk, 0, doctor_id=desk.doctor, first_day=NEXT, last_day=last)
    desk.run("admin", staff.take_back_leave, leave_id=leave)
    with desk.db.read() as session:
        (row,) = leaves(session, first=TODAY)
    assert (row.status, row.first_day, row.last_day) == (LeaveStatus.APPROVED, TODAY, TOMORROW)
    assert entry(desk, waiting) == (WaitingStatus.OFFERED, at(9, day=NEXT))
    with pytest.raises(InvalidInput):
        desk.run("admin", staff.take_back_leave, leave_id=leave)


def test_a_holiday_that_is_taken_back_offers_the_day_with_every_doctor(desk: Desk) -> None:
    row = desk.book(0, at(9, day=TOMORROW))
    holiday = desk.run("admin", organisation.add_holiday, day=TOMORROW, name="Founders' day")
    desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(9, day=NEXT))
    waiting = [
        wait(desk, 1 + number, doctor_id=doctor, first_day=TOMORROW, last_day=TOMORROW) for number, doctor in enumerate(desk.world.doctors)
    ]
    desk.run("admin", organisation.cancel_holiday, holiday_id=holiday)
    assert [entry(desk, one)[0] for one in waiting] == [WaitingStatus.OFFERED] * 2
    assert moved_away(desk) == [("Patient 0", at(9, day=TOMORROW), True)]
