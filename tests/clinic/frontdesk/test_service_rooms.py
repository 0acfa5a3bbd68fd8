"""Rooms without a doctor: who is sent there, called there, and where they stand afterwards."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.commands import TicketRow
from clinic_desktop.clinic.frontdesk.models import QueueEntry
from clinic_desktop.clinic.frontdesk.rules import Coming, Priority, QueueEmpty, VisitStatus, service_rooms, with_rooms
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, PermissionDenied
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.racers import at_once
from tests.clinic.frontdesk.test_queue import waiting

load_checks()


class Rooms:
    """A clinic with a measuring room and an ECG."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.have("Measuring, ECG")

    def have(self, rooms: str) -> None:
        self.desk.run("admin", set_setting, key="queue.service_rooms", value=rooms, clinic_id=self.desk.clinic_id)

    def send(self, visit_id: UUID, room: str = "ECG", role: str = "nurse", **more: Any) -> None:
        self.desk.run(role, commands.send_to_room, visit_id=visit_id, room=room, **more)

    def back(self, visit_id: UUID) -> None:
        self.desk.run("nurse", commands.send_back, visit_id=visit_id)

    def call(self, room: str = "ECG") -> TicketRow:
        return self.desk.run("nurse", commands.call_next_to_room, clinic_id=self.desk.clinic_id, room=room)

    def numbers(self, room: str | None = "ECG") -> list[int | None]:
        with self.desk.db.read() as session:
            return [one.queue_number for one in queries.waiting_for_rooms(session, clinic_id=self.desk.clinic_id, day=TODAY, room=room)]

    def display(self) -> queries.DisplayRow:
        with self.desk.db.read() as session:
            return queries.display(session, clinic_id=self.desk.clinic_id, day=TODAY, upcoming=5)

    def sound(self) -> bool:
        with self.desk.db.read() as session:
            return not [one for one in run_checks(session) if one.failures]


@pytest.fixture
def rooms(desk: Desk) -> Rooms:
    return Rooms(desk)


def test_whoever_was_sent_is_called_there_and_stands_afterwards_where_the_queue_has_come_to(desk: Desk, rooms: Rooms) -> None:
    first, second, _third = (desk.walk_in(number) for number in range(3))
    desk.clock.advance(minutes=1)
    rooms.send(first.visit_id, " ecg ")  # as it is typed; the clinic's own spelling is kept
    rooms.send(second.visit_id, reason="Chest pain")
    assert (desk.visit(first.visit_id).service_room, rooms.numbers(), waiting(desk)) == ("ECG", [1, 2], [(3, 0)])
    assert desk.call_next().queue_number == 3  # no doctor calls who is elsewhere
    with pytest.raises(QueueEmpty):
        rooms.call("Measuring")
    called = rooms.call()
    assert (called.queue_number, called.room, desk.visit(first.visit_id).status) == (1, "ECG", VisitStatus.CALLED)
    late = desk.walk_in(3)
    assert waiting(desk) == [(4, 15)]  # the doctor waits for 3, not for whoever is at the ECG
    desk.clock.advance(minutes=5)
    rooms.back(first.visit_id)
    assert [number for number, _ in waiting(desk)] == [1, 4]  # before those who came later, not behind them
    rooms.back(second.visit_id)  # not called there at all
    assert [number for number, _ in waiting(desk)] == [1, 2, 4]
    with pytest.raises(IllegalTransition):
        rooms.back(second.visit_id)
    assert [desk.call_next().queue_number for _ in range(3)] == [1, 2, 4]
    assert desk.visit(late.visit_id).service_room is None
    with desk.db.read() as session:
        accuracy = queries.wait_accuracy(session, clinic_id=desk.clinic_id, day=TODAY)
    assert accuracy.patients == 2  # an ECG says nothing of the estimate
    assert rooms.sound()


def test_a_room_calls_by_priority_and_by_who_was_sent_first_recalls_skips_and_holds(desk: Desk, rooms: Rooms) -> None:
    visits = [desk.walk_in(number).visit_id for number in range(5)]
    for visit_id in reversed(visits):
        desk.clock.advance(minutes=1)
        rooms.send(visit_id)
    desk.run("nurse", commands.prioritise, visit_id=visits[1], priority=Priority.EMERGENCY)
    assert rooms.numbers() == [2, 5, 4, 3, 1]
    desk.clock.advance(minutes=1)
    rooms.send(visits[4])  # a second press keeps the turn
    desk.run("nurse", commands.hold, visit_id=visits[3], reason="Telephone")
    assert rooms.numbers() == [2, 5, 3, 1]
    called = rooms.call()
    assert desk.run("nurse", commands.recall, visit_id=called.visit_id).call_count == 2
    desk.clock.advance(minutes=1)
    desk.run("nurse", commands.skip, visit_id=called.visit_id)
    assert rooms.numbers() == [5, 3, 1, 2]  # still of the room, behind the next three
    desk.run("nurse", commands.resume, visit_id=visits[3])
    assert rooms.numbers() == [5, 4, 3, 2, 1]
    rooms.send(visits[4], "Measuring")  # on, without a way back to the doctor between
    assert (rooms.numbers(), rooms.numbers("Measuring"), waiting(desk)) == ([4, 3, 1, 2], [5], [])
    assert rooms.numbers(None) == [4, 3, 1, 2, 5]


