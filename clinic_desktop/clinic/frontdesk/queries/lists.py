"""The front desk's further lists: who is to be called about tomorrow, who waits for a place, which doctors run late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.models import Appointment, AppointmentService, Visit
from clinic_desktop.clinic.frontdesk.rules import OPEN_WAITING, AppointmentStatus, DayPart, WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import DoctorDelay, WaitingEntry
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.models import Doctor, Service
from clinic_desktop.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ToConfirmRow:
    """An appointment that nobody has confirmed yet, and how often the patient was called about it."""

    appointment_id: UUID
    booking_id: str
    visit_id: UUID
    patient_id: UUID
    patient_name: str
    patient_phone: str | None
    doctor_name: str
    start: datetime
    attempts: int
    contacted_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A patient on the waiting list, with the place that is offered, or was offered last."""

    entry_id: UUID
    patient_id: UUID
    patient_name: str
    patient_phone: str | None
    doctor_id: UUID | None
    doctor_name: str | None
    service_id: UUID
    service_name: str
    first_day: date
    last_day: date
    day_part: DayPart
    is_urgent: bool
    note: str | None
    status: WaitingStatus
    offered_doctor_id: UUID | None
    offered_doctor_name: str | None
    offered_start: datetime | None
    offered_until: datetime | None


@dataclass(frozen=True, slots=True)
class DelayRow:
    """A doctor who runs late today, until when, and who said so."""

    doctor_id: UUID
    doctor_name: str
    minutes: int
    until: datetime
    said_by: str | None


@dataclass(frozen=True, slots=True)
class BookedServiceRow:
    """A service of an appointment at its price."""

    service_id: UUID
    name: str
    minutes: int
    price: Money


def to_confirm(session: Session, *, clinic_id: UUID, day: date) -> list[ToConfirmRow]:
    """A day's appointments that wait for the patient's word, by time."""
    wanted: Select[*tuple[Any, ...]] = (
        select(
            *(Appointment.id, Appointment.booking_id, Visit.id, Appointment.patient_id, Patient.full_name, Patient.phone, User.full_name),
            *(Appointment.start_time, Appointment.contact_attempts, Appointment.contacted_at, Appointment.status),
            Patient.merged_into_id,
        )
        .join(Visit, Visit.appointment_id == Appointment.id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .join(Doctor, Doctor.id == Appointment.doctor_id)
        .join(User, User.id == Doctor.user_id)
        # The visit has the day of its appointment: said for both, either is found by an index of days.
        .where(*(table.clinic_id == clinic_id for table in (Appointment, Visit)), *(t.business_date == day for t in (Appointment, Visit)))
        .order_by(Appointment.start_time, Appointment.id)
    )
    # Not in the statement: Postgres would take the index of held places for it, and read that whole.
    found = session.execute(wanted)
    return of_survivors(session, [(ToConfirmRow(*row[:-2]), row[-1]) for row in found if row.status is AppointmentStatus.PENDING])


def waiting_list(session: Session, *, clinic_id: UUID) -> list[WaitingRow]:
    """Who waits for a place: those with an offer first, then the urgent, then who has waited longest."""
    doctor, offering = aliased(Doctor), aliased(Doctor)
    named, offers = aliased(User), aliased(User)
    entry = WaitingEntry
    wanted: Select[*tuple[Any, ...]] = (
        select(
            *(
                entry.id,
                entry.patient_id,
                Patient.full_name,
                Patient.phone,
                entry.doctor_id,
                named.full_name,
                entry.service_id,
                Service.name,
            ),
            *(entry.first_day, entry.last_day, entry.day_part, entry.is_urgent, entry.note, entry.status),
            *(entry.offered_doctor_id, offers.full_name, entry.offered_start, entry.offered_until),
            Patient.merged_into_id,
        )
        .join(Patient, Patient.id == entry.patient_id)
        .join(Service, Service.id == entry.service_id)
        .outerjoin(doctor, doctor.id == entry.doctor_id)
        .outerjoin(named, named.id == doctor.user_id)
        .outerjoin(offering, offering.id == entry.offered_doctor_id)
        .outerjoin(offers, offers.id == offering.user_id)
        .where(entry.clinic_id == clinic_id, entry.status.in_(OPEN_WAITING))
    )
    rows = of_survivors(session, [(WaitingRow(*values), into) for *values, into in session.execute(wanted)])
    return sorted(rows, key=lambda row: (row.status is not WaitingStatus.OFFERED, not row.is_urgent, row.entry_id))


def doctors_late(session: Session, *, clinic_id: UUID, day: date) -> list[DelayRow]:
    """The doctors who run late on a day, by name."""
    doctor, said = aliased(User), aliased(User)
    wanted = (
        select(DoctorDelay.doctor_id, doctor.full_name, DoctorDelay.minutes, DoctorDelay.late_until, said.full_name)
        .join(Doctor, Doctor.id == DoctorDelay.doctor_id)
        .join(doctor, doctor.id == Doctor.user_id)
        .outerjoin(said, said.id == DoctorDelay.said_by)
        .where(DoctorDelay.clinic_id == clinic_id, DoctorDelay.business_date == day, DoctorDelay.minutes > 0)
        .order_by(doctor.full_name)
    )
    return [DelayRow(*row) for row in session.execute(wanted)]


def booked_services(session: Session, *, appointment_id: UUID) -> list[BookedServiceRow]:
    """What an appointment is for, in order."""
    wanted = (
        select(AppointmentService.service_id, Service.name, Service.duration_minutes, AppointmentService.unit_price)
        .join(Service, Service.id == AppointmentService.service_id)
        .where(AppointmentService.appointment_id == appointment_id)
        .order_by(AppointmentService.id)
    )
    return [BookedServiceRow(*row) for row in session.execute(wanted)]
