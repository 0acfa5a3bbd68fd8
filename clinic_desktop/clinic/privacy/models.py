"""Tables of privacy."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.privacy.rules import IdentityCheck, RequestKind, RequestStatus
from clinic_desktop.kernel.merging import always, merged, owned
from clinic_desktop.kernel.tables import ByteOrdered, Record


class RecordOpening(Record):
    """A restricted record that somebody opened without treating the patient, and what an administrator made of it."""

    __tablename__ = "record_openings"
    __merge__ = merged()
    __table_args__ = (
        CheckConstraint("expires_at > opened_at", name="expires_later"),
        CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="reviewed_by_someone"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> user_id", name="second_person"),
        Index("ix_record_openings_user_patient", "user_id", "patient_id", "expires_at"),
        Index("ix_record_openings_review", "reviewed_at", "opened_at"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    reviewed_at: Mapped[datetime | None]
    review_note: Mapped[str | None]


class PrivacyRequest(Record):
    """What a patient asked for about their own data, who checked that it was them, and what came of it."""

    __tablename__ = "privacy_requests"
    # What a person asks for of their data is about all of it: a copy may not have it all.
    __merge__ = owned("clinic_id", is_record=True, attached_only=always)
    __table_args__ = (
        CheckConstraint(
            "(decided_at IS NOT NULL) = (status = 'REFUSED' OR (kind = 'ERASURE' AND status = 'DONE'))", name="decided_when_decided"
        ),
        CheckConstraint("(done_at IS NULL) = (status <> 'DONE')", name="done_has_time"),
        CheckConstraint("kind <> 'ERASURE' OR decided_by IS NULL OR decided_by <> recorded_by", name="second_person"),
        Index("ix_privacy_requests_status", "status", "requested_at"),
    )

    number: Mapped[str] = mapped_column(ByteOrdered, unique=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    kind: Mapped[RequestKind]
    status: Mapped[RequestStatus]
    asked_by: Mapped[str]
    identity_check: Mapped[IdentityCheck]
    identity_note: Mapped[str | None]
    reason: Mapped[str | None]
    requested_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    done_at: Mapped[datetime | None]
    next_due: Mapped[date | None]
    """When the first thing that an erasure had to leave may be erased, too."""
    outcome: Mapped[str | None]
    """JSON of ``rules.ErasurePlan``: what was erased, what stays and until when."""
