"""The catalogue of stock: items and medicines."""

from __future__ import annotations

from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.organisation.models import TaxConfiguration
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.stock.commands.permissions import ITEMS
from clinic_desktop.clinic.stock.describing import (
    ItemChanges,
    MedicineChanges,
    NewItem,
    NewMedicine,
    complete,
    describe,
    item_code,
    not_negative,
    set_levels,
)
from clinic_desktop.clinic.stock.events import ItemSaved
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, Medicine
from clinic_desktop.clinic.stock.rules import ItemCodeInUse, ItemKind, UnitInUse
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound, StaleRecord
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.references import is_referenced
from clinic_desktop.kernel.text import clean_line


@command(ITEMS)
def add_item(tx: Tx, *, code: str, kind: ItemKind, **details: Unpack[NewItem]) -> UUID:
    """Add an inventory item that is not a medicine."""
    if kind is ItemKind.MEDICINE:
        raise InvalidInput("kind", "use_add_medicine")
    item = InventoryItem(code=item_code(code), kind=kind, is_active=True)
    describe(item, None, complete(details))
    _insert(tx, item, None)
    return item.id


@command(ITEMS)
def add_medicine(tx: Tx, *, code: str, **details: Unpack[NewMedicine]) -> UUID:
    """Add a medicine with its stock item; returns the medicine's id. Ingredients default to the generic name."""
    item = InventoryItem(code=item_code(code), kind=ItemKind.MEDICINE, is_active=True)
    medicine = Medicine(item_id=item.id)
    describe(item, medicine, complete(details))
    _insert(tx, item, medicine)
    return medicine.id


def _insert(tx: Tx, item: InventoryItem, medicine: Medicine | None) -> None:
    _check(tx, item)
    try:
        with tx.savepoint():
            tx.add(item)
            tx.session.flush()
    except IntegrityError as error:  # another desk was faster
        raise AlreadyExists("code", entity="inventory_items", value=item.code) from error
    if medicine is not None:
        tx.add(medicine)
        tx.session.flush()
    tx.emit(ItemSaved(item.id))


def _check(tx: Tx, item: InventoryItem) -> None:
    """Refuse a code or barcode of another item, and a tax that is not there."""
    with tx.session.no_autoflush:
        _refuse_taken(tx, item, InventoryItem.code == item.code, "code", item.code)
        if item.barcode is not None:
            _refuse_taken(tx, item, InventoryItem.barcode == item.barcode, "barcode", item.barcode)
        if item.tax_configuration_id is not None and tx.session.get(TaxConfiguration, item.tax_configuration_id) is None:
            raise NotFound("tax_configuration_id", entity="tax_configurations", key=str(item.tax_configuration_id))


def _refuse_taken(tx: Tx, item: InventoryItem, same: ColumnElement[bool], field: str, value: str) -> None:
    if tx.session.scalar(select(InventoryItem.id).where(same, InventoryItem.id != item.id)) is not None:
        raise AlreadyExists(field, entity="inventory_items", value=value)


@command(ITEMS)
def change_item(tx: Tx, *, item_id: UUID, row_version: int, code: str, **changes: Unpack[ItemChanges]) -> None:
    """Change an item that is no medicine; a code that is in use stays, and so does a unit in which stock is counted."""
    item = _item(tx, item_id)
    if item.kind is ItemKind.MEDICINE:
        raise InvalidInput("kind", "use_add_medicine")
    if item.row_version != row_version:
        raise StaleRecord(entity="inventory_items", key=str(item_id))
    _change(tx, item, None, code, dict(changes))


@command(ITEMS)
def change_medicine(tx: Tx, *, medicine_id: UUID, row_version: int, code: str, **changes: Unpack[MedicineChanges]) -> None:
    """Change a medicine and its item; a code that is in use stays, and so does a unit in which stock is counted."""
    medicine, item = _locked_medicine(tx, medicine_id, row_version)
    _change(tx, item, medicine, code, dict(changes))


def _change(tx: Tx, item: InventoryItem, medicine: Medicine | None, code: str, changes: dict[str, Any]) -> None:
    _change_code(tx, item, medicine, code)
    _keep_unit(tx, item, changes.get("unit"))
    describe(item, medicine, changes)
    _check(tx, item)
    tx.session.flush()
    tx.emit(ItemSaved(item.id))


def _locked_medicine(tx: Tx, medicine_id: UUID, row_version: int) -> tuple[Medicine, InventoryItem]:
    medicine = tx.session.get(Medicine, medicine_id)
    if medicine is None:
        raise NotFound("medicine_id", entity="medicines", key=str(medicine_id))
    item = _item(tx, medicine.item_id)
    tx.session.refresh(medicine)
    if item.row_version + medicine.row_version != row_version:
        raise StaleRecord(entity="medicines", key=str(medicine_id))
    return medicine, item


def _change_code(tx: Tx, item: InventoryItem, medicine: Medicine | None, code: str) -> None:
    wanted = item_code(code)
    if wanted == item.code:
        return
    is_named = is_referenced(tx.session, InventoryItem, item.id, besides=(Medicine,))
    if is_named or (medicine is not None and is_referenced(tx.session, Medicine, medicine.id)):
        raise ItemCodeInUse("code", value=item.code)
    item.code = wanted


def _keep_unit(tx: Tx, item: InventoryItem, unit: str | None) -> None:
    if unit is None or clean_line(unit) == item.unit:
        return
    if tx.session.scalar(select(Batch.id).where(Batch.item_id == item.id).limit(1)) is not None:
        raise UnitInUse("unit", unit=item.unit)


@command(ITEMS)
def set_stock_levels(
    tx: Tx, *, item_id: UUID, min_stock: int, max_stock: int | None = None, reorder_quantity: int | None = None, price: Money | None = None
) -> None:
    """Change when an item counts as low, and what it sells for."""
    item = _item(tx, item_id)
    set_levels(item, min_stock, max_stock, reorder_quantity)
    if price is not None:
        item.price = not_negative(price, "price")
    tx.emit(ItemSaved(item.id))


@command(ITEMS)
def deactivate_item(tx: Tx, *, item_id: UUID) -> None:
    """Take an item out of the lists from which it is chosen; its stock and history stay."""
    item = _item(tx, item_id)
    item.is_active = False
    tx.emit(ItemSaved(item.id))


@command(ITEMS)
def restore_item(tx: Tx, *, item_id: UUID) -> None:
    """Offer a withdrawn item again."""
    item = _item(tx, item_id)
    item.is_active = True
    tx.emit(ItemSaved(item.id))


def _item(tx: Tx, item_id: UUID) -> InventoryItem:
    wanted = select(InventoryItem).where(InventoryItem.id == item_id).with_for_update().execution_options(populate_existing=True)
    item = tx.session.scalar(wanted)
    if item is None:
        raise NotFound(entity="inventory_items", key=str(item_id))
    return item
