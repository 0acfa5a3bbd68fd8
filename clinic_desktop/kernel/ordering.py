"""The order in which one flush writes its tables: a row after the rows that its foreign keys name.

SQLAlchemy orders tables by ``relationship()``; this core has none, so that nothing loads by itself. Without this order
every command would have to flush between a parent and its child, and flushes are what a command's time goes into.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy.orm import Mapper, UOWTransaction
from sqlalchemy.orm.unitofwork import _SaveUpdateAll

from clinic_desktop.kernel.tables import mappers


def parents_first(flush: UOWTransaction, written: Iterable[Mapper[Any]]) -> None:
    """Order the tables of one flush by their foreign keys."""
    together = {mapper.base_mapper for mapper in written}
    for child in together:
        for parent in _parents(child) & together:
            flush.dependencies.add((_SaveUpdateAll(flush, parent), _SaveUpdateAll(flush, child)))  # type: ignore[no-untyped-call]


@cache
def _parents(mapper: Mapper[Any]) -> frozenset[Mapper[Any]]:
    """The mappers that a table refers to; what may be set later (``use_alter``) and the table itself do not count."""
    keys = (key for key in mapper.local_table.foreign_keys if not key.constraint.use_alter)  # type: ignore[union-attr]
    tables = {key.column.table for key in keys} - {mapper.local_table}
    return frozenset(one.base_mapper for one in mappers() if one.local_table in tables)
