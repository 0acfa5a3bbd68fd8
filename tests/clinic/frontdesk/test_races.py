"""Two desks at the same instant: exactly one wins, on both engines; and what the database refuses by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import BookingRow
from clinic_desktop.clinic.frontdesk.guards import drop_guard_ddl, guard_ddl
from clinic_desktop.clinic.frontdesk.models import Appointment, QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    FREED,
    AppointmentKind,
    AppointmentStatus,
    BookingSource,
    QueueEmpty,
    VisitStatus,
)
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.errors import IllegalTransition
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.racers import Desks, at_once
from tests.clinic.frontdesk.waiting import free_a_place, wait
from tests.clinic.world import money


def outcomes(answers: list[Any]) -> Counter[str]:
    return Counter(type(one).__name__ if isinstance(one, Exception) else "done" for one in answers)


def test_eight_desks_book_the_last_place(desk: Desk) -> None:
    actor = desk.world.actor("receptionist")
    wishes = [partial(desk.db.run, actor, commands.book, **desk.booking(number, at(10))) for number in range(8)]
    answers = at_once(wishes)
    assert outcomes(answers) == {"done": 1, "SlotTaken": 7}
    with desk.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Appointment)) == 1
        assert session.scalar(select(func.count()).select_from(Visit)) == 1
    assert desk.book(9, at(11)).booking_id == "APT-2026-00002"


def test_eight_desks_book_the_three_places_of_a_slot(desk: Desk) -> None:
    slot = {"doctor_id": desk.doctor, "clinic_id": desk.clinic_id, "day": TODAY, "capacity": 3}
    desk.run("receptionist", staff.add_time_slot, **slot, start=time(20), end=time(20, 30))
    actor = desk.world.actor("receptionist")
    answers = at_once([partial(desk.db.run, actor, commands.book, **desk.booking(number, at(20))) for number in range(8)])
    assert outcomes(answers) == {"done": 3, "SlotTaken": 5}
    assert sorted(one.queue_number for one in answers if isinstance(one, BookingRow)) == [1, 2, 3]


def test_one_patient_is_not_booked_with_two_doctors_at_once(desk: Desk) -> None:
    actor = desk.world.actor("receptionist")
    wishes = [partial(desk.db.run, actor, commands.book, **desk.booking(0, at(10), doctor_id=doctor)) for doctor in desk.world.doctors]
    assert outcomes(at_once(wishes)) == {"done": 1, "PatientBusy": 1}


def test_a_double_click_on_two_threads_books_once(desk: Desk) -> None:
    actor, wish = desk.world.actor("receptionist"), desk.booking()
    answers = at_once([partial(desk.db.run, actor, commands.book, **wish)] * 2)
    assert outcomes(answers) == {"done": 2}
    assert answers[0] == answers[1]


def test_bookings_of_one_clinic_get_numbers_without_gap(desk: Desk) -> None:
    actor = desk.world.actor("receptionist")
    wishes = []
    for number in range(8):
        wish = desk.booking(number, at(10) + timedelta(minutes=15 * (number // 2)), doctor_id=desk.world.doctors[number % 2])
        wishes.append(partial(desk.db.run, actor, commands.book, **wish))
    answers = at_once(wishes)
    assert outcomes(answers) == {"done": 8}
    assert sorted(one.queue_number for one in answers) == list(range(1, 9))
    assert sorted(one.booking_id for one in answers) == [f"APT-2026-0000{number}" for number in range(1, 9)]


@pytest.fixture(scope="module")
def started() -> Iterator[Desks]:
    made = Desks()
    yield made
    made.end()


@pytest.fixture
def desks(started: Desks, desk: Desk) -> Iterator[Desks]:
    """Two processes at the test's database."""
    started.open(desk.db.address.url.render_as_string(hide_password=False), desk.clock.now)
    yield started
    started.close()


Wish = tuple[str, dict[str, Any]]


def booked(desk: Desk, day: date) -> Wish:
    return "book", desk.booking(0, at(10, day=day))


