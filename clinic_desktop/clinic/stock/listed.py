"""Medicines as the list that files are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.models import TaxConfiguration
from clinic_desktop.clinic.stock.describing import ITEM_NAMES, MEDICINE_NAMES
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, Medicine
from clinic_desktop.kernel.plans import Known


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that a file of medicines is held against."""

    known: dict[str, Known]
    """Medicines by code, in the order of codes; their version is that of item and medicine together."""
    taxes: dict[str, UUID]
    """By name; of a tax that had several rates it is the newest."""
    barcodes: dict[str, str]
    """The code of the item by barcode."""
    others: tuple[str, ...]
    """Codes of items that are no medicines."""
    counted: dict[str, str]
    """The unit by code of what has been in stock."""


def shelf(session: Session) -> Shelf:
    """Medicines and what else a file of them may collide with."""
    rates = select(TaxConfiguration.name, TaxConfiguration.id).order_by(TaxConfiguration.valid_from)
    rated = list(session.execute(rates))
    taxes, names = {row.name: row.id for row in rated}, {row.id: row.name for row in rated}
    known: dict[str, Known] = {}
    wanted = select(InventoryItem, Medicine).join(Medicine, Medicine.item_id == InventoryItem.id).order_by(InventoryItem.code)
    for item, medicine in session.execute(wanted):
        values = {name: getattr(item, name) for name in ("code", *ITEM_NAMES, "is_active")}
        values |= {name: getattr(medicine, name) for name in MEDICINE_NAMES}
        if item.tax_configuration_id is not None:
            values["tax_configuration_id"] = taxes[names[item.tax_configuration_id]]
        known[item.code] = Known(medicine.id, item.row_version + medicine.row_version, values)
    items = list(session.execute(select(InventoryItem.id, InventoryItem.code, InventoryItem.barcode, InventoryItem.unit)))
    stocked = set(session.scalars(select(Batch.item_id).distinct()))
    return Shelf(
        known,
        taxes,
        {row.barcode: row.code for row in items if row.barcode is not None},
        tuple(row.code for row in items if row.code not in known),
        {row.code: row.unit for row in items if row.id in stocked},
    )
