"""Doctors, their specialties and fees."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.organisation.models import Department
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.staff.commands.permissions import DOCTORS
from clinic_desktop.clinic.staff.events import DoctorRegistered, FeeSet, ScheduleChanged, SpecialtyAdded
from clinic_desktop.clinic.staff.models import Doctor, DoctorFee, Specialty
from clinic_desktop.clinic.staff.rules import FeeKind, not_negative
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import optional_line, optional_text, required_line, whole_number


@command(DOCTORS)
def add_specialty(tx: Tx, *, name: str, description: str | None = None) -> UUID:
    """Add a specialty."""
    line = required_line(name, "name", limit=100)
    if tx.session.scalar(select(Specialty.id).where(func.lower(Specialty.name) == line.lower()).limit(1)) is not None:
        raise AlreadyExists("name", entity="specialties", value=line)
    specialty = Specialty(name=line, description=optional_text(description, "description"), is_active=True)
    tx.add(specialty)
    tx.session.flush()
    tx.emit(SpecialtyAdded(specialty.id))
    return specialty.id


@command(DOCTORS)
def register_doctor(
    tx: Tx,
    *,
    user_id: UUID,
    specialty_id: UUID,
    license_number: str,
    department_id: UUID | None = None,
    qualification: str | None = None,
    experience_years: int = 0,
    bio: str | None = None,
    default_fee: Money | None = None,
    share_basis_points: int = 0,
    room: str | None = None,
) -> UUID:
    """Make a user a doctor; his share of 4 000 basis points is 40 % of what his work earns."""
    licence = required_line(license_number, "license_number", limit=60)
    _check_doctor(tx, user_id, specialty_id, department_id, licence)
    doctor = Doctor(
        user_id=user_id,
        specialty_id=specialty_id,
        department_id=department_id,
        license_number=licence,
        qualification=optional_line(qualification, "qualification"),
        experience_years=whole_number(experience_years, "experience_years", 0, 80),
        bio=optional_text(bio, "bio"),
        default_fee=None if default_fee is None else not_negative(default_fee, "default_fee"),
        share_basis_points=whole_number(share_basis_points, "share_basis_points", 0, 10_000),
        room=optional_line(room, "room", limit=40),
        is_active=True,
        is_available=True,
    )
    tx.add(doctor)
    tx.session.flush()
    tx.emit(DoctorRegistered(doctor.id))
    return doctor.id


def _check_doctor(tx: Tx, user_id: UUID, specialty_id: UUID, department_id: UUID | None, licence: str) -> None:
    # The user's lock makes a double registration of one person wait and then be refused.
    if tx.session.get(User, user_id, with_for_update={"key_share": True}) is None:
        raise NotFound("user_id", entity="users", key=str(user_id))
    if tx.session.get(Specialty, specialty_id) is None:
        raise NotFound("specialty_id", entity="specialties", key=str(specialty_id))
    if department_id is not None and tx.session.get(Department, department_id) is None:
        raise NotFound("department_id", entity="departments", key=str(department_id))
    if tx.session.scalar(select(Doctor.id).where(Doctor.user_id == user_id)) is not None:
        raise AlreadyExists("user_id", entity="doctors", value=str(user_id))
    if tx.session.scalar(select(Doctor.id).where(Doctor.license_number == licence)) is not None:
        raise AlreadyExists("license_number", entity="doctors", value=licence)


@step
def locked_doctor(tx: Tx, doctor_id: UUID) -> Doctor:
    """A doctor, locked so that his fees and hours change one after the other; raises NotFound."""
    doctor = tx.session.get(Doctor, doctor_id, with_for_update={"key_share": True}, populate_existing=True)
    if doctor is None:
        raise NotFound("doctor_id", entity="doctors", key=str(doctor_id))
    return doctor


@command(DOCTORS)
def set_fee(tx: Tx, *, doctor_id: UUID, visit_type: FeeKind, amount: Money, valid_from: date, follow_up_days: int = 0) -> UUID:
    """Set what a doctor charges for a visit type from a day on; a return within ``follow_up_days`` counts as a follow-up."""
    locked_doctor(tx, doctor_id)
    same_day = select(DoctorFee).where(
        DoctorFee.doctor_id == doctor_id, DoctorFee.visit_type == visit_type, DoctorFee.valid_from == valid_from
    )
    charge, days = not_negative(amount, "amount"), whole_number(follow_up_days, "follow_up_days", 0, 365)
    fee = tx.session.scalars(same_day).one_or_none()
    if fee is None:
        fee = DoctorFee(doctor_id=doctor_id, visit_type=visit_type, amount=charge, valid_from=valid_from, follow_up_days=days)
        tx.add(fee)
    else:
        fee.amount, fee.follow_up_days = charge, days
    tx.session.flush()
    tx.emit(FeeSet(doctor_id))
    return fee.id


@command(DOCTORS)
def set_availability(tx: Tx, *, doctor_id: UUID, is_available: bool) -> None:
    """Say whether a doctor takes new bookings at all."""
    locked_doctor(tx, doctor_id).is_available = is_available
    tx.emit(ScheduleChanged(doctor_id))


@command(DOCTORS)
def appoint_head(tx: Tx, *, department_id: UUID, doctor_id: UUID) -> None:
    """Make a doctor the head of a department."""
    department = tx.session.get(Department, department_id, with_for_update=True)
    if department is None:
        raise NotFound("department_id", entity="departments", key=str(department_id))
    department.head_doctor_id = locked_doctor(tx, doctor_id).id
