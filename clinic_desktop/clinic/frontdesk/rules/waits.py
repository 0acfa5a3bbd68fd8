"""How long those who wait will still wait: the queue of one doctor, played forward; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from uuid import UUID

from clinic_desktop.clinic.frontdesk.rules.order import RECENT, QueuePolicy, Ticket
from clinic_desktop.clinic.frontdesk.rules.states import Priority

_ENOUGH = 5
"""Consultations of one service from which its own length is believed."""
_LONGEST_PAUSE = timedelta(minutes=10)
"""Between two patients: what is longer was a break, and says nothing of the pace."""
_STILL = 0.15
"""Of a typical consultation: what one that has lasted longer than that will still take."""
_COMES = 0.9
"""How likely a booked patient comes."""
_EARLIEST, _LATEST = timedelta(minutes=20), timedelta(minutes=10)
"""Before and after the time of an appointment: when its patient comes, at any moment between equally likely."""
_MISSED_AFTER = timedelta(minutes=20)
_ROUNDS = 4
"""Whoever waits longer lets more of the others come first, and waits longer by that: it settles quickly."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A consultation that ended."""

    service_id: UUID
    came: datetime
    started: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a doctor works, in minutes: a consultation, the change between two patients, and services that take another time."""

    typical: float
    change: float = 0.0
    services: Mapping[UUID, float] = field(default_factory=dict)

    def of(self, service_id: UUID) -> float:
        """The consultation of one service."""
        return self.services.get(service_id, self.typical)


@dataclass(frozen=True, slots=True)
class Doctors:
    """One doctor's room now: what must be over before the next is called."""

    inside: tuple[tuple[UUID, datetime], ...] = ()
    """Service and beginning of each consultation under way."""
    called: tuple[UUID, ...] = ()
    """Services of those who were called and are not in yet."""
    begins: datetime | None = None
    """When the doctor comes, where he is not there yet: a session of the schedule that is still to begin, or a delay."""


def pace_of(seen: Sequence[Seen], slot_minutes: int) -> Pace:
    """The pace of the last consultations; the slot length while there are none."""
    recent = sorted(seen, key=lambda one: one.ended, reverse=True)[:RECENT]
    if not recent:
        return Pace(float(slot_minutes))
    by_service: dict[UUID, list[float]] = {}
    for one in recent:
        by_service.setdefault(one.service_id, []).append(_minutes(one.ended - one.started))
    pauses = [
        _minutes(after.started - before.ended)
        for before, after in pairwise(sorted(recent, key=lambda one: one.started))
        if after.came <= before.ended and timedelta() <= after.started - before.ended <= _LONGEST_PAUSE
    ]
    services = {service: median(lengths) for service, lengths in by_service.items() if len(lengths) >= _ENOUGH}
    return Pace(median(_minutes(one.ended - one.started) for one in recent), median(pauses) if pauses else 0.0, services)


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def until_free(pace: Pace, room: Doctors, now: datetime) -> float:
    """Minutes until the doctor calls the next: the rest of who is inside, those who were called, and the doctor's own coming."""
    minutes = 0.0
    for service, since in room.inside:
        length = pace.of(service)
        minutes += max(length - _minutes(now - since), length * _STILL) + pace.change / 2
    minutes += sum(pace.of(service) + pace.change for service in room.called)
    return max(minutes, _minutes(room.begins - now) if room.begins is not None else 0.0)


def forecast(
    waiting: Iterable[tuple[Ticket, UUID]], expected: Iterable[datetime], pace: Pace, room: Doctors, *, policy: QueuePolicy, now: datetime
) -> dict[UUID, int]:
    """Minutes until each ticket of one doctor is called; ``waiting`` in call order, each with its service.

    Booked patients who are still to come go before those whom the call order puts behind them, as likely as they come in time for it.
    """
    absent = [at for at in expected if at > now - _MISSED_AFTER]
    clock, result = until_free(pace, room, now), {}
    share = 0.5 if policy is QueuePolicy.ALTERNATING else 1.0
    for ticket, service in waiting:
        before = [at for at in absent if _goes_before(at, ticket, policy)]
        result[ticket.visit_id] = round(_until_called(clock, before, (pace.typical + pace.change) * share, now))
        clock += pace.of(service) + pace.change
    return result


def _until_called(minutes: float, absent: Sequence[datetime], length: float, now: datetime) -> float:
    """``minutes`` for who is here already, and more for who comes meanwhile and goes before; who is called at once waits for nobody."""
    until = minutes
    for _round in range(_ROUNDS):
        until = minutes + length * sum(_comes_by(now + timedelta(minutes=until), at, now) for at in absent)
    return until


def _comes_by(then: datetime, booked: datetime, now: datetime) -> float:
    """How likely somebody who is not here now is here by then."""
    has_come, will_have = (min(max((at - booked + _EARLIEST) / (_EARLIEST + _LATEST), 0.0), 1.0) for at in (now, then))
    return _COMES * (will_have - has_come) / (1 - has_come) if has_come < 1 else 0.0


def _goes_before(booked: datetime, ticket: Ticket, policy: QueuePolicy) -> bool:
    if ticket.priority in (Priority.EMERGENCY, Priority.ELDERLY):
        return False
    if ticket.priority is Priority.NORMAL:
        return True
    return policy is not QueuePolicy.ARRIVAL and ticket.appointment_at is not None and booked < ticket.appointment_at
