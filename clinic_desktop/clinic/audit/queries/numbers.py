"""From a number on paper to the record that bears it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import String, Uuid, cast, literal, select, union_all
from sqlalchemy.orm import Session

from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.tables import Base
from clinic_desktop.kernel.text import clean_line

NUMBER_COLUMNS = {
    "patients": "patient_number",
    "id_cards": "card_number",
    "appointments": "booking_id",
    "prescriptions": "number",
    "invoices": "number",
    "payments": "receipt_number",
    "refunds": "number",
    "credit_notes": "number",
    "medicine_batches": "batch_number",
    "inventory_items": "code",
}
"""The columns in which people's numbers stand; each begins an index."""


def person(session: Session, username: str) -> UUID:
    """The account of that username; raises NotFound."""
    users = Base.metadata.tables["users"]
    found: UUID | None = session.scalar(select(users.c.id).where(users.c.username == username.strip().casefold()))
    if found is None:
        raise NotFound(entity="users", key=username)
    return found


def numbered(session: Session, number: str) -> list[tuple[str, UUID]]:
    """Table and key of every record with that number."""
    text = clean_line(number).upper()
    tables = Base.metadata.tables
    wanted = [
        select(cast(literal(name), String).label("kind"), tables[name].c.id.label("id")).where(tables[name].c[column] == text)
        for name, column in NUMBER_COLUMNS.items()
    ]
    found = union_all(*wanted).subquery()
    return [(kind, key) for kind, key in session.execute(select(found.c.kind, found.c.id.cast(Uuid())))]
