"""The pharmacy counter of the tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.clinic.clinical.queries import prescription
from clinic_desktop.clinic.pharmacy import commands
from clinic_desktop.clinic.pharmacy.rules import DispenseLine
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import Room


def dispense(room: Room, prescription_id: UUID, *lines: DispenseLine, key: UUID | None = None, **details: Any) -> commands.DispensedRow:
    return room.world.db.run(
        room.world.actor("pharmacist"),
        commands.dispense,
        key=key or new_id(),
        prescription_id=prescription_id,
        location_id=room.shelf.location_id,
        lines=lines or None,
        **details,
    )


def item_ids(room: Room, prescription_id: UUID) -> list[UUID]:
    with room.world.db.read() as session:
        return [item.id for item in prescription(session, prescription_id).items]


def owed(room: Room, prescription_id: UUID) -> tuple[str, list[int]]:
    with room.world.db.read() as session:
        row = prescription(session, prescription_id)
        return row.status.value, [item.owed for item in row.items]


def medicine_lines(room: Room) -> list[tuple[str, int, int, int, int]]:
    """(description, quantity, unit price, tax, total) of every medicine on an invoice."""
    statement = "SELECT description, quantity, unit_price, tax, total FROM invoice_items WHERE kind = 'MEDICINE' ORDER BY id"
    with room.world.db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]
