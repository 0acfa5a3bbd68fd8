"""What lies ahead of a doctor: appointments that a leave would hit, and patients who keep him from going."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.rules import OPEN_VISITS, AppointmentStatus
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.rules import spans_meet

_AWAITED = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class AheadRow:
    """An appointment for which the patient is still to come; ``day`` and ``start`` are the clinic's."""

    id: UUID
    booking_id: str
    visit_id: UUID
    clinic_id: UUID
    clinic_name: str
    patient_id: UUID
    patient_name: str
    patient_phone: str | None
    day: date
    start: time
    end: time
    status: AppointmentStatus


def appointments_ahead(session: Session, *, doctor_id: UUID, now: datetime) -> list[AheadRow]:
    """The doctor's appointments from now on, at every clinic, by time."""
    return of_survivors(session, _rows(session, Appointment.doctor_id == doctor_id, Appointment.start_time >= now))


def hit_by_leave(
    session: Session, *, doctor_id: UUID, first_day: date, last_day: date, start: time | None = None, end: time | None = None
) -> list[AheadRow]:
    """Appointments that a leave would hit, by time: shown before it is approved. With times it is a part of one day."""
    # No time zone is further than a day from UTC: the instants let an index find the days.
    first, last = (datetime.combine(day, time.min, UTC) for day in (first_day - timedelta(days=1), last_day + timedelta(days=2)))
    near = Appointment.start_time.between(first, last)
    of_days = Appointment.business_date.between(first_day, last_day)
    found = of_survivors(session, _rows(session, Appointment.doctor_id == doctor_id, near, of_days))
    return [row for row in found if start is None or end is None or spans_meet(start, end, row.start, row.end)]


def _rows(session: Session, *conditions: ColumnElement[bool]) -> Iterator[tuple[AheadRow, UUID | None]]:
    wanted = (
        select(Appointment, Visit.id, Clinic.name, Clinic.timezone, Patient.full_name, Patient.phone, Patient.merged_into_id)
        .join(Visit, Visit.appointment_id == Appointment.id)
        .join(Clinic, Clinic.id == Appointment.clinic_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .where(Appointment.status.in_(_AWAITED), *conditions)
        .order_by(Appointment.start_time, Appointment.id)
    )
    for row, visit_id, clinic, timezone, patient, phone, into in session.execute(wanted):
        zone = ZoneInfo(timezone)
        ahead = AheadRow(
            id=row.id,
            booking_id=row.booking_id,
            visit_id=visit_id,
            clinic_id=row.clinic_id,
            clinic_name=clinic,
            patient_id=row.patient_id,
            patient_name=patient,
            patient_phone=phone,
            day=row.business_date,
            start=row.start_time.astimezone(zone).time(),
            end=row.end_time.astimezone(zone).time(),
            status=row.status,
        )
        yield ahead, into


def patients_here(session: Session, *, doctor_id: UUID) -> int:
    """How many patients wait for a doctor or are with him."""
    wanted = select(func.count()).select_from(Visit).where(Visit.doctor_id == doctor_id, Visit.status.in_(OPEN_VISITS))
    return session.scalar(wanted) or 0
