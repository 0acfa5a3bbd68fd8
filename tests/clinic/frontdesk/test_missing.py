"""No-shows swept and taken back, patients called for a confirmation, and a doctor who runs late."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.events import DoctorRunsLate, PlaceOffered
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, SlotTaken, VisitStatus, WaitingStatus, WrongDay
from clinic_desktop.clinic.frontdesk.sweeping import Swept, sweep_clinics, sweep_day
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.racers import at_once
from tests.clinic.frontdesk.test_races import outcomes
from tests.clinic.frontdesk.waiting import entry, free_a_place, wait

TOMORROW = TODAY + timedelta(days=1)


def sweep(desk: Desk, **more: object) -> int:
    found = desk.run("receptionist", commands.sweep_no_shows, clinic_id=desk.clinic_id, **more)
    assert isinstance(found, int)
    return found


def test_who_never_came_is_recorded_once_and_frees_nothing_that_is_over(desk: Desk) -> None:
    gone, here, later = desk.book(0, at(10)), desk.book(1, at(10, 15)), desk.book(2, at(12, 45))
    desk.check_in(here.visit_id)
    desk.clock.now = at(11, 59)
    assert sweep(desk) == 0
    desk.clock.now = at(12, 30)
    assert sweep(desk) == 1
    assert sweep(desk) == 0
    statuses = [desk.visit(one.visit_id).appointment_status for one in (gone, here, later)]
    assert statuses == [AppointmentStatus.NO_SHOW, AppointmentStatus.CHECKED_IN, AppointmentStatus.PENDING]
    desk.run("admin", set_setting, key="appointments.no_show_after", value=600, clinic_id=desk.clinic_id)
    desk.clock.now = at(18)
    desk.book(4, at(18, 30))
    assert sweep(desk) == 0
    assert sweep(desk, before=at(23)) == 1  # never one that is still to come
    desk.book(3, at(10, day=TOMORROW))
    assert sweep(desk, before=at(23, day=TOMORROW)) == 0


def test_two_sweeps_and_a_check_in_at_once_agree(desk: Desk) -> None:
    """A desk and the server's service look at the same moment: each patient is missed once, each offer passed on once."""
    rows = [desk.book(number, at(10) + timedelta(minutes=15 * number)) for number in range(3)]
    first, second = wait(desk, 10), wait(desk, 11)
    free_a_place(desk, start=at(18))
    desk.clock.now = at(14)
    told: list[object] = []
    desk.db.subscribe(told.extend)
    check_in = partial(desk.db.run, desk.world.actor("receptionist"), commands.check_in, visit_id=rows[1].visit_id)
    answers = at_once([partial(sweep_day, desk.db, desk.clinic_id), partial(sweep_clinics, desk.db), check_in])
    came = not isinstance(answers[2], Exception)
    sweeps = [answers[0], answers[1][desk.clinic_id]]
    assert (sum(one.missed for one in sweeps), sum(one.waiting for one in sweeps)) == (2 if came else 3, 1)
    assert [one.entry_id for one in told if isinstance(one, PlaceOffered)] == [second]
    assert [entry(desk, one) for one in (first, second)] == [(WaitingStatus.WAITING, at(18)), (WaitingStatus.OFFERED, at(18))]
    assert sweep_clinics(desk.db) == {desk.clinic_id: Swept(0, 0)}
    assert desk.visit(rows[1].visit_id).status is (VisitStatus.WAITING if came else VisitStatus.CANCELLED)


def test_who_comes_after_all_is_checked_in_late(desk: Desk) -> None:
    row = desk.book(0, at(10), more_services=[desk.world.services["ECG"]])
    desk.clock.now = at(12, 30)
    sweep(desk)
    arrived = desk.run("receptionist", commands.came_after_all, appointment_id=row.appointment_id)
    assert arrived.queue_number == 2  # the old number is void
    visit = desk.visit(row.visit_id)
    assert (visit.status, visit.appointment_status) == (VisitStatus.WAITING, AppointmentStatus.CHECKED_IN)
    with desk.db.read() as session:
        statuses = session.execute(
            select(Invoice.status, Invoice.subtotal).where(Invoice.visit_id == row.visit_id).order_by(Invoice.id)
        ).all()
        assert [one.status for one in statuses] == [InvoiceStatus.CANCELLED, InvoiceStatus.DRAFT]
        assert statuses[0].subtotal == statuses[1].subtotal
        assert [found.name for found in run_checks(session) if not found.ok] == []
    with pytest.raises(IllegalTransition):
        desk.run("receptionist", commands.came_after_all, appointment_id=row.appointment_id)


