"""When doctors work: weekly hours, leave and slots added by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.staff.models import Doctor, DoctorLeave, DoctorSchedule, TimeSlot
from clinic_desktop.clinic.staff.queries.doctors import DoctorRow, doctors
from clinic_desktop.clinic.staff.rules import LeaveStatus


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """Weekly hours in the clinic's wall time; weekday 0 is Monday; ``room`` is ``own_room``, else the doctor's usual one."""

    id: UUID
    doctor_id: UUID
    clinic_id: UUID
    weekday: int
    start: time
    end: time
    slot_minutes: int
    max_patients: int
    room: str | None
    own_room: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A leave; without times it takes whole days, both ends counted."""

    id: UUID
    doctor_id: UUID
    doctor_name: str
    first_day: date
    last_day: date
    start: time | None
    end: time | None
    reason: str | None
    status: LeaveStatus
    requested_by: str | None
    decided_by: str | None
    decision_note: str | None


@dataclass(frozen=True, slots=True)
class TimeSlotRow:
    """A slot added by hand, in the clinic's wall time."""

    id: UUID
    doctor_id: UUID
    clinic_id: UUID
    day: date
    start: time
    end: time
    capacity: int
    room: str | None


@dataclass(frozen=True, slots=True)
class DoctorDayRow:
    """A doctor with his hours at a clinic on one day, leave and holidays not yet taken off."""

    doctor: DoctorRow
    room: str | None
    hours: tuple[tuple[time, time], ...]


# In the order of ScheduleRow's fields.
_HOURS: Select[*tuple[Any, ...]] = (
    select(
        *(DoctorSchedule.id, DoctorSchedule.doctor_id, DoctorSchedule.clinic_id, DoctorSchedule.weekday),
        *(DoctorSchedule.start_time, DoctorSchedule.end_time, DoctorSchedule.slot_minutes, DoctorSchedule.max_patients),
        *(func.coalesce(func.nullif(DoctorSchedule.room, ""), Doctor.room), DoctorSchedule.room),
        *(DoctorSchedule.valid_from, DoctorSchedule.valid_to),
    )
    .join(Doctor, Doctor.id == DoctorSchedule.doctor_id)
    .where(DoctorSchedule.is_active, Doctor.is_active)
)


def schedules(
    session: Session, *, clinic_id: UUID | None = None, doctor_id: UUID | None = None, on: date | None = None
) -> list[ScheduleRow]:
    """Weekly hours in force by weekday and time: of a clinic, a doctor, and those that apply on one day."""
    wanted = _HOURS
    if clinic_id is not None:
        wanted = wanted.where(DoctorSchedule.clinic_id == clinic_id)
    if doctor_id is not None:
        wanted = wanted.where(DoctorSchedule.doctor_id == doctor_id)
    if on is not None:
        open_ended = or_(DoctorSchedule.valid_to.is_(None), DoctorSchedule.valid_to >= on)
        wanted = wanted.where(DoctorSchedule.weekday == on.weekday(), DoctorSchedule.valid_from <= on, open_ended)
    ordered = wanted.order_by(DoctorSchedule.weekday, DoctorSchedule.start_time, DoctorSchedule.id)
    return [ScheduleRow(*row) for row in session.execute(ordered)]


def doctors_on(session: Session, *, clinic_id: UUID, day: date) -> list[DoctorDayRow]:
    """The doctors of a clinic by name, each with room and hours of one day (no hours: not in by schedule)."""
    hours: dict[UUID, list[ScheduleRow]] = {}
    for row in schedules(session, clinic_id=clinic_id, on=day):
        hours.setdefault(row.doctor_id, []).append(row)
    rows = []
    for one in doctors(session, clinic_id):
        spans = hours.get(one.id, [])
        rows.append(DoctorDayRow(one, spans[0].room if spans else one.room, tuple((s.start, s.end) for s in spans)))
    return rows


def approved_leaves(session: Session, *, first: date, last: date, doctor_id: UUID | None = None) -> list[LeaveRow]:
    """Approved leave that touches a span of days (both counted)."""
    return leaves(session, status=LeaveStatus.APPROVED, first=first, last=last, doctor_id=doctor_id)


_ASKED, _DECIDED = aliased(User), aliased(User)
_LEAVES = (
    select(DoctorLeave, User.full_name, _ASKED.full_name, _DECIDED.full_name)
    .join(Doctor, Doctor.id == DoctorLeave.doctor_id)
    .join(User, User.id == Doctor.user_id)
    .outerjoin(_ASKED, _ASKED.id == DoctorLeave.requested_by_id)
    .outerjoin(_DECIDED, _DECIDED.id == DoctorLeave.decided_by_id)
    .order_by(DoctorLeave.first_day, DoctorLeave.id)
)


def leaves(
    session: Session,
    *,
    status: LeaveStatus | None = None,
    first: date | None = None,
    last: date | None = None,
    doctor_id: UUID | None = None,
) -> list[LeaveRow]:
    """Leaves by first day."""
    wanted = _LEAVES
    if status is not None:
        wanted = wanted.where(DoctorLeave.status == status)
    if first is not None:
        wanted = wanted.where(DoctorLeave.last_day >= first)
    if last is not None:
        wanted = wanted.where(DoctorLeave.first_day <= last)
    if doctor_id is not None:
        wanted = wanted.where(DoctorLeave.doctor_id == doctor_id)
    return [_leave_row(*found) for found in session.execute(wanted)]


def _leave_row(row: DoctorLeave, doctor: str, requested_by: str | None, decided_by: str | None) -> LeaveRow:
    return LeaveRow(
        id=row.id,
        doctor_id=row.doctor_id,
        doctor_name=doctor,
        first_day=row.first_day,
        last_day=row.last_day,
        start=row.start_time,
        end=row.end_time,
        reason=row.reason,
        status=row.status,
        requested_by=requested_by,
        decided_by=decided_by,
        decision_note=row.decision_note,
    )


def time_slots(session: Session, *, clinic_id: UUID, first: date, last: date, doctor_id: UUID | None = None) -> list[TimeSlotRow]:
    """Available slots that were added by hand, between two days (both counted)."""
    wanted = select(TimeSlot).where(TimeSlot.clinic_id == clinic_id, TimeSlot.slot_date.between(first, last), TimeSlot.is_available)
    if doctor_id is not None:
        wanted = wanted.where(TimeSlot.doctor_id == doctor_id)
    return [
        TimeSlotRow(s.id, s.doctor_id, s.clinic_id, s.slot_date, s.start_time, s.end_time, s.capacity, s.room)
        for s in session.scalars(wanted.order_by(TimeSlot.slot_date, TimeSlot.start_time, TimeSlot.id))
    ]
