"""Today's queue as the tables have it: its tickets in call order, and how long consultations take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, union_all
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    RECENT,
    NumberAt,
    QueuePolicy,
    QueueState,
    Ticket,
    VisitStatus,
    VisitType,
    call_order,
    typical_minutes,
    wait_minutes,
)
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.staff.models import DoctorSchedule
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

NUMBER_AT = setting("queue.number_at", NumberAt.BOOKING, Scope.CLINIC, N_("When a booked patient gets the queue number"))
QUEUE_POLICY = setting("queue.policy", QueuePolicy.APPOINTMENT, Scope.CLINIC, N_("Call order within one priority"))
SKIP_BEHIND = setting("queue.skip_behind", 3, Scope.CLINIC, N_("Patients called before a skipped one is called again"), high=50)
ELDERLY_FROM = setting("queue.elderly_from", 65, Scope.CLINIC, N_("Age from which a patient is called earlier"), low=1, high=120)

_FALLBACK_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Present:
    """A patient who arrived today, with the ticket that the call order sees."""

    doctor_id: UUID
    status: VisitStatus
    started_at: datetime | None
    ticket: Ticket


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
    )
    .join(QueueEntry, (QueueEntry.visit_id == Visit.id) & (QueueEntry.state != QueueState.VOID))
    .where(Visit.check_in_time.is_not(None))
)


def present(session: Session, *, clinic_id: UUID, day: date, doctor_id: UUID | None = None) -> list[Present]:
    """Everyone who arrived on a day, also those already called: the call order depends on them."""
    wanted = _PRESENT.where(Visit.clinic_id == clinic_id, Visit.business_date == day)
    found = session.execute(wanted if doctor_id is None else wanted.where(Visit.doctor_id == doctor_id))
    return [Present(row.doctor_id, row.status, row.start_time, _ticket(row)) for row in found]


def _ticket(row: Row[*tuple[Any, ...]]) -> Ticket:
    return Ticket(
        visit_id=row.id,
        queue_number=row.queue_number,
        priority=row.priority,
        arrived_at=row.check_in_time,
        appointment_at=row.planned_at if row.visit_type is VisitType.SCHEDULED else None,
        is_waiting=row.status is VisitStatus.WAITING and row.held_at is None,
        called_at=row.called_at,
        skipped_at=row.skipped_at,
    )


def in_call_order(session: Session, people: Iterable[Present], *, clinic_id: UUID) -> list[Ticket]:
    """The waiting ones in the order in which the clinic's settings call them."""
    policy = setting_value(session, QUEUE_POLICY, clinic_id=clinic_id)
    behind = setting_value(session, SKIP_BEHIND, clinic_id=clinic_id)
    return call_order([one.ticket for one in people], policy, behind)


def turns(session: Session, *, clinic_id: UUID, day: date, doctor_id: UUID | None = None, now: datetime | None = None) -> list[Turn]:
    """Who waits, in call order, each with the estimated wait at that doctor's pace."""
    people = present(session, clinic_id=clinic_id, day=day, doctor_id=doctor_id)
    order = in_call_order(session, people, clinic_id=clinic_id)
    doctor_of = {one.ticket.visit_id: one.doctor_id for one in people}
    pace = paces(session, {doctor_of[ticket.visit_id] for ticket in order}, clinic_id=clinic_id, day=day)
    in_room = {one.doctor_id: one.started_at for one in people if one.status is VisitStatus.IN_PROGRESS}
    ahead: dict[UUID, int] = defaultdict(int)
    result = []
    for position, ticket in enumerate(order, start=1):
        doctor = doctor_of[ticket.visit_id]
        since = in_room.get(doctor)
        minutes = wait_minutes(ahead[doctor], pace[doctor], since, now or since or ticket.arrived_at)
        result.append(Turn(ticket.visit_id, doctor, position, minutes))
        ahead[doctor] += 1
    return result


def paces(session: Session, doctor_ids: Collection[UUID], *, clinic_id: UUID, day: date) -> dict[UUID, int]:
    """Minutes of a typical consultation of each doctor: from the last ones that ended, else the slot length."""
    if not doctor_ids:
        return {}
    recent: dict[UUID, list[timedelta]] = {doctor_id: [] for doctor_id in doctor_ids}
    for row in session.execute(union_all(*(_recent(doctor_id) for doctor_id in sorted(doctor_ids)))):
        recent[row.doctor_id].append(row.end_time - row.start_time)
    unknown = [doctor_id for doctor_id, durations in recent.items() if not durations]
    slots = _slot_minutes(session, unknown, clinic_id=clinic_id, day=day) if unknown else {}
    return {doctor_id: typical_minutes(found, slots.get(doctor_id, _FALLBACK_MINUTES)) for doctor_id, found in recent.items()}


def _recent(doctor_id: UUID) -> Select[UUID, datetime, datetime]:
    last = (
        select(Visit.doctor_id, Visit.start_time, Visit.end_time)
        .where(Visit.doctor_id == doctor_id, Visit.end_time.is_not(None))
        .order_by(Visit.end_time.desc())
        .limit(RECENT)
        .subquery()
    )
    return select(last.c.doctor_id, last.c.start_time, last.c.end_time)


def _slot_minutes(session: Session, doctor_ids: list[UUID], *, clinic_id: UUID, day: date) -> dict[UUID, int]:
    statement = (
        select(DoctorSchedule.doctor_id, func.min(DoctorSchedule.slot_minutes))
        .where(
            DoctorSchedule.doctor_id.in_(doctor_ids),
            DoctorSchedule.clinic_id == clinic_id,
            DoctorSchedule.weekday == day.weekday(),
            DoctorSchedule.is_active,
        )
        .group_by(DoctorSchedule.doctor_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
