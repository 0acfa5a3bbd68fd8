"""Which databases this one was before: each restored copy goes on under an id of its own, and the journal tells since when."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from clinic_desktop.kernel.journal import DELETE, AuditLog, ChangeSet, DatabaseIdentity

_HASH_AT = select(ChangeSet.hash).where(ChangeSet.seq == bindparam("at"))
"""Built once: every question of a site asks for it."""


class Former(NamedTuple):
    """A database that this one was, and the newest change set of it that is here."""

    database_id: UUID
    through: int


class Identity(NamedTuple):
    """Who this database is."""

    site_id: UUID
    database_id: UUID


def identity(connection: Connection) -> Identity:
    """The site and the id of this database."""
    # The driver's own text: every question of a site begins with it.
    site, database = connection.exec_driver_sql("SELECT site_id, database_id FROM database_identity").one()
    return Identity(UUID(str(site)), UUID(str(database)))


def formers(connection: Connection) -> list[Former]:
    """The databases that this one was, oldest first."""
    log = AuditLog.__table__.c
    gone = select(log.entity_id, log.seq).where(log.entity_type == DatabaseIdentity.__tablename__, log.operation == DELETE)
    return [Former(key, seq - 1) for key, seq in connection.execute(gone.order_by(log.seq))]


def hash_at(connection: Connection, seq: int) -> bytes | None:
    """The hash of one change set of this journal; None where there is none (any more)."""
    if seq == 0:
        return b""
    found = connection.scalar(_HASH_AT, {"at": seq})
    return None if found is None else bytes(found)
