"""The catalogue of stock: items, medicines, places, suppliers."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.stock.events import ItemSaved
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine, StockLocation, Supplier
from clinic_desktop.clinic.stock.rules import MAX_QUANTITY, ItemKind, ingredient_names, item_search_text
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.tables import Record
from clinic_desktop.kernel.text import optional_line, required_line, whole_number

ITEMS = permission("stock.items", N_("Set up stock items, medicines, locations and suppliers"), "inventory_manager", "pharmacist")

R = TypeVar("R", bound=Record)


def _insert(tx: Tx, row: R, entity: str, value: str) -> R:
    """Add a row whose unique name may be taken."""
    try:
        with tx.savepoint():
            tx.add(row)
            tx.session.flush()
    except IntegrityError as error:
        raise AlreadyExists(entity=entity, value=value) from error
    return row


def _price(value: Money, field: str) -> Money:
    if value.minor < 0:
        raise InvalidInput(field, "negative")
    return value


@command(ITEMS)
def add_item(
    tx: Tx,
    *,
    code: str,
    name: str,
    kind: ItemKind,
    unit: str,
    cost: Money,
    price: Money,
    pack_size: int = 1,
    category: str | None = None,
    barcode: str | None = None,
    min_stock: int = 0,
    max_stock: int | None = None,
    reorder_quantity: int | None = None,
    storage_location: str | None = None,
    tax_configuration_id: UUID | None = None,
) -> UUID:
    """Add an inventory item that is not a medicine."""
    if kind is ItemKind.MEDICINE:
        raise InvalidInput("kind", "use_add_medicine")
    item = _new_item(code=code, name=name, kind=kind, unit=unit, cost=cost, price=price, pack_size=pack_size)
    _describe(item, category, barcode, storage_location, tax_configuration_id)
    _set_levels(item, min_stock, max_stock, reorder_quantity)
    item.search_text = item_search_text(item.code, item.name, {"barcode": item.barcode, "category": item.category})
    _insert(tx, item, "inventory_items", item.code)
    tx.emit(ItemSaved(item.id))
    return item.id


@command(ITEMS)
def add_medicine(
    tx: Tx,
    *,
    code: str,
    name: str,
    unit: str,
    cost: Money,
    price: Money,
    generic_name: str | None = None,
    ingredients: str | None = None,
    strength: str | None = None,
    form: str | None = None,
    manufacturer: str | None = None,
    schedule: str | None = None,
    is_controlled: bool = False,
    pack_size: int = 1,
    category: str | None = None,
    barcode: str | None = None,
    min_stock: int = 0,
    max_stock: int | None = None,
    reorder_quantity: int | None = None,
    storage_location: str | None = None,
    tax_configuration_id: UUID | None = None,
) -> UUID:
    """Add a medicine with its stock item; returns the medicine's id. Ingredients default to the generic name."""
    item = _new_item(code=code, name=name, kind=ItemKind.MEDICINE, unit=unit, cost=cost, price=price, pack_size=pack_size)
    _describe(item, category, barcode, storage_location, tax_configuration_id)
    _set_levels(item, min_stock, max_stock, reorder_quantity)
    medicine = _medicine_of(item, generic_name, ingredients, strength, form, manufacturer)
    medicine.schedule, medicine.is_controlled = optional_line(schedule, "schedule", limit=20), is_controlled
    _insert(tx, item, "inventory_items", item.code)
    tx.add(medicine)
    tx.session.flush()
    tx.emit(ItemSaved(item.id))
    return medicine.id


def _medicine_of(
    item: InventoryItem, generic_name: str | None, ingredients: str | None, strength: str | None, form: str | None, manufacturer: str | None
) -> Medicine:
    """What makes the item a medicine; its words go into the item's search text."""
    medicine = Medicine(
        item_id=item.id,
        generic_name=optional_line(generic_name, "generic_name"),
        strength=optional_line(strength, "strength", limit=60),
        form=optional_line(form, "form", limit=60),
        manufacturer=optional_line(manufacturer, "manufacturer"),
        ingredients=", ".join(ingredient_names(ingredients or generic_name)),
    )
    words = {"generic": medicine.generic_name, "ingredients": medicine.ingredients, "strength": medicine.strength, "barcode": item.barcode}
    item.search_text = item_search_text(item.code, item.name, words)
    return medicine


def _new_item(*, code: str, name: str, kind: ItemKind, unit: str, cost: Money, price: Money, pack_size: int) -> InventoryItem:
    return InventoryItem(
        id=new_id(),
        code=required_line(code, "code", limit=40).upper(),
        name=required_line(name, "name"),
        kind=kind,
        unit=required_line(unit, "unit", limit=20),
        pack_size=whole_number(pack_size, "pack_size", 1, 100_000),
        cost=_price(cost, "cost"),
        price=_price(price, "price"),
        is_active=True,
    )


def _describe(
    item: InventoryItem, category: str | None, barcode: str | None, storage_location: str | None, tax_configuration_id: UUID | None
) -> None:
    item.category = optional_line(category, "category", limit=80)
    item.barcode = optional_line(barcode, "barcode", limit=60)
    item.storage_location = optional_line(storage_location, "storage_location", limit=80)
    item.tax_configuration_id = tax_configuration_id


def _set_levels(item: InventoryItem, min_stock: int, max_stock: int | None, reorder_quantity: int | None) -> None:
    item.min_stock = whole_number(min_stock, "min_stock", 0, MAX_QUANTITY)
    item.max_stock = None if max_stock is None else whole_number(max_stock, "max_stock", item.min_stock, MAX_QUANTITY)
    item.reorder_quantity = None if reorder_quantity is None else whole_number(reorder_quantity, "reorder_quantity", 1, MAX_QUANTITY)


@command(ITEMS)
def set_stock_levels(
    tx: Tx, *, item_id: UUID, min_stock: int, max_stock: int | None = None, reorder_quantity: int | None = None, price: Money | None = None
) -> None:
    """Change when an item counts as low, and what it sells for."""
    item = _item(tx, item_id)
    _set_levels(item, min_stock, max_stock, reorder_quantity)
    if price is not None:
        item.price = _price(price, "price")
    tx.emit(ItemSaved(item.id))


@command(ITEMS)
def deactivate_item(tx: Tx, *, item_id: UUID) -> None:
    """Take an item out of the lists from which it is chosen; its stock and history stay."""
    item = _item(tx, item_id)
    item.is_active = False
    tx.emit(ItemSaved(item.id))


def _item(tx: Tx, item_id: UUID) -> InventoryItem:
    item = tx.session.scalar(select(InventoryItem).where(InventoryItem.id == item_id).with_for_update())
    if item is None:
        raise NotFound(entity="inventory_items", key=str(item_id))
    return item


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
