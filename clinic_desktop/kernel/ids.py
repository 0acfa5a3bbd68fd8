"""Row ids: UUIDv7, ordered by time, made by whoever creates the row."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7; later calls in one process sort after earlier ones."""
    return uuid7()


_OURS = UUID("5b0f1a7e-3c52-5d0a-9a55-8c1f6f0f7b11")
"""The namespace of ids that follow from what a row is."""


def id_of(*parts: object) -> UUID:
    """The id of a row that several sites may make by themselves: the same everywhere, for it follows from what the row says."""
    return uuid5(_OURS, "\x1f".join(str(part) for part in parts))


def made_at(key: UUID | str) -> datetime:
    """When the id of a row was made; the first of all days for one that follows from the row."""
    known = key if isinstance(key, UUID) else UUID(key)
    return datetime.fromtimestamp((known.int >> 80) / 1000 if known.version == 7 else 0, UTC)
