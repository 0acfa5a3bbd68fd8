"""Where stock is kept, and whom it is bought from."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.stock.commands.permissions import ITEMS
from clinic_desktop.clinic.stock.models import StockLocation, Supplier
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.tables import Record
from clinic_desktop.kernel.text import optional_line, required_line

R = TypeVar("R", bound=Record)


def _insert(tx: Tx, row: R, entity: str, value: str) -> R:
    """Add a row whose unique name may be taken."""
    try:
        with tx.savepoint():
            tx.add(row)
            tx.session.flush()
    except IntegrityError as error:
        raise AlreadyExists("name", entity=entity, value=value) from error
    return row


@command(ITEMS)
def add_location(tx: Tx, *, clinic_id: UUID, name: str) -> UUID:
    """Add a place in a clinic where stock is kept."""
    place = StockLocation(clinic_id=clinic_id, name=required_line(name, "name", limit=80), is_active=True)
    return _insert(tx, place, "stock_locations", place.name).id


@command(ITEMS)
def add_supplier(
    tx: Tx,
    *,
    name: str,
    contact_name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    tax_number: str | None = None,
    payment_terms: str | None = None,
) -> UUID:
    """Add someone to buy from."""
    supplier = Supplier(
        name=required_line(name, "name"),
        contact_name=optional_line(contact_name, "contact_name"),
        phone=optional_line(phone, "phone", limit=40),
        email=optional_line(email, "email"),
        tax_number=optional_line(tax_number, "tax_number", limit=60),
        payment_terms=optional_line(payment_terms, "payment_terms"),
        is_active=True,
    )
    return _insert(tx, supplier, "suppliers", supplier.name).id
