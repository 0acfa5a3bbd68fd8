"""Who is called next, and how long the others will wait; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from clinic_desktop.clinic.frontdesk.rules.states import Priority


class QueuePolicy(StrEnum):
    """How patients of one priority are ordered."""

    APPOINTMENT = "APPOINTMENT"
    ARRIVAL = "ARRIVAL"
    ALTERNATING = "ALTERNATING"


class NumberAt(StrEnum):
    """When a patient with an appointment gets the queue number."""

    BOOKING = "BOOKING"
    CHECK_IN = "CHECK_IN"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A patient of today's queue as the call order sees one."""

    visit_id: UUID
    queue_number: int
    priority: Priority
    arrived_at: datetime
    appointment_at: datetime | None
    is_waiting: bool = True
    called_at: datetime | None = None
    skipped_at: datetime | None = None


_RANK = {priority: rank for rank, priority in enumerate(Priority)}
RECENT = 20
"""How many of the last consultations the estimate looks at."""


def priority_of(age: int | None, elderly_from: int, *, has_appointment: bool) -> Priority:
    """The priority given on arrival; an emergency is declared by a person."""
    if age is not None and age >= elderly_from:
        return Priority.ELDERLY
    return Priority.APPOINTMENT if has_appointment else Priority.NORMAL


def call_order(tickets: Iterable[Ticket], policy: QueuePolicy, skip_behind: int) -> list[Ticket]:
    """The waiting tickets in the order in which they will be called.

    ``tickets`` is the whole day's queue: who was called since a skip, and which kind was called last, count too.
    """
    everyone = list(tickets)
    waiting = [one for one in everyone if one.is_waiting]
    held = [(one, _still_behind(one, everyone, skip_behind)) for one in waiting]
    order = _ordered([one for one, behind in held if not behind], policy, everyone)
    for one, behind in sorted((pair for pair in held if pair[1]), key=lambda pair: (pair[1], pair[0].skipped_at, pair[0].queue_number)):
        order.insert(min(behind, len(order)), one)
    return order


def room_order(tickets: Iterable[Ticket], skip_behind: int) -> list[Ticket]:
    """The order in the queue of a room without a doctor: priority, then who was sent there first (``arrived_at``).

    Meanwhile no doctor calls them. Whoever is sent back stands in the doctor's queue by priority and turn as on arrival, not behind it:
    an ECG costs nobody the place, and whoever's turn it would have been is the next to be called.
    """
    return call_order(tickets, QueuePolicy.ARRIVAL, skip_behind)


def _still_behind(ticket: Ticket, everyone: Sequence[Ticket], skip_behind: int) -> int:
    """How many others a skipped ticket must still let pass."""
    if ticket.skipped_at is None:
        return 0
    passed = sum(one is not ticket and one.called_at is not None and one.called_at > ticket.skipped_at for one in everyone)
    return max(0, skip_behind - passed)


def _ordered(waiting: list[Ticket], policy: QueuePolicy, everyone: Sequence[Ticket]) -> list[Ticket]:
    by_turn = sorted(waiting, key=lambda one: (_RANK[one.priority], *_turn(one, policy)))
    if policy is not QueuePolicy.ALTERNATING:
        return by_turn
    first = [one for one in by_turn if one.priority in (Priority.EMERGENCY, Priority.ELDERLY)]
    booked = [one for one in by_turn if one.priority is Priority.APPOINTMENT]
    walked_in = [one for one in by_turn if one.priority is Priority.NORMAL]
    last = max((one for one in everyone if one.called_at is not None and one.priority in _ALTERNATE), key=_called, default=None)
    if last is not None and last.priority is Priority.APPOINTMENT:
        return first + _interleaved(walked_in, booked)
    return first + _interleaved(booked, walked_in)


_ALTERNATE = (Priority.APPOINTMENT, Priority.NORMAL)


def _called(ticket: Ticket) -> tuple[datetime, int]:
    assert ticket.called_at is not None
    return ticket.called_at, ticket.queue_number


def _turn(ticket: Ticket, policy: QueuePolicy) -> tuple[datetime, int]:
    planned = ticket.appointment_at if policy is not QueuePolicy.ARRIVAL else None
    return planned or ticket.arrived_at, ticket.queue_number


def _interleaved(first: list[Ticket], second: list[Ticket]) -> list[Ticket]:
    shared = min(len(first), len(second))
    pairs = [one for pair in zip(first[:shared], second[:shared], strict=True) for one in pair]
    return pairs + first[shared:] + second[shared:]