def test_a_place_given_away_in_the_meantime_is_not_had_back(desk: Desk) -> None:
    row = desk.book(0, at(10, 30))
    desk.clock.now = at(10, 35)
    desk.run("receptionist", commands.mark_no_show, appointment_id=row.appointment_id)
    desk.book(1, at(10, 30), override_reason="stands at the desk", role="doctor")
    before = desk.rows()
    with pytest.raises(SlotTaken):
        desk.run("receptionist", commands.came_after_all, appointment_id=row.appointment_id)
    assert desk.rows() == before
    desk.clock.advance(days=1)
    with pytest.raises(WrongDay):
        desk.run("receptionist", commands.came_after_all, appointment_id=row.appointment_id)


def test_calling_for_a_confirmation(desk: Desk) -> None:
    first, second = desk.book(0, at(10, day=TOMORROW)), desk.book(1, at(9, day=TOMORROW))
    desk.book(2, at(10))
    listed = partial(queries.to_confirm, clinic_id=desk.clinic_id, day=TOMORROW)
    unreached = partial(desk.run, "receptionist", commands.note_unreached, appointment_id=first.appointment_id)
    assert [unreached(), unreached()] == [1, 2]
    desk.run("receptionist", commands.confirm, appointment_id=second.appointment_id)
    with desk.db.read() as session:
        assert [(one.patient_name, one.attempts, one.contacted_at) for one in listed(session)] == [("Patient 0", 2, desk.clock.now)]
    desk.run("receptionist", commands.move, appointment_id=first.appointment_id, start=at(11, day=TOMORROW))
    with desk.db.read() as session:
        assert [one.attempts for one in listed(session)] == [0]
    with pytest.raises(IllegalTransition):
        desk.run("receptionist", commands.note_unreached, appointment_id=second.appointment_id)


def test_a_late_doctor_is_waited_for_until_he_comes_and_not_tomorrow(desk: Desk) -> None:
    told: list[object] = []
    desk.db.subscribe(told.extend)
    late = partial(desk.run, "doctor", commands.set_delay, clinic_id=desk.clinic_id, doctor_id=desk.doctor)
    late(minutes=40)
    assert [one.minutes for one in told if isinstance(one, DoctorRunsLate)] == [40]
    assert [desk.walk_in(number).estimated_wait_minutes for number in (0, 1)] == [40, 55]
    assert desk.walk_in(2, doctor_id=desk.world.second_doctor_id).estimated_wait_minutes == 0

    def waits() -> list[int | None]:
        with desk.db.read() as session:
            rows = queries.waiting(session, clinic_id=desk.clinic_id, doctor_id=desk.doctor, day=TODAY, now=desk.clock.now)
        return [row.estimated_wait_minutes for row in rows]

    desk.clock.advance(minutes=30)
    assert waits() == [10, 25]
    with desk.db.read() as session:
        (row,) = queries.doctors_late(session, clinic_id=desk.clinic_id, day=TODAY)
        assert (row.minutes, row.said_by) == (40, "Doctor One")
        assert queries.doctors_late(session, clinic_id=desk.clinic_id, day=TOMORROW) == []
    late(minutes=0)
    assert waits() == [0, 15]
    with pytest.raises(InvalidInput):
        late(minutes=601)


def test_two_desks_say_at_once_that_a_doctor_is_late(desk: Desk) -> None:
    actor = desk.world.actor("receptionist")
    say = partial(desk.db.run, actor, commands.set_delay, clinic_id=desk.clinic_id, doctor_id=desk.doctor)
    assert outcomes(at_once([partial(say, minutes=20), partial(say, minutes=30)])) == {"done": 2}
