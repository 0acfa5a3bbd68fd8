"""Tables of reconciling."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.reconciling.rules import ConflictStatus, Decision
from clinic_desktop.kernel.mending import ConflictKind
from clinic_desktop.kernel.merging import merged
from clinic_desktop.kernel.tables import Record


class SyncConflict(Record):
    """Something that sites which could not see each other both did, and what a person made of it."""

    __tablename__ = "sync_conflicts"
    __merge__ = merged(inactive={"status": ConflictStatus.DECIDED.value})
    __table_args__ = (
        CheckConstraint(
            "(status = 'DECIDED') = (decision IS NOT NULL) AND (status = 'DECIDED') = (decided_at IS NOT NULL)", name="decided_when_decided"
        ),
        CheckConstraint("kind <> 'FIELD' OR field IS NOT NULL", name="field_named"),
        Index("ix_sync_conflicts_open", "status", "detected_at"),
        Index("ix_sync_conflicts_entity", "entity_type", "entity_id"),
    )

    kind: Mapped[ConflictKind]
    entity_type: Mapped[str]
    entity_id: Mapped[UUID]
    field: Mapped[str | None]
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"), index=True)
    kept_value: Mapped[str | None]
    """JSON of the value that stands, or of the facts of a task."""
    kept_by: Mapped[str | None]
    kept_site_id: Mapped[UUID | None]
    kept_at: Mapped[datetime | None]
    other_value: Mapped[str | None]
    """JSON of the value that gave way."""
    other_by: Mapped[str | None]
    other_site_id: Mapped[UUID | None]
    other_at: Mapped[datetime | None]
    owner_site_id: Mapped[UUID | None]
    """The site whose row it is; none: anybody's."""
    detected_at: Mapped[datetime]
    status: Mapped[ConflictStatus]
    decision: Mapped[Decision | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
