"""The demo's data files: names, medicines, services and clinical cases."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TypeVar

import msgspec

from clinic_desktop.clinic.clinical.rules import Frequency, Route
from clinic_desktop.clinic.staff.rules import ServiceCategory
from clinic_desktop.kernel.resources import resource_path

T = TypeVar("T")


class MedicineLine(msgspec.Struct, array_like=True, frozen=True):
    """One medicine of the catalogue; ``price`` is per unit, in major units of the currency."""

    code: str
    name: str
    generic: str
    strength: str
    form: str
    unit: str
    pack: int
    price: Decimal
    schedule: str
    category: str
    maker: str


class ServiceLine(msgspec.Struct, array_like=True, frozen=True):
    """One service of the catalogue; ``department`` is GEN, CARD or PAED."""

    code: str
    name: str
    category: ServiceCategory
    price: Decimal
    minutes: int
    tax: str
    department: str


class ScriptNames(msgspec.Struct, frozen=True):
    """Names of one script."""

    male: list[str]
    female: list[str]
    last: list[str]


class Names(msgspec.Struct, frozen=True):
    """What invented people are made of."""

    latin: ScriptNames
    devanagari: ScriptNames
    arabic: ScriptNames
    streets: list[str]
    areas: list[tuple[str, str]]
    allergies: list[str]
    history: list[str]


class CaseMedicine(msgspec.Struct, array_like=True, frozen=True):
    """One line that a case prescribes; ``quantity`` is given where it cannot be computed from the dose."""

    code: str
    dose: Decimal
    unit: str
    route: Route
    frequency: Frequency
    days: int
    quantity: int | None
    instructions: str


class Case(msgspec.Struct, frozen=True):
    """What brings a patient: ``who`` is a specialty, or ``any``."""

    who: str
    ages: tuple[int, int]
    complaint: str
    findings: str
    code: str
    text: str
    treatment: str
    fever: bool
    tests: list[str]
    follow_up: int | None
    rx: list[CaseMedicine]
    sugar: bool = False
    pressure: bool = False


def _read(name: str, kind: type[T]) -> T:
    return msgspec.json.decode(resource_path(f"demo/{name}.json").read_bytes(), type=kind)


@cache
def medicines() -> tuple[MedicineLine, ...]:
    """The medicines of the catalogue."""
    return tuple(_read("medicines", list[MedicineLine]))


@cache
def services() -> tuple[ServiceLine, ...]:
    """The services of the catalogue."""
    return tuple(_read("services", list[ServiceLine]))


@cache
def cases() -> tuple[Case, ...]:
    """The clinical cases."""
    return tuple(_read("cases", list[Case]))


@cache
def names() -> Names:
    """What invented people are made of."""
    return _read("names", Names)


def case_for(specialty: str, age: int, chosen: float) -> Case:
    """A case that fits a doctor's specialty and a patient's age; ``chosen`` in [0, 1) picks among them."""
    fitting = [case for case in cases() if case.ages[0] <= age <= case.ages[1]]
    own = [case for case in fitting if case.who.casefold() in specialty.casefold()]
    general = [case for case in fitting if case.who == "any"]
    wanted = own + own + general if own else general or fitting or list(cases())
    return wanted[int(chosen * len(wanted))]
