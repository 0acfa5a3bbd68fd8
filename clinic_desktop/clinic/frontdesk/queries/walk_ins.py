"""Walk-ins as the calendar shows them: nobody booked a time for them, and they take the doctor's all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import QueueState, VisitStatus, VisitType
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.models import Service

_AWAITED = (VisitStatus.WAITING, VisitStatus.CALLED)
_SHORTEST = timedelta(minutes=5)
"""Who was in the room for less is still seen in the calendar."""


@dataclass(frozen=True, slots=True)
class WalkInRow:
    """A walk-in from when to when the doctor is at it; ``is_expected``: nobody has begun, and this is when it may be."""

    visit_id: UUID
    doctor_id: UUID
    patient_id: UUID
    patient_number: str
    patient_name: str
    patient_phone: str | None
    service_name: str
    status: VisitStatus
    day: date
    start: datetime
    end: datetime
    queue_number: int | None
    is_expected: bool


_WALK_INS: Select[*tuple[Any, ...]] = (
    select(
        *(Visit.id, Visit.doctor_id, Visit.patient_id, Visit.status, Visit.business_date),
        *(Visit.planned_at, Visit.start_time, Visit.end_time),
        *(Patient.patient_number, Patient.full_name, Patient.phone, Patient.merged_into_id),
        *(Service.name, Service.duration_minutes, QueueEntry.queue_number, QueueEntry.estimated_wait_minutes),
    )
    .join(Patient, Patient.id == Visit.patient_id)
    .join(Service, Service.id == Visit.service_id)
    .outerjoin(QueueEntry, (QueueEntry.visit_id == Visit.id) & (QueueEntry.state != QueueState.VOID))
    .order_by(Visit.planned_at, Visit.id)
)


def walk_ins(
    session: Session, *, clinic_id: UUID, first: date, count: int = 1, now: datetime, doctor_ids: Collection[UUID] | None = None
) -> list[WalkInRow]:
    """Those of ``count`` days whom a doctor has seen, sees or is to see, by time; who waits stands behind who came before.

    On a day that is over nobody is awaited any more, and nobody is in the room until now.
    """
    days = (first, first + timedelta(days=count - 1))
    wanted = _WALK_INS.where(Visit.clinic_id == clinic_id, Visit.business_date.between(*days), Visit.visit_type == VisitType.WALK_IN)
    if doctor_ids is not None:
        wanted = wanted.where(Visit.doctor_id.in_(doctor_ids))
    found, today = session.execute(wanted).all(), clinic_today(session, clinic_id, now)
    rows = [(_seen(row, now, is_over=row.business_date < today), row.merged_into_id) for row in found if row.start_time is not None]
    waiting = (row for row in found if row.start_time is None and row.status in _AWAITED)
    rows += _awaited((row for row in waiting if row.business_date >= today), now)
    return sorted(of_survivors(session, rows), key=lambda row: (row.start, row.visit_id))


def _seen(row: Row[Any], now: datetime, *, is_over: bool) -> WalkInRow:
    usual = row.start_time + timedelta(minutes=row.duration_minutes)
    is_in_room = row.status is VisitStatus.IN_PROGRESS and not is_over
    end = max(now, usual) if is_in_room else row.end_time or usual
    return _row(row, row.start_time, max(end, row.start_time + _SHORTEST), is_expected=False)


def _awaited(found: Iterable[Row[Any]], now: datetime) -> list[tuple[WalkInRow, UUID | None]]:
    """Each at the time that was foreseen on arrival, not before now, and one after the other with each doctor."""
    rows, until = [], dict[UUID, datetime]()
    for row in found:
        foreseen = row.planned_at + timedelta(minutes=row.estimated_wait_minutes or 0)
        start = max(foreseen, now, until.get(row.doctor_id, now))
        until[row.doctor_id] = start + timedelta(minutes=row.duration_minutes)
        rows.append((_row(row, start, until[row.doctor_id], is_expected=True), row.merged_into_id))
    return rows


def _row(row: Row[Any], start: datetime, end: datetime, *, is_expected: bool) -> WalkInRow:
    return WalkInRow(
        visit_id=row.id,
        doctor_id=row.doctor_id,
        patient_id=row.patient_id,
        patient_number=row.patient_number,
        patient_name=row.full_name,
        patient_phone=row.phone,
        service_name=row.name,
        status=row.status,
        day=row.business_date,
        start=start,
        end=end,
        queue_number=row.queue_number,
        is_expected=is_expected,
    )
