"""The call order: each policy, priorities, skipping, and the wait it leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.frontdesk.rules import Priority, QueuePolicy, Ticket, call_order, priority_of

NINE = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)


def ticket(number: int, priority: Priority, arrived: int, appointment: int | None = None, **more: object) -> Ticket:
    booked = None if appointment is None else NINE + timedelta(minutes=appointment)
    made = Ticket(UUID(int=number), number, priority, NINE + timedelta(minutes=arrived), booked)
    return replace(made, **more)


def numbers(tickets: list[Ticket]) -> list[int]:
    return [one.queue_number for one in tickets]


ROOMFUL = [
    ticket(1, Priority.APPOINTMENT, arrived=20, appointment=0),
    ticket(2, Priority.NORMAL, arrived=1),
    ticket(3, Priority.APPOINTMENT, arrived=5, appointment=15),
    ticket(4, Priority.ELDERLY, arrived=30, appointment=60),
    ticket(5, Priority.EMERGENCY, arrived=40),
    ticket(6, Priority.NORMAL, arrived=2),
    ticket(7, Priority.APPOINTMENT, arrived=3, appointment=30),
]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (QueuePolicy.APPOINTMENT, [5, 4, 1, 3, 7, 2, 6]),
        (QueuePolicy.ARRIVAL, [5, 4, 7, 3, 1, 2, 6]),
        (QueuePolicy.ALTERNATING, [5, 4, 1, 2, 3, 6, 7]),
    ],
)
def test_order_of_each_policy(policy: QueuePolicy, expected: list[int]) -> None:
    assert numbers(call_order(ROOMFUL, policy, 3)) == expected


def test_alternating_goes_on_from_the_last_call() -> None:
    called = ticket(9, Priority.APPOINTMENT, 0, 0, is_waiting=False, called_at=NINE + timedelta(minutes=50))
    assert numbers(call_order([*ROOMFUL, called], QueuePolicy.ALTERNATING, 3)) == [5, 4, 2, 1, 6, 3, 7]


def test_a_skipped_patient_lets_three_others_pass() -> None:
    skipped_at = NINE + timedelta(minutes=60)
    queue = [ticket(number, Priority.NORMAL, number) for number in range(2, 8)]
    skipped = ticket(1, Priority.NORMAL, 0, called_at=NINE, skipped_at=skipped_at)
    assert numbers(call_order([skipped, *queue], QueuePolicy.ARRIVAL, 3)) == [2, 3, 4, 1, 5, 6, 7]
    passed = replace(queue[0], is_waiting=False, called_at=skipped_at + timedelta(minutes=1))
    assert numbers(call_order([skipped, passed, *queue[1:]], QueuePolicy.ARRIVAL, 3)) == [3, 4, 1, 5, 6, 7]
    assert numbers(call_order([skipped], QueuePolicy.ARRIVAL, 3)) == [1]


tickets = st.lists(
    st.builds(
        lambda priority, arrived, booked, skipped, called: (priority, arrived, booked, skipped, called),
        st.sampled_from(Priority),
        st.integers(0, 300),
        st.none() | st.integers(0, 300),
        st.none() | st.integers(0, 300),
        st.none() | st.integers(0, 300),
    ),
    max_size=25,
)


def made(parts: list[tuple[Priority, int, int | None, int | None, int | None]]) -> list[Ticket]:
    everyone = []
    for number, (priority, arrived, booked, skipped, called) in enumerate(parts, start=1):
        everyone.append(
            ticket(
                number,
                priority,
                arrived,
                booked,
                is_waiting=called is None or skipped is not None,
                called_at=None if called is None else NINE + timedelta(minutes=called),
                skipped_at=None if skipped is None else NINE + timedelta(minutes=skipped),
            )
        )
    return everyone


@given(tickets, st.sampled_from(QueuePolicy), st.integers(0, 5), st.randoms())
def test_everyone_waiting_is_called_once_and_the_list_order_does_not_matter(parts, policy, behind, chance) -> None:
    everyone = made(parts)
    order = call_order(everyone, policy, behind)
    assert sorted(numbers(order)) == sorted(one.queue_number for one in everyone if one.is_waiting)
    shuffled = list(everyone)
    chance.shuffle(shuffled)
    assert numbers(call_order(shuffled, policy, behind)) == numbers(order)


@given(tickets, st.sampled_from(QueuePolicy))
def test_nobody_overtakes_a_higher_priority(parts, policy) -> None:
    order = call_order([replace(one, skipped_at=None) for one in made(parts)], policy, 3)
    high = {Priority.EMERGENCY: 0, Priority.ELDERLY: 1}
    if policy is not QueuePolicy.ALTERNATING:
        high[Priority.APPOINTMENT] = 2
    ranks = [high.get(one.priority, 3) for one in order]
    assert ranks == sorted(ranks)


@given(tickets, st.sampled_from(QueuePolicy), st.integers(0, 4))
def test_calling_one_by_one_follows_the_list_that_was_shown(parts, policy, behind) -> None:
    everyone = [replace(one, is_waiting=True, called_at=None, skipped_at=None) for one in made(parts)]
    shown, called, now = numbers(call_order(everyone, policy, behind)), [], NINE + timedelta(hours=9)
    while order := call_order(everyone, policy, behind):
        now += timedelta(minutes=1)
        called.append(order[0].queue_number)
        everyone = [replace(one, is_waiting=False, called_at=now) if one is order[0] else one for one in everyone]
    assert called == shown


@given(st.integers(1, 12), st.integers(0, 5))
def test_a_skipped_patient_is_called_after_exactly_that_many(others: int, behind: int) -> None:
    skipped_at = NINE + timedelta(hours=1)
    everyone = [ticket(1, Priority.NORMAL, 0, called_at=skipped_at - timedelta(minutes=1), skipped_at=skipped_at)]
    everyone += [ticket(number + 2, Priority.NORMAL, number + 1) for number in range(others)]
    calls, now = 0, skipped_at
    while (first := call_order(everyone, QueuePolicy.ARRIVAL, behind)[0]).queue_number != 1:
        now, calls = now + timedelta(minutes=1), calls + 1
        everyone = [replace(one, is_waiting=False, called_at=now) if one is first else one for one in everyone]
    assert calls == min(behind, others)


@pytest.mark.parametrize(
    ("age", "has_appointment", "expected"),
    [(64, True, "APPOINTMENT"), (65, True, "ELDERLY"), (65, False, "ELDERLY"), (None, False, "NORMAL"), (3, False, "NORMAL")],
)
def test_priority_on_arrival(age: int | None, has_appointment: bool, expected: str) -> None:
    assert priority_of(age, 65, has_appointment=has_appointment).value == expected
