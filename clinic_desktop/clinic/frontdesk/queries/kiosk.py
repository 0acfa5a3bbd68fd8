"""What a kiosk shows of one person who was recognised there: today's visits, the next one, and what can be rated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.kiosk import EARLY_MINUTES, LATE_MINUTES, WALK_INS, still_sees_today, walk_in_service
from clinic_desktop.clinic.frontdesk.models import Appointment, Review, Visit
from clinic_desktop.clinic.frontdesk.queries.board import VisitRow, visits_of_day
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, Coming, VisitStatus, coming
from clinic_desktop.clinic.frontdesk.waiting_room import turns
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.clinic.staff.queries import DoctorRow, doctors


@dataclass(frozen=True, slots=True)
class KioskVisit:
    """A visit of today, as the person it belongs to may read it in a hall."""

    visit_id: UUID
    coming: Coming
    doctor_name: str
    room: str | None
    planned_at: datetime
    is_booked: bool
    queue_number: int | None
    wait_minutes: int | None
    may_rate: bool
    service_room: str | None = None
    """The room without a doctor that the patient waits for, or is called to."""


@dataclass(frozen=True, slots=True)
class KioskRow:
    """Everything the kiosk shows of one person."""

    visits: tuple[KioskVisit, ...]
    next_at: datetime | None
    """The next appointment on another day, at this clinic."""
    next_doctor: str
    doctors: tuple[tuple[UUID, str], ...]
    """Whom somebody without appointment may ask a number for; empty where the clinic gives none at a kiosk."""


def at_kiosk(session: Session, *, patient_id: UUID, clinic_id: UUID, day: date, now: datetime) -> KioskRow:
    """What the kiosk shows of a person."""
    early, late = (setting_value(session, one, clinic_id=clinic_id) for one in (EARLY_MINUTES, LATE_MINUTES))
    rows = visits_of_day(session, clinic_id=clinic_id, day=day, patient_id=patient_id)
    minutes = {one.visit_id: one.wait_minutes for one in turns(session, clinic_id=clinic_id, day=day, now=now)} if rows else {}
    rated = set(session.scalars(select(Review.visit_id).where(Review.visit_id.in_([row.visit_id for row in rows])))) if rows else set()
    rooms = {one.id: one.room for one in doctors(session, clinic_id)}

    def shown(row: VisitRow) -> KioskVisit:
        where = coming(row.status, row.planned_at, now, early=early, late=late)
        may_rate = where is Coming.SEEN and row.visit_id not in rated
        return KioskVisit(
            visit_id=row.visit_id,
            coming=where,
            doctor_name=row.doctor_name,
            room=row.room or rooms.get(row.doctor_id),
            planned_at=row.planned_at,
            is_booked=row.appointment_id is not None,
            queue_number=row.queue_number if where is not Coming.HERE else None,
            wait_minutes=minutes.get(row.visit_id),
            may_rate=may_rate,
            service_room=row.service_room,
        )

    visits = tuple(one for one in map(shown, rows) if one.coming is not Coming.OVER)
    ahead = _ahead(session, patient_id, clinic_id, day)
    return KioskRow(visits, *ahead, _offered(session, clinic_id, day, now, visits))


def _ahead(session: Session, patient_id: UUID, clinic_id: UUID, day: date) -> tuple[datetime | None, str]:
    wanted = (
        select(Visit.planned_at, User.full_name)
        .join(Appointment, Appointment.id == Visit.appointment_id)
        .join(Doctor, Doctor.id == Visit.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .where(Visit.patient_id.in_(person_ids(session, patient_id)), Visit.clinic_id == clinic_id, Visit.business_date > day)
        .where(Visit.status == VisitStatus.SCHEDULED, Appointment.status.in_((AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)))
        .order_by(Visit.business_date, Visit.planned_at)
        .limit(1)
    )
    found = session.execute(wanted).one_or_none()
    return (None, "") if found is None else (found[0], found[1])


def _offered(session: Session, clinic_id: UUID, day: date, now: datetime, visits: tuple[KioskVisit, ...]) -> tuple[tuple[UUID, str], ...]:
    is_expected = any(one.coming is not Coming.SEEN for one in visits)
    if is_expected or not setting_value(session, WALK_INS, clinic_id=clinic_id) or walk_in_service(session) is None:
        return ()
    here: list[DoctorRow] = [one for one in doctors(session, clinic_id) if one.is_available]
    return tuple((one.id, one.full_name) for one in here if still_sees_today(session, one.id, clinic_id=clinic_id, day=day, now=now))
