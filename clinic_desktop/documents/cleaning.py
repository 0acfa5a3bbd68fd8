"""What is printed is cleaned first: no text that somebody typed turns a line around or breaks a page."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import clean_text

T = TypeVar("T")
_LONGEST = 20_000


def cleaned(value: T) -> T:
    """The same data with every text NFC and free of control and direction characters: nothing else reaches a page."""
    return _cleaned(value)  # type: ignore[no-any-return]


def _cleaned(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return clean_text(value[:_LONGEST])
    if isinstance(value, tuple):
        return tuple(_cleaned(part) for part in value)
    if is_dataclass(value) and not isinstance(value, Money | type):
        return replace(value, **{part.name: _cleaned(getattr(value, part.name)) for part in fields(value)})
    return value
