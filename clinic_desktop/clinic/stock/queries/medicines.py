"""Medicines: found while one types, and listed as they are set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, select, tuple_
from sqlalchemy.orm import Session

from clinic_desktop.clinic.stock.models import Batch, InventoryItem, Medicine
from clinic_desktop.clinic.stock.queries.holdings import units, usable_on
from clinic_desktop.clinic.stock.rules import ItemKind, ingredient_names
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import search_form


@dataclass(frozen=True, slots=True)
class MedicineHit:
    """A medicine as it is offered while one types, with what may be issued of it."""

    medicine_id: UUID
    item_id: UUID
    code: str
    name: str
    generic_name: str | None
    strength: str | None
    form: str | None
    unit: str
    price: Money
    ingredients: tuple[str, ...]
    is_controlled: bool
    on_hand: int


@dataclass(frozen=True, slots=True)
class MedicineRow:
    """A medicine as it is set up; ``row_version`` counts the changes of the medicine and of its item."""

    id: UUID
    item_id: UUID
    code: str
    name: str
    generic_name: str | None
    ingredients: str
    strength: str | None
    form: str | None
    manufacturer: str | None
    schedule: str | None
    is_controlled: bool
    category: str | None
    barcode: str | None
    unit: str
    pack_size: int
    min_stock: int
    max_stock: int | None
    reorder_quantity: int | None
    storage_location: str | None
    cost: Money
    price: Money
    tax_configuration_id: UUID | None
    is_active: bool
    row_version: int


def medicine_hits(
    session: Session, text: str, *, day: date | None = None, location_id: UUID | None = None, limit: int = 20
) -> list[MedicineHit]:
    """Active medicines whose name, generic name, ingredient or code contains every word, names that begin with the text first.

    ``on_hand`` counts what may be issued on ``day``, at one location or everywhere; without a day no date is checked.
    """
    words = search_form(text).split()
    if not words:
        return []
    first = InventoryItem.search_text.startswith(words[0], autoescape=True)
    # The few hits are found first: units are counted only for them.
    found = (
        select(InventoryItem.id, case((first, 0), else_=1).label("rank"))
        .where(InventoryItem.is_active, InventoryItem.kind == ItemKind.MEDICINE, *_contains(words))
        .order_by("rank", InventoryItem.name, InventoryItem.id)
        .limit(limit)
        .subquery()
    )
    counted = units(usable_on(day or date.min), location_id).where(Batch.item_id == InventoryItem.id).scalar_subquery()
    wanted = select(Medicine, InventoryItem, counted).join(InventoryItem, InventoryItem.id == Medicine.item_id)
    wanted = wanted.join(found, found.c.id == InventoryItem.id).order_by(found.c.rank, InventoryItem.name, InventoryItem.id)
    return [_hit(medicine, item, int(on_hand)) for medicine, item, on_hand in session.execute(wanted)]


def medicines(
    session: Session, *, text: str = "", with_inactive: bool = False, after: MedicineRow | None = None, limit: int | None = None
) -> list[MedicineRow]:
    """Medicines by name, those that hold every word of the text, page by page: ``after`` is the last row already read."""
    wanted = (
        select(Medicine, InventoryItem)
        .join(InventoryItem, InventoryItem.id == Medicine.item_id)
        .where(*_contains(search_form(text).split()))
        .order_by(InventoryItem.name, InventoryItem.id)
        .limit(limit)
    )
    if not with_inactive:
        wanted = wanted.where(InventoryItem.is_active)
    if after is not None:
        wanted = wanted.where(tuple_(InventoryItem.name, InventoryItem.id) > (after.name, after.item_id))
    return [_medicine_row(medicine, item) for medicine, item in session.execute(wanted)]


def _medicine_row(medicine: Medicine, item: InventoryItem) -> MedicineRow:
    return MedicineRow(
        id=medicine.id,
        item_id=item.id,
        code=item.code,
        name=item.name,
        generic_name=medicine.generic_name,
        ingredients=medicine.ingredients,
        strength=medicine.strength,
        form=medicine.form,
        manufacturer=medicine.manufacturer,
        schedule=medicine.schedule,
        is_controlled=medicine.is_controlled,
        category=item.category,
        barcode=item.barcode,
        unit=item.unit,
        pack_size=item.pack_size,
        min_stock=item.min_stock,
        max_stock=item.max_stock,
        reorder_quantity=item.reorder_quantity,
        storage_location=item.storage_location,
        cost=item.cost,
        price=item.price,
        tax_configuration_id=item.tax_configuration_id,
        is_active=item.is_active,
        row_version=item.row_version + medicine.row_version,
    )


def _contains(words: list[str]) -> list[ColumnElement[bool]]:
    return [InventoryItem.search_text.contains(word, autoescape=True) for word in words]


def _hit(medicine: Medicine, item: InventoryItem, on_hand: int) -> MedicineHit:
    return MedicineHit(
        medicine_id=medicine.id,
        item_id=item.id,
        code=item.code,
        name=item.name,
        generic_name=medicine.generic_name,
        strength=medicine.strength,
        form=medicine.form,
        unit=item.unit,
        price=item.price,
        ingredients=ingredient_names(medicine.ingredients),
        is_controlled=medicine.is_controlled,
        on_hand=on_hand,
    )
