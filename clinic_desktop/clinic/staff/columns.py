"""The columns of the files in which the price list and the services are brought and taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.staff.describing import NAME_LIMIT, service_code
from clinic_desktop.clinic.staff.rules import LONGEST_SERVICE, PricingModel, ServiceCategory, ToothChartUse, not_negative
from clinic_desktop.kernel import cells
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.plans import Field, Known
from clinic_desktop.kernel.text import clean_line, optional_text, required_line, search_form, whole_number

PRICES = ("code", "name", "price")
_SHARE = "doctor_share_basis_points"


def service_fields(currency: str, *, departments: Mapping[str, UUID], taxes: Mapping[str, UUID]) -> tuple[Field, ...]:
    """Every column of a service; departments and taxes are told by name."""
    return (
        Field("code", N_("Code"), service_code, str, ("service code", "item code", "id")),
        Field("name", N_("Name"), partial(required_line, field="name", limit=NAME_LIMIT), str, ("service", "service name", "title")),
        Field("category", N_("Category"), partial(cells.one_of, ServiceCategory, field="category"), str, ("type", "group")),
        Field("price", N_("Price"), partial(_price, currency), cells.amount_cell, ("amount", "rate", "fee", "cost", "charge")),
        _reference("tax_configuration_id", N_("Tax"), taxes, ("tax name", "gst", "vat")),
        _reference("department_id", N_("Department"), departments, ("department name",)),
        Field("duration_minutes", N_("Minutes"), _minutes, str, ("duration", "duration minutes", "length"), default=15),
        Field(
            "uses_doctor_fee", N_("Doctor's fee"), partial(cells.yes_or_no, field="uses_doctor_fee"), cells.yes_or_no_cell, default=False
        ),
        Field(
            "doctor_share_basis_points", N_("Doctor's share %"), cells.optional(_share), cells.or_empty(cells.percent_cell), default=None
        ),
        Field(
            "pricing_model",
            N_("Pricing"),
            partial(cells.one_of, PricingModel, field="pricing_model"),
            str,
            default=PricingModel.PER_SESSION,
        ),
        Field(
            "tooth_chart_use",
            N_("Tooth chart"),
            partial(cells.one_of, ToothChartUse, field="tooth_chart_use"),
            str,
            default=ToothChartUse.NOT_NEEDED,
        ),
        Field("description", N_("Description"), partial(optional_text, field="description"), _or_nothing, ("notes",), default=None),
        _yes_or_no("is_active", N_("In use"), ("active",), default=True),
    )


def price_fields(currency: str) -> tuple[Field, ...]:
    """The columns of the price list. The name is there for people, and tells when a price slipped to another row."""
    return tuple(
        Field(one.name, one.title, clean_line, str, one.words) if one.name == "name" else one
        for one in service_fields(currency, departments={}, taxes={})
        if one.name in PRICES
    )


def same_name(values: dict[str, Any], known: Known | None) -> Iterable[InvalidInput]:
    """Refuse a price whose row names another service than its code: rows that were sorted by one column look like that."""
    if known is not None:
        if search_form(values["name"]) != search_form(known.values["name"]):
            yield InvalidInput("name", "code_of_another", name=known.values["name"])
        values["name"] = known.values["name"]


def _reference(name: str, title: str, known: Mapping[str, UUID], words: tuple[str, ...]) -> Field:
    told = {key: text for text, key in known.items()}
    by_name = cells.names(known)
    read = cells.optional(lambda text: cells.named(by_name, text, name))
    return Field(name, title, read, lambda key: "" if key is None else told[key], words, default=None)


def _yes_or_no(name: str, title: str, words: tuple[str, ...] = (), *, default: bool) -> Field:
    return Field(name, title, partial(cells.yes_or_no, field=name), cells.yes_or_no_cell, words, default=default)


def _or_nothing(text: str | None) -> str:
    return text or ""


def _price(currency: str, text: str) -> Money:
    return not_negative(cells.amount(text, currency, "price"), "price")


def _minutes(text: str) -> int:
    return whole_number(cells.whole(text, "duration_minutes"), "duration_minutes", 1, LONGEST_SERVICE)


def _share(text: str) -> int:
    return cells.percent(text, _SHARE)
