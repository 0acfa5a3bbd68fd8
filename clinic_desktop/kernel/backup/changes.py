"""Whole change sets as they leave the journal for a segment, and as a replay takes them in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, inspect, select

from clinic_desktop.kernel.journal import AuditLog, ChangeSet, Header, change_set_hash
from clinic_desktop.kernel.journal_secrets import JournalSecret
from clinic_desktop.kernel.origins import JournalOrigin

_PAGE = 500


class Touched(NamedTuple):
    """One row of a change set; ``changes`` is the journal's own JSON text."""

    entity_type: str
    entity_id: UUID
    operation: str
    changes: str


class Secret(NamedTuple):
    """A value that the log does not show: of which entry and field, as JSON."""

    ordinal: int
    field: str
    value: str


class Origin(NamedTuple):
    """Of a change set that came from another site: where it was made."""

    site_id: UUID
    database_id: UUID
    seq: int
    hlc: int
    hash: bytes


class Change(msgspec.Struct, frozen=True, array_like=True):
    """One change set with everything that a replay needs."""

    seq: int
    at: datetime
    hlc: int
    actor_id: UUID | None
    actor_name: str
    workstation_id: UUID | None
    command: str
    reason: str | None
    hash: bytes
    rows: list[Touched]
    secrets: list[Secret]
    origin: Origin | None = None
    """None: this database's own; records of older programs do not tell."""

    def follows(self, previous: bytes) -> bool:
        """Whether this is, unaltered, what was committed after the change set with that hash."""
        header = Header(self.at, self.actor_id, self.actor_name, self.workstation_id, self.command, self.reason)
        return change_set_hash(previous, self.seq, self.hlc, header, self.rows) == self.hash


def changes_of(connection: Connection, after: int, *, with_secrets: bool = True) -> Iterator[Change]:
    """All change sets of a database after a sequence, in order; revisions that kept no secrets or origins are read without."""
    has_origins = with_secrets and inspect(connection).has_table(JournalOrigin.__tablename__)
    while True:
        sets = connection.execute(select(*ChangeSet.__table__.c).where(ChangeSet.seq > after).order_by(ChangeSet.seq).limit(_PAGE)).all()
        if not sets:
            return
        last = sets[-1].seq
        rows: dict[int, list[Touched]] = {}
        logs = select(AuditLog.seq, AuditLog.entity_type, AuditLog.entity_id, AuditLog.operation, AuditLog.changes)
        for seq, kind, key, operation, told in connection.execute(
            logs.where(AuditLog.seq.between(after + 1, last)).order_by(AuditLog.seq, AuditLog.ordinal)
        ):
            rows.setdefault(seq, []).append(Touched(kind, key, operation, told))
        secrets = _secrets(connection, after, last) if with_secrets else {}
        origins = _origins(connection, after, last) if has_origins else {}
        for one in sets:
            yield Change(
                seq=one.seq,
                at=one.at,
                hlc=one.hlc,
                actor_id=one.actor_id,
                actor_name=one.actor_name,
                workstation_id=one.workstation_id,
                command=one.command,
                reason=one.reason,
                hash=bytes(one.hash),
                rows=rows.get(one.seq, []),
                secrets=secrets.get(one.seq, []),
                origin=origins.get(one.seq),
            )
        after = last


def _secrets(connection: Connection, after: int, last: int) -> dict[int, list[Secret]]:
    kept = select(*JournalSecret.__table__.c).where(JournalSecret.seq.between(after + 1, last))
    secrets: dict[int, list[Secret]] = {}
    for found in connection.execute(kept.order_by(JournalSecret.seq, JournalSecret.ordinal, JournalSecret.field)):
        secrets.setdefault(found.seq, []).append(Secret(found.ordinal, found.field, found.value))
    return secrets


def _origins(connection: Connection, after: int, last: int) -> dict[int, Origin]:
    kept = select(*JournalOrigin.__table__.c).where(JournalOrigin.seq.between(after + 1, last))
    return {
        one.seq: Origin(one.site_id, one.database_id, one.origin_seq, one.origin_hlc, bytes(one.origin_hash))
        for one in connection.execute(kept)
    }
