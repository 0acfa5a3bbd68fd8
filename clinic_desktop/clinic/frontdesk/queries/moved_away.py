"""Appointments that a leave or a holiday had moved away, where it was taken back: to be read, and nothing is moved by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.finding import FreePlaces
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.planning import PLANNED_MINUTES
from clinic_desktop.clinic.frontdesk.rules import VisitStatus, run_from
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.clock import business_date

_FORMER, _FORMER_USER = aliased(Doctor), aliased(User)
_MOVED: Select[*tuple[Any, ...]] = (
    select(
        *(Appointment.id, Appointment.booking_id, Visit.id.label("visit_id"), Appointment.patient_id, Patient.full_name, Patient.phone),
        *(Appointment.overtaken_doctor_id, _FORMER_USER.full_name.label("former_name"), Appointment.overtaken_start),
        *(User.full_name.label("doctor_name"), Appointment.start_time, PLANNED_MINUTES.label("minutes")),
        *(Visit.status, Patient.merged_into_id),
    )
    .join(Visit, Visit.appointment_id == Appointment.id)
    .join(Patient, Patient.id == Appointment.patient_id)
    .join(Doctor, Doctor.id == Appointment.doctor_id)
    .join(User, User.id == Doctor.user_id)
    .join(_FORMER, _FORMER.id == Appointment.overtaken_doctor_id)
    .join(_FORMER_USER, _FORMER_USER.id == _FORMER.user_id)
    .order_by(Appointment.overtaken_start, Appointment.id)
)


@dataclass(frozen=True, slots=True)
class MovedAwayRow:
    """An appointment with the place that was taken from it; ``is_free``: it could be had again."""

    appointment_id: UUID
    booking_id: str
    visit_id: UUID
    patient_id: UUID
    patient_name: str
    patient_phone: str | None
    former_doctor_name: str
    former_start: datetime
    doctor_name: str
    start: datetime
    is_free: bool


def moved_away(session: Session, *, clinic_id: UUID, now: datetime) -> list[MovedAwayRow]:
    """The clinic's appointments whose former place is there again, by its time; none whose patient was moved once more since."""
    places = FreePlaces(session, clinic_id=clinic_id, now=now)
    wanted = _MOVED.where(Appointment.clinic_id == clinic_id, Appointment.overtaken_start >= now)
    rows = []
    for found in session.execute(wanted):
        doctor_id, start = found.overtaken_doctor_id, found.overtaken_start
        plan = places.plan(doctor_id, business_date(start, places.timezone))
        if found.status is VisitStatus.SCHEDULED and run_from(plan.slots, start, found.minutes) is not None:
            is_free = places.is_free(doctor_id, start, found.minutes)
            rows.append((_row(found, is_free=is_free), found.merged_into_id))
    return of_survivors(session, rows)


def _row(found: Row[Any], *, is_free: bool) -> MovedAwayRow:
    return MovedAwayRow(
        appointment_id=found.id,
        booking_id=found.booking_id,
        visit_id=found.visit_id,
        patient_id=found.patient_id,
        patient_name=found.full_name,
        patient_phone=found.phone,
        former_doctor_name=found.former_name,
        former_start=found.overtaken_start,
        doctor_name=found.doctor_name,
        start=found.start_time,
        is_free=is_free,
    )
