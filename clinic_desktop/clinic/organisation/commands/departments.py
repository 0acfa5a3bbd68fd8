"""The departments of the hospital; who heads one is decided by the staff department."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.commands.permissions import MANAGE
from clinic_desktop.clinic.organisation.commands.places import as_read, hospital_in_turn
from clinic_desktop.clinic.organisation.events import DepartmentAdded, DepartmentChanged
from clinic_desktop.clinic.organisation.models import Department, Hospital
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.text import optional_text, required_line


@command(MANAGE)
def add_department(tx: Tx, *, name: str, description: str | None = None) -> UUID:
    """Add a department."""
    hospital = hospital_in_turn(tx)
    department = Department(
        hospital_id=hospital.id,
        name=_free_name(tx, hospital, name, None),
        description=optional_text(description, "description"),
        head_doctor_id=None,
        is_active=True,
    )
    tx.add(department)
    tx.session.flush()
    tx.emit(DepartmentAdded(department.id))
    return department.id


def _free_name(tx: Tx, hospital: Hospital, name: str, own_id: UUID | None) -> str:
    line = required_line(name, "name", limit=100)
    same = select(Department.id).where(Department.hospital_id == hospital.id, func.lower(Department.name) == line.lower())
    if any(found != own_id for found in tx.session.scalars(same)):
        raise AlreadyExists("name", entity="departments", value=line)
    return line


@command(MANAGE)
def change_department(tx: Tx, *, department_id: UUID, row_version: int, name: str, description: str | None = None) -> None:
    """Replace a department's name and description."""
    hospital = hospital_in_turn(tx)
    department = as_read(tx, Department, department_id, row_version)
    department.name = _free_name(tx, hospital, name, department_id)
    department.description = optional_text(description, "description")
    tx.emit(DepartmentChanged(department_id))


@command(MANAGE)
def close_department(tx: Tx, *, department_id: UUID, row_version: int) -> None:
    """Offer a department nowhere any more; those who belong to it go on."""
    as_read(tx, Department, department_id, row_version).is_active = False
    tx.emit(DepartmentChanged(department_id))


@command(MANAGE)
def reopen_department(tx: Tx, *, department_id: UUID, row_version: int) -> None:
    """Offer a closed department again."""
    as_read(tx, Department, department_id, row_version).is_active = True
    tx.emit(DepartmentChanged(department_id))
