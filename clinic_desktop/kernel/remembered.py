"""Reference rows that one transaction asks for again and again: read once, and forgotten when it changes their table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")
_KEPT = "remembered"


def remembered(session: Session, table: str, key: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` found for ``key`` in a table (or in others that change as seldom), asked of the database once a session."""
    tables: dict[str, dict[Hashable, Any]] = session.info.setdefault(_KEPT, {})
    if session.autoflush and _wait_to_be_written(session, {*tables, table}):
        session.flush()  # as the query itself would; what it changes is forgotten (capture.py)
    kept = tables.setdefault(table, {})
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found


def _wait_to_be_written(session: Session, tables: Collection[str]) -> bool:
    """Whether rows of any of these tables were added or changed since the last flush."""
    return any(row.__tablename__ in tables for rows in (session.new, session.dirty) for row in rows)


def forget(session: Session, table: str | None = None) -> None:
    """Forget one table's rows, or all: they were changed, or the change was taken back."""
    kept = session.info.get(_KEPT)
    if kept:
        kept.clear() if table is None else kept.pop(table, None)
