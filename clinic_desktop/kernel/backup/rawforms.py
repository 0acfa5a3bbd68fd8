"""The one form that a value has in a backup, whatever engine it comes from: what SQLite stores for it.

A column's kind follows from its declared type, so that files of older revisions need no model to be read.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

Raw = str | int | bytes | None


class Column(NamedTuple):
    """A column and the kind of its values: uuid, instant, date, time, bool, bytes or plain."""

    name: str
    kind: str


_SQLITE_KINDS = {"CHAR(32)": "uuid", "DATETIME": "instant", "DATE": "date", "TIME": "time", "BOOLEAN": "bool", "BLOB": "bytes"}
_POSTGRES_KINDS = {
    "uuid": "uuid",
    "timestamp with time zone": "instant",
    "date": "date",
    "time without time zone": "time",
    "boolean": "bool",
    "bytea": "bytes",
}


def sqlite_kind(declared: str) -> str:
    """The kind of a column by the type that SQLite was told."""
    return _SQLITE_KINDS.get(declared.upper(), "plain")


def postgres_kind(data_type: str) -> str:
    """The kind of a column by the type that Postgres reports."""
    return _POSTGRES_KINDS.get(data_type, "plain")


_RAW_SELECT = {
    "uuid": "replace({0}::text, '-', '')",
    "instant": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "date": "to_char({0}, 'YYYY-MM-DD')",
    "time": "to_char({0}, 'HH24:MI:SS.US')",
    "bool": "{0}::integer",
}


def postgres_raw(column: Column) -> str:
    """An expression by which Postgres gives a column in raw form."""
    return _RAW_SELECT.get(column.kind, "{0}").format(f'"{column.name}"')


def instant_form(at: datetime) -> str:
    """An instant as SQLite keeps it: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def instant_of(raw: str) -> datetime:
    """The instant behind its raw form."""
    return datetime.fromisoformat(raw).replace(tzinfo=UTC)


def _instant(value: str) -> Raw:
    return instant_form(datetime.fromisoformat(value))


def _time(value: str) -> Raw:
    whole, _, fraction = value.partition(".")
    return f"{whole}.{fraction:0<6}"


_FROM_JSON: dict[str, Callable[[Any], Raw]] = {
    "uuid": lambda value: str(value).replace("-", ""),
    "instant": _instant,
    "time": _time,
    "bool": int,
    "bytes": base64.b64decode,
}


def from_journal(value: Any, kind: str) -> Raw:
    """The raw form of a value as the journal spells it (JSON)."""
    if value is None or kind not in _FROM_JSON:
        return value  # type: ignore[no-any-return]
    return _FROM_JSON[kind](value)


_WIDTH = 1 << 128
_encode = msgspec.msgpack.Encoder().encode


class Digest:
    """How many rows, and a sum over them that does not depend on their order."""

    __slots__ = ("rows", "total")

    def __init__(self) -> None:
        self.rows = self.total = 0

    def add(self, rows: Sequence[Sequence[Raw]]) -> None:
        """Count rows in."""
        self.rows += len(rows)
        self.total = (self.total + sum(int.from_bytes(blake2b(_encode(row), digest_size=16).digest()) for row in rows)) % _WIDTH

    @property
    def text(self) -> str:
        """The digest as 32 hexadecimal digits."""
        return f"{self.total:032x}"
