"""Today's queue as the tables have it: its tickets in call order, and how long consultations take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select, union_all
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    RECENT,
    Doctors,
    NumberAt,
    Pace,
    QueuePolicy,
    QueueState,
    Seen,
    Ticket,
    VisitStatus,
    VisitType,
    call_order,
    forecast,
    pace_of,
    room_order,
    service_rooms,
)
from clinic_desktop.clinic.frontdesk.waiting_models import DoctorDelay
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.staff.models import DoctorSchedule
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

NUMBER_AT = setting("queue.number_at", NumberAt.BOOKING, Scope.CLINIC, N_("When a booked patient gets the queue number"))
QUEUE_POLICY = setting("queue.policy", QueuePolicy.APPOINTMENT, Scope.CLINIC, N_("Call order within one priority"))
SKIP_BEHIND = setting("queue.skip_behind", 3, Scope.CLINIC, N_("Patients called before a skipped one is called again"), high=50)
ELDERLY_FROM = setting("queue.elderly_from", 65, Scope.CLINIC, N_("Age from which a patient is called earlier"), low=1, high=120)
SERVICE_ROOMS = setting(
    "queue.service_rooms",
    "",
    Scope.CLINIC,
    N_("Rooms without a doctor to which patients are sent, such as Measuring, ECG"),
    help=N_("Each has a queue of its own; from there the patient goes back into the doctor's."),
    check=lambda value: service_rooms(value),
)

_FALLBACK_MINUTES = 15
_STILL_THERE = timedelta(minutes=30)
"""After the last consultation began, outside the hours: a doctor with a patient or between two."""


@dataclass(frozen=True, slots=True)
class Present:
    """A patient who arrived today, with the ticket that the call order sees."""

    doctor_id: UUID
    service_id: UUID
    status: VisitStatus
    started_at: datetime | None
    ticket: Ticket
    service_room: str | None = None
    """The room without a doctor to which the patient was sent."""


@dataclass(frozen=True, slots=True)
class Working:
    """A session of a doctor's day, and how long its slots are."""

    doctor_id: UUID
    start: datetime
    end: datetime
    slot_minutes: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A waiting patient: place in the call order from 1, and estimated wait."""

    visit_id: UUID
    doctor_id: UUID
    position: int
    wait_minutes: int


_PRESENT = (
    select(
        Visit.id,
        Visit.doctor_id,
        Visit.service_id,
        Visit.status,
        Visit.visit_type,
        Visit.planned_at,
        Visit.check_in_time,
        Visit.start_time,
        QueueEntry.queue_number,
        QueueEntry.priority,
        QueueEntry.called_at,
        QueueEntry.skipped_at,
        QueueEntry.held_at,
        QueueEntry.service_room,
        QueueEntry.sent_at,
    )
    .join(QueueEntry, (QueueEntry.visit_id == Visit.id) & (QueueEntry.state != QueueState.VOID))
    .where(Visit.check_in_time.is_not(None))
)


def present(
    session: Session, *, clinic_id: UUID, day: date, doctor_id: UUID | None = None, doctor_ids: Collection[UUID] = ()
) -> list[Present]:
    """Everyone who arrived on a day, also those already called: the call order depends on them."""
    wanted = _PRESENT.where(Visit.clinic_id == clinic_id, Visit.business_date == day)
    wanted_ids = [*doctor_ids, *([doctor_id] if doctor_id is not None else [])]
    found = session.execute(wanted.where(Visit.doctor_id.in_(wanted_ids)) if wanted_ids else wanted)
    return [Present(row.doctor_id, row.service_id, row.status, row.start_time, _ticket(row), row.service_room) for row in found]


def _ticket(row: Row[*tuple[Any, ...]]) -> Ticket:
    return Ticket(
        visit_id=row.id,
        queue_number=row.queue_number,
        priority=row.priority,
        arrived_at=row.check_in_time,
        appointment_at=row.planned_at if row.visit_type is VisitType.SCHEDULED else None,
        is_waiting=row.status is VisitStatus.WAITING and row.held_at is None and row.service_room is None,
        called_at=row.called_at if row.service_room is None else None,  # such a call is not the doctor's
        skipped_at=row.skipped_at,
    )


def in_room_order(session: Session, *, clinic_id: UUID, day: date, room: str | None = None) -> list[tuple[str, Ticket]]:
    """Who waits for a room without a doctor, or for any of them room by room, in the order in which each calls them."""
    sent = _PRESENT.where(Visit.clinic_id == clinic_id, Visit.business_date == day, QueueEntry.service_room.is_not(None))
    queues: dict[str, list[Ticket]] = defaultdict(list)
    for row in session.execute(sent if room is None else sent.where(QueueEntry.service_room == room)):
        ticket = replace(_ticket(row), arrived_at=row.sent_at, appointment_at=None, called_at=row.called_at)
        queues[row.service_room].append(replace(ticket, is_waiting=row.status is VisitStatus.WAITING and row.held_at is None))
    behind = setting_value(session, SKIP_BEHIND, clinic_id=clinic_id)
    return [(name, ticket) for name in sorted(queues) for ticket in room_order(queues[name], behind)]


def in_call_order(session: Session, people: Iterable[Present], *, clinic_id: UUID) -> list[Ticket]:
    """The waiting ones in the order in which the clinic's settings call them."""
    policy = setting_value(session, QUEUE_POLICY, clinic_id=clinic_id)
    behind = setting_value(session, SKIP_BEHIND, clinic_id=clinic_id)
    return call_order([one.ticket for one in people], policy, behind)


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many are called before a waiting patient by the same doctor."""

    doctor_id: UUID
    before: int
    arrived_at: datetime
    queue_number: int


def ahead_of(session: Session, *, clinic_id: UUID, day: date, doctor_id: UUID | None = None) -> dict[UUID, Ahead]:
    """Everybody who waits on a day, by visit, with how many are before."""
    queues: dict[UUID, list[Present]] = defaultdict(list)
    for one in present(session, clinic_id=clinic_id, day=day, doctor_id=doctor_id):
        queues[one.doctor_id].append(one)
    return {
        ticket.visit_id: Ahead(doctor, before, ticket.arrived_at, ticket.queue_number)
        for doctor, people in queues.items()
        for before, ticket in enumerate(in_call_order(session, people, clinic_id=clinic_id))
    }


def turns(
    session: Session,
    *,
    clinic_id: UUID,
    day: date,
    doctor_id: UUID | None = None,
    doctor_ids: Collection[UUID] = (),
    now: datetime | None = None,
) -> list[Turn]:
    """Who waits, in call order, each with the estimated wait at that doctor's pace."""
    people = present(session, clinic_id=clinic_id, day=day, doctor_id=doctor_id, doctor_ids=doctor_ids)
    order = in_call_order(session, people, clinic_id=clinic_id)
    if not order:
        return []
    by_visit = {one.ticket.visit_id: one for one in people}
    queues: dict[UUID, list[tuple[Ticket, UUID]]] = defaultdict(list)
    for ticket in order:
        queues[by_visit[ticket.visit_id].doctor_id].append((ticket, by_visit[ticket.visit_id].service_id))
    at = now or max(one.ticket.called_at or one.ticket.arrived_at for one in people)
    minutes: dict[UUID, int] = {}
    policy = setting_value(session, QUEUE_POLICY, clinic_id=clinic_id)
    hours = working(session, queues, clinic_id=clinic_id, day=day)
    pace, expected, begins = paces(session, queues, hours=hours), _expected(session, clinic_id, day), beginnings(hours, at)
    late = late_until(session, clinic_id=clinic_id, day=day)
    for doctor, tickets in queues.items():
        room = _room([one for one in people if one.doctor_id == doctor], begins.get(doctor), at)
        if doctor in late:
            room = replace(room, begins=max(late[doctor], room.begins or late[doctor]))
        minutes |= forecast(tickets, expected[doctor], pace[doctor], room, policy=policy, now=at)
    return [
        Turn(ticket.visit_id, by_visit[ticket.visit_id].doctor_id, position, minutes[ticket.visit_id])
        for position, ticket in enumerate(order, start=1)
    ]


