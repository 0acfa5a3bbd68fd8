"""What a leave or a holiday overtakes needs a new time, and each has proposals that can all be taken."""

from __future__ import annotations

from datetime import time, timedelta

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import RebookRow
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.queries import doctor
from tests.clinic.frontdesk.desk import TODAY, Desk, at

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
