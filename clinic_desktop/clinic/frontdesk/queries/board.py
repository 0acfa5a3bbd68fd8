"""The day's lists: one statement each, served by an index in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.models import Appointment, QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import OPEN_VISITS, AppointmentStatus, Priority, QueueState, VisitStatus, VisitType
from clinic_desktop.clinic.frontdesk.waiting_room import turns
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.staff.models import Doctor, Service
from clinic_desktop.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit as every list of the day shows it."""

    visit_id: UUID
    clinic_id: UUID
    appointment_id: UUID | None
    booking_id: str | None
    patient_id: UUID
    patient_number: str
    patient_name: str
    patient_phone: str | None
    date_of_birth: date | None
    gender: Gender
    doctor_id: UUID
    doctor_name: str
    service_id: UUID
    service_name: str
    visit_type: VisitType
    status: VisitStatus
    appointment_status: AppointmentStatus | None
    business_date: date
    planned_at: datetime
    check_in_time: datetime | None
    start_time: datetime | None
    end_time: datetime | None
    queue_number: int | None
    priority: Priority | None
    room: str | None
    called_at: datetime | None
    call_count: int | None
    estimated_wait_minutes: int | None
    reason: str | None
    held_at: datetime | None
    hold_reason: str | None
    dob_is_estimated: bool
    allergies: str | None
    doctor_room: str | None
    series_id: UUID | None = None
    service_room: str | None = None
    """The room without a doctor in whose queue the patient stands."""


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """An appointment found by its booking number."""

    appointment_id: UUID
    booking_id: str
    visit_id: UUID
    status: AppointmentStatus
    visit_status: VisitStatus
    patient_id: UUID
    patient_name: str
    doctor_id: UUID
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class DayCounts:
    """How many patients stand where today."""

    expected: int
    waiting: int
    called: int
    in_room: int
    to_pay: int
    done: int
    cancelled: int
    no_show: int
    left: int


# Built once, in the order of VisitRow's fields; at the end where the patient's record was merged into.
_VISITS: Select[*tuple[Any, ...]] = (
    select(
        Visit.id.label("visit_id"),
        Visit.clinic_id,
        Visit.appointment_id,
        Appointment.booking_id,
        Visit.patient_id,
        Patient.patient_number,
        Patient.full_name.label("patient_name"),
        Patient.phone.label("patient_phone"),
        Patient.date_of_birth,
        Patient.gender,
        Visit.doctor_id,
        User.full_name.label("doctor_name"),
        Visit.service_id,
        Service.name.label("service_name"),
        Visit.visit_type,
        Visit.status,
        Appointment.status.label("appointment_status"),
        Visit.business_date,
        Visit.planned_at,
        Visit.check_in_time,
        Visit.start_time,
        Visit.end_time,
        QueueEntry.queue_number,
        QueueEntry.priority,
        QueueEntry.room,
        QueueEntry.called_at,
        QueueEntry.call_count,
        QueueEntry.estimated_wait_minutes,
        Appointment.reason,
        QueueEntry.held_at,
        QueueEntry.hold_reason,
        Patient.dob_is_estimated,
        Patient.allergies,
        Doctor.room.label("doctor_room"),
        Appointment.series_id,
        QueueEntry.service_room,
        Patient.merged_into_id,
    )
    .join(Patient, Patient.id == Visit.patient_id)
    .join(Doctor, Doctor.id == Visit.doctor_id)
    .join(User, User.id == Doctor.user_id)
    .join(Service, Service.id == Visit.service_id)
    .outerjoin(Appointment, Appointment.id == Visit.appointment_id)
    .outerjoin(QueueEntry, (QueueEntry.visit_id == Visit.id) & (QueueEntry.state != QueueState.VOID))
)


def _of_day(clinic_id: UUID, day: date) -> Select[*tuple[Any, ...]]:
    return _VISITS.where(Visit.clinic_id == clinic_id, Visit.business_date == day)


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[VisitRow]:
    return of_survivors(session, [(VisitRow(*values), into) for *values, into in session.execute(statement)])


def rows_of_day(session: Session, *conditions: ColumnElement[bool], clinic_id: UUID, day: date) -> list[VisitRow]:
    """The visits of a day that meet some conditions, in no order."""
    return _rows(session, _of_day(clinic_id, day).where(*conditions))


def day_board(session: Session, *, clinic_id: UUID, day: date) -> list[VisitRow]:
    """Everyone of a day, by planned time: appointments and walk-ins, whatever their status."""
    return _rows(session, _of_day(clinic_id, day).order_by(Visit.planned_at, Visit.id))


def todays_appointments(session: Session, *, clinic_id: UUID, day: date, doctor_id: UUID | None = None) -> list[VisitRow]:
    """The day's appointments by time, cancelled and missed ones left out."""
    statement = _of_day(clinic_id, day).where(Visit.visit_type == VisitType.SCHEDULED, Visit.status != VisitStatus.CANCELLED)
    if doctor_id is not None:
        statement = statement.where(Visit.doctor_id == doctor_id)
    return _rows(session, statement.order_by(Visit.planned_at, Visit.id))


def waiting(
    session: Session,
    *,
    clinic_id: UUID,
    doctor_id: UUID | None = None,
    doctor_ids: Collection[UUID] = (),
    day: date,
    now: datetime | None = None,
) -> list[VisitRow]:
    """Who waits for a doctor, for the doctors of a room, or for anyone, in call order, each with the present estimate of the wait."""
    in_turn = turns(session, clinic_id=clinic_id, day=day, doctor_id=doctor_id, doctor_ids=doctor_ids, now=now)
    if not in_turn:
        return []
    known = {row.visit_id: row for row in _rows(session, _of_day(clinic_id, day).where(Visit.status == VisitStatus.WAITING))}
    return [replace(known[turn.visit_id], estimated_wait_minutes=turn.wait_minutes) for turn in in_turn if turn.visit_id in known]


