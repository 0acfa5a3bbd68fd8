"""Rows against the journal: what a row holds must be what the change sets made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from clinic_desktop.kernel.archived import ArchivedHead, archived_head, removed_rows
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, AuditLog
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Base

Values = dict[str, Any]
_Row = tuple[UUID, Values, datetime]
"""A row's key, the fields that are compared, and when it was made."""
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

    Both are read in key order and walked side by side, so that a long history needs no memory. What an archive took is gone by
    right, and must be; of a row whose beginning the journal gave to an archive, what changed since is compared.
    """
    table = model.__table__
    assert isinstance(table, Table)
    taken, begins = removed_rows(session, table.name), archived_head(session)
    rows = _rows(session, table, fields)
    row = next(rows, None)
    for key, story in _histories(session, table.name, fields, sealed):
        while row is not None and row[0].bytes < key.bytes:
            yield from _untold(row, begins, taken, name)
            row = next(rows, None)
        here = None
        if row is not None and row[0] == key:
            here, row = row[1], next(rows, None)
        yield from _compared(here, story, fields, name, key in taken)
        yield from (f"{name(here or story.values or {})}: {one} changed after it was final" for one in story.broken)
    while row is not None:
        yield from _untold(row, begins, taken, name)
        row = next(rows, None)


def _untold(row: _Row, begins: ArchivedHead | None, taken: set[UUID], name: Callable[[Values], str]) -> Iterator[str]:
    """A row of which the journal knows nothing: right only where its whole story is in an archive of the journal."""
    key, values, made_at = row
    if key in taken:
        yield f"{name(values)} exists, but an archive took it"
    elif begins is None or made_at > begins.at:
        yield f"{name(values)} is not in the journal"


def _compared(here: Values | None, story: _Story, fields: Sequence[str], name: Callable[[Values], str], is_taken: bool) -> Iterator[str]:
    told = story.values
    if here is not None and is_taken:
        yield f"{name(here)} exists, but an archive took it"
    elif here is None and told is not None and not is_taken:
        yield f"{name(told)} is gone, but the journal did not delete it"
    elif here is not None and told is None:
        yield f"{name(here)} exists, but the journal deleted it"
    elif here is not None and told is not None:
        yield from _differences(here, told, [one for one in fields if one in told or story.is_whole], name)


def _differences(here: Values, told: Values, fields: Sequence[str], name: Callable[[Values], str]) -> Iterator[str]:
    for one in fields:
        if here.get(one) != told.get(one):
            yield f"{name(here)}: {one} is {here.get(one)}, but the journal says {told.get(one)}"


def _rows(session: Session, table: Table, fields: Sequence[str]) -> Iterator[_Row]:
    statement = select(table.c.id, table.c.created_at, *(table.c[one] for one in fields)).order_by(table.c.id)
    for found in session.execute(statement.execution_options(yield_per=_PAGE)):
        yield found[0], dict(zip(fields, map(_plain, found[2:]), strict=True)), found[1]


def _plain(value: Any) -> Any:
    """A column's value as the journal spells it."""
    if value is None or isinstance(value, (int, str)):
        return value.value if isinstance(value, Enum) else value
    return value.minor if isinstance(value, Money) else msgspec.to_builtins(value)


@dataclass(slots=True)
class _Story:
    """What the journal says of a row: its last values (None when deleted), whether from its beginning, and what changed once sealed."""

    values: Values | None = None
    is_whole: bool = False
    broken: list[str] = field(default_factory=list)


def _histories(session: Session, name: str, fields: Sequence[str], sealed: Callable[[Values], bool]) -> Iterator[tuple[UUID, _Story]]:
    """What the journal says of each row that it knows."""
    statement = (
        select(AuditLog.entity_id, AuditLog.operation, AuditLog.changes)
        .where(AuditLog.entity_type == name, AuditLog.operation != NOTE)
        .order_by(AuditLog.entity_id, AuditLog.seq, AuditLog.ordinal)
    )
    current: UUID | None = None
    story = _Story()
    for key, operation, text in session.execute(statement.execution_options(yield_per=_PAGE)):
        if key != current:
            if current is not None:
                yield current, story
            current, story = key, _Story()
        _tell(story, operation, msgspec.json.decode(text), fields, sealed)
    if current is not None:
        yield current, story


def _tell(story: _Story, operation: str, changes: Values, fields: Sequence[str], sealed: Callable[[Values], bool]) -> None:
    if operation == INSERT:
        story.values, story.is_whole = changes, True
    elif operation == DELETE:
        story.values, story.is_whole = None, True
    else:
        before = story.values if story.values is not None else {}
        if sealed({**before, **{name: old for name, (old, _) in changes.items()}}):
            story.broken += [name for name in fields if name in changes]
        if story.values is not None or not story.is_whole:
            story.values = before | {name: new for name, (_, new) in changes.items()}
