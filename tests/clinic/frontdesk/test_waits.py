"""The estimated wait: what the pure forecast says, and how far off it is on simulated days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import Doctors, Pace, Priority, QueuePolicy, Seen, Ticket, forecast, pace_of, until_free
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at

NINE = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
CONSULT, LONG = new_id(), new_id()


def minutes(count: float) -> datetime:
    return NINE + timedelta(minutes=count)


def seen(length: float, *, begins: float = 0, came: float = -30, service: UUID = CONSULT) -> Seen:
    return Seen(service, minutes(came), minutes(begins), minutes(begins + length))


def ticket(number: int, priority: Priority = Priority.NORMAL, appointment: float | None = None) -> Ticket:
    return Ticket(new_id(), number, priority, NINE, None if appointment is None else minutes(appointment))


def told(tickets: list[Ticket], expected: list[float] = [], **how: object) -> list[int]:  # noqa: B006
    pace, room = how.pop("pace", Pace(10.0)), how.pop("room", Doctors())
    policy = how.pop("policy", QueuePolicy.APPOINTMENT)
    rows = [(one, CONSULT) for one in tickets]
    found = forecast(rows, [minutes(one) for one in expected], pace, room, policy=policy, now=NINE)  # type: ignore[arg-type]
    return [found[one.visit_id] for one in tickets]


def test_the_pace_is_the_median_of_the_last_twenty_with_the_change_between_patients() -> None:
    assert pace_of([], 15) == Pace(15.0)
    one_after_the_other = [seen(length, begins=begins) for begins, length in ((0, 8), (10, 8), (20, 9))]
    assert pace_of(one_after_the_other, 15) == Pace(8.0, 2.0)
    nobody_waited = [seen(8, begins=0), seen(8, begins=12, came=11)]
    assert pace_of(nobody_waited, 15).change == 0.0
    a_break = [seen(8, begins=0), seen(8, begins=60)]
    assert pace_of(a_break, 15).change == 0.0
    old = [seen(60, begins=-10_000 - 100 * number) for number in range(30)]
    assert pace_of([*old, *(seen(5, begins=10 * number) for number in range(20))], 15).typical == 5.0
    long = [seen(30, begins=1_000 + 40 * number, service=LONG) for number in range(5)]
    mixed = pace_of([*long, *(seen(5, begins=10 * number) for number in range(9))], 15)
    assert (mixed.of(LONG), mixed.of(CONSULT), mixed.of(new_id())) == (30.0, 5.0, 5.0)


def test_what_must_be_over_first() -> None:
    pace = Pace(10.0, 2.0)
    assert until_free(pace, Doctors(), NINE) == 0
    assert until_free(pace, Doctors(inside=((CONSULT, minutes(-4)),)), NINE) == 7  # six more, and half the change
    assert until_free(pace, Doctors(inside=((CONSULT, minutes(-40)),)), NINE) == 2.5  # longer than usual is not over
    assert until_free(pace, Doctors(called=(CONSULT, CONSULT)), NINE) == 24
    assert until_free(pace, Doctors(begins=minutes(45)), NINE) == 45  # the doctor is still to come


def test_booked_patients_still_to_come_go_before_those_who_walked_in() -> None:
    walked_in = [ticket(1), ticket(2)]
    assert told(walked_in) == [0, 10]
    assert told(walked_in, [5]) == [0, 19]  # one who probably comes
    assert told(walked_in, [-5]) == [0, 19]  # late
    assert told([ticket(1)], [-5, -1]) == [0]  # the doctor is free: nobody waits for who is not here
    assert told(walked_in, [60]) == [0, 10]  # not before its time
    assert told(walked_in, [-30]) == [0, 10]  # missed
    assert told(walked_in, [5], policy=QueuePolicy.ALTERNATING) == [0, 14]
    assert told([ticket(1), ticket(2, Priority.ELDERLY)], [5]) == [0, 10]
    assert told([ticket(1), ticket(2, Priority.APPOINTMENT, 8)], [5]) == [0, 19]
    assert told([ticket(1), ticket(2, Priority.APPOINTMENT, 8)], [9]) == [0, 10]
    assert told([ticket(1), ticket(2, Priority.APPOINTMENT, 8)], [5], policy=QueuePolicy.ARRIVAL) == [0, 10]


@given(
    lengths=st.lists(st.floats(0.1, 90), min_size=1, max_size=12),
    expected=st.lists(st.floats(-60, 300), max_size=12),
    policy=st.sampled_from(list(QueuePolicy)),
)
def test_nobody_is_told_less_than_somebody_before(lengths: list[float], expected: list[float], policy: QueuePolicy) -> None:
    tickets = [ticket(number) for number in range(len(lengths))]
    waits = told(tickets, expected, pace=Pace(lengths[0]), policy=policy)
    assert waits == sorted(waits)
    assert waits[0] >= 0


def test_the_doctor_who_is_not_there_yet_is_waited_for(desk: Desk) -> None:
    desk.clock.now = at(8, 30)
    assert desk.walk_in(0).estimated_wait_minutes == 30
    assert desk.walk_in(1).estimated_wait_minutes == 45
    first = desk.call_next()  # came early
    desk.run("doctor", commands.start_consultation, visit_id=first.visit_id)
    with desk.db.read() as session:
        (row,) = queries.waiting(session, clinic_id=desk.clinic_id, day=TODAY, now=desk.clock.now)
    assert row.estimated_wait_minutes == 15
    desk.clock.advance(minutes=10)
    desk.see_out(first.visit_id)
    desk.clock.now = at(15, 50)  # whoever was seen in the morning says nothing of the evening
    assert desk.walk_in(2, doctor_id=desk.doctor).estimated_wait_minutes == 20
