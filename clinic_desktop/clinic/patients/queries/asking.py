"""What somebody typed to find a patient, taken apart (pure): words, a birth date or year, a number, the digits of a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache

from clinic_desktop.clinic.patients.names import search_words
from clinic_desktop.clinic.patients.rules import phone_digits
from clinic_desktop.kernel.formats import month_names
from clinic_desktop.kernel.i18n import SOURCE_CODE, active
from clinic_desktop.kernel.text import search_form

LONGEST_QUERY = 120
MOST_WORDS = 8
WHOLE_PHONE = 9
"""Digits from which on a number is taken for a whole one."""
FEWEST_DIGITS = 4
_YEAR = re.compile(r"(?:19|20)\d{2}")
_NUMBER = re.compile(r"(?:[a-z]{1,6}-(?:[a-z]{2,5}-)?(?:d\d{1,4}-)?)?\d{4}-\d{1,9}|[a-z]{2,6}-(?:[a-z]{2,5}-?)?(?:d\d{1,4}-?)?(?:\d{4})?-?")
_GAP = r"[ /.,\-]+"
_NUMERIC = re.compile(r"(?<!\S)(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\S)|(?<!\S)(\d{1,2}) (\d{1,2}) ((?:19|20)\d{2})(?!\S)")
_ISO = re.compile(r"(?<!\S)(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\S)")
_RUN = re.compile(r"(\d{2})(\d{2})((?:19|20)\d{2})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query taken apart: all words must match, and one of the birth dates."""

    words: tuple[str, ...]
    births: tuple[date, ...]
    otherwise: tuple[date, ...]
    """What the same digits may mean as a date where nobody is found: month and day exchanged, or a date without separators."""
    number: str | None
    digits: str

    @property
    def year(self) -> int | None:
        """The one year that stands beside a name."""
        years = [word for word in self.words if _YEAR.fullmatch(word)]
        return int(years[0]) if len(years) == 1 and any(not word.isdigit() for word in self.words) else None


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def take_apart(text: str) -> Asked:
    """Read what was typed."""
    plain = search_form(text[:LONGEST_QUERY])
    number = plain.upper() if _NUMBER.fullmatch(plain) else None
    is_digits = not re.search(r"[^\d\s+().\-]", plain)
    births, otherwise, rest = ((), (), plain) if number else _births(plain)
    digits = phone_digits(plain) if is_digits and not births else ""
    if run := _RUN.fullmatch(digits):
        otherwise = tuple(_dates(run[3], run[2], run[1]))
    words = [_without_trunk_zero(word) for chunk in rest.split() for word in search_words(chunk)]
    return Asked(tuple(dict.fromkeys(words[:MOST_WORDS])), births, otherwise, number, digits)


def _without_trunk_zero(word: str) -> str:
    return word.lstrip("0") if word.isdigit() and len(word) > WHOLE_PHONE else word


def _births(plain: str) -> tuple[tuple[date, ...], tuple[date, ...], str]:
    """The dates that one part of the text may mean, those that it may mean otherwise, and the text without it."""
    by_name, month_first = _named(active().code)
    for pattern, places in ((_ISO, (1, 2, 3)), (_NUMERIC, (3, 2, 1)), (by_name, (3, 2, 1)), (month_first, (3, 1, 2))):
        found = pattern.search(plain)
        if found is None:
            continue
        groups = [one for one in found.groups() if one is not None]
        year, month, day = (groups[place - 1] for place in places)
        births, otherwise = tuple(_dates(year, month, day)), tuple(_dates(year, day, month))
        if births or otherwise:
            rest = f"{plain[: found.start()]} {plain[found.end() :]}"
            return births or otherwise, otherwise if births else (), rest
    return (), (), plain


def _dates(year: str, month: str, day: str) -> Iterator[date]:
    """Of two digits of a year either century."""
    wanted = int(month) if month.isdigit() else _months(active().code).get(month, 0)
    for whole in (year,) if len(year) == 4 else (f"20{year}", f"19{year}"):
        with suppress(ValueError):
            yield date(int(whole), wanted, int(day))


@cache
def _months(code: str) -> dict[str, int]:
    """Months by their names in a language and in English."""
    return {search_form(name).rstrip(".\u0970"): month for language in (SOURCE_CODE, code) for name, month in month_names(language)}


@cache
def _named(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    month = "(" + "|".join(sorted(map(re.escape, _months(code)), key=len, reverse=True)) + r")[.\u0970]?"
    day, year = r"(\d{1,2})(?:st|nd|rd|th)?", r"(\d{4}|\d{2})"
    return re.compile(rf"(?<!\S){day}{_GAP}{month}{_GAP}{year}(?!\S)"), re.compile(rf"(?<!\S){month}{_GAP}{day}{_GAP}{year}(?!\S)")
