"""Specialties."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.staff.commands.permissions import DOCTORS
from clinic_desktop.clinic.staff.events import SpecialtyAdded, SpecialtyChanged
from clinic_desktop.clinic.staff.models import Doctor, Specialty
from clinic_desktop.clinic.staff.rules import SpecialtyInUse
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound, StaleRecord
from clinic_desktop.kernel.text import optional_text, required_line


@command(DOCTORS)
def add_specialty(tx: Tx, *, name: str, description: str | None = None) -> UUID:
    """Add a specialty."""
    specialty = Specialty(name=_free_name(tx, name), description=optional_text(description, "description"), is_active=True)
    tx.add(specialty)
    tx.session.flush()
    tx.emit(SpecialtyAdded(specialty.id))
    return specialty.id


def _free_name(tx: Tx, name: str, own_id: UUID | None = None) -> str:
    line = required_line(name, "name", limit=100)
    taken = tx.session.scalar(select(Specialty.id).where(func.lower(Specialty.name) == line.lower(), Specialty.id != own_id).limit(1))
    if taken is not None:
        raise AlreadyExists("name", entity="specialties", value=line)
    return line


@command(DOCTORS)
def change_specialty(tx: Tx, *, specialty_id: UUID, row_version: int, name: str, description: str | None) -> None:
    """Give a specialty another name or description; its doctors have it at once."""
    specialty = _locked(tx, specialty_id)
    if specialty.row_version != row_version:
        raise StaleRecord(entity="specialties", key=str(specialty_id))
    specialty.name = _free_name(tx, name, specialty_id)
    specialty.description = optional_text(description, "description")
    tx.session.flush()
    tx.emit(SpecialtyChanged(specialty_id))


@command(DOCTORS)
def withdraw_specialty(tx: Tx, *, specialty_id: UUID) -> None:
    """Offer a specialty no longer; refused while doctors who see patients have it."""
    specialty = _locked(tx, specialty_id)
    holders = select(func.count()).select_from(Doctor).where(Doctor.specialty_id == specialty_id, Doctor.is_active)
    if count := tx.session.scalar(holders):
        raise SpecialtyInUse(count=count)
    specialty.is_active = False
    tx.emit(SpecialtyChanged(specialty_id))


@command(DOCTORS)
def restore_specialty(tx: Tx, *, specialty_id: UUID) -> None:
    """Offer a specialty again."""
    _locked(tx, specialty_id).is_active = True
    tx.emit(SpecialtyChanged(specialty_id))


def _locked(tx: Tx, specialty_id: UUID) -> Specialty:
    specialty = tx.session.get(Specialty, specialty_id, with_for_update=True, populate_existing=True)
    if specialty is None:
        raise NotFound("specialty_id", entity="specialties", key=str(specialty_id))
    return specialty
