"""Appointments that take more or less time: by the rules of booking, under the same locks, on both engines."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.rules import NotBookable, PatientBusy, SlotTaken
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, PermissionDenied, StaleRecord
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.racers import at_once

TOMORROW = TODAY + timedelta(days=1)


def resize(desk: Desk, appointment_id: UUID, end: object, role: str = "receptionist", **more: object) -> commands.BookingRow:
    return desk.run(role, commands.resize_appointment, appointment_id=appointment_id, end=end, **more)


def row_of(desk: Desk, appointment_id: UUID) -> Appointment:
    with desk.db.read() as session:
        return session.get_one(Appointment, appointment_id)


def test_more_time_is_held_and_less_is_given_back(desk: Desk) -> None:
    booked = desk.book(start=at(10))
    longer = resize(desk, booked.appointment_id, at(10, 40))
    assert (longer.end, longer.invoice_id, longer.queue_number) == (at(10, 45), booked.invoice_id, booked.queue_number)
    assert not desk.free(10, 30)
    resize(desk, booked.appointment_id, at(10, 30))
    assert desk.free(10, 30)
    assert not desk.free(10, 15)
    assert row_of(desk, booked.appointment_id).length_minutes == 30


def test_a_length_goes_along_with_a_move(desk: Desk) -> None:
    booked = desk.book(start=at(10))
    resize(desk, booked.appointment_id, at(10, 45))
    moved = desk.run("receptionist", commands.move, appointment_id=booked.appointment_id, start=at(11, 0, TOMORROW))
    assert (moved.start, moved.end) == (at(11, 0, TOMORROW), at(11, 45, TOMORROW))


def test_a_length_is_given_at_booking_and_refused_where_it_does_not_fit(desk: Desk) -> None:
    booked = desk.book(start=at(10), minutes=45)
    assert (booked.end, row_of(desk, booked.appointment_id).length_minutes) == (at(10, 45), 45)
    with pytest.raises(SlotTaken):
        desk.book(1, at(9, 30), minutes=45)
    for minutes in (4, 1441):
        with pytest.raises(InvalidInput) as refused:
            desk.book(1, at(11), minutes=minutes)
        assert (refused.value.field, refused.value.reason) == ("minutes", "out_of_range")
    series = desk.booking(1, minutes=30, starts=[at(11), at(11, 0, TOMORROW)])
    series.pop("start")
    made = desk.run("receptionist", commands.book_series, **series)
    assert [one.end for one in made.bookings] == [at(11, 30), at(11, 30, TOMORROW)]
    changed = desk.run(
        "receptionist", commands.change_services, appointment_id=booked.appointment_id, service_id=desk.world.services["ECG"]
    )
    assert changed.end == at(10, 15)  # it was meant for what was booked before


def test_what_stands_in_the_way_refuses_more_time(desk: Desk) -> None:
    booked, last = desk.book(start=at(10)), desk.book(1, at(12, 45))
    desk.book(2, at(10, 15))
    desk.book(1, at(16), doctor_id=desk.world.second_doctor_id)
    with pytest.raises(SlotTaken):
        resize(desk, booked.appointment_id, at(10, 30))
    with pytest.raises(NotBookable) as refused:
        resize(desk, last.appointment_id, at(13, 15))
    assert refused.value.params["reason"] == "outside_hours"
    with pytest.raises(PermissionDenied):
        resize(desk, last.appointment_id, at(13, 15), override_reason="Long talk")
    with pytest.raises(PatientBusy):
        resize(desk, last.appointment_id, at(16, 30), "doctor", override_reason="Long talk")
    resize(desk, last.appointment_id, at(13, 10), "doctor", override_reason="Long talk")
    kept = row_of(desk, last.appointment_id)
    assert (kept.end_time, kept.override_reason) == (at(13, 10), "Long talk")


def test_while_the_patient_is_in_the_room_it_may_still_take_longer(desk: Desk) -> None:
    booked = desk.book(start=at(10))
    desk.clock.now = at(10, 5)
    desk.check_in(booked.visit_id)
    desk.call_next()
    desk.run("doctor", commands.start_consultation, visit_id=booked.visit_id)
    assert resize(desk, booked.appointment_id, at(10, 30)).end == at(10, 30)
    desk.see_out(booked.visit_id)
    with pytest.raises(IllegalTransition):
        resize(desk, booked.appointment_id, at(10, 45))


@pytest.mark.parametrize(("end", "reason"), [(at(10), "ends_before_start"), (at(10, 1, TOMORROW), "longer_than_a_day")])
def test_an_end_must_make_sense(desk: Desk, end: object, reason: str) -> None:
    booked = desk.book(start=at(10))
    with pytest.raises(InvalidInput) as refused:
        resize(desk, booked.appointment_id, end)
    assert (refused.value.field, refused.value.reason) == ("end", reason)


def test_who_saw_an_older_state_is_told_so(desk: Desk) -> None:
    booked = desk.book(start=at(10))
    seen = row_of(desk, booked.appointment_id).row_version
    desk.run("receptionist", commands.move, appointment_id=booked.appointment_id, start=at(11), row_version=seen)
    for command, wish in ((commands.move, {"start": at(12)}), (commands.resize_appointment, {"end": at(12)})):
        with pytest.raises(StaleRecord):
            desk.run("receptionist", command, appointment_id=booked.appointment_id, row_version=seen, **wish)
    assert row_of(desk, booked.appointment_id).start_time == at(11)


def test_a_longer_appointment_and_a_booking_race_for_the_next_slot(desk: Desk) -> None:
    run = partial(desk.db.run, desk.world.actor("receptionist"))
    for place in range(4):
        booked = desk.book(place, at(9) + place * timedelta(minutes=45))
        until = booked.end + timedelta(minutes=15)
        grow = partial(run, commands.resize_appointment, appointment_id=booked.appointment_id, end=until)
        take = partial(run, commands.book, **desk.booking(10 + place, booked.end))
        answers = at_once([grow, take] if place % 2 else [take, grow])
        assert sorted(type(one).__name__ for one in answers) == ["BookingRow", "SlotTaken"]
        with desk.db.read() as session:
            held = select(Appointment).where(Appointment.start_time < until, Appointment.end_time > booked.end)
            assert len(session.scalars(held).all()) == 1


def test_it_takes_the_permission_to_book(desk: Desk) -> None:
    booked = desk.book(start=at(10))
    with pytest.raises(PermissionDenied):
        resize(desk, booked.appointment_id, at(10, 30), "cashier")
