"""What is known of an item and of a medicine: checked and set in one place, for the form and for files."""

from __future__ import annotations

from typing import Any, Required, TypedDict
from uuid import UUID

from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.clinic.stock.rules import MAX_QUANTITY, ingredient_names, item_search_text
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import optional_line, required_line, whole_number

CODE_LIMIT, UNIT_LIMIT, MOST_IN_PACK = 40, 20, 100_000
_ITEM_LINES = {"category": 80, "barcode": 60, "storage_location": 80}
_MEDICINE_LINES = {"generic_name": 200, "strength": 60, "form": 60, "manufacturer": 200, "schedule": 20}


class ItemChanges(TypedDict, total=False):
    """What may be changed of an item beside its code; what is left out stays as it is."""

    name: str
    unit: str
    cost: Money
    price: Money
    pack_size: int
    category: str | None
    barcode: str | None
    min_stock: int
    max_stock: int | None
    reorder_quantity: int | None
    storage_location: str | None
    tax_configuration_id: UUID | None


class MedicineChanges(ItemChanges, total=False):
    """What may be changed of a medicine beside its code; ingredients that are left empty are those of the generic name."""

    generic_name: str | None
    ingredients: str | None
    strength: str | None
    form: str | None
    manufacturer: str | None
    schedule: str | None
    is_controlled: bool


class NewItem(ItemChanges, total=False):
    """A new item: a name, a unit and both prices must be given."""

    name: Required[str]  # type: ignore[misc]
    unit: Required[str]  # type: ignore[misc]
    cost: Required[Money]  # type: ignore[misc]
    price: Required[Money]  # type: ignore[misc]


class NewMedicine(MedicineChanges, total=False):
    """A new medicine: as a new item."""

    name: Required[str]  # type: ignore[misc]
    unit: Required[str]  # type: ignore[misc]
    cost: Required[Money]  # type: ignore[misc]
    price: Required[Money]  # type: ignore[misc]


_NEW: dict[str, Any] = {"pack_size": 1, "min_stock": 0, "is_controlled": False}
ITEM_NAMES = tuple(ItemChanges.__annotations__)
MEDICINE_NAMES = tuple(name for name in MedicineChanges.__annotations__ if name not in ITEM_NAMES)


def item_code(text: str) -> str:
    """An item's code, in capitals."""
    return required_line(text, "code", limit=CODE_LIMIT).upper()


def not_negative(value: Money, field: str) -> Money:
    """Refuse a price below zero."""
    if value.minor < 0:
        raise InvalidInput(field, "negative")
    return value


def all_ingredients(ingredients: str | None, generic_name: str | None) -> str:
    """The ingredients, each once; those of the generic name where none are given."""
    return ", ".join(ingredient_names(ingredients) or ingredient_names(generic_name))


def complete(given: Any) -> dict[str, Any]:
    """Everything that a new item or medicine is described by."""
    return {name: _NEW.get(name) for name in (*ITEM_NAMES, *MEDICINE_NAMES)} | dict(given)


def describe(item: InventoryItem, medicine: Medicine | None, given: Any) -> None:
    """Check and set what is given of an item, and of the medicine that it is; it is found by what it is now called."""
    values = {name: getattr(item, name) for name in ITEM_NAMES if name not in given} | dict(given)
    item.name = required_line(values["name"], "name")
    item.unit = required_line(values["unit"], "unit", limit=UNIT_LIMIT)
    item.pack_size = whole_number(values["pack_size"], "pack_size", 1, MOST_IN_PACK)
    item.cost, item.price = not_negative(values["cost"], "cost"), not_negative(values["price"], "price")
    item.tax_configuration_id = values["tax_configuration_id"]
    for name, limit in _ITEM_LINES.items():
        setattr(item, name, optional_line(values[name], name, limit=limit))
    set_levels(item, values["min_stock"], values["max_stock"], values["reorder_quantity"])
    if medicine is not None:
        _describe_medicine(medicine, given)
    refresh_search(item, medicine)


def set_levels(item: InventoryItem, min_stock: int, max_stock: int | None, reorder_quantity: int | None) -> None:
    """Set when an item counts as low and how much is ordered then; the most is not below the least."""
    item.min_stock = whole_number(min_stock, "min_stock", 0, MAX_QUANTITY)
    item.max_stock = None if max_stock is None else whole_number(max_stock, "max_stock", item.min_stock, MAX_QUANTITY)
    item.reorder_quantity = None if reorder_quantity is None else whole_number(reorder_quantity, "reorder_quantity", 1, MAX_QUANTITY)


def _describe_medicine(medicine: Medicine, given: Any) -> None:
    values = {name: getattr(medicine, name) for name in MEDICINE_NAMES if name not in given} | dict(given)
    for name, limit in _MEDICINE_LINES.items():
        setattr(medicine, name, optional_line(values[name], name, limit=limit))
    medicine.ingredients = all_ingredients(values["ingredients"], medicine.generic_name)
    medicine.is_controlled = values["is_controlled"]


def refresh_search(item: InventoryItem, medicine: Medicine | None) -> None:
    if medicine is None:
        words = {"barcode": item.barcode, "category": item.category}
    else:
        words = {"generic": medicine.generic_name, "ingredients": medicine.ingredients, "strength": medicine.strength}
        words["barcode"] = item.barcode
    item.search_text = item_search_text(item.code, item.name, words)
