"""Rows against the journal: what a row holds must be what the change sets made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, AuditLog
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Base

Values = dict[str, Any]
_PAGE = 2_000


def journal_lies(
    session: Session,
    model: type[Base],
    fields: Sequence[str],
    name: Callable[[Values], str],
    *,
    sealed: Callable[[Values], bool] = lambda values: False,
) -> Iterator[str]:
    """A line for each row whose ``fields`` are not what the journal says, or changed after the row was ``sealed``.

    Both are read in key order and walked side by side, so that a long history needs no memory.
    """
    table = model.__table__
    assert isinstance(table, Table)
    rows = _rows(session, table, fields)
    row = next(rows, None)
    for key, told, broken in _histories(session, table.name, fields, sealed):
        while row is not None and row[0].bytes < key.bytes:
            yield f"{name(row[1])} is not in the journal"
            row = next(rows, None)
        here = None
        if row is not None and row[0] == key:
            here, row = row[1], next(rows, None)
        yield from _compared(here, told, fields, name)
        yield from (f"{name(here or told or {})}: {field} changed after it was final" for field in broken)
    while row is not None:
        yield f"{name(row[1])} is not in the journal"
        row = next(rows, None)


def _compared(here: Values | None, told: Values | None, fields: Sequence[str], name: Callable[[Values], str]) -> Iterator[str]:
    if here is None and told is not None:
        yield f"{name(told)} is gone, but the journal did not delete it"
    elif here is not None and told is None:
        yield f"{name(here)} exists, but the journal deleted it"
    elif here is not None and told is not None:
        yield from _differences(here, told, fields, name)


def _differences(here: Values, told: Values, fields: Sequence[str], name: Callable[[Values], str]) -> Iterator[str]:
    for field in fields:
        if here.get(field) != told.get(field):
            yield f"{name(here)}: {field} is {here.get(field)}, but the journal says {told.get(field)}"


def _rows(session: Session, table: Table, fields: Sequence[str]) -> Iterator[tuple[UUID, Values]]:
    statement = select(table.c.id, *(table.c[field] for field in fields)).order_by(table.c.id)
    for found in session.execute(statement.execution_options(yield_per=_PAGE)):
        yield found[0], dict(zip(fields, map(_plain, found[1:]), strict=True))


def _plain(value: Any) -> Any:
    """A column's value as the journal spells it."""
    if value is None or isinstance(value, (int, str)):
        return value.value if isinstance(value, Enum) else value
    return value.minor if isinstance(value, Money) else msgspec.to_builtins(value)


def _histories(
    session: Session, name: str, fields: Sequence[str], sealed: Callable[[Values], bool]
) -> Iterator[tuple[UUID, Values | None, list[str]]]:
    """For each row that the journal knows: its last values (None when deleted), and which fields changed once sealed."""
    statement = (
        select(AuditLog.entity_id, AuditLog.operation, AuditLog.changes)
        .where(AuditLog.entity_type == name, AuditLog.operation != NOTE)
        .order_by(AuditLog.entity_id, AuditLog.seq, AuditLog.ordinal)
    )
    current: UUID | None = None
    values: Values | None = None
    broken: list[str] = []
    for key, operation, text in session.execute(statement.execution_options(yield_per=_PAGE)):
        if key != current:
            if current is not None:
                yield current, values, broken
            current, values, broken = key, None, []
        changes = msgspec.json.decode(text)
        if operation == INSERT:
            values = changes
        elif operation == DELETE:
            values = None
        elif values is not None:
            if sealed(values):
                broken += [field for field in fields if field in changes]
            values.update({field: new for field, (_, new) in changes.items()})
    if current is not None:
        yield current, values, broken
