"""Patients on hold, and the queue at the end of a day."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import Priority, QueueEmpty, VisitStatus
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.errors import IllegalTransition, PermissionDenied
from clinic_desktop.kernel.journal import ChangeSet
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.test_queue import waiting

load_checks()


def test_whoever_is_on_hold_keeps_the_place_and_is_not_called(desk: Desk) -> None:
    first, second, third = (desk.walk_in(number) for number in range(3))
    desk.run("nurse", commands.hold, visit_id=first.visit_id, reason="Blood test")
    assert [number for number, _ in waiting(desk)] == [2, 3]
    assert waiting(desk)[0][1] == 0  # nobody waits behind somebody who is away
    with desk.db.read() as session:
        (held,) = queries.on_hold(session, clinic_id=desk.clinic_id, day=TODAY)
        assert queries.on_hold(session, clinic_id=desk.clinic_id, day=TODAY, doctor_id=desk.world.second_doctor_id) == []
    assert (held.queue_number, held.hold_reason, held.held_at) == (1, "Blood test", desk.clock.now)
    with pytest.raises(IllegalTransition):
        desk.run("nurse", commands.hold, visit_id=first.visit_id)
    assert desk.call_next().queue_number == 2
    desk.run("nurse", commands.resume, visit_id=first.visit_id)
    assert [number for number, _ in waiting(desk)] == [1, 3]
    with pytest.raises(IllegalTransition):
        desk.run("nurse", commands.resume, visit_id=first.visit_id)
    desk.run("nurse", commands.hold, visit_id=third.visit_id)
    desk.run("nurse", commands.call, visit_id=third.visit_id, room="1")  # called by a person, the patient is back
    assert desk.visit(third.visit_id).held_at is None
    assert desk.visit(second.visit_id).status is VisitStatus.CALLED


def test_whoever_was_on_hold_says_nothing_of_the_estimate(desk: Desk) -> None:
    stayed, back, called = (desk.walk_in(number) for number in range(3))
    for row in (back, called):
        desk.run("nurse", commands.hold, visit_id=row.visit_id, reason="Blood test")
    desk.clock.advance(minutes=50)
    desk.run("nurse", commands.resume, visit_id=back.visit_id)
    for row in (stayed, back, called):
        desk.run("nurse", commands.call, visit_id=row.visit_id, room="1")
    with desk.db.read() as session:
        accuracy = queries.wait_accuracy(session, clinic_id=desk.clinic_id, day=TODAY)
    assert (accuracy.patients, accuracy.mean_wait, accuracy.mean_error) == (1, 50, 50)


def test_only_held_patients_are_nobody_to_call(desk: Desk) -> None:
    row = desk.walk_in(0)
    desk.run("nurse", commands.hold, visit_id=row.visit_id)
    with pytest.raises(QueueEmpty):
        desk.call_next()


def test_a_day_is_closed_as_it_was_looked_at(desk: Desk) -> None:
    rows = [desk.walk_in(number) for number in range(5)]
    booked = desk.book(5, at(18))
    desk.run("nurse", commands.hold, visit_id=rows[4].visit_id)
    inside = desk.call_next()
    desk.run("doctor", commands.start_consultation, visit_id=inside.visit_id)
    called = desk.call_next()
    with desk.db.read() as session:
        open_ones = queries.left_open(session, clinic_id=desk.clinic_id, day=TODAY)
    assert [row.queue_number for row in open_ones] == [1, 2, 3, 4, 5]
    late = desk.walk_in(6)
    with pytest.raises(PermissionDenied):
        desk.run("cashier", commands.close_queue, clinic_id=desk.clinic_id, visit_ids=[called.visit_id])
    wanted = [row.visit_id for row in open_ones if row.status is not VisitStatus.IN_PROGRESS]
    done = desk.run("receptionist", commands.close_queue, clinic_id=desk.clinic_id, visit_ids=wanted)
    assert (done.left, done.ended, done.moved_on) == (4, 0, 0)
    assert [desk.visit(one).status for one in wanted] == [VisitStatus.LEFT] * 4
    assert desk.visit(inside.visit_id).status is VisitStatus.IN_PROGRESS  # asked first
    assert desk.visit(late.visit_id).status is VisitStatus.WAITING  # came in the meantime
    assert desk.visit(booked.visit_id).status is VisitStatus.SCHEDULED
    done = desk.run("receptionist", commands.close_queue, clinic_id=desk.clinic_id, visit_ids=[inside.visit_id, called.visit_id])
    assert (done.left, done.ended, done.moved_on) == (0, 1, 1)
    assert desk.visit(inside.visit_id).status is VisitStatus.PENDING_PAYMENT
    with desk.db.read() as session:
        assert not [one for one in run_checks(session) if one.failures]


def test_yesterdays_queue_is_found_in_the_morning_and_the_day_begins_at_one(desk: Desk) -> None:
    forgotten = desk.walk_in(0)
    desk.walk_in(1)
    desk.clock.advance(hours=24)
    fresh = desk.walk_in(2)
    assert fresh.queue_number == 1
    with desk.db.read() as session:
        rows = queries.left_open(session, clinic_id=desk.clinic_id, day=TODAY)
    assert rows[0].visit_id == forgotten.visit_id
    assert len(rows) == 2
    done = desk.run("receptionist", commands.close_queue, clinic_id=desk.clinic_id, visit_ids=[row.visit_id for row in rows])
    assert (done.left, desk.visit(fresh.visit_id).status) == (2, VisitStatus.WAITING)
    assert desk.visit(fresh.visit_id).business_date == date(2026, 3, 3)


def test_an_emergency_is_called_next_even_after_a_missed_call(desk: Desk) -> None:
    rows = [desk.walk_in(number) for number in range(4)]
    desk.call_next()
    desk.run("nurse", commands.skip, visit_id=rows[0].visit_id)
    assert [number for number, _ in waiting(desk)] == [2, 3, 4, 1]
    desk.run("nurse", commands.prioritise, visit_id=rows[0].visit_id, priority=Priority.NORMAL)
    assert [number for number, _ in waiting(desk)] == [2, 3, 4, 1]
    desk.run("nurse", commands.prioritise, visit_id=rows[0].visit_id, priority=Priority.EMERGENCY, reason="Collapsed")
    assert [number for number, _ in waiting(desk)] == [1, 2, 3, 4]


def test_the_reason_of_a_priority_stands_in_the_log(desk: Desk) -> None:
    row = desk.walk_in(0)
    desk.run("nurse", commands.prioritise, visit_id=row.visit_id, priority=Priority.EMERGENCY, reason="Chest pain")
    with desk.db.read() as session:
        newest = session.scalars(select(ChangeSet).order_by(ChangeSet.seq.desc()).limit(1)).one()
    assert newest.reason == "Chest pain"


def test_another_clinics_queue_is_left_alone(desk: Desk) -> None:
    row = desk.walk_in(0)
    add = {"code": "NTH", "name": "North", "timezone": "Asia/Kolkata"}
    other = desk.run("admin", organisation.add_clinic, **add)
    done = desk.run("receptionist", commands.close_queue, clinic_id=other, visit_ids=[row.visit_id])
    assert (done.left, done.moved_on, desk.visit(row.visit_id).status) == (0, 1, VisitStatus.WAITING)


def test_a_room_calls_for_all_its_doctors(desk: Desk) -> None:
    both = tuple(desk.world.doctors)
    first = desk.walk_in(0, doctor_id=both[1])
    second = desk.walk_in(1, doctor_id=both[0])
    with desk.db.read() as session:
        rows = queries.waiting(session, clinic_id=desk.clinic_id, doctor_ids=both, day=TODAY, now=desk.clock.now)
        assert [row.visit_id for row in rows] == [first.visit_id, second.visit_id]
    called = [desk.run("nurse", commands.call_next, clinic_id=desk.clinic_id, doctor_ids=both, room="5").visit_id for _ in both]
    assert called == [first.visit_id, second.visit_id]
    desk.walk_in(2, doctor_id=both[1])
    with pytest.raises(QueueEmpty):
        desk.run("nurse", commands.call_next, clinic_id=desk.clinic_id, doctor_ids=both[:1], room="5")
