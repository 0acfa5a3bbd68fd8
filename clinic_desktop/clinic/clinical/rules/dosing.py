"""How much of a medicine a course needs: dose × frequency × days, in whole base units."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from math import ceil
from types import MappingProxyType

from clinic_desktop.kernel.errors import InvalidInput

MAX_DAYS = 366
MAX_VALID_DAYS = 366
"""Longest that a prescription may be dispensed, whatever the setting says: lists of open ones look back no further."""
MAX_DOSE = Decimal(10_000)
MAX_PRESCRIBED = 100_000


class Frequency(StrEnum):
    """How often a dose is taken, in the abbreviations that prescribers write."""

    OD = "OD"
    BD = "BD"
    TDS = "TDS"
    QID = "QID"
    HS = "HS"
    Q4H = "Q4H"
    Q6H = "Q6H"
    Q8H = "Q8H"
    Q12H = "Q12H"
    ALTERNATE_DAYS = "ALTERNATE_DAYS"
    WEEKLY = "WEEKLY"
    STAT = "STAT"
    PRN = "PRN"


class Route(StrEnum):
    """How a medicine is given."""

    ORAL = "ORAL"
    SUBLINGUAL = "SUBLINGUAL"
    TOPICAL = "TOPICAL"
    EYE = "EYE"
    EAR = "EAR"
    NASAL = "NASAL"
    INHALED = "INHALED"
    RECTAL = "RECTAL"
    VAGINAL = "VAGINAL"
    IM = "IM"
    IV = "IV"
    SC = "SC"
    OTHER = "OTHER"


TIMES_PER_DAY: Mapping[Frequency, Fraction] = MappingProxyType(
    {
        Frequency.OD: Fraction(1),
        Frequency.BD: Fraction(2),
        Frequency.TDS: Fraction(3),
        Frequency.QID: Fraction(4),
        Frequency.HS: Fraction(1),
        Frequency.Q4H: Fraction(6),
        Frequency.Q6H: Fraction(4),
        Frequency.Q8H: Fraction(3),
        Frequency.Q12H: Fraction(2),
        Frequency.ALTERNATE_DAYS: Fraction(1, 2),
        Frequency.WEEKLY: Fraction(1, 7),
    }
)
"""STAT is one dose whatever the days; PRN has no rate: its quantity is written by hand."""

_UNIT_WORDS = {
    "tablets": "tablet", "tab": "tablet", "tabs": "tablet", "capsules": "capsule", "cap": "capsule", "caps": "capsule",
    "millilitre": "ml", "milliliter": "ml", "drops": "drop", "pieces": "piece", "pcs": "piece", "puffs": "puff", "sachets": "sachet",
}  # fmt: skip


def parse_dose(text: str) -> Decimal:
    """A dose as people write it: ``1``, ``0.5``, ``1/2`` or ``2.5``."""
    plain = text.strip().replace("½", "1/2").replace("¼", "1/4")
    top, slash, bottom = plain.partition("/")
    try:
        dose = Decimal(top) / Decimal(bottom) if slash else Decimal(plain)
    except (InvalidOperation, ZeroDivisionError) as error:
        raise InvalidInput("dose", "not_a_dose") from error
    return checked_dose(dose)


def checked_dose(dose: Decimal) -> Decimal:
    """A positive, finite dose with at most three decimals."""
    if not dose.is_finite() or not 0 < dose <= MAX_DOSE:
        raise InvalidInput("dose", "out_of_range", low=0, high=MAX_DOSE)
    if dose != round(dose, 3):
        raise InvalidInput("dose", "too_many_decimals", decimals=3)
    return dose


def doses_in(frequency: Frequency, days: int) -> int | None:
    """Number of doses in a course; None for as-needed medicines. The first dose of a rare one counts: weekly for 8 days is 2."""
    if frequency is Frequency.PRN:
        return None
    if frequency is Frequency.STAT:
        return 1
    return ceil(TIMES_PER_DAY[frequency] * days)


def course_quantity(dose: Decimal, frequency: Frequency, days: int) -> int | None:
    """Whole base units for a course: the exact product rounded up once, so that halves are not rounded up dose by dose."""
    doses = doses_in(frequency, days)
    return None if doses is None else ceil(Fraction(dose) * doses)


def same_unit(dose_unit: str, base_unit: str) -> bool:
    """Whether doses are counted in the unit the item is stocked in (500 mg of a tablet item cannot be converted here)."""
    return _unit_word(dose_unit) == _unit_word(base_unit)


def _unit_word(unit: str) -> str:
    word = unit.strip().casefold()
    return _UNIT_WORDS.get(word, word)


def prescribed_quantity(*, given: int | None, dose: Decimal, unit: str, base_unit: str, frequency: Frequency, days: int) -> int:
    """The quantity to write: the doctor's own when given, else computed; refused when neither is possible."""
    quantity = given
    if quantity is None and same_unit(unit, base_unit):
        quantity = course_quantity(dose, frequency, days)
    if quantity is None:
        raise InvalidInput("quantity", "required")
    if type(quantity) is not int or not 1 <= quantity <= MAX_PRESCRIBED:
        raise InvalidInput("quantity", "out_of_range", low=1, high=MAX_PRESCRIBED)
    return quantity