def _room(people: Iterable[Present], begins: datetime | None, now: datetime) -> Doctors:
    there = list(people)
    inside = tuple(
        (one.service_id, one.started_at) for one in there if one.status is VisitStatus.IN_PROGRESS and one.started_at is not None
    )
    called = tuple(one.service_id for one in there if one.status is VisitStatus.CALLED and one.service_room is None)
    # Before hours, or still there after them; who was seen this morning says nothing of this afternoon.
    is_there = inside or called or any(one.started_at is not None and one.started_at > now - _STILL_THERE for one in there)
    return Doctors(inside, called, None if is_there else begins)


def _expected(session: Session, clinic_id: UUID, day: date) -> dict[UUID, list[datetime]]:
    """The times of booked patients who have not come, by doctor."""
    wanted = select(Visit.doctor_id, Visit.planned_at).where(
        Visit.clinic_id == clinic_id, Visit.business_date == day, Visit.status == VisitStatus.SCHEDULED
    )
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for doctor, at in session.execute(wanted):
        found[doctor].append(at)
    return found


def beginnings(hours: Iterable[Working], now: datetime) -> dict[UUID, datetime]:
    """When each doctor who is between two sessions, or before the first, comes; the others are there, or gone for the day."""
    coming: dict[UUID, datetime] = {}
    there: set[UUID] = set()
    for one in hours:
        if one.start <= now <= one.end:
            there.add(one.doctor_id)
        elif now < one.start:
            coming[one.doctor_id] = min(one.start, coming.get(one.doctor_id, one.start))
    return {doctor: at for doctor, at in coming.items() if doctor not in there}


