"""Traces of what changes nothing: reading, exporting, and verifying the journal."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.audit.rights import READ_AUDIT, RECORD
from clinic_desktop.clinic.audit.rules import EXPORTED, READ, READ_AGAIN_AFTER, VERIFIED
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.journal import NOTE, AuditLog, ChangeSet, DatabaseIdentity

_NOBODY = UUID(int=0)


@command(RECORD)
def record_read(tx: Tx, *, entity_type: str, entity_id: UUID, what: str) -> bool:
    """Note that a sensitive record was opened; False when the same person did so in the last quarter of an hour."""
    if _was_read(tx, entity_type, entity_id, what):
        return False
    tx.note(READ, entity_type, entity_id, what=what)
    return True


def _was_read(tx: Tx, entity_type: str, entity_id: UUID, what: str) -> bool:
    lately = (
        select(AuditLog.changes)
        .join(ChangeSet, ChangeSet.seq == AuditLog.seq)
        .where(
            AuditLog.entity_type == entity_type,
            AuditLog.entity_id == entity_id,
            AuditLog.operation == NOTE,
            ChangeSet.command == record_read.name,
            ChangeSet.actor_id == tx.actor.user_id,
            ChangeSet.at > tx.now - READ_AGAIN_AFTER,
            ChangeSet.at <= tx.now,  # a clock that was set back must not hide reading for years
        )
    )
    return any(msgspec.json.decode(changes).get("what") == what for changes in tx.session.scalars(lately))


@command(RECORD)
def record_export(tx: Tx, *, what: str, rows: int, way: str, entity_type: str | None = None, entity_id: UUID | None = None) -> None:
    """Note that a list, or all about one record, is written to a file; ``what`` names it, ``way`` is csv, pdf, …"""
    about, key = ("users", tx.actor.user_id or _NOBODY) if entity_type is None or entity_id is None else (entity_type, entity_id)
    tx.note(EXPORTED, about, key, what=what, rows=rows, way=way)


@command(READ_AUDIT)
def record_verification(tx: Tx, *, head_seq: int, head_hash: str, broken_seq: int | None, problem: str | None) -> None:
    """Note who verified the journal up to which head, and what was found."""
    database_id = tx.session.scalars(select(DatabaseIdentity.database_id)).one()
    found = {} if broken_seq is None else {"broken_seq": broken_seq, "problem": problem}
    tx.note(VERIFIED, "database_identity", database_id, head_seq=head_seq, head_hash=head_hash, **found)
