"""Setting up the hospital and its places."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.commands.permissions import MANAGE
from clinic_desktop.clinic.organisation.events import ClinicAdded, DepartmentAdded, HospitalCreated, WorkstationAdded
from clinic_desktop.clinic.organisation.models import Clinic, Department, Hospital, Workstation
from clinic_desktop.clinic.organisation.rules import (
    AlreadyExists,
    HospitalExists,
    WorkstationKind,
    clinic_code,
    currency_code,
    timezone_name,
)
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.text import optional_line, optional_text, required_line


@command(MANAGE)
def create_hospital(
    tx: Tx,
    *,
    name: str,
    currency: str,
    address: str | None = None,
    licence_number: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    tax_number: str | None = None,
) -> UUID:
    """Create the one hospital of this database and fix its currency."""
    code = currency_code(currency)
    _refuse_second_hospital(tx)
    tx.choose_currency(code)  # locks: a second creator waits here, and is refused below
    _refuse_second_hospital(tx)
    hospital = Hospital(
        name=required_line(name, "name"),
        address=optional_text(address, "address", limit=1000),
        licence_number=optional_line(licence_number, "licence_number", limit=80),
        phone=optional_line(phone, "phone", limit=40),
        email=optional_line(email, "email", limit=254),
        tax_number=optional_line(tax_number, "tax_number", limit=40),
        currency=code,
        logo_document_id=None,
    )
    tx.add(hospital)
    tx.session.flush()
    tx.emit(HospitalCreated(hospital.id))
    return hospital.id


def _refuse_second_hospital(tx: Tx) -> None:
    if tx.session.scalar(select(Hospital.id).limit(1)) is not None:
        raise HospitalExists


@step
def hospital_in_turn(tx: Tx) -> Hospital:
    """The hospital, locked so that set-up commands run one after the other."""
    wanted = select(Hospital).with_for_update(key_share=True).execution_options(populate_existing=True)
    hospital = tx.session.scalars(wanted).one_or_none()
    if hospital is None:
        raise NotFound(entity="hospitals", key="")
    return hospital


@step
def require_clinic(tx: Tx, clinic_id: UUID) -> None:
    """Refuse a clinic that is not there."""
    if tx.session.scalar(select(Clinic.id).where(Clinic.id == clinic_id)) is None:
        raise NotFound(entity="clinics", key=str(clinic_id))


@command(MANAGE)
def add_clinic(tx: Tx, *, code: str, name: str, timezone: str, address: str | None = None, phone: str | None = None) -> UUID:
    """Add a branch; the first one becomes the main clinic, whose numbers carry no code."""
    hospital = hospital_in_turn(tx)
    short = clinic_code(code)
    if tx.session.scalar(select(Clinic.id).where(Clinic.code == short)) is not None:
        raise AlreadyExists("code", entity="clinics", value=short)
    clinic = Clinic(
        hospital_id=hospital.id,
        code=short,
        name=required_line(name, "name"),
        address=optional_text(address, "address", limit=1000),
        phone=optional_line(phone, "phone", limit=40),
        timezone=timezone_name(timezone),
        is_main=tx.session.scalar(select(func.count()).select_from(Clinic)) == 0,
        is_active=True,
    )
    tx.add(clinic)
    tx.session.flush()
    tx.emit(ClinicAdded(clinic.id))
    return clinic.id


@command(MANAGE)
def add_department(tx: Tx, *, name: str, description: str | None = None) -> UUID:
    """Add a department."""
    hospital = hospital_in_turn(tx)
    line = required_line(name, "name", limit=100)
    same = select(Department.id).where(Department.hospital_id == hospital.id, func.lower(Department.name) == line.lower())
    if tx.session.scalar(same.limit(1)) is not None:
        raise AlreadyExists("name", entity="departments", value=line)
    department = Department(
        hospital_id=hospital.id, name=line, description=optional_text(description, "description"), head_doctor_id=None, is_active=True
    )
    tx.add(department)
    tx.session.flush()
    tx.emit(DepartmentAdded(department.id))
    return department.id


@command(MANAGE)
def add_workstation(tx: Tx, *, clinic_id: UUID, name: str, kind: WorkstationKind, room: str | None = None) -> UUID:
    """Add a workstation of a clinic."""
    hospital_in_turn(tx)
    require_clinic(tx, clinic_id)
    line = required_line(name, "name", limit=60)
    same = select(Workstation.id).where(Workstation.clinic_id == clinic_id, func.lower(Workstation.name) == line.lower())
    if tx.session.scalar(same.limit(1)) is not None:
        raise AlreadyExists("name", entity="workstations", value=line)
    workstation = Workstation(
        clinic_id=clinic_id, name=line, kind=kind, room=optional_line(room, "room", limit=40), printer_profiles=None, is_active=True
    )
    tx.add(workstation)
    tx.session.flush()
    tx.emit(WorkstationAdded(workstation.id))
    return workstation.id
