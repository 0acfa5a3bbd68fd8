"""What happened to appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("appointments")
@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """A place was booked."""

    appointment_id: UUID
    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    patient_id: UUID
    day: date


@tells_of("appointments")
@dataclass(frozen=True, slots=True)
class AppointmentConfirmed:
    """The patient confirmed."""

    appointment_id: UUID
    visit_id: UUID
    clinic_id: UUID


@tells_of("appointments")
@dataclass(frozen=True, slots=True)
class AppointmentMoved:
    """The appointment has another time or doctor."""

    appointment_id: UUID
    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    start: datetime


@tells_of("appointments")
@dataclass(frozen=True, slots=True)
class AppointmentResized:
    """The appointment takes more or less time; it begins when it did."""

    appointment_id: UUID
    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    end: datetime


@tells_of("appointments")
@dataclass(frozen=True, slots=True)
class AppointmentCancelled:
    """The appointment was given up and its place is free again."""

    appointment_id: UUID
    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    patient_id: UUID


@tells_of("appointments")
@dataclass(frozen=True, slots=True)
class PatientMissed:
    """The patient did not come (no-show)."""

    appointment_id: UUID
    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID
    patient_id: UUID


@tells_of("appointments")
@dataclass(frozen=True, slots=True)
class ServicesChanged:
    """The appointment is for other services now, and its end may be another."""

    appointment_id: UUID
    visit_id: UUID
    clinic_id: UUID
    doctor_id: UUID


@tells_of("appointments")
@dataclass(frozen=True, slots=True)
class PatientNotReached:
    """Somebody called to have the appointment confirmed, and nobody answered: for the nth time."""

    appointment_id: UUID
    visit_id: UUID
    clinic_id: UUID
    attempts: int
