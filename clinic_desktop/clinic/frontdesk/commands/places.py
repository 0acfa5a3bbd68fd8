"""Finding and holding a place in a doctor's day, under lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.frontdesk.planning import clinic_timezone, doctor_day, patient_is_busy, taken_places
from clinic_desktop.clinic.frontdesk.rules import (
    DoctorInactive,
    NotBookable,
    PatientBusy,
    PatientInactive,
    SlotTaken,
    free_place,
    problem_of,
    run_from,
)
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.clinic.staff.queries import ServiceRow, service
from clinic_desktop.kernel.clock import business_date, plausible
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.tables import id_parameter

OVERRIDE = permission("appointments.override", N_("Book in the past, outside working hours, on leave or on a holiday"), "doctor", "dentist")


@dataclass(frozen=True, slots=True)
class Held:
    """A place in a doctor's day, free under the doctor's lock."""

    day: date
    start: datetime
    end: datetime
    place: int
    time_slot_id: UUID | None
    override_reason: str | None
    room: str | None


# Built once: every booking runs these, and putting a statement together costs more than running it.
_DOCTOR = select(Doctor).where(Doctor.id == id_parameter("doctor_id"))
_DOCTOR_LOCKED = _DOCTOR.with_for_update(key_share=True)
_PATIENT_LOCKED = select(Patient).where(Patient.id == id_parameter("patient_id")).with_for_update(key_share=True)


@step
def locked_doctor(tx: Tx, *, doctor_id: UUID) -> Doctor:
    """Lock a doctor who sees patients: two bookings of one doctor run one after the other."""
    return _seeing(tx.session.scalar(_DOCTOR_LOCKED, {"doctor_id": doctor_id}), doctor_id)


@step
def seeing_doctor(tx: Tx, *, doctor_id: UUID) -> Doctor:
    """A doctor who sees patients, where no place of the day is taken and so no lock is needed."""
    return _seeing(tx.session.scalar(_DOCTOR, {"doctor_id": doctor_id}), doctor_id)


def _seeing(doctor: Doctor | None, doctor_id: UUID) -> Doctor:
    if doctor is None:
        raise NotFound("doctor", entity="doctors", key=str(doctor_id))
    if not (doctor.is_active and doctor.is_available):
        raise DoctorInactive("doctor")
    return doctor


@step
def locked_patient(tx: Tx, *, patient_id: UUID) -> Patient:
    """Lock a living, unmerged patient; always after the doctor, so that no two bookings wait for each other."""
    patient = check_in_use(tx.session, tx.session.scalar(_PATIENT_LOCKED, {"patient_id": patient_id}), patient_id)
    if patient.status is not PatientStatus.ACTIVE:
        raise PatientInactive("patient", status=patient.status.value)
    return patient


@step
def active_service(tx: Tx, *, service_id: UUID) -> ServiceRow:
    """A service that is on offer."""
    found = service(tx.session, service_id)
    if not found.is_active:
        raise InvalidInput("service", "inactive")
    return found


@step
def hold_place(
    tx: Tx,
    *,
    clinic_id: UUID,
    doctor_id: UUID,
    patient_id: UUID,
    start: datetime,
    minutes: int,
    override_reason: str | None,
    except_id: UUID | None = None,
    upcoming: datetime | None = None,
) -> Held:
    """The place that a visit of ``minutes`` takes from ``start``; the caller holds the doctor's and the patient's lock.

    ``upcoming``: what must not have passed, where that is not the start.
    """
    timezone = clinic_timezone(tx.session, clinic_id)
    day = business_date(plausible(start, "start"), timezone)
    plan = doctor_day(tx.session, clinic_id=clinic_id, doctor_id=doctor_id, day=day, timezone=timezone)
    run = run_from(plan.slots, start, minutes)
    problem = problem_of(plan.slots, plan.leaves, start, minutes, tx.now, is_holiday=plan.is_holiday, upcoming=upcoming)
    if problem is not None:
        _require_override(tx, problem, start, override_reason)
    end, capacity = run if run is not None else (start + timedelta(minutes=minutes), 1)
    taken = taken_places(tx.session, doctor_id=doctor_id, start=start, end=end, except_id=except_id)
    place = free_place(taken, start, end, capacity)
    if place is None:
        raise SlotTaken("start", start=start)
    if patient_is_busy(tx.session, patient_id=patient_id, start=start, end=end, except_id=except_id):
        raise PatientBusy("start", start=start)
    room = plan.room_at(start) or tx.session.get_one(Doctor, doctor_id).room
    return Held(day, start, end, place, plan.added_ids.get(start), override_reason if problem is not None else None, room)


def _require_override(tx: Tx, problem: str, start: datetime, reason: str | None) -> None:
    if reason is None:
        raise NotBookable("start", reason=problem, start=start)
    tx.actor.require(OVERRIDE, tx.command or "frontdesk.book")
    tx.reason = reason
