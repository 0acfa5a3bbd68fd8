"""Doctors, their specialties and fees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.organisation.models import Department
from clinic_desktop.clinic.staff.models import Doctor, DoctorFee, DoctorSchedule, Specialty, TimeSlot
from clinic_desktop.clinic.staff.rules import FeeKind, FeeSpan, fee_in_force
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import id_parameter


@dataclass(frozen=True, slots=True)
class SpecialtyRow:
    """A specialty."""

    id: UUID
    name: str
    description: str | None
    is_active: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class DoctorRow:
    """A doctor as lists and documents show him; ``share_basis_points`` 4 000 are 40 % of what he earns the clinic."""

    id: UUID
    user_id: UUID
    full_name: str
    specialty_id: UUID
    specialty: str
    department_id: UUID | None
    department: str | None
    license_number: str
    qualification: str | None
    experience_years: int
    bio: str | None
    default_fee: Money | None
    share_basis_points: int
    room: str | None
    is_active: bool
    is_available: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A doctor's fee for one visit type, from a day on."""

    id: UUID
    visit_type: FeeKind
    amount: Money
    valid_from: date
    valid_to: date | None
    follow_up_days: int


def specialties(session: Session, *, with_inactive: bool = False) -> list[SpecialtyRow]:
    """Specialties by name."""
    wanted = select(Specialty).order_by(Specialty.name)
    if not with_inactive:
        wanted = wanted.where(Specialty.is_active)
    return [SpecialtyRow(row.id, row.name, row.description, row.is_active, row.row_version) for row in session.scalars(wanted)]


def _doctors() -> Select[Doctor, str, str, str | None]:
    return (
        select(Doctor, User.full_name, Specialty.name, Department.name)
        .join(User, User.id == Doctor.user_id)
        .join(Specialty, Specialty.id == Doctor.specialty_id)
        .outerjoin(Department, Department.id == Doctor.department_id)
    )


def _doctor_row(row: Doctor, full_name: str, specialty: str, department: str | None) -> DoctorRow:
    return DoctorRow(
        id=row.id,
        user_id=row.user_id,
        full_name=full_name,
        specialty_id=row.specialty_id,
        specialty=specialty,
        department_id=row.department_id,
        department=department,
        license_number=row.license_number,
        qualification=row.qualification,
        experience_years=row.experience_years,
        bio=row.bio,
        default_fee=row.default_fee,
        share_basis_points=row.share_basis_points,
        room=row.room,
        is_active=row.is_active,
        is_available=row.is_available,
        row_version=row.row_version,
    )


def doctor(session: Session, doctor_id: UUID) -> DoctorRow:
    """One doctor; raises NotFound."""
    found = session.execute(_doctors().where(Doctor.id == doctor_id)).one_or_none()
    if found is None:
        raise NotFound(entity="doctors", key=str(doctor_id))
    return _doctor_row(*found)


def doctor_of_user(session: Session, user_id: UUID) -> DoctorRow | None:
    """The doctor that a user is, or None."""
    found = session.execute(_doctors().where(Doctor.user_id == user_id)).one_or_none()
    return None if found is None else _doctor_row(*found)


def doctors(session: Session, clinic_id: UUID | None = None, *, with_inactive: bool = False) -> list[DoctorRow]:
    """Doctors by name, those who see patients: all, or those with hours or own slots at one clinic."""
    wanted = _doctors().order_by(User.full_name, Doctor.id)
    if not with_inactive:
        wanted = wanted.where(Doctor.is_active)
    if clinic_id is not None:
        here = select(DoctorSchedule.doctor_id).where(DoctorSchedule.clinic_id == clinic_id, DoctorSchedule.is_active)
        by_hand = select(TimeSlot.doctor_id).where(TimeSlot.clinic_id == clinic_id, TimeSlot.is_available)
        wanted = wanted.where(or_(Doctor.id.in_(here), Doctor.id.in_(by_hand)))
    return [_doctor_row(*found) for found in session.execute(wanted)]


_DOCTOR = id_parameter("doctor_id")
_FEES = select(DoctorFee.visit_type, DoctorFee.valid_from, DoctorFee.valid_to, DoctorFee.amount).where(DoctorFee.doctor_id == _DOCTOR)


def fee(session: Session, doctor_id: UUID, visit_kind: FeeKind, on: date) -> Money | None:
    """What a doctor charges on a day for a visit type, else for an OPD visit, else his default fee, else None."""
    found = session.execute(_FEES, {"doctor_id": doctor_id})
    charged = fee_in_force((FeeSpan(*row) for row in found), visit_kind, on)
    return session.scalar(select(Doctor.default_fee).where(Doctor.id == doctor_id)) if charged is None else charged


def fees(session: Session, doctor_id: UUID) -> list[FeeRow]:
    """Every fee of a doctor by visit type, newest first."""
    wanted = select(DoctorFee).where(DoctorFee.doctor_id == doctor_id).order_by(DoctorFee.visit_type, DoctorFee.valid_from.desc())
    return [FeeRow(row.id, row.visit_type, row.amount, row.valid_from, row.valid_to, row.follow_up_days) for row in session.scalars(wanted)]


def follow_up_days(session: Session, doctor_id: UUID, on: date) -> int:
    """For how many days after an OPD visit on that day a return counts as a follow-up."""
    wanted = select(DoctorFee.follow_up_days).where(
        DoctorFee.doctor_id == doctor_id, DoctorFee.visit_type == FeeKind.OPD, DoctorFee.valid_from <= on
    )
    return session.scalar(wanted.order_by(DoctorFee.valid_from.desc()).limit(1)) or 0
