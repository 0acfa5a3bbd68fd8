"""The queue: who is called, what the displays show, how long it takes."""

from __future__ import annotations

from typing import Any

import pytest

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import DisplayPrivacy, Priority, QueueEmpty, QueuePolicy, VisitStatus, shown_name
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.errors import InvalidInput
from tests.clinic.frontdesk.desk import TODAY, Desk, at


def waiting(desk: Desk, **more: Any) -> list[tuple[int | None, int | None]]:
    with desk.db.read() as session:
        rows = queries.waiting(session, clinic_id=desk.clinic_id, day=TODAY, now=desk.clock.now, **more)
    return [(row.queue_number, row.estimated_wait_minutes) for row in rows]


def crowd(desk: Desk) -> None:
    """Two appointments that arrive late and in the wrong order, two walk-ins, an old and an urgent patient."""
    first, second = desk.book(0, at(9, 15)), desk.book(1, at(9, 30))
    for patient in (2, 3):
        desk.clock.advance(minutes=1)
        desk.walk_in(patient)
    for visit_id in (second.visit_id, first.visit_id):
        desk.clock.advance(minutes=1)
        desk.check_in(visit_id)
    desk.walk_in(len(desk.patients) - 1)
    desk.walk_in(4, priority=Priority.EMERGENCY)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (QueuePolicy.APPOINTMENT, [6, 5, 1, 2, 3, 4]),
        (QueuePolicy.ARRIVAL, [6, 5, 2, 1, 3, 4]),
        (QueuePolicy.ALTERNATING, [6, 5, 1, 3, 2, 4]),
    ],
)
def test_the_list_shows_the_order_and_calls_follow_it(desk: Desk, policy: QueuePolicy, expected: list[int]) -> None:
    desk.run("super_admin", set_setting, key="queue.policy", value=policy, clinic_id=desk.clinic_id)
    crowd(desk)
    assert [number for number, _ in waiting(desk)] == expected
    called = []
    for _ in expected:
        desk.clock.advance(minutes=1)
        called.append(desk.call_next().queue_number)
    assert called == expected
    with pytest.raises(QueueEmpty):
        desk.call_next()


def test_a_room_calls_its_own_doctors_patients_only(desk: Desk) -> None:
    desk.walk_in(0, doctor_id=desk.world.second_doctor_id)
    with pytest.raises(QueueEmpty):
        desk.call_next()
    row = desk.run("nurse", commands.call_next, clinic_id=desk.clinic_id, doctor_id=None, room="5")
    assert (row.queue_number, row.room) == (1, "5")


