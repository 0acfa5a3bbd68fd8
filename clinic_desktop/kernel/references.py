"""Whether a row is named by others, in whichever department: asked of the tables themselves, so that nobody has to list them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Table, literal, select
from sqlalchemy.orm import Session

from clinic_desktop.kernel.tables import Record, declared_tables

_PAIRS = (("source_type", "source_id"), ("reference_type", "reference_id"))
"""Columns that name a row by its table and key, where it may be one of several tables."""


def is_referenced(session: Session, kind: type[Record], key: UUID, *, besides: tuple[type[Record], ...] = ()) -> bool:
    """Whether any row of the database names this one, those of ``besides`` left out."""
    left_out = {one.__tablename__ for one in besides}
    for table in declared_tables():
        if table.name in left_out:
            continue
        for condition in _conditions(table, kind.__tablename__, key):
            if session.scalar(select(literal(1)).select_from(table).where(condition).limit(1)) is not None:
                return True
    return False


def _conditions(table: Table, target: str, key: UUID) -> Iterator[ColumnElement[bool]]:
    for name in _keys_to(table, target):
        yield table.c[name] == key
    for kind, column in _PAIRS:
        if kind in table.c and column in table.c:
            yield (table.c[kind] == target) & (table.c[column] == key)


@cache
def _keys_to(table: Table, target: str) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if any(key.column.table.name == target for key in column.foreign_keys))
