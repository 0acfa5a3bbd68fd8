"""The waiting list: a place that comes free is offered to the one who comes first for it, and sold once."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.events import PlaceOffered
from clinic_desktop.clinic.frontdesk.queries import WaitingRow
from clinic_desktop.clinic.frontdesk.rules import DayPart, Place, SlotTaken, Waiting, WaitingStatus, day_part_of, in_offer_order
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.racers import at_once
from tests.clinic.frontdesk.test_races import outcomes
from tests.clinic.frontdesk.waiting import entry, free_a_place, wait
from tests.clinic.world import TIMEZONE

OFFERED, WAITING, BOOKED, EXPIRED = WaitingStatus.OFFERED, WaitingStatus.WAITING, WaitingStatus.BOOKED, WaitingStatus.EXPIRED


def listed(desk: Desk) -> list[WaitingRow]:
    with desk.db.read() as session:
        return queries.waiting_list(session, clinic_id=desk.clinic_id)


def test_a_cancelled_place_is_offered_and_booked(desk: Desk) -> None:
    told: list[object] = []
    desk.db.subscribe(told.extend)
    first, second = wait(desk, 0), wait(desk, 1)
    free_a_place(desk)
    assert entry(desk, first) == (OFFERED, at(10))
    assert entry(desk, second) == (WAITING, None)
    (offer,) = [one for one in told if isinstance(one, PlaceOffered)]
    assert (offer.patient_id, offer.start, offer.until) == (desk.patients[0], at(10), desk.clock.now + timedelta(minutes=60))
    assert [(one.patient_name, one.status) for one in listed(desk)] == [("Patient 0", OFFERED), ("Patient 1", WAITING)]
    booked = desk.run("receptionist", commands.accept_offer, key=new_id(), entry_id=first)
    assert (booked.start, entry(desk, first)[0]) == (at(10), BOOKED)
    assert [one.entry_id for one in listed(desk)] == [second]


def test_an_offer_passes_to_the_next_when_it_is_declined_or_nobody_answers(desk: Desk) -> None:
    ids = [wait(desk, number) for number in range(3)]
    free_a_place(desk, start=at(18))
    desk.run("receptionist", commands.decline_offer, entry_id=ids[0])
    assert [entry(desk, one)[0] for one in ids] == [WAITING, OFFERED, WAITING]
    desk.clock.advance(minutes=121)
    sweep = partial(desk.run, "receptionist", commands.sweep_waiting_list, clinic_id=desk.clinic_id)
    assert sweep() == 1
    assert [entry(desk, one)[0] for one in ids] == [WAITING, WAITING, OFFERED]
    assert sweep() == 0
    desk.run("receptionist", commands.withdraw_waiting, entry_id=ids[2])
    assert [entry(desk, one)[0] for one in ids] == [WAITING, WAITING, WaitingStatus.WITHDRAWN]  # the others let it pass before
    free_a_place(desk, start=at(16))
    assert entry(desk, ids[0]) == (OFFERED, at(16))
    desk.clock.advance(days=31)
    assert sweep() == 2
    assert [entry(desk, one)[0] for one in ids[:2]] == [EXPIRED, EXPIRED]


def test_who_is_offered_what(desk: Desk) -> None:
    other = wait(desk, 0, doctor_id=desk.world.second_doctor_id)
    evening, long = wait(desk, 1, day_part=DayPart.EVENING), wait(desk, 2, "XRAY", doctor_id=desk.doctor)
    late, urgent = wait(desk, 3, first_day=TODAY + timedelta(days=1)), wait(desk, 4, is_urgent=True)
    free_a_place(desk)  # at ten: a quarter of an hour, but what follows is free too
    assert entry(desk, urgent) == (OFFERED, at(10))
    free_a_place(desk, start=at(10, 30))
    assert entry(desk, long) == (OFFERED, at(10, 30))
    assert [entry(desk, one)[0] for one in (other, evening, late)] == [WAITING] * 3
    free_a_place(desk, start=at(17))
    free_a_place(desk, start=at(11), doctor_id=desk.world.second_doctor_id)
    free_a_place(desk, start=at(9, day=TODAY + timedelta(days=1)))
    assert [entry(desk, one)[1] for one in (evening, other, late)] == [at(17), at(11), at(9, day=TODAY + timedelta(days=1))]


def test_a_move_and_an_added_slot_free_places_too(desk: Desk) -> None:
    row = desk.book(9, at(10))
    first, second = wait(desk, 0), wait(desk, 1)
    desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(12))
    assert entry(desk, first) == (OFFERED, at(10))
    slot = {"doctor_id": desk.doctor, "clinic_id": desk.clinic_id, "day": TODAY, "start": time(20), "end": time(20, 30)}
    desk.run("receptionist", staff.add_time_slot, **slot)
    assert entry(desk, second) == (OFFERED, at(20))


def test_whoever_is_booked_otherwise_waits_no_longer(desk: Desk) -> None:
    first = wait(desk, 0)
    desk.book(0, at(12))
    assert entry(desk, first)[0] is BOOKED
    later = wait(desk, 1, last_day=TODAY + timedelta(days=2))
    desk.book(1, at(12, day=TODAY + timedelta(days=7)))
    assert entry(desk, later)[0] is WAITING


def test_the_first_to_confirm_has_the_place(desk: Desk) -> None:
    first = wait(desk, 0)
    free_a_place(desk)
    actor = desk.world.actor("receptionist")
    accept = partial(desk.db.run, actor, commands.accept_offer, key=new_id(), entry_id=first)
    answers = at_once([accept, *(partial(desk.db.run, actor, commands.book, **desk.booking(number, at(10))) for number in (5, 6))])
    assert outcomes(answers) == {"done": 1, "SlotTaken": 2}
    if isinstance(answers[0], SlotTaken):  # the list still holds the patient, for another place
        desk.run("receptionist", commands.decline_offer, entry_id=first)
        assert entry(desk, first)[0] is WAITING


def test_two_desks_free_places_for_different_patients(desk: Desk) -> None:
    rows = [desk.book(number, at(9 + number, 30)) for number in range(4)]
    ids = [wait(desk, 10 + number) for number in range(4)]
    actor = desk.world.actor("receptionist")
    frees = [partial(desk.db.run, actor, commands.cancel, appointment_id=row.appointment_id, reason="away") for row in rows]
    assert outcomes(at_once(frees)) == {"done": 4}
    assert {entry(desk, one)[1] for one in ids} == {row.start for row in rows}


@pytest.mark.parametrize("wrong", [{"last_day": TODAY - timedelta(days=1)}, {"first_day": TODAY, "last_day": TODAY - timedelta(days=3)}])
def test_a_wish_for_the_past_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        wait(desk, 0, **wrong)
    assert refused.value.field == "last_day"


def test_nothing_is_taken_that_is_not_offered(desk: Desk) -> None:
    first = wait(desk, 0)
    for command, more in ((commands.accept_offer, {"key": new_id()}), (commands.decline_offer, {})):
        with pytest.raises(IllegalTransition):
            desk.run("receptionist", command, entry_id=first, **more)


waiting = st.builds(
    Waiting,
    st.uuids(),
    st.sampled_from([None, UUID(int=1), UUID(int=2)]),
    st.integers(5, 60),
    st.dates(TODAY, TODAY + timedelta(days=2)),
    st.dates(TODAY, TODAY + timedelta(days=4)),
    st.sampled_from(DayPart),
    st.booleans(),
)


@given(st.lists(waiting, max_size=8), st.integers(8, 19), st.integers(5, 60))
def test_only_who_can_come_is_offered_a_place_and_the_urgent_first(entries: list[Waiting], hour: int, minutes: int) -> None:
    place = Place(UUID(int=1), at(hour), minutes, TIMEZONE)
    order = in_offer_order(entries, place)
    assert [one.is_urgent for one in order] == sorted((one.is_urgent for one in order), reverse=True)
    part = day_part_of(place.start, TIMEZONE)
    for one in entries:
        can = one.doctor_id in (None, place.doctor_id) and one.minutes <= minutes and one.first_day <= TODAY <= one.last_day
        assert (one in order) == (can and one.day_part in (DayPart.ANY, part))
