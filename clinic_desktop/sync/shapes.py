"""Tables as sync sees them: which columns travel, of what kind their values are, and how each engine spells them.

A value in hand is always as the journal spells it (JSON): text, whole number, truth or nothing.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table, Time, Uuid
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from clinic_desktop.kernel.capture import SECRET, VERSION
from clinic_desktop.kernel.merging import Policy, Values, policies
from clinic_desktop.kernel.tables import Base, MoneyColumn, UtcDateTime

STAMPS = ("created_at", "updated_at")
"""Both follow from the time of the change set."""
MADE_AT = STAMPS[0]
MOST_WHOLE = 1 << 63

Raw = Any
"""A value as a driver takes or gives it."""


class BadValue(ValueError):
    """A value that its column cannot hold."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One table: its key, its columns with the kinds of their values, its foreign keys, and its policy."""

    name: str
    key: str
    kinds: Mapping[str, str]
    required: frozenset[str]
    defaults: Mapping[str, Any]
    """What a required column holds in a row of a program that does not have it yet."""
    parents: Mapping[str, str]
    """Column to the table that its values are keys of."""
    secrets: frozenset[str]
    stamps: tuple[str, ...]
    policy: Policy
    has_version: bool
    moving: frozenset[str]
    """The columns whose values leave the database."""
    blank: Mapping[str, Any]
    """A new row before anything is told of it."""
    begun: Mapping[str, Any]
    """What of it is not empty."""
    named: tuple[tuple[str, str], ...]
    """Column and table of each foreign key to a table of the journal."""
    naming: frozenset[str]
    """Those columns."""
    owners: tuple[str, ...]
    """The columns that lead to the clinic whose row it is, the first that is not empty."""

    def travels(self, column: str) -> bool:
        """Whether a column's values leave the database."""
        return column in self.moving

    def checked(self, values: Mapping[str, Any]) -> Values:
        """The values that may come in; raises BadValue for a column or a value that does not fit."""
        taken: Values = {}
        for name, value in values.items():
            if name in self.moving:
                taken[name] = None if value is None else _CHECKS[self.kinds[name]](value)
        return taken

    def checked_whole(self, values: Mapping[str, Any]) -> Values:
        """The values of a whole row, with when it was made."""
        taken = self.checked(values)
        if MADE_AT in self.stamps and MADE_AT in values:
            taken[MADE_AT] = _CHECKS["instant"](values[MADE_AT])
        return taken


@cache
def _shapes(_tables: int) -> dict[str, Shape]:
    return {name: _shape(Base.metadata.tables[name], policy) for name, policy in policies().items()}


def shapes() -> dict[str, Shape]:
    """Every table that the journal holds, by name."""
    return _shapes(len(Base.metadata.tables))


def _shape(table: Table, policy: Policy) -> Shape:
    (key,) = table.primary_key.columns
    columns = [column for column in table.columns if column.name not in STAMPS]
    parents = {str.__str__(column.name): str.__str__(one.column.table.name) for column in columns for one in column.foreign_keys}
    defaults = {str.__str__(column.name): _default(column) for column in columns if not column.nullable and _default(column) is not None}
    blank = {**dict.fromkeys(str.__str__(column.name) for column in columns), **defaults, **policy.begins}
    blank |= {VERSION: 1} if VERSION in table.c else {}
    return Shape(
        name=str.__str__(table.name),
        key=str.__str__(key.name),
        kinds={str.__str__(column.name): _kind(column.type) for column in columns},
        required=frozenset(str.__str__(column.name) for column in columns if not column.nullable),
        defaults=defaults,
        parents=parents,
        secrets=frozenset(str.__str__(column.name) for column in columns if column.info.get("secret")),
        stamps=tuple(name for name in STAMPS if name in table.c),
        policy=policy,
        has_version=VERSION in table.c,
        moving=frozenset(str.__str__(one.name) for one in columns if one.name != VERSION and one.name not in policy.stays_here),
        blank=blank,
        begun={name: value for name, value in blank.items() if value is not None},
        named=tuple((column, parent) for column, parent in parents.items() if parent in policies()),
        naming=frozenset(column for column, parent in parents.items() if parent in policies()),
        owners=tuple(one for one in (policy.owner, policy.or_owner) if one is not None),
    )


def _default(column: Column[Any]) -> Any:
    """A column's plain default as the journal spells it."""
    value = column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
    return value.value if isinstance(value, Enum) else value if isinstance(value, (bool, int, str)) else None


def _kind(column_type: Any) -> str:
    for kind, types in _KINDS.items():
        if isinstance(column_type, types):
            return kind
    return "text"


_KINDS: dict[str, tuple[type[Any], ...]] = {
    "uuid": (Uuid,),
    "instant": (UtcDateTime,),
    "date": (Date,),
    "time": (Time,),
    "bool": (Boolean,),
    "bytes": (LargeBinary,),
    "whole": (Integer, MoneyColumn),
}


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise BadValue("text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not -MOST_WHOLE <= value < MOST_WHOLE:
        raise BadValue("whole")
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise BadValue("bool")
    return value


def _spelled(parse: Callable[[str], Any], spell: Callable[[Any], str]) -> Callable[[Any], str]:
    """Takes a text only as the journal itself would spell it."""

    def check(value: Any) -> str:
        try:
            if isinstance(value, str) and spell(parse(value)) == value:
                return value
        except (ValueError, binascii.Error):
            pass
        raise BadValue(str(type(value).__name__))

    return check


def instant_text(value: datetime) -> str:
    """An instant as the journal spells it."""
    return str(msgspec.to_builtins(value.astimezone(UTC)))


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "whole": _whole,
    "bool": _truth,
    "uuid": _spelled(UUID, str),
    "instant": _spelled(datetime.fromisoformat, instant_text),
    "date": _spelled(date.fromisoformat, date.isoformat),
    "time": _spelled(time.fromisoformat, time.isoformat),
    "bytes": _spelled(lambda text: b64decode(text, validate=True), lambda raw: b64encode(raw).decode()),
}


def is_secret_mark(value: Any) -> bool:
    """Whether a log's value only says that a secret stands there."""
    return bool(value == SECRET)
