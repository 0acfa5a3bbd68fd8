"""What happened to doctors, their time and the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("specialties")
@dataclass(frozen=True, slots=True)
class SpecialtyAdded:
    """A specialty was added."""

    specialty_id: UUID


@tells_of("specialties")
@dataclass(frozen=True, slots=True)
class SpecialtyChanged:
    """A specialty has another name, or is offered again or no longer."""

    specialty_id: UUID


@tells_of("doctors")
@dataclass(frozen=True, slots=True)
class DoctorRegistered:
    """A user became a doctor."""

    doctor_id: UUID


@tells_of("doctors")
@dataclass(frozen=True, slots=True)
class DoctorChanged:
    """What is known of a doctor changed, or he sees patients again."""

    doctor_id: UUID


@tells_of("doctors")
@dataclass(frozen=True, slots=True)
class DoctorDeactivated:
    """A doctor sees patients no longer; higher departments refuse it while he is needed."""

    doctor_id: UUID


@tells_of("doctor_fees")
@dataclass(frozen=True, slots=True)
class FeeSet:
    """A doctor's fee for one visit type changes or ends from a day on."""

    doctor_id: UUID


@tells_of("doctor_schedules", "time_slots", "doctor_leaves")
@dataclass(frozen=True, slots=True)
class ScheduleChanged:
    """A doctor's weekly hours, ad-hoc slots or approved leave changed: free slots must be read again."""

    doctor_id: UUID


@tells_of("time_slots")
@dataclass(frozen=True, slots=True)
class TimeSlotAdded:
    """A slot was added by hand: a free place that nobody could book before."""

    time_slot_id: UUID
    doctor_id: UUID
    clinic_id: UUID
    start: datetime
    end: datetime


@tells_of("doctor_leaves")
@dataclass(frozen=True, slots=True)
class LeaveRequested:
    """A doctor asked for leave."""

    leave_id: UUID
    doctor_id: UUID


@tells_of("doctor_leaves")
@dataclass(frozen=True, slots=True)
class LeaveDecided:
    """A leave was approved or rejected."""

    leave_id: UUID
    doctor_id: UUID
    is_approved: bool


@tells_of("doctor_leaves")
@dataclass(frozen=True, slots=True)
class LeaveTakenBack:
    """The doctor is there on days on which he was to be away; with times, in a part of one day."""

    leave_id: UUID
    doctor_id: UUID
    first_day: date
    last_day: date
    start: time | None
    end: time | None


@tells_of("services")
@dataclass(frozen=True, slots=True)
class ServiceAdded:
    """A service was added."""

    service_id: UUID


@tells_of("services")
@dataclass(frozen=True, slots=True)
class ServiceChanged:
    """Something about a service other than only its price changed, or it is offered again or no longer."""

    service_id: UUID


@tells_of("services")
@dataclass(frozen=True, slots=True)
class PriceChanged:
    """A service has another price."""

    service_id: UUID


@tells_of("services")
@dataclass(frozen=True, slots=True)
class ServicesImported:
    """A file added or changed so many services."""

    count: int