def moved(desk: Desk, day: date) -> Wish:
    standing = desk.book(0, at(12, day=day))
    return "move", {"appointment_id": standing.appointment_id, "start": at(10, day=day)}


def accepted(desk: Desk, day: date) -> Wish:
    entry_id = wait(desk, 0, first_day=day, last_day=day)
    free_a_place(desk, start=at(10, day=day))
    return "accept_offer", {"key": new_id(), "entry_id": entry_id}


def in_series(desk: Desk, day: date) -> Wish:
    wish = desk.booking(0, starts=[at(9, day=day), at(10, day=day)])
    return "book_series", {name: value for name, value in wish.items() if name != "start"}


@pytest.mark.parametrize("other", [booked, moved, accepted, in_series])
def test_two_processes_take_one_place(desk: Desk, desks: Desks, other: Callable[[Desk, date], Wish]) -> None:
    """A booking against another, a move, an offer that is taken, a series: one has the place, the other is told, all or nothing."""
    clerk = desk.world.actor("receptionist")
    for number in range(3):
        day = TODAY + timedelta(days=number + 1)
        wish = other(desk, day)
        answers = desks.race(clerk, wish, ("book", desk.booking(1, at(10, day=day))))
        assert sorted(answers) == ["done", "slot_taken"]
        with desk.db.read() as session:
            held = session.scalars(select(Appointment).where(Appointment.business_date == day, Appointment.status.not_in(FREED))).all()
        winner = desk.patients[answers.index("done")]
        assert [one.patient_id for one in held if one.start_time == at(10, day=day)] == [winner]
        before = {"move": 1, "book_series": 0}.get(wish[0], 0)
        after = {"book_series": 1, "move": 0}.get(wish[0], 0)  # at another time than ten
        assert len(held) - 1 == (after if winner == desk.patients[0] else before)


@pytest.mark.parametrize("engine_name", ["postgres"])  # SQLite has one writer at a time
def test_whom_another_desk_has_in_hand_is_waited_for_where_nobody_else_can_be_called(desk: Desk) -> None:
    paying, next_one = desk.walk_in(0), desk.walk_in(1)
    with ThreadPoolExecutor(1) as pool, desk.db.write(desk.world.actor("cashier")) as tx, desk.db.engine.connect() as looking:
        tx.session.get(Visit, paying.visit_id, with_for_update=True)
        assert desk.call_next().visit_id == next_one.visit_id
        called = pool.submit(desk.call_next)
        while not looking.scalar(_LOCKS_AWAITED):
            assert not called.done(), "told that nobody waits"
    assert called.result(60).visit_id == paying.visit_id
    with pytest.raises(QueueEmpty):
        desk.call_next()


_LOCKS_AWAITED = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def test_rooms_that_call_at_once_get_different_patients(desk: Desk) -> None:
    for number in range(8):
        desk.walk_in(number)
    actor = desk.world.actor("doctor")
    call = partial(desk.db.run, actor, commands.call_next, clinic_id=desk.clinic_id, doctor_id=desk.doctor)
    first = at_once([partial(call, room=str(room)) for room in range(4)])
    assert outcomes(first) == {"done": 4}
    second = at_once([partial(call, room=str(room)) for room in range(6)])
    assert outcomes(second) == {"done": 4, QueueEmpty.__name__: 2}
    called = [one.visit_id for one in first + second if not isinstance(one, Exception)]
    assert len(set(called)) == 8
    with desk.db.read() as session:
        assert set(session.scalars(select(Visit.status))) == {VisitStatus.CALLED}
        assert set(session.scalars(select(QueueEntry.call_count))) == {1}


def test_one_patient_is_called_by_one_of_two_rooms(desk: Desk) -> None:
    visit_id = desk.walk_in().visit_id
    actor = desk.world.actor("doctor")
    answers = at_once([partial(desk.db.run, actor, commands.call, visit_id=visit_id, room=room) for room in ("1", "2")])
    assert outcomes(answers) == {"done": 1, IllegalTransition.__name__: 1}


