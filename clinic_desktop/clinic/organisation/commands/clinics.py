"""The branches of the hospital."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.commands.permissions import MANAGE
from clinic_desktop.clinic.organisation.commands.places import as_read, hospital_in_turn
from clinic_desktop.clinic.organisation.events import ClinicAdded, ClinicChanged, ClinicClosing
from clinic_desktop.clinic.organisation.models import Clinic, Site
from clinic_desktop.clinic.organisation.rules import AlreadyExists, MainClinic, clinic_code, timezone_name
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.text import optional_line, optional_text, required_line


@step
def require_clinic(tx: Tx, clinic_id: UUID) -> None:
    """Refuse a clinic that is not there."""
    if tx.session.scalar(select(Clinic.id).where(Clinic.id == clinic_id)) is None:
        raise NotFound(entity="clinics", key=str(clinic_id))


@command(MANAGE)
def add_clinic(
    tx: Tx,
    *,
    code: str,
    name: str,
    timezone: str,
    address: str | None = None,
    phone: str | None = None,
    site_id: UUID | None = None,
) -> UUID:
    """Add a branch; the first one becomes the main clinic, whose numbers carry no code.

    In a chain its rows are written at one site: the one that is named, or this one. That cannot be changed, as work hangs on it.
    """
    hospital = hospital_in_turn(tx)
    short = clinic_code(code)
    if tx.session.scalar(select(Clinic.id).where(Clinic.code == short)) is not None:
        raise AlreadyExists("code", entity="clinics", value=short)
    clinic = Clinic(
        hospital_id=hospital.id,
        site_id=_site(tx, site_id),
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


def _site(tx: Tx, wanted: UUID | None) -> UUID | None:
    """The site of a new branch; none while this database takes part in no chain."""
    if wanted is not None:
        if tx.session.get(Site, wanted) is None:
            raise NotFound(entity="sites", key=str(wanted))
        return wanted
    here = tx.session.scalars(select(DatabaseIdentity)).one()
    return here.site_id if here.site_code is not None and tx.session.get(Site, here.site_id) is not None else None


@command(MANAGE)
def change_clinic(
    tx: Tx,
    *,
    clinic_id: UUID,
    row_version: int,
    name: str,
    timezone: str,
    address: str | None = None,
    phone: str | None = None,
) -> None:
    """Replace a branch's details; its code stays, for it is part of numbers that are printed."""
    clinic = as_read(tx, Clinic, clinic_id, row_version)
    clinic.name = required_line(name, "name")
    clinic.address = optional_text(address, "address", limit=1000)
    clinic.phone = optional_line(phone, "phone", limit=40)
    clinic.timezone = timezone_name(timezone)
    tx.emit(ClinicChanged(clinic.id))


@command(MANAGE)
def close_clinic(tx: Tx, *, clinic_id: UUID, row_version: int) -> None:
    """Offer a branch nowhere any more; what it has done stays. The main clinic, or one with work ahead, stays open."""
    hospital_in_turn(tx)
    clinic = as_read(tx, Clinic, clinic_id, row_version)
    if clinic.is_main:
        raise MainClinic(name=clinic.name)
    tx.emit(ClinicClosing(clinic.id))
    clinic.is_active = False
    tx.emit(ClinicChanged(clinic.id))


@command(MANAGE)
def reopen_clinic(tx: Tx, *, clinic_id: UUID, row_version: int) -> None:
    """Offer a closed branch again."""
    clinic = as_read(tx, Clinic, clinic_id, row_version)
    clinic.is_active = True
    tx.emit(ClinicChanged(clinic.id))
