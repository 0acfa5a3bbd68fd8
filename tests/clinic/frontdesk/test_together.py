"""A family checked in at once, all or none; an arrival taken back before anybody called."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.kernel.errors import IllegalTransition
from tests.clinic.frontdesk.desk import Desk, at


def test_a_family_is_checked_in_at_once_or_not_at_all(desk: Desk) -> None:
    family = [desk.book(number, at(10 + number)) for number in range(3)]
    arrived = desk.run("receptionist", commands.check_in_together, visit_ids=[one.visit_id for one in reversed(family)])
    assert [one.visit_id for one in arrived] == [one.visit_id for one in reversed(family)]
    assert {desk.visit(one.visit_id).status for one in family} == {VisitStatus.WAITING}
    others = [desk.book(number, at(13 + number)) for number in (3, 4)]
    desk.run("receptionist", commands.cancel, appointment_id=others[1].appointment_id, reason="ill")
    with pytest.raises(IllegalTransition):
        desk.run("receptionist", commands.check_in_together, visit_ids=[one.visit_id for one in others])
    assert desk.visit(others[0].visit_id).status is VisitStatus.SCHEDULED


def test_two_desks_with_one_family_check_it_in_once(desk: Desk) -> None:
    family = [desk.book(number, at(10 + number)).visit_id for number in range(3)]
    go = Barrier(2)

    def arrive(order: list[object]) -> bool:
        go.wait(10)
        try:
            desk.run("receptionist", commands.check_in_together, visit_ids=order)
        except IllegalTransition:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(arrive, order) for order in (list(family), list(reversed(family)))]
        assert sorted(one.result(30) for one in done) == [False, True]
    assert {desk.visit(one).status for one in family} == {VisitStatus.WAITING}


@pytest.mark.parametrize("confirmed", [False, True])
def test_an_arrival_is_taken_back_until_somebody_called(desk: Desk, confirmed: bool) -> None:
    booked = desk.book(0, at(10))
    if confirmed:
        desk.run("receptionist", commands.confirm, appointment_id=booked.appointment_id)
    first = desk.check_in(booked.visit_id)
    desk.run("receptionist", commands.take_back_arrival, visit_id=booked.visit_id)
    visit = desk.visit(booked.visit_id)
    expected = AppointmentStatus.CONFIRMED if confirmed else AppointmentStatus.PENDING
    assert (visit.status, visit.appointment_status, visit.check_in_time) == (VisitStatus.SCHEDULED, expected, None)
    assert desk.check_in(booked.visit_id).queue_number == first.queue_number
    desk.call_next()
    desk.run("receptionist", commands.skip, visit_id=booked.visit_id)
    with pytest.raises(IllegalTransition):
        desk.run("receptionist", commands.take_back_arrival, visit_id=booked.visit_id)
    with pytest.raises(IllegalTransition):
        desk.run("receptionist", commands.take_back_arrival, visit_id=desk.walk_in(1).visit_id)