def on_hold(session: Session, *, clinic_id: UUID, doctor_id: UUID | None = None, day: date) -> list[VisitRow]:
    """Who waits and is not called for the moment, the longest first."""
    statement = _of_day(clinic_id, day).where(Visit.status == VisitStatus.WAITING, QueueEntry.held_at.is_not(None))
    if doctor_id is not None:
        statement = statement.where(Visit.doctor_id == doctor_id)
    return _rows(session, statement.order_by(QueueEntry.held_at, Visit.id))


def visits_of_day(session: Session, *, clinic_id: UUID, day: date, patient_id: UUID) -> list[VisitRow]:
    """What one patient comes for on a day, by time."""
    own = Visit.patient_id.in_(person_ids(session, patient_id))
    return _rows(session, _of_day(clinic_id, day).where(own).order_by(Visit.planned_at, Visit.id))


def left_open(session: Session, *, clinic_id: UUID, day: date) -> list[VisitRow]:
    """Everyone up to a day who still stands in the queue or in a room, by day and time: what closing the queue is about."""
    statement = _VISITS.where(Visit.clinic_id == clinic_id, Visit.business_date <= day, Visit.status.in_(OPEN_VISITS))
    return _rows(session, statement.order_by(Visit.business_date, Visit.planned_at, Visit.id))


def in_room(session: Session, *, clinic_id: UUID, doctor_id: UUID | None = None, day: date) -> list[VisitRow]:
    """Who was called or is with a doctor, the latest call first."""
    statement = _of_day(clinic_id, day).where(Visit.status.in_((VisitStatus.CALLED, VisitStatus.IN_PROGRESS)))
    if doctor_id is not None:
        statement = statement.where(Visit.doctor_id == doctor_id)
    return _rows(session, statement.order_by(QueueEntry.called_at.desc(), Visit.id))


def to_pay(session: Session, *, clinic_id: UUID, day: date) -> list[VisitRow]:
    """Who was seen and has not paid, the longest waiting first."""
    statement = _of_day(clinic_id, day).where(Visit.status == VisitStatus.PENDING_PAYMENT)
    return _rows(session, statement.order_by(Visit.end_time, Visit.id))


def visit(session: Session, visit_id: UUID) -> VisitRow:
    """One visit; raises NotFound."""
    found = _rows(session, _VISITS.where(Visit.id == visit_id))
    if not found:
        raise NotFound(entity="visits", key=str(visit_id))
    return found[0]


def visits_of_patient(session: Session, *, patient_id: UUID, limit: int = 50) -> list[VisitRow]:
    """A patient's visits, the latest day first."""
    statement = _VISITS.where(Visit.patient_id.in_(person_ids(session, patient_id))).order_by(Visit.business_date.desc(), Visit.id.desc())
    return _rows(session, statement.limit(limit))


def appointment_by_booking_id(session: Session, booking_id: str) -> AppointmentRow | None:
    """The appointment of a scanned or typed booking number, or None."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Appointment.id,
            Appointment.booking_id,
            Visit.id.label("visit_id"),
            Appointment.status,
            Visit.status.label("visit_status"),
            Appointment.patient_id,
            Patient.full_name,
            Appointment.doctor_id,
            Appointment.start_time,
            Appointment.end_time,
            Patient.merged_into_id,
        )
        .join(Visit, Visit.appointment_id == Appointment.id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .where(Appointment.booking_id == booking_id.strip().upper())
    )
    rows = of_survivors(session, [(AppointmentRow(*values), into) for *values, into in session.execute(statement)])
    return rows[0] if rows else None


def late_count(session: Session, *, clinic_id: UUID, day: date, before: datetime) -> int:
    """How many were expected before a time of the day and are not here."""
    wanted = select(func.count()).select_from(Visit).where(Visit.clinic_id == clinic_id, Visit.business_date == day)
    return session.scalar(wanted.where(Visit.status == VisitStatus.SCHEDULED, Visit.planned_at < before)) or 0


def home_counts(session: Session, *, clinic_id: UUID, day: date) -> DayCounts:
    """How many patients stand where, in one statement."""
    statement = (
        select(Visit.status, Appointment.status, func.count())
        .outerjoin(Appointment, Appointment.id == Visit.appointment_id)
        .where(Visit.clinic_id == clinic_id, Visit.business_date == day)
        .group_by(Visit.status, Appointment.status)
    )
    by_visit: Counter[VisitStatus] = Counter()
    missed = 0
    for status, appointment, number in session.execute(statement):
        by_visit[status] += number
        missed += number if appointment is AppointmentStatus.NO_SHOW else 0
    return DayCounts(
        expected=by_visit[VisitStatus.SCHEDULED],
        waiting=by_visit[VisitStatus.WAITING],
        called=by_visit[VisitStatus.CALLED],
        in_room=by_visit[VisitStatus.IN_PROGRESS],
        to_pay=by_visit[VisitStatus.PENDING_PAYMENT],
        done=by_visit[VisitStatus.COMPLETED],
        cancelled=by_visit[VisitStatus.CANCELLED] - missed,
        no_show=missed,
        left=by_visit[VisitStatus.LEFT],
    )