def working(session: Session, doctor_ids: Collection[UUID], *, clinic_id: UUID, day: date) -> list[Working]:
    """The sessions of some doctors at a clinic on a day, as instants."""
    wanted = (
        select(DoctorSchedule.doctor_id, DoctorSchedule.start_time, DoctorSchedule.end_time, DoctorSchedule.slot_minutes, Clinic.timezone)
        .join(Clinic, Clinic.id == DoctorSchedule.clinic_id)
        .where(
            DoctorSchedule.doctor_id.in_(list(doctor_ids)),
            DoctorSchedule.clinic_id == clinic_id,
            DoctorSchedule.weekday == day.weekday(),
            DoctorSchedule.is_active,
        )
    )
    found = []
    for doctor, start, end, slot, zone in session.execute(wanted):
        first, last = (datetime.combine(day, wall, ZoneInfo(zone)) for wall in (start, end))
        found.append(Working(doctor, first, last, slot))
    return found


def late_until(session: Session, *, clinic_id: UUID, day: date) -> dict[UUID, datetime]:
    """Until when the doctors who run late on a day will call nobody."""
    late = (DoctorDelay.clinic_id == clinic_id, DoctorDelay.business_date == day, DoctorDelay.minutes > 0)
    return {row.doctor_id: row.late_until for row in session.execute(select(DoctorDelay.doctor_id, DoctorDelay.late_until).where(*late))}


def paces(session: Session, doctor_ids: Collection[UUID], *, hours: Iterable[Working] = ()) -> dict[UUID, Pace]:
    """How fast each doctor works: from the last consultations that ended, else the slot length."""
    if not doctor_ids:
        return {}
    recent: dict[UUID, list[Seen]] = {doctor_id: [] for doctor_id in doctor_ids}
    for row in session.execute(union_all(*(_recent(doctor_id) for doctor_id in sorted(doctor_ids)))):
        recent[row.doctor_id].append(Seen(row.service_id, row.check_in_time or row.start_time, row.start_time, row.end_time))
    slots: dict[UUID, int] = {}
    for one in hours:
        slots[one.doctor_id] = min(one.slot_minutes, slots.get(one.doctor_id, one.slot_minutes))
    return {doctor_id: pace_of(seen, slots.get(doctor_id, _FALLBACK_MINUTES)) for doctor_id, seen in recent.items()}


def _recent(doctor_id: UUID) -> Select[*tuple[Any, ...]]:
    last = (
        select(Visit.doctor_id, Visit.service_id, Visit.check_in_time, Visit.start_time, Visit.end_time)
        .where(Visit.doctor_id == doctor_id, Visit.end_time.is_not(None))
        .order_by(Visit.end_time.desc())
        .limit(RECENT)
        .subquery()
    )
    return select(last.c.doctor_id, last.c.service_id, last.c.check_in_time, last.c.start_time, last.c.end_time)
