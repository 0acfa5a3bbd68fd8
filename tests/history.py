"""What the journal tells of one record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.kernel.journal import AuditLog, ChangeSet


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One audit entry as screens and the command line show it."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    workstation_id: UUID | None
    command: str
    reason: str | None
    entity_type: str
    entity_id: UUID
    operation: str
    changes: dict[str, Any]


def entity_history(session: Session, entity_type: str, entity_id: UUID) -> list[AuditRow]:
    """Everything that happened to one row, oldest first."""
    statement = (
        select(ChangeSet, AuditLog)
        .join(AuditLog, AuditLog.seq == ChangeSet.seq)
        .where(AuditLog.entity_type == entity_type, AuditLog.entity_id == entity_id)
        .order_by(AuditLog.seq, AuditLog.ordinal)
    )
    return [_audit_row(change_set, log) for change_set, log in session.execute(statement)]


def _audit_row(change_set: ChangeSet, log: AuditLog) -> AuditRow:
    return AuditRow(
        seq=change_set.seq,
        at=change_set.at,
        actor_id=change_set.actor_id,
        actor_name=change_set.actor_name,
        workstation_id=change_set.workstation_id,
        command=change_set.command,
        reason=change_set.reason,
        entity_type=log.entity_type,
        entity_id=log.entity_id,
        operation=log.operation,
        changes=msgspec.json.decode(log.changes),
    )
