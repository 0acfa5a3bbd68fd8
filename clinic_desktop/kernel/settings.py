"""Typed settings, declared beside their owner and resolved workstation → clinic → hospital → default."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

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
    """One setting: its key, default (which fixes the type), scope and one-line title."""

    key: str
    default: T
    scope: Scope
    title: str

    def encode(self, value: T) -> str:
        """The stored text of a value; refuses a value of another type."""
        if type(value) is not type(self.default):
            raise InvalidInput(self.key, "wrong_type")
        return msgspec.json.encode(value).decode()

    def decode(self, stored: str) -> T:
        """The value of a stored text; refuses what is not of the declared type."""
        try:
            return msgspec.json.decode(stored.encode(), type=type(self.default))
        except msgspec.MsgspecError as error:
            raise InvalidInput(self.key, "wrong_type") from error


_declared: dict[str, Setting[Any]] = {}


def setting(key: str, default: T, scope: Scope, title: str) -> Setting[T]:
    """Declare a setting beside the code that obeys it."""
    if key in _declared:
        raise ValueError(f"setting {key} is declared twice")
    declared = Setting(key, default, scope, title)
    _declared[key] = declared
    return declared


def declared_settings() -> list[Setting[Any]]:
    """Every setting of the departments imported so far, by key."""
    return [_declared[key] for key in sorted(_declared)]
