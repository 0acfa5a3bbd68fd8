"""Typed settings, declared beside their owner and resolved workstation → clinic → hospital → default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypedDict, TypeVar, Unpack

import msgspec

from clinic_desktop.kernel.errors import InvalidInput

T = TypeVar("T")


class Scope(StrEnum):
    """The narrowest place a setting may be set for; wider ones serve as its fallback."""

    HOSPITAL = "HOSPITAL"
    CLINIC = "CLINIC"
    WORKSTATION = "WORKSTATION"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting: its key, default (which fixes the type), scope and one-line title; ``low`` and ``high`` bound a number."""

    key: str
    default: T
    scope: Scope
    title: str
    help: str = ""
    """What it does, in one line, where the title does not say it."""
    low: int = 0
    high: int = 10**15
    longest: int = 500
    """Characters of a text."""
    is_money: bool = False
    """A number of minor units of the hospital's currency: people see and type an amount."""
    words: str = ""
    """Further words by which people look for it."""
    check: Callable[[Any], object] | None = None
    """Raises InvalidInput on a value of the right type that cannot be obeyed."""

    @property
    def group(self) -> str:
        """The department whose setting it is: what stands before the first dot of its key."""
        return self.key.partition(".")[0]

    @property
    def choices(self) -> tuple[T, ...]:
        """Every value that there is, where they are few."""
        kind: Any = type(self.default)
        return tuple(kind) if isinstance(self.default, StrEnum) else ()

    def encode(self, value: T) -> str:
        """The stored text of a value; refuses one of another type or beyond the limits."""
        if type(value) is not type(self.default):
            raise InvalidInput(self.key, "wrong_type")
        plain: Any = value
        if type(plain) is int and not self.low <= plain <= self.high:
            raise InvalidInput(self.key, "out_of_range", low=self.low, high=self.high)
        if type(plain) is str and len(plain) > self.longest:
            raise InvalidInput(self.key, "too_long", limit=self.longest)
        if self.check is not None:
            self.check(value)
        return msgspec.json.encode(value).decode()

    def decode(self, stored: str) -> T:
        """The value of a stored text; refuses what is not of the declared type."""
        try:
            return msgspec.json.decode(stored.encode(), type=type(self.default))
        except msgspec.MsgspecError as error:
            raise InvalidInput(self.key, "wrong_type") from error


class SettingDetails(TypedDict, total=False):
    """The further fields of Setting."""

    help: str
    low: int
    high: int
    longest: int
    is_money: bool
    words: str
    check: Callable[[Any], object]


_declared: dict[str, Setting[Any]] = {}


def setting(key: str, default: T, scope: Scope, title: str, **more: Unpack[SettingDetails]) -> Setting[T]:
    """Declare a setting beside the code that obeys it."""
    if key in _declared:
        raise ValueError(f"setting {key} is declared twice")
    declared = Setting(key, default, scope, title, **more)
    _declared[key] = declared
    return declared


def declared_settings() -> list[Setting[Any]]:
    """Every setting of the departments imported so far, by key."""
    return [_declared[key] for key in sorted(_declared)]