def test_a_room_has_a_name(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        desk.call_next(" ")


def test_recall_counts_and_skip_lets_others_pass(desk: Desk) -> None:
    rows = [desk.walk_in(number) for number in range(6)]
    first = desk.call_next()
    desk.clock.advance(minutes=1)
    again = desk.run("doctor", commands.recall, visit_id=first.visit_id)
    assert (again.call_count, again.called_at) == (2, first.called_at)
    desk.clock.advance(minutes=1)
    desk.run("doctor", commands.skip, visit_id=first.visit_id)
    assert desk.visit(first.visit_id).status is VisitStatus.WAITING
    assert [number for number, _ in waiting(desk)] == [2, 3, 4, 1, 5, 6]
    called = []
    for _ in rows:
        desk.clock.advance(minutes=1)
        called.append(desk.call_next().queue_number)
    assert called == [2, 3, 4, 1, 5, 6]


def test_any_waiting_patient_can_be_called(desk: Desk) -> None:
    desk.walk_in(0)
    second = desk.walk_in(1)
    row = desk.run("doctor", commands.call, visit_id=second.visit_id, room="1")
    assert row.queue_number == 2


def test_a_person_can_raise_the_priority(desk: Desk) -> None:
    desk.walk_in(0)
    second = desk.walk_in(1)
    desk.run("nurse", commands.prioritise, visit_id=second.visit_id, priority=Priority.EMERGENCY)
    assert [number for number, _ in waiting(desk)] == [2, 1]


def test_the_wait_comes_from_the_doctors_last_consultations(desk: Desk) -> None:
    assert desk.walk_in(0).estimated_wait_minutes == 0
    assert desk.walk_in(1).estimated_wait_minutes == 15
    for minutes in (4, 6, 30):
        row = desk.run("doctor", commands.call_next, clinic_id=desk.clinic_id, doctor_id=desk.doctor, room="1")
        desk.see(row.visit_id, minutes)
        desk.walk_in(minutes % 10 + 10)
    assert [wait for _, wait in waiting(desk)] == [0, 6]
    row = desk.call_next()
    desk.run("doctor", commands.start_consultation, visit_id=row.visit_id)
    desk.clock.advance(minutes=2)
    assert [wait for _, wait in waiting(desk)] == [4]
    other = desk.walk_in(5, doctor_id=desk.world.second_doctor_id)
    assert other.estimated_wait_minutes == 0


def test_the_display_shows_numbers_and_rooms_the_latest_call_first(desk: Desk) -> None:
    for number in range(4):
        desk.walk_in(number)
    first = desk.call_next("1")
    desk.clock.advance(minutes=1)
    second = desk.call_next("2")
    with desk.db.read() as session:
        shown = queries.display(session, clinic_id=desk.clinic_id, day=TODAY)
    assert [(one.queue_number, one.room) for one in shown.now_calling] == [(2, "2"), (1, "1")]
    assert [one.queue_number for one in shown.next_up] == [3, 4]
    desk.clock.advance(minutes=1)
    desk.run("doctor", commands.recall, visit_id=first.visit_id)
    desk.run("doctor", commands.skip, visit_id=second.visit_id)
    with desk.db.read() as session:
        shown = queries.display(session, clinic_id=desk.clinic_id, day=TODAY)
    assert [(one.queue_number, one.call_count) for one in shown.now_calling] == [(1, 2)]
    assert [one.queue_number for one in shown.next_up] == [3, 4, 2]


def test_the_display_names_patients_only_as_the_clinic_allows(desk: Desk) -> None:
    desk.walk_in(0)
    desk.walk_in(1)
    desk.call_next("1")
    names = []
    for privacy in (None, DisplayPrivacy.INITIALS, DisplayPrivacy.NAME):
        if privacy is not None:
            desk.run("admin", set_setting, key=queries.PRIVACY.key, value=privacy, clinic_id=desk.clinic_id)
        with desk.db.read() as session:
            shown = queries.display(session, clinic_id=desk.clinic_id, day=TODAY)
        names.append((shown.now_calling[0].name, shown.next_up[0].name))
    assert names == [(None, None), ("P.", "P."), ("Patient 0", "Patient 1")]


def test_initials_of_any_script() -> None:
    assert shown_name("Asha Rao-Kulkarni", DisplayPrivacy.INITIALS) == "A. R."
    assert shown_name("सुनीता देशपांडे", DisplayPrivacy.INITIALS) == "सु. दे."
    assert shown_name("محمد عبد الله", DisplayPrivacy.INITIALS) == "م. ع. ا."
    assert shown_name("Om", DisplayPrivacy.NUMBER) is None


def test_the_days_lists_and_counts(desk: Desk) -> None:
    booked = desk.book(0, at(11))
    later = desk.book(1, at(10))
    cancelled = desk.book(2, at(12))
    desk.run("receptionist", commands.cancel, appointment_id=cancelled.appointment_id, reason="no")
    desk.walk_in(3)
    row = desk.call_next()
    desk.run("doctor", commands.start_consultation, visit_id=row.visit_id)
    desk.check_in(later.visit_id)
    with desk.db.read() as session:
        board = queries.day_board(session, clinic_id=desk.clinic_id, day=TODAY)
        assert [one.queue_number for one in board] == [4, 2, 1, None]
        assert board[1].patient_name == "Patient 1"
        assert board[1].service_name == "Consultation"
        appointments = queries.todays_appointments(session, clinic_id=desk.clinic_id, day=TODAY)
        assert [one.visit_id for one in appointments] == [later.visit_id, booked.visit_id]
        assert [one.visit_id for one in queries.in_room(session, clinic_id=desk.clinic_id, day=TODAY)] == [row.visit_id]
        counts = queries.home_counts(session, clinic_id=desk.clinic_id, day=TODAY)
        assert (counts.expected, counts.waiting, counts.in_room, counts.cancelled) == (1, 1, 1, 1)
        history = queries.visits_of_patient(session, patient_id=desk.patients[1])
        assert [one.visit_id for one in history] == [later.visit_id]
    desk.open_till()
    desk.see_out(row.visit_id)
    with desk.db.read() as session:
        assert [one.visit_id for one in queries.to_pay(session, clinic_id=desk.clinic_id, day=TODAY)] == [row.visit_id]
