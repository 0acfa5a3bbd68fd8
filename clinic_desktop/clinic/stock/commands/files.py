"""Medicines from files and into files."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.models import Hospital
from clinic_desktop.clinic.stock.columns import medicine_fields
from clinic_desktop.clinic.stock.commands.permissions import ITEMS
from clinic_desktop.clinic.stock.describing import ITEM_NAMES, MEDICINE_NAMES, complete, describe
from clinic_desktop.clinic.stock.events import ItemsImported
from clinic_desktop.clinic.stock.listed import shelf
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, Medicine
from clinic_desktop.clinic.stock.rules import ItemKind, UnitInUse
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.plans import Plan, PlannedRow, Sheet, sheet

_FLUSH_EVERY = 500
Progress = Callable[[int, int], None]
_Both = tuple[InventoryItem, Medicine | None]


@command(ITEMS)
def import_medicines(tx: Tx, *, plan: Plan, progress: Progress | None = None) -> int:
    """Carry out what a file of medicines would do, all of it or nothing; returns how many rows were written."""
    tx.session.scalars(select(Hospital.id).with_for_update(key_share=True)).all()  # one file after the other
    now = _current(tx)
    versions = {code: item.row_version + (medicine.row_version if medicine else 0) for code, (item, medicine) in now.items()}
    rows = list(plan.to_write(versions))
    stocked = set(tx.session.scalars(select(Batch.item_id).distinct()))
    for done, row in enumerate(rows):
        if done % _FLUSH_EVERY == 0:
            tx.session.flush()
            if progress is not None:
                progress(done, len(rows))
        _write(tx, row, now.get(row.code), stocked)
    tx.session.flush()
    if rows:
        tx.emit(ItemsImported(len(rows)))
    return len(rows)


def _current(tx: Tx) -> dict[str, _Both]:
    """Every item, locked, with the medicine that it is."""
    items = tx.session.scalars(select(InventoryItem).order_by(InventoryItem.id).with_for_update().execution_options(populate_existing=True))
    medicines = {one.item_id: one for one in tx.session.scalars(select(Medicine).execution_options(populate_existing=True))}
    return {item.code: (item, medicines.get(item.id)) for item in items}


def _write(tx: Tx, row: PlannedRow, current: _Both | None, stocked: set[UUID]) -> None:
    wanted = row.to_set
    given = {name: wanted[name] for name in (*ITEM_NAMES, *MEDICINE_NAMES) if name in wanted}
    if current is None:
        item = InventoryItem(code=row.code, kind=ItemKind.MEDICINE)
        medicine: Medicine | None = Medicine(item_id=item.id)
        describe(item, medicine, complete(given))
        tx.add(item)
        tx.session.add(medicine)
    else:
        item, medicine = current
        if "unit" in given and item.id in stocked:
            raise UnitInUse("unit", unit=item.unit)
        describe(item, medicine, given)
    if "is_active" in wanted:
        item.is_active = wanted["is_active"]


@command(ITEMS)
def export_medicines(tx: Tx) -> Sheet:
    """Every medicine with all its columns; the audit notes that they were taken out."""
    now = shelf(tx.session)
    tx.note("exported", "users", tx.actor.user_id or UUID(int=0), what=_("Medicines"), rows=len(now.known), way="csv")
    return sheet(medicine_fields(tx.currency, taxes=now.taxes), (one.values for one in now.known.values()))