def test_two_desks_register_one_walk_in(desk: Desk) -> None:
    actor = desk.world.actor("receptionist")
    wishes = []
    for _ in range(2):
        wish = {name: value for name, value in desk.booking().items() if name != "start"}
        wishes.append(partial(desk.db.run, actor, commands.walk_in, **wish))
    assert outcomes(at_once(wishes)) == {"done": 1, "AlreadyQueued": 1}


def appointment(desk: Desk, number: int, **more: Any) -> Appointment:
    """A row as a program without our checks would write it."""
    parts: dict[str, Any] = {
        "booking_id": f"X-{number}",
        "clinic_id": desk.clinic_id,
        "doctor_id": desk.doctor,
        "patient_id": desk.patients[number],
        "service_id": desk.world.services["CONS"],
        "business_date": TODAY,
        "start_time": at(10),
        "end_time": at(10, 30),
        "slot_place": 1,
        "status": AppointmentStatus.PENDING,
        "type": AppointmentKind.REGULAR,
        "booking_source": BookingSource.PHONE,
        "fee": money(1),
    }
    return Appointment(**{**parts, **more})


def save(desk: Desk, *rows: Appointment) -> None:
    for row in rows:
        with desk.db.write(desk.world.system()) as tx:
            tx.add(row)


@pytest.mark.parametrize(
    "second",
    [
        {},
        {"start_time": at(10, 15), "end_time": at(10, 45)},
        {"start_time": at(9), "end_time": at(12)},
        {"patient": 1, "doctor": 1, "start_time": at(10, 29), "end_time": at(10, 40)},
        {"end_time": at(10) + timedelta(hours=25), "start_time": at(10, 30)},
    ],
)
def test_the_database_itself_refuses_overlaps(desk: Desk, second: dict[str, Any]) -> None:
    save(desk, appointment(desk, 1))
    times = {name: value for name, value in second.items() if name.endswith("time")}
    patient, doctor = second.get("patient", 2), desk.world.doctors[second.get("doctor", 0)]
    with pytest.raises(IntegrityError):
        save(desk, appointment(desk, 2, patient_id=desk.patients[patient], doctor_id=doctor, **times))


def test_the_database_itself_refuses_a_move_onto_another(desk: Desk) -> None:
    save(desk, appointment(desk, 1), appointment(desk, 2, start_time=at(11), end_time=at(11, 30)))
    with pytest.raises(IntegrityError), desk.db.write(desk.world.system()) as tx:
        tx.session.scalars(select(Appointment).where(Appointment.booking_id == "X-2")).one().start_time = at(10, 15)


def test_the_database_itself_refuses_to_revive_a_place_that_was_given_away(desk: Desk) -> None:
    save(desk, appointment(desk, 1, status=AppointmentStatus.CANCELLED), appointment(desk, 2))
    with pytest.raises(IntegrityError), desk.db.write(desk.world.system()) as tx:
        tx.session.scalars(select(Appointment).where(Appointment.booking_id == "X-1")).one().status = AppointmentStatus.PENDING


def test_neighbours_other_places_and_freed_ones_are_no_overlap(desk: Desk) -> None:
    save(
        desk,
        appointment(desk, 1),
        appointment(desk, 2, slot_place=2),
        appointment(desk, 3, start_time=at(10, 30), end_time=at(11)),
        appointment(desk, 4, status=AppointmentStatus.NO_SHOW),
        appointment(desk, 5, doctor_id=desk.world.second_doctor_id),
    )


def test_guards_can_be_taken_off_and_put_back(desk: Desk) -> None:
    dialect = desk.db.engine.dialect.name
    with desk.db.engine.execution_options(clinic_write=True).begin() as connection:
        for statement in (*drop_guard_ddl(dialect), *guard_ddl(dialect)):
            connection.exec_driver_sql(statement)
    save(desk, appointment(desk, 1))
    with pytest.raises(IntegrityError):
        save(desk, appointment(desk, 2, start_time=at(10, 15), end_time=at(10, 45)))
