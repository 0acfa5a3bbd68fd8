"""A doctor's day as the tables have it: hours, absences, added slots and what is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Row, Select, Text, Uuid, bindparam, func, literal_column, null, select, union_all
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import Appointment, AppointmentService
from clinic_desktop.clinic.frontdesk.rules import FREED, Added, Hours, Slot, Span, Taken, day_slots
from clinic_desktop.clinic.organisation.models import Holiday
from clinic_desktop.clinic.organisation.queries import clinic_place
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.staff.models import DoctorLeave, DoctorSchedule, Service, TimeSlot
from clinic_desktop.clinic.staff.rules import LeaveStatus
from clinic_desktop.kernel.clock import day_bounds, local_instant
from clinic_desktop.kernel.tables import UtcDateTime, id_parameter

LONGEST = timedelta(hours=24)
"""No appointment is longer (guards.py), so older starts need not be looked at."""
_SERVICES_TAKE = (
    select(func.sum(Service.duration_minutes))
    .join(AppointmentService, AppointmentService.service_id == Service.id)
    .where(AppointmentService.appointment_id == Appointment.id)
    .correlate(Appointment)
    .scalar_subquery()
)
PLANNED_MINUTES = func.coalesce(Appointment.length_minutes, _SERVICES_TAKE, 0)
"""How long an appointment stays wherever it is moved to: what a person gave it, else all of its services one after the other."""
_PLANNED_MINUTES = select(PLANNED_MINUTES).where(Appointment.id == id_parameter("appointment_id"))


@dataclass(frozen=True, slots=True)
class DoctorDay:
    """Everything that decides which slots a doctor has on one day."""

    day: date
    timezone: str
    slots: tuple[Slot, ...]
    leaves: tuple[Span, ...]
    is_holiday: bool
    added_ids: dict[datetime, UUID]
    slot_minutes: int | None
    rooms: tuple[tuple[Span, str], ...] = ()

    def room_at(self, start: datetime) -> str | None:
        """The room that an added slot or the hours name at an instant; None: the doctor's usual one."""
        return next((room for span, room in self.rooms if span.start <= start < span.end), None)

    def closed(self) -> str | None:
        """Why the day has no slots: holiday, leave or no_hours; None when it has some."""
        if self.slots:
            return None
        return "holiday" if self.is_holiday else "leave" if self.leaves else "no_hours"


def clinic_timezone(session: Session, clinic_id: UUID) -> str:
    """The zone in which the clinic's wall times are meant."""
    return clinic_place(session, clinic_id).timezone


def doctor_day(session: Session, *, clinic_id: UUID, doctor_id: UUID, day: date, timezone: str) -> DoctorDay:
    """Read hours, leaves, added slots and holidays of one day in one statement, and work out the slots."""
    found = session.execute(_DAY_STATEMENT, {"doctor_id": doctor_id, "clinic_id": clinic_id, "day": day, "weekday": day.weekday()}).all()
    bounds = Span(*day_bounds(day, timezone))
    hours = [Hours(row.start_time, row.end_time, row.number, row.capacity) for row in found if row.what == "HOURS"]
    leaves = tuple(_span(row, day, timezone, bounds) for row in found if row.what == "LEAVE")
    added = [row for row in found if row.what == "ADDED"]
    is_holiday = any(row.what == "HOLIDAY" for row in found)
    extra = [Added(_span(row, day, timezone, bounds), row.capacity) for row in added]
    absences = (*leaves, bounds) if is_holiday else leaves
    return DoctorDay(
        day=day,
        timezone=timezone,
        slots=tuple(day_slots(hours, absences, extra, day, timezone)),
        leaves=leaves,
        is_holiday=is_holiday,
        added_ids={local_instant(day, row.start_time, timezone): row.id for row in added},
        slot_minutes=min((one.slot_minutes for one in hours), default=None),
        rooms=tuple((_span(row, day, timezone, bounds), row.room) for row in _added_first(found) if row.room),
    )


def _added_first(found: Sequence[Row[Any]]) -> list[Row[Any]]:
    return sorted((row for row in found if row.what in ("ADDED", "HOURS")), key=lambda row: str(row.what))


def _span(row: Row[Any], day: date, timezone: str, bounds: Span) -> Span:
    start, end = row.start_time, row.end_time
    return Span(_wall(start, day, timezone, bounds.start), _wall(end, day, timezone, bounds.end))


