"""What happened to a visit, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.models import StatusLog
from clinic_desktop.clinic.frontdesk.rules import LogSubject


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One change of status."""

    subject: LogSubject
    from_status: str | None
    to_status: str
    changed_at: datetime
    changed_by: str | None
    reason: str | None


def status_history(session: Session, *, visit_id: UUID) -> list[StatusRow]:
    """Every status of a visit and its appointment, oldest first."""
    statement = (
        select(StatusLog, User.full_name)
        .outerjoin(User, User.id == StatusLog.changed_by)
        .where(StatusLog.visit_id == visit_id)
        .order_by(StatusLog.id)
    )
    return [
        StatusRow(log.subject, log.from_status, log.to_status, log.changed_at, name, log.reason) for log, name in session.execute(statement)
    ]
