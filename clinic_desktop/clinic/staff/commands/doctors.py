"""Doctors: who they are, and whether they see patients."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Unpack
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.organisation.events import DepartmentChanged
from clinic_desktop.clinic.organisation.models import Department
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.staff.commands.permissions import DOCTORS
from clinic_desktop.clinic.staff.describing import LICENCE_LIMIT, DoctorChanges, NewDoctor, complete_doctor, describe_doctor
from clinic_desktop.clinic.staff.events import DoctorChanged, DoctorDeactivated, DoctorRegistered, ScheduleChanged
from clinic_desktop.clinic.staff.models import Doctor, DoctorSchedule, Specialty, TimeSlot
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound, StaleRecord
from clinic_desktop.kernel.text import required_line


@command(DOCTORS)
def register_doctor(tx: Tx, *, user_id: UUID, license_number: str, **details: Unpack[NewDoctor]) -> UUID:
    """Make a user a doctor; his share of 4 000 basis points is 40 % of what his work earns."""
    # The user's lock makes a double registration of one person wait and then be refused.
    if tx.session.get(User, user_id, with_for_update={"key_share": True}) is None:
        raise NotFound("user_id", entity="users", key=str(user_id))
    if tx.session.scalar(select(Doctor.id).where(Doctor.user_id == user_id)) is not None:
        raise AlreadyExists("user_id", entity="doctors", value=str(user_id))
    doctor = Doctor(user_id=user_id, is_active=True, is_available=True)
    _take_licence(tx, doctor, license_number)
    _check_places(tx, details["specialty_id"], details.get("department_id"))
    describe_doctor(doctor, complete_doctor(details))
    tx.add(doctor)
    tx.session.flush()
    tx.emit(DoctorRegistered(doctor.id))
    return doctor.id


@command(DOCTORS)
def change_doctor(tx: Tx, *, doctor_id: UUID, row_version: int, license_number: str, **changes: Unpack[DoctorChanges]) -> None:
    """Change what is known of a doctor; what is billed already keeps its shares."""
    doctor = locked_doctor(tx, doctor_id)
    if doctor.row_version != row_version:
        raise StaleRecord(entity="doctors", key=str(doctor_id))
    _take_licence(tx, doctor, license_number)
    _check_places(tx, changes.get("specialty_id"), changes.get("department_id"))
    describe_doctor(doctor, changes)
    tx.session.flush()
    tx.emit(DoctorChanged(doctor_id))


def _check_places(tx: Tx, specialty_id: UUID | None, department_id: UUID | None) -> None:
    if specialty_id is not None and tx.session.get(Specialty, specialty_id) is None:
        raise NotFound("specialty_id", entity="specialties", key=str(specialty_id))
    if department_id is not None and tx.session.get(Department, department_id) is None:
        raise NotFound("department_id", entity="departments", key=str(department_id))


def _take_licence(tx: Tx, doctor: Doctor, license_number: str) -> None:
    licence = required_line(license_number, "license_number", limit=LICENCE_LIMIT)
    taken = select(Doctor.id).where(Doctor.license_number == licence, Doctor.id != doctor.id)
    if tx.session.scalar(taken) is not None:
        raise AlreadyExists("license_number", entity="doctors", value=licence)
    doctor.license_number = licence


@step
def locked_doctor(tx: Tx, doctor_id: UUID) -> Doctor:
    """A doctor, locked so that his fees and hours change one after the other; raises NotFound."""
    doctor = tx.session.get(Doctor, doctor_id, with_for_update={"key_share": True}, populate_existing=True)
    if doctor is None:
        raise NotFound("doctor_id", entity="doctors", key=str(doctor_id))
    return doctor


@command(DOCTORS)
def set_availability(tx: Tx, *, doctor_id: UUID, is_available: bool) -> None:
    """Say whether a doctor takes new bookings at all."""
    locked_doctor(tx, doctor_id).is_available = is_available
    tx.emit(ScheduleChanged(doctor_id))


@command(DOCTORS)
def deactivate_doctor(tx: Tx, *, doctor_id: UUID) -> None:
    """Let a doctor see patients no longer: his hours end, all records stay. Refused while patients are booked or wait for him."""
    doctor = locked_doctor(tx, doctor_id)
    doctor.is_active = False
    _end_hours(tx, doctor_id)
    tx.session.flush()
    tx.emit(DoctorDeactivated(doctor_id))
    tx.emit(ScheduleChanged(doctor_id))


def _end_hours(tx: Tx, doctor_id: UUID) -> None:
    """Nothing of his hours is left from today on: rooms are free, and a doctor who comes back gets hours of his own again."""
    for hours in tx.session.scalars(select(DoctorSchedule).where(DoctorSchedule.doctor_id == doctor_id, DoctorSchedule.is_active)):
        end_hours(hours, clinic_today(tx.session, hours.clinic_id, tx.now) - timedelta(days=1))
    for slot in tx.session.scalars(select(TimeSlot).where(TimeSlot.doctor_id == doctor_id, TimeSlot.is_available)):
        if slot.slot_date >= clinic_today(tx.session, slot.clinic_id, tx.now):
            slot.is_available = False


def end_hours(hours: DoctorSchedule, last_day: date) -> None:
    """Weekly hours end after a day, those that have not begun by then are taken out, those that ended before stay as they are."""
    if last_day < hours.valid_from:
        hours.is_active = False
    elif hours.valid_to is None or last_day < hours.valid_to:
        hours.valid_to = last_day


@command(DOCTORS)
def restore_doctor(tx: Tx, *, doctor_id: UUID) -> None:
    """Let a doctor see patients again; weekly hours are to be given anew."""
    locked_doctor(tx, doctor_id).is_active = True
    tx.emit(DoctorChanged(doctor_id))


@command(DOCTORS)
def appoint_head(tx: Tx, *, department_id: UUID, doctor_id: UUID | None) -> None:
    """Make a doctor the head of a department; None: nobody heads it."""
    department = tx.session.get(Department, department_id, with_for_update=True)
    if department is None:
        raise NotFound("department_id", entity="departments", key=str(department_id))
    department.head_doctor_id = None if doctor_id is None else locked_doctor(tx, doctor_id).id
    tx.emit(DepartmentChanged(department_id))
