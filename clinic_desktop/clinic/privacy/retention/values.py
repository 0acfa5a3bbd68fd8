"""Rows as an archive spells them: plain values by column, so that a later release, or another program, can read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.privacy.rules import KEEPING
from clinic_desktop.kernel.archived import TakenOut, packed
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Base

_CHUNK = 500


def plain(value: Any) -> Any:
    """One value as JSON has it: money in minor units, times in ISO form, bytes in Base64."""
    if value is None or (isinstance(value, (bool, int, str)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.minor if isinstance(value, Money) else msgspec.to_builtins(value)


def table_named(name: str) -> Table:
    """The mapped table of that name."""
    return Base.metadata.tables[name]


def in_chunks(keys: Collection[UUID]) -> Iterator[list[UUID]]:
    """The keys in order, as many at a time as one statement may hold."""
    ordered = iter(sorted(keys, key=lambda one: one.bytes))
    while chunk := list(islice(ordered, _CHUNK)):
        yield chunk


def rows_of(session: Session, name: str, keys: Collection[UUID], *, lock: bool = False) -> Iterator[dict[str, Any]]:
    """The rows with these keys in the order of the keys, each with its typed values by column."""
    table = table_named(name)
    for chunk in in_chunks(keys):
        statement = select(table).where(table.c.id.in_(chunk)).order_by(table.c.id)
        for row in session.execute(statement.with_for_update() if lock else statement):
            yield dict(row._mapping)


class Tally:
    """Counts and digests the rows of one table as they pass, and remembers what those that stay need to know."""

    def __init__(self, name: str) -> None:
        self._keeping = KEEPING[name]
        self._digest, self._ids = sha256(), list[UUID]()
        self._numbers, self._days, self._named = list[str](), set[tuple[UUID, date]](), set[UUID]()

    def add(self, row: dict[str, Any]) -> list[Any]:
        """Take in a row; returns its plain values in the order of its columns."""
        values = [plain(value) for value in row.values()]
        self.add_plain(row["id"], values)
        keeping = self._keeping
        if keeping.number is not None and row[keeping.number] is not None:
            self._numbers.append(row[keeping.number])
        if "clinic_id" in row and "business_date" in row:
            self._days.add((row["clinic_id"], row["business_date"]))
        self._named.update(row[column] for column in keeping.names if row[column] is not None)
        return values

    def add_plain(self, key: UUID, values: list[Any]) -> None:
        """Take in a row by its plain values alone."""
        self._ids.append(key)
        self._digest.update(msgspec.json.encode(values))

    def done(self) -> TakenOut:
        """All of it."""
        return TakenOut(
            rows=len(self._ids),
            digest=self._digest.hexdigest(),
            ids=packed(self._ids),
            numbers=tuple(self._numbers),
            days=tuple(sorted(self._days)),
            named=tuple(sorted(self._named)),
        )
