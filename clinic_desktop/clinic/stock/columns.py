"""The columns of the file in which medicines are brought and taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.stock.describing import MOST_IN_PACK, UNIT_LIMIT, all_ingredients, item_code, not_negative
from clinic_desktop.clinic.stock.rules import MAX_QUANTITY, ingredient_names
from clinic_desktop.kernel import cells
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.plans import Field, Known
from clinic_desktop.kernel.text import optional_line, required_line, whole_number


def medicine_fields(currency: str, *, taxes: Mapping[str, UUID]) -> tuple[Field, ...]:
    """Every column of a medicine; its tax is told by name."""
    return (
        Field("code", N_("Code"), item_code, str, ("item code", "medicine code", "id")),
        Field("name", N_("Name"), partial(required_line, field="name"), str, ("medicine", "medicine name", "item", "brand", "brand name")),
        _line("generic_name", N_("Generic name"), 200, "generic", "salt"),
        Field("ingredients", N_("Ingredients"), _ingredients, str, ("composition", "active ingredients"), default=""),
        _line("strength", N_("Strength"), 60, "dose"),
        _line("form", N_("Form"), 60, "dosage form"),
        _line("manufacturer", N_("Manufacturer"), 200, "company", "maker", "mfr"),
        _line("schedule", N_("Schedule"), 20, "drug schedule"),
        _yes_or_no("is_controlled", N_("Controlled"), "controlled drug", default=False),
        _line("category", N_("Category"), 80, "group"),
        _line("barcode", N_("Barcode"), 60, "ean", "gtin", "upc"),
        Field("unit", N_("Unit"), partial(required_line, field="unit", limit=UNIT_LIMIT), str, ("base unit", "uom")),
        Field("pack_size", N_("Pack size"), _number("pack_size", 1, MOST_IN_PACK), str, ("pack", "units per pack"), default=1),
        Field("min_stock", N_("Least stock"), _number("min_stock", 0, MAX_QUANTITY), str, ("minimum", "min", "reorder level"), default=0),
        _optional_number("max_stock", N_("Most stock"), "maximum", "max"),
        _optional_number("reorder_quantity", N_("Order quantity"), "reorder qty"),
        _line("storage_location", N_("Shelf"), 80, "location", "storage", "rack"),
        Field("cost", N_("Cost"), _amount(currency, "cost"), cells.amount_cell, ("purchase price", "cost price")),
        Field("price", N_("Price"), _amount(currency, "price"), cells.amount_cell, ("selling price", "sale price", "mrp", "rate")),
        _tax(taxes),
        _yes_or_no("is_active", N_("In use"), "active", default=True),
    )


def fits_together(
    others: Mapping[str, str], codes: Iterable[str], counted: Mapping[str, str]
) -> Callable[[dict[str, Any], Known | None], Iterable[InvalidInput]]:
    """What must fit together in a row: ``others`` are the codes of items by barcode, ``codes`` those of items that are no medicines,
    ``counted`` the units of items, by code, that have been in stock."""
    owners, taken = dict(others), frozenset(codes)

    def check(values: dict[str, Any], known: Known | None) -> Iterable[InvalidInput]:
        code = values["code"]
        values["ingredients"] = all_ingredients(values["ingredients"], values["generic_name"])
        if known is None and code in taken:
            yield InvalidInput("code", "not_a_medicine")
        if values["max_stock"] is not None and values["max_stock"] < values["min_stock"]:
            yield InvalidInput("max_stock", "less_than_least", least=values["min_stock"])
        if code in counted and values["unit"] != counted[code]:
            yield InvalidInput("unit", "unit_in_use", unit=counted[code])
        barcode = values["barcode"]
        if barcode is not None and owners.setdefault(barcode, code) != code:
            yield InvalidInput("barcode", "barcode_of_another", code=owners[barcode])

    return check


def _line(name: str, title: str, limit: int, *words: str) -> Field:
    return Field(name, title, partial(optional_line, field=name, limit=limit), _or_nothing, words, default=None)


def _or_nothing(text: str | None) -> str:
    return text or ""


def _yes_or_no(name: str, title: str, *words: str, default: bool) -> Field:
    return Field(name, title, partial(cells.yes_or_no, field=name), cells.yes_or_no_cell, words, default=default)


def _ingredients(text: str) -> str:
    return ", ".join(ingredient_names(text))


def _number(name: str, low: int, high: int) -> Callable[[str], int]:
    return lambda text: whole_number(cells.whole(text, name), name, low, high)


def _optional_number(name: str, title: str, *words: str) -> Field:
    read = cells.optional(_number(name, 1 if name == "reorder_quantity" else 0, MAX_QUANTITY))
    return Field(name, title, read, cells.or_empty(str), words, default=None)


def _amount(currency: str, name: str) -> Callable[[str], Money]:
    return lambda text: not_negative(cells.amount(text, currency, name), name)


def _tax(taxes: Mapping[str, UUID]) -> Field:
    told = {key: name for name, key in taxes.items()}
    by_name = cells.names(taxes)
    read = cells.optional(lambda text: cells.named(by_name, text, "tax_configuration_id"))
    return Field("tax_configuration_id", N_("Tax"), read, lambda key: "" if key is None else told[key], ("gst", "vat"), default=None)
