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

    def stamp_reader(self, dialect: str) -> Callable[[Any], str]:
        """What turns a driver's time into the journal's."""
        return _READ[dialect]["instant"]

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
    return Shape(
        name=str.__str__(table.name),
        key=str.__str__(key.name),
        kinds={str.__str__(column.name): _kind(column.type) for column in columns},
        required=frozenset(str.__str__(column.name) for column in columns if not column.nullable),
        defaults={str.__str__(column.name): _default(column) for column in columns if not column.nullable and _default(column) is not None},
        parents={str.__str__(column.name): str.__str__(one.column.table.name) for column in columns for one in column.foreign_keys},
        secrets=frozenset(str.__str__(column.name) for column in columns if column.info.get("secret")),
        stamps=tuple(name for name in STAMPS if name in table.c),
        policy=policy,
        has_version=VERSION in table.c,
        moving=frozenset(str.__str__(one.name) for one in columns if one.name != VERSION and one.name not in policy.stays_here),
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


def _sqlite_instant(raw: str) -> str:
    return f"{raw[:10]}T{raw[11:19]}Z" if raw[20:] in ("", "000000") else f"{raw[:10]}T{raw[11:19]}.{raw[20:]}Z"


def _sqlite_time(raw: str) -> str:
    return raw[:8] if raw[9:] in ("", "000000") else raw


def _as_sqlite_instant(value: str) -> str:
    return f"{value[:10]} {value[11:19]}.{value[20:-1] or '000000'}"


def _as_it_is(value: Any) -> Any:
    return value


_Converters = dict[str, Callable[[Any], Any]]
_READ: dict[str, _Converters] = {
    "sqlite": {
        "uuid": lambda raw: f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}",
        "instant": _sqlite_instant,
        "time": _sqlite_time,
        "bool": bool,
        "bytes": lambda raw: b64encode(raw).decode(),
    },
    "postgresql": {
        "uuid": str,
        "instant": instant_text,
        "date": date.isoformat,
        "time": time.isoformat,
        "bytes": lambda raw: b64encode(raw).decode(),
    },
}
_WRITE: dict[str, _Converters] = {
    "sqlite": {
        "uuid": lambda value: value.replace("-", ""),
        "instant": _as_sqlite_instant,
        "time": lambda value: value if len(value) > 8 else f"{value}.000000",
        "bool": int,
        "bytes": b64decode,
    },
    "postgresql": {"bytes": b64decode},
}


@cache
def readers(dialect: str, name: str, _tables: int) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Each column of a table with what turns a driver's value into the journal's."""
    return tuple((column, _READ[dialect].get(kind, _as_it_is)) for column, kind in shapes()[name].kinds.items())


@cache
def writers(dialect: str, name: str, _tables: int) -> dict[str, Callable[[Any], Any]]:
    """By column of a table, what turns the journal's value into a driver's."""
    return {column: _WRITE[dialect].get(kind, _as_it_is) for column, kind in shapes()[name].kinds.items()}


def is_secret_mark(value: Any) -> bool:
    """Whether a log's value only says that a secret stands there."""
    return bool(value == SECRET)
