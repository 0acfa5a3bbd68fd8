"""Cells of a file as values: read from what people and their spreadsheets write, and written so that reading gives the same again.

``Decimal`` and ``int`` take more than people mean (NaN, 1_000, 1e9), so each kind of cell says what it takes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.money import Money, decimals_of
from clinic_desktop.kernel.text import clean_line, search_form

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_SPACES = re.compile(r"[\s\u00a0\u202f']")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+|-?[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}", re.ASCII)
"""By thousands, or by lakh."""
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?%?", re.ASCII)
_YES, _NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0", "")


def latin(text: str) -> str:
    """The text without spaces, its digits and separators of any script as ASCII."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return _SPACES.sub("", digits.replace("\u066b", ".").replace("\u066c", ","))


def amount(text: str, currency: str, field: str) -> Money:
    """An amount as ``1250.50``, ``1,250.50``, ``1.250,50`` or ``1250,50``, with or without the currency's sign."""
    bare = "".join(c for c in latin(text) if unicodedata.category(c) != "Sc")
    plain = bare.removeprefix(currency).removesuffix(currency)
    if not plain:
        raise InvalidInput(field, "required")
    return Money.parse(_with_point(plain, decimals_of(currency), field), currency, field=field)


def _with_point(plain: str, decimals: int, field: str) -> str:
    """The figures without grouping and with a decimal point."""
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma < 0:
        if decimals < 3 and _GROUPED.fullmatch(plain.replace(".", ",")) and plain.count(".") == 1:
            raise InvalidInput(field, "ambiguous_amount", text=plain)  # 1.250: thousands, or a decimal too many
        return _ungrouped(plain.replace(".", ",")) if plain.count(".") > 1 else plain
    if point >= 0:
        mark = max(comma, point)
        return f"{_ungrouped(plain[:mark].replace('.', ','))}.{plain[mark + 1 :]}"
    if plain.count(",") > 1:
        return _ungrouped(plain)
    if _GROUPED.fullmatch(plain):  # 1,250: in a currency of three decimals nobody can tell
        if decimals == 3:
            raise InvalidInput(field, "ambiguous_amount", text=plain)
        return _ungrouped(plain)
    return plain.replace(",", ".")


def _ungrouped(plain: str) -> str:
    # What is not grouped properly stays as it is, which is no amount.
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def amount_cell(value: Money) -> str:
    """An amount as plain figures with its currency's decimals."""
    return f"{value.amount:.{decimals_of(value.currency)}f}"


def whole(text: str, field: str) -> int:
    """A whole number."""
    plain = latin(text)
    if not _WHOLE.fullmatch(plain):
        raise InvalidInput(field, "not_a_number")
    return int(plain)


def percent(text: str, field: str) -> int:
    """A percentage with at most two decimals, in basis points: ``12.5`` is 1 250."""
    found = _PERCENT.fullmatch(latin(text))
    if found is None or int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) > 10_000:
        raise InvalidInput(field, "not_a_percentage")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def percent_cell(basis_points: int) -> str:
    """Basis points as a percentage without its sign."""
    return f"{basis_points // 100}.{basis_points % 100:02d}".rstrip("0").rstrip(".")


def yes_or_no(text: str, field: str) -> bool:
    """Yes or no; nothing is no."""
    word = search_form(text)
    if word not in (*_YES, *_NO):
        raise InvalidInput(field, "not_yes_or_no")
    return word in _YES


def yes_or_no_cell(value: bool) -> str:
    """``yes`` or ``no``."""
    return "yes" if value else "no"


def one_of(kind: type[E], text: str, field: str) -> E:
    """A member of an enumeration by its code, however it is spaced and capitalised."""
    code = re.sub(r"[\s-]+", "_", clean_line(text)).upper()
    if code not in kind.__members__:
        raise InvalidInput(field, "not_one_of" if code else "required", allowed=", ".join(kind.__members__))
    return kind[code]


def names(rows: Mapping[str, UUID]) -> dict[str, UUID]:
    """Records by name, and by the form in which names are compared where no other has that very name."""
    return {search_form(name): key for name, key in rows.items()} | dict(rows)


def named(known: Mapping[str, UUID], text: str, field: str) -> UUID:
    """The record of that name among those known by ``names``."""
    found = known.get(clean_line(text)) or known.get(search_form(text))
    if found is None:
        raise InvalidInput(field, "not_known", name=clean_line(text)[:80])
    return found


def optional(read: Callable[[str], T]) -> Callable[[str], T | None]:
    """Reads an empty cell as None, and any other as ``read`` does."""
    return lambda text: read(text) if text.strip() else None


def or_empty(write: Callable[[T], str]) -> Callable[[T | None], str]:
    """Writes None as an empty cell, and anything else as ``write`` does."""
    return lambda value: "" if value is None else write(value)
