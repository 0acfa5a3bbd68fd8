"""Workstations: desks, rooms and displays, and the printers that each of them uses."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.commands.clinics import require_clinic
from clinic_desktop.clinic.organisation.commands.permissions import MANAGE
from clinic_desktop.clinic.organisation.commands.places import as_read, hospital_in_turn
from clinic_desktop.clinic.organisation.events import WorkstationAdded, WorkstationChanged
from clinic_desktop.clinic.organisation.models import Workstation
from clinic_desktop.clinic.organisation.printers import PrinterProfiles, profiles_text
from clinic_desktop.clinic.organisation.rules import AlreadyExists, WorkstationKind
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.text import optional_line, required_line


@command(MANAGE)
def add_workstation(
    tx: Tx, *, clinic_id: UUID, name: str, kind: WorkstationKind, room: str | None = None, printers: PrinterProfiles | None = None
) -> UUID:
    """Add a workstation of a clinic; ``printers`` by kind of document."""
    hospital_in_turn(tx)
    require_clinic(tx, clinic_id)
    workstation = Workstation(
        clinic_id=clinic_id,
        name=_free_name(tx, clinic_id, name, None),
        kind=kind,
        room=optional_line(room, "room", limit=40),
        printer_profiles=profiles_text(printers or {}),
        is_active=True,
    )
    tx.add(workstation)
    tx.session.flush()
    tx.emit(WorkstationAdded(workstation.id))
    return workstation.id


def _free_name(tx: Tx, clinic_id: UUID, name: str, own_id: UUID | None) -> str:
    line = required_line(name, "name", limit=60)
    same = select(Workstation.id).where(Workstation.clinic_id == clinic_id, func.lower(Workstation.name) == line.lower())
    if any(found != own_id for found in tx.session.scalars(same)):
        raise AlreadyExists("name", entity="workstations", value=line)
    return line


@command(MANAGE)
def change_workstation(
    tx: Tx,
    *,
    workstation_id: UUID,
    row_version: int,
    name: str,
    kind: WorkstationKind,
    room: str | None = None,
    printers: PrinterProfiles | None = None,
) -> None:
    """Replace a workstation's details and printers; it stays in its clinic, whose settings and numbers it uses."""
    hospital_in_turn(tx)
    workstation = as_read(tx, Workstation, workstation_id, row_version)
    workstation.name = _free_name(tx, workstation.clinic_id, name, workstation_id)
    workstation.kind, workstation.room = kind, optional_line(room, "room", limit=40)
    workstation.printer_profiles = profiles_text(printers or {})
    tx.emit(WorkstationChanged(workstation_id))


@command(MANAGE)
def retire_workstation(tx: Tx, *, workstation_id: UUID, row_version: int) -> None:
    """Offer a workstation nowhere any more."""
    as_read(tx, Workstation, workstation_id, row_version).is_active = False
    tx.emit(WorkstationChanged(workstation_id))


@command(MANAGE)
def restore_workstation(tx: Tx, *, workstation_id: UUID, row_version: int) -> None:
    """Put a retired workstation back into use."""
    as_read(tx, Workstation, workstation_id, row_version).is_active = True
    tx.emit(WorkstationChanged(workstation_id))
