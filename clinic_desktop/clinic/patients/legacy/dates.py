"""Birth dates and ages as old registers spell them; whether 03/04 is April or March is decided by the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clinic_desktop.clinic.patients.rules import birth_from_age, checked_birth
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import search_form

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})\.?[-/., ]+(\d{4}|\d{2})")
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4}|\d{2})")
_AGE = re.compile(r"(\d{1,3})\s*(?:y|yr|yrs|year|years|y/o)?\.?")
_AGE_MONTHS = re.compile(r"(\d{1,2})\s*(?:m|mo|mth|mths|month|months)\.?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EVIDENCE_SHARE = 50
"""A file of the other order where fewer than one in so many decisive dates speak for it: those are mistakes, not usage."""


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How a file writes numeric dates: usual order, and whether the other occurs often enough to be believed."""

    day_first: bool
    mixed: bool


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date, exact or worked out from an age."""

    day: date
    is_estimated: bool


def date_order(texts: Iterable[str]) -> DateOrder:
    """Decide by the dates that can be read in one way only; day first where none can."""
    day_first = month_first = 0
    for text in texts:
        found = _NUMERIC.fullmatch(search_form(text))
        if found is not None:
            first, second = int(found[1]), int(found[2])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
    usual = day_first >= month_first
    return DateOrder(usual, min(day_first, month_first) * _EVIDENCE_SHARE > max(day_first, month_first))


def parse_birth(text: str, order: DateOrder, today: date) -> Birth:
    """Read a birth date or an age; raises InvalidInput for what cannot be."""
    plain = search_form(text)
    age = _AGE.fullmatch(plain)
    if age is not None:
        return Birth(birth_from_age(int(age[1]), today), True)
    months = _AGE_MONTHS.fullmatch(plain)
    if months is not None:
        return Birth(birth_from_age(int(months[1]) // 12, today, months=int(months[1]) % 12), True)
    return Birth(checked_birth(_parse_date(plain, order, today), today), False)


def _parse_date(plain: str, order: DateOrder, today: date) -> date:
    if iso := _ISO.fullmatch(plain):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if numeric := _NUMERIC.fullmatch(plain):
        return _numeric(int(numeric[1]), int(numeric[2]), _year(numeric[3], today), order)
    if named := _NAMED.fullmatch(plain):
        return _day(_year(named[3], today), _month(named[2]), int(named[1]))
    if named := _NAMED_FIRST.fullmatch(plain):
        return _day(_year(named[3], today), _month(named[1]), int(named[2]))
    raise InvalidInput("date_of_birth", "not_a_date")


def _numeric(first: int, second: int, year: int, order: DateOrder) -> date:
    day, month = (first, second) if order.day_first else (second, first)
    if month > 12 >= day and order.mixed:
        day, month = month, day
    return _day(year, month, day)


def _year(text: str, today: date) -> int:
    """Four digits as they are; two digits are the latest such year that has begun."""
    if len(text) == 4:
        return int(text)
    year = today.year // 100 * 100 + int(text)
    return year if year <= today.year else year - 100


def _month(text: str) -> int:
    if text[:3] not in _MONTHS:
        raise InvalidInput("date_of_birth", "not_a_date")
    return _MONTHS.index(text[:3]) + 1


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise InvalidInput("date_of_birth", "impossible_date") from error
