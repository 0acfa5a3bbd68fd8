"""One room holds the patients of one doctor at a time; what is sold follows leaves, added slots and rooms."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.rules import NotBookable, RoomTaken, SlotTaken
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.models import DoctorSchedule
from clinic_desktop.clinic.staff.queries import doctor
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.racers import at_once
from tests.clinic.frontdesk.test_races import outcomes

TOMORROW = TODAY + timedelta(days=1)


def room_of(desk: Desk, appointment_id: UUID) -> str | None:
    with desk.db.read() as session:
        return session.get_one(Appointment, appointment_id).room


def add_slot(desk: Desk, doctor: UUID, start: time, end: time, day: date = TODAY, **more: object) -> UUID:
    return desk.run("receptionist", staff.add_time_slot, doctor_id=doctor, clinic_id=desk.clinic_id, day=day, start=start, end=end, **more)


def test_an_appointment_is_in_the_room_of_its_slot_its_hours_or_its_doctor(desk: Desk) -> None:
    add_slot(desk, desk.doctor, time(20), time(20, 30), room="Theatre")
    assert room_of(desk, desk.book(0, at(10)).appointment_id) == "1"
    assert room_of(desk, desk.book(1, at(20)).appointment_id) == "Theatre"
    with desk.db.read() as session:
        mine = (DoctorSchedule.doctor_id == desk.doctor, DoctorSchedule.weekday == 0, DoctorSchedule.start_time == time(9))
        hours = session.scalars(select(DoctorSchedule).where(*mine)).one()
    told = {"slot_minutes": 15, "max_patients": 1, "room": "7", "valid_to": None}
    desk.run("admin", staff.change_schedule, schedule_id=hours.id, from_day=TODAY, start=time(9), end=time(13), **told)
    assert room_of(desk, desk.book(2, at(11)).appointment_id) == "7"
    with desk.db.read() as session:
        assert session.scalars(select(Appointment.room).where(Appointment.start_time == at(10))).one() == "7"


def test_two_doctors_do_not_see_patients_in_one_room(desk: Desk) -> None:
    second = desk.world.second_doctor_id
    add_slot(desk, second, time(20), time(21), room="theatre")
    add_slot(desk, desk.doctor, time(21), time(21, 30), room="Theatre")
    desk.book(1, at(21))
    late = {"doctor_id": second, "override_reason": "late", "role": "doctor2", "service_id": desk.world.services["XRAY"]}
    with pytest.raises(RoomTaken) as refused:  # it would last into the other doctor's hour
        desk.book(2, at(20, 50), **late)
    assert (refused.value.field, refused.value.params["room"]) == ("start", "theatre")
    assert desk.book(2, at(20, 40), **late).end == at(21)


def test_a_room_is_given_once_to_two_desks_at_once(desk: Desk) -> None:
    second = desk.world.second_doctor_id
    with desk.db.read() as session:
        known = doctor(session, second)
    told = {"license_number": known.license_number, "room": "1"}
    desk.run("admin", staff.change_doctor, doctor_id=second, row_version=known.row_version, **told)
    actor = desk.world.actor("doctor")
    wishes = [
        partial(desk.db.run, actor, commands.book, **desk.booking(number, at(20), doctor_id=who, override_reason="urgent"))
        for number, who in enumerate(desk.world.doctors)
    ]
    assert outcomes(at_once(wishes)) == {"done": 1, "RoomTaken": 1}


def test_leave_takes_its_hours_out_and_a_slot_added_in_it_is_sold(desk: Desk) -> None:
    asked = {"doctor_id": desk.doctor, "first_day": TOMORROW, "last_day": TOMORROW, "start": time(9), "end": time(11)}
    leave = desk.run("doctor", staff.request_leave, **asked)
    assert desk.free(9, day=TOMORROW)
    desk.run("admin", staff.approve_leave, leave_id=leave)
    assert not desk.free(10, 45, day=TOMORROW)
    assert desk.free(11, day=TOMORROW)
    with pytest.raises(NotBookable) as refused:
        desk.book(0, at(10, day=TOMORROW))
    assert refused.value.params["reason"] == "leave"
    slot = add_slot(desk, desk.doctor, time(7), time(7, 15), TOMORROW, capacity=2)
    desk.book(0, at(7, day=TOMORROW))
    desk.book(1, at(7, day=TOMORROW))
    with pytest.raises(SlotTaken):
        desk.book(2, at(7, day=TOMORROW))
    desk.run("receptionist", staff.close_time_slot, time_slot_id=slot)
    with pytest.raises(NotBookable):
        desk.book(2, at(7, day=TOMORROW))


def test_a_move_and_a_booking_race_for_one_place(desk: Desk) -> None:
    row, actor = desk.book(0, at(10)), desk.world.actor("receptionist")
    move = partial(desk.db.run, actor, commands.move, appointment_id=row.appointment_id, start=at(12))
    answers = at_once([move, partial(desk.db.run, actor, commands.book, **desk.booking(1, at(12)))])
    assert outcomes(answers) == {"done": 1, "SlotTaken": 1}
    assert desk.visit(row.visit_id).planned_at == (at(12) if not isinstance(answers[0], Exception) else at(10))
