"""Printing, as far as the record goes: what left the clinic on paper is in the audit trail."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

PRINT = permission(
    "documents.print",
    N_("Print documents"),
    "receptionist",
    "nurse",
    "doctor",
    "dentist",
    "optician",
    "pharmacist",
    "lab_technician",
    "cashier",
)


@command(PRINT)
def record_print(tx: Tx, *, kind: str, entity_type: str, entity_id: UUID, number: str, way: str) -> None:
    """Note that a document went to a printer or a file (``way``); a later one is marked as a copy."""
    tx.note("printed", entity_type, entity_id, kind=kind, number=number, way=way)