def test_what_cannot_be_is_refused_and_changes_nothing(desk: Desk, rooms: Rooms) -> None:
    visit_id = desk.walk_in(0).visit_id
    for wrong in ("X-ray", "", "ECG, Measuring"):
        with pytest.raises(InvalidInput) as refused:
            rooms.send(visit_id, wrong)
        assert refused.value.field == "room"
    with pytest.raises(PermissionDenied):
        rooms.send(visit_id, role="cashier")
    expected = desk.book(1, at(10)).visit_id
    inside = desk.call_next().visit_id
    desk.run("doctor", commands.start_consultation, visit_id=inside)
    for one in (inside, expected):
        with pytest.raises(IllegalTransition):
            rooms.send(one)
    for typed in (", ".join(map(str, range(21))), "x" * 41):
        with pytest.raises(InvalidInput) as refused:
            rooms.have(typed)
        assert refused.value.field == "queue.service_rooms"
    assert rooms.numbers(None) == []
    with pytest.raises(IntegrityError), desk.db.write(desk.world.system()) as tx:  # nobody who has not come stands anywhere
        entry = tx.session.scalars(select(QueueEntry).where(QueueEntry.visit_id == expected)).one()
        entry.service_room, entry.sent_at = "ECG", desk.clock.now


def test_the_hall_reads_the_room_and_not_the_doctor(desk: Desk, rooms: Rooms) -> None:
    visits = [desk.walk_in(number).visit_id for number in range(9)]
    for visit_id in visits[:3]:
        rooms.send(visit_id)
    rooms.call()
    shown = rooms.display()
    (call,) = shown.now_calling
    assert (call.queue_number, call.room, call.service_room, call.doctor_name) == (1, "ECG", "ECG", "")
    assert [(one.queue_number, one.service_room, bool(one.doctor_name)) for one in shown.next_up] == [
        *((number, None, True) for number in (4, 5, 6, 7)),
        (2, "ECG", False),
    ]
    with desk.db.read() as session:
        rows = [
            queries.at_kiosk(session, patient_id=desk.patients[number], clinic_id=desk.clinic_id, day=TODAY, now=desk.clock.now).visits[0]
            for number in (0, 1)
        ]
    assert [(row.coming, row.service_room, row.wait_minutes) for row in rows] == [
        (Coming.CALLED, "ECG", None),
        (Coming.WAITING, "ECG", None),
    ]


def test_whoever_leaves_goes_to_another_doctor_or_goes_in_waits_for_no_room_any_more(desk: Desk, rooms: Rooms) -> None:
    gone, moved, seen, closed = (desk.walk_in(number).visit_id for number in range(4))
    for visit_id in (gone, moved, seen, closed):
        rooms.send(visit_id)
    desk.run("nurse", commands.leave_unseen, visit_id=gone)
    desk.run("nurse", commands.transfer, visit_id=moved, doctor_id=desk.world.second_doctor_id)
    desk.run("doctor", commands.call, visit_id=seen, room="1")
    (call,) = rooms.display().now_calling
    assert (call.room, call.service_room, call.doctor_name) == ("1", None, "Doctor One")  # fetched by the doctor
    desk.run("doctor", commands.start_consultation, visit_id=seen)
    desk.run("receptionist", commands.close_queue, clinic_id=desk.clinic_id, visit_ids=[closed])
    assert [desk.visit(one).service_room for one in (gone, moved, seen, closed)] == [None] * 4
    assert (rooms.numbers(), [number for number, _ in waiting(desk)]) == ([], [2])
    assert rooms.sound()


def test_two_nurses_and_a_doctor_never_call_the_same_patient(desk: Desk, rooms: Rooms) -> None:
    visits = [desk.walk_in(number).visit_id for number in range(2)]
    rooms.send(visits[0])
    nurse, doctor = desk.world.actor("nurse"), desk.world.actor("doctor")
    room = partial(desk.db.run, nurse, commands.call_next_to_room, clinic_id=desk.clinic_id, room="ECG")
    answers = at_once([room, room, partial(desk.db.run, doctor, commands.call_next, clinic_id=desk.clinic_id, room="1"), room])
    called = [one for one in answers if isinstance(one, TicketRow)]
    assert sorted((one.queue_number, one.room) for one in called) == [(1, "ECG"), (2, "1")]
    assert [type(one) for one in answers if one not in called] == [QueueEmpty] * 2


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 8))
def test_the_display_has_room_for_both(doctors: int, of_rooms: int, most: int) -> None:
    shown = with_rooms([f"d{number}" for number in range(doctors)], [f"r{number}" for number in range(of_rooms)], most)
    assert len(shown) == min(most, doctors + of_rooms)
    assert len(set(shown)) == len(shown)
    assert sum(one.startswith("r") for one in shown) >= min(of_rooms, most // 3)
    assert shown == sorted(shown)  # the doctors' first, each in turn


def test_rooms_are_read_as_people_type_them() -> None:
    assert service_rooms(" ECG,Measuring ;; ecg\n\u062a\u062e\u0637\u064a\u0637\u060c Nurse ") == (
        *("ECG", "Measuring"),
        *("\u062a\u062e\u0637\u064a\u0637", "Nurse"),
    )
