"""Reference rows that one transaction asks for again and again: read once, and forgotten when it changes their table."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")
_KEPT = "remembered"


def remembered(session: Session, table: str, key: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` found for ``key`` in a table (or in others that change as seldom), asked of the database once a session."""
    if session.autoflush:
        session.flush()  # as the query itself would: what waits to be written may change the answer
    kept: dict[Hashable, Any] = session.info.setdefault(_KEPT, {}).setdefault(table, {})
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found


def forget(session: Session, table: str | None = None) -> None:
    """Forget one table's rows, or all: they were changed, or the change was taken back."""
    kept = session.info.get(_KEPT)
    if kept:
        kept.clear() if table is None else kept.pop(table, None)
