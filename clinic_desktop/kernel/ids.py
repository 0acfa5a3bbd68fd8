"""Row ids: UUIDv7, ordered by time, made by whoever creates the row."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7; later calls in one process sort after earlier ones."""
    return uuid7()
