"""What is typed into registration, read: one line for a name, one for an age or a birth date."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from clinic_desktop.clinic.patients.details import PatientDetails, details_of
from clinic_desktop.clinic.patients.legacy.dates import Birth, DateOrder, parse_birth
from clinic_desktop.clinic.patients.legacy.drafts import split_name
from clinic_desktop.clinic.patients.other_numbers import OtherNumber
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import Gender, age_months, age_text, age_years, checked_birth
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.formats import date_text, listed
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import clean_line, search_form

_YEAR = re.compile(r"\d{4}")
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_WEEKS = re.compile(r"(\d{1,2})\s*(?:w|wk|wks|week|weeks)")
_DAYS = re.compile(r"(\d{1,3})\s*(?:d|day|days)")
_TITLES = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "shri", "smt", "kum", *("श्री", "श्रीमती", "कुमारी", "डॉ", "السيد", "السيده", "الدكتور"))
)
"""As ``search_form`` leaves them."""
_DAY_FIRST = DateOrder(day_first=True, mixed=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it will be saved."""

    first: str
    middle: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Typed:
    """A whole form, read; ``more`` are the further details by their names."""

    name: Name
    gender: Gender
    birth: Birth | None
    phone: str | None
    more: dict[str, Any]
    numbers: tuple[OtherNumber, ...] = ()


def read_name(text: str) -> Name | None:
    """``First Middle Last`` or ``Last, First Middle``, without titles; None when nothing is typed."""
    line = clean_line(text).strip(" ,")
    return Name(*split_name(", ".join(_untitled(part) for part in line.split(",", 1)))) if line else None


def _untitled(part: str) -> str:
    """A title is no name, unless nothing else is typed."""
    words = part.split()
    while len(words) > 1 and search_form(words[0]).rstrip(".") in _TITLES:
        del words[0]
    return " ".join(words)


def name_text(name: Name) -> str:
    """How a name was taken apart."""
    parts = [_("First name {name}").format(name=name.first)]
    parts += [_("middle name {name}").format(name=name.middle)] if name.middle else []
    parts += [_("last name {name}").format(name=name.last)] if name.last else []
    return listed(parts)


def read_birth(text: str, today: date) -> Birth | None:
    """``34``, ``34y``, ``8m``, ``3w``, ``10d``, ``1990``, ``5/3/1990`` or ``05031990``; None when nothing is typed."""
    plain = search_form(text).strip(" .")
    if not plain:
        return None
    try:
        return _birth(plain, today)
    except InvalidInput as error:
        if error.reason in ("in_the_future", "too_old", "out_of_range", "impossible_date"):
            raise InvalidInput("birth", error.reason, **{k: v for k, v in error.params.items() if k != "reason"}) from error
        raise InvalidInput("birth", "not_a_birth") from error


def _birth(plain: str, today: date) -> Birth:
    if _YEAR.fullmatch(plain):
        year = int(plain)
        middle = min(date(max(year, 1), 7, 1), today) if year <= today.year else date(year, 1, 1)
        return Birth(checked_birth(middle, today), True)
    if weeks := _WEEKS.fullmatch(plain):
        return Birth(today - timedelta(weeks=int(weeks[1])), True)
    if days := _DAYS.fullmatch(plain):
        return Birth(today - timedelta(days=int(days[1])), False)
    run = _RUN.fullmatch(plain)
    return parse_birth("/".join(run.groups()) if run else plain, _DAY_FIRST, today)


def birth_text(birth: Birth, today: date) -> str:
    """How an age or a birth date was understood."""
    age = age_text(birth.day, today)
    if birth.is_estimated:
        return _("{age}, born about {year}").format(age=age, year=birth.day.year)
    return _("{age}, born {day}").format(age=age, day=date_text(birth.day))


def birth_line(row: PatientRow, today: date) -> str:
    """What stands in the field for a patient who is edited."""
    if row.date_of_birth is None:
        return ""
    if not row.dob_is_estimated:
        return f"{row.date_of_birth:%d/%m/%Y}"
    years = age_years(row.date_of_birth, today)
    return f"{years}y" if years >= 2 else f"{age_months(row.date_of_birth, today)}m"


def columns_of(typed: Typed) -> dict[str, Any]:
    """The form as the parameters of a registration, the phone set apart."""
    name, birth = typed.name, typed.birth
    return {
        "first_name": name.first,
        "middle_name": name.middle,
        "last_name": name.last,
        "gender": typed.gender,
        "date_of_birth": birth.day if birth else None,
        "dob_is_estimated": birth is not None and birth.is_estimated,
        **typed.more,
    }


_READ_FROM = {"name": ("first_name", "middle_name", "last_name"), "birth": ("date_of_birth", "dob_is_estimated")}


def edited_details(typed: Typed, patient: PatientRow, touched: Collection[str]) -> PatientDetails:
    """A record with what was changed: a name or age that was not touched stays exactly as it is."""
    columns = columns_of(typed)
    for field, names in _READ_FROM.items():
        if field not in touched:
            columns |= {name: getattr(patient, name) for name in names}
    return replace(details_of(patient), **columns)