def _wall(wall_time: time | None, day: date, timezone: str, otherwise: datetime) -> datetime:
    return otherwise if wall_time is None else local_instant(day, wall_time, timezone)


# Built once: booking runs these every time, and putting a statement together costs more than running it.
_DOCTOR, _CLINIC, _DAY = id_parameter("doctor_id"), id_parameter("clinic_id"), bindparam("day", type_=Date())
_NOTHING = literal_column("0", Integer())


def _hours() -> Select[*tuple[Any, ...]]:
    return select(
        DoctorSchedule.id,
        literal_column("'HOURS'", Text()).label("what"),
        DoctorSchedule.start_time,
        DoctorSchedule.end_time,
        DoctorSchedule.slot_minutes.label("number"),
        DoctorSchedule.max_patients.label("capacity"),
        DoctorSchedule.room,
    ).where(
        DoctorSchedule.doctor_id == _DOCTOR,
        DoctorSchedule.clinic_id == _CLINIC,
        DoctorSchedule.weekday == bindparam("weekday", type_=Integer()),
        DoctorSchedule.is_active,
        DoctorSchedule.valid_from <= _DAY,
        DoctorSchedule.valid_to.is_(None) | (DoctorSchedule.valid_to >= _DAY),
    )


def _added() -> Select[*tuple[Any, ...]]:
    what = literal_column("'ADDED'", Text())
    return select(TimeSlot.id, what, TimeSlot.start_time, TimeSlot.end_time, _NOTHING, TimeSlot.capacity, TimeSlot.room).where(
        TimeSlot.doctor_id == _DOCTOR, TimeSlot.clinic_id == _CLINIC, TimeSlot.slot_date == _DAY, TimeSlot.is_available
    )


def _leaves() -> Select[*tuple[Any, ...]]:
    what = literal_column("'LEAVE'", Text())
    return select(DoctorLeave.id, what, DoctorLeave.start_time, DoctorLeave.end_time, _NOTHING, _NOTHING, null()).where(
        DoctorLeave.doctor_id == _DOCTOR,
        DoctorLeave.status == LeaveStatus.APPROVED,
        DoctorLeave.first_day <= _DAY,
        DoctorLeave.last_day >= _DAY,
    )


def _holidays() -> Select[*tuple[Any, ...]]:
    what = literal_column("'HOLIDAY'", Text())
    return select(Holiday.id, what, null(), null(), _NOTHING, _NOTHING, null()).where(
        Holiday.day == _DAY, Holiday.is_active, Holiday.clinic_id.is_(None) | (Holiday.clinic_id == _CLINIC)
    )


_DAY_STATEMENT = union_all(_hours(), _added(), _leaves(), _holidays())
_HELD = (
    Appointment.start_time < bindparam("end", type_=UtcDateTime()),
    Appointment.start_time > bindparam("after", type_=UtcDateTime()),
    Appointment.end_time > bindparam("start", type_=UtcDateTime()),
    Appointment.status.not_in(FREED),
    Appointment.id != id_parameter("except_id"),
)
_TAKEN = select(Appointment.start_time, Appointment.end_time, Appointment.slot_place).where(Appointment.doctor_id == _DOCTOR, *_HELD)
_PEOPLE = bindparam("people", type_=Uuid(), expanding=True)
_BUSY = select(Appointment.id).where(Appointment.patient_id.in_(_PEOPLE), *_HELD).limit(1)
_NOBODY = UUID(int=0)


def taken_places(session: Session, *, doctor_id: UUID, start: datetime, end: datetime, except_id: UUID | None = None) -> list[Taken]:
    """The doctor's held places that touch a stretch, in every clinic."""
    stretch = {"start": start, "end": end, "after": start - LONGEST, "except_id": except_id or _NOBODY}
    found = session.execute(_TAKEN, {"doctor_id": doctor_id, **stretch})
    return [Taken(row.start_time, row.end_time, row.slot_place) for row in found]


def planned_minutes(session: Session, appointment_id: UUID) -> int:
    """How long an appointment stays wherever it is moved to."""
    return session.scalars(_PLANNED_MINUTES, {"appointment_id": appointment_id}).one()


def patient_is_busy(session: Session, *, patient_id: UUID, start: datetime, end: datetime, except_id: UUID | None = None) -> bool:
    """Whether the patient holds another appointment in a stretch, under whichever record."""
    stretch = {"start": start, "end": end, "after": start - LONGEST, "except_id": except_id or _NOBODY}
    return session.scalar(_BUSY, {"people": person_ids(session, patient_id), **stretch}) is not None
