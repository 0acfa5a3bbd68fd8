"""Human numbers such as ``PAT-2026-00001``: their kinds, what they look like and when they start again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.sharing import series_index

SHORTEST, LONGEST = 3, 10
"""Digits to which a number is filled up."""
_PREFIX = re.compile(r"[A-Z]{1,6}", re.ASCII)
_RESERVED = frozenset({"LAB", "PO", "DSP", "CLC"})
"""Prefixes of parts of the program that are still to come, and the mark of signed cards."""
_SHAPE = re.compile(r"[A-Z]{1,6}(-[A-Z]{2,5})?(-D\d{1,4})?(-\d{4}|-\d{8})?-\d{1,12}", re.ASCII)
COUNTS_OF_A_SERIES = 1_000
"""Bare counts, such as queue numbers, of the copy D1 begin at 1001, those of D2 at 2001: no clinic calls so many in a day."""


class Reset(StrEnum):
    """When a number series starts again at one."""

    YEARLY = "YEARLY"
    DAILY = "DAILY"
    NEVER = "NEVER"


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A series of human numbers, kept per clinic and period; one without a title is counted, never written out with its prefix."""

    code: str
    prefix: str
    width: int
    reset: Reset
    title: str = ""


_declared: dict[str, NumberKind] = {}


def number_kind(code: str, prefix: str, width: int = 5, reset: Reset = Reset.YEARLY, title: str = "") -> NumberKind:
    """Declare a number series beside its owner; with a ``title``, marked for translation, clinics may change its format."""
    if code in _declared:
        raise ValueError(f"number kind {code} is declared twice")
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"number prefix {prefix!r} is not 1 to 6 capital letters")
    if any(kind.prefix == prefix for kind in _declared.values()):
        raise ValueError(f"number prefix {prefix} is used twice")
    kind = NumberKind(code, prefix, width, reset, title)
    _declared[code] = kind
    return kind


def declared_number_kinds() -> list[NumberKind]:
    """Every number series of the departments imported so far, by code."""
    return [_declared[code] for code in sorted(_declared)]


def period_of(reset: Reset, on: date) -> int:
    """The counter's period at a business date: 2026, 20260302, or 0 for a series that never starts again."""
    match reset:
        case Reset.YEARLY:
            return on.year
        case Reset.DAILY:
            return on.year * 10_000 + on.month * 100 + on.day
        case Reset.NEVER:
            return 0


def number_text(prefix: str, clinic_code: str | None, period: int, number: int, width: int, series: str = "") -> str:
    """``PAT-2026-00001``, or ``PAT-NTH-D1-2026-00001`` with the code of the clinic and that of a computer away from its server."""
    parts = [prefix, clinic_code, series, str(period) if period else None, f"{number:0{width}d}"]
    return "-".join(part for part in parts if part)


def first_count(series: str) -> int:
    """Before which number the bare counts of a series begin."""
    return series_index(series) * COUNTS_OF_A_SERIES


def is_number(text: str) -> bool:
    """Whether a text has the shape of a human number, whatever the prefixes of this hospital."""
    return _SHAPE.fullmatch(text.strip().upper()) is not None


def number_prefix(text: str, kind: NumberKind) -> str:
    """A prefix that a kind may have: one to six Latin letters, capital, of no other kind of the program."""
    prefix = text.strip().upper()
    if not _PREFIX.fullmatch(prefix):
        raise InvalidInput("prefix", "not_a_prefix", text=text)
    if prefix in _RESERVED or any(one.prefix == prefix and one.code != kind.code for one in _declared.values()):
        raise InvalidInput("prefix", "prefix_taken", prefix=prefix)
    return prefix
