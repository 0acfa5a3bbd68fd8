"""One-time codes as those see them who ask for one: where it went and until when, never what it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import OtpVerification
from clinic_desktop.clinic.access.rules import MOST_OTP_TRIES, OtpPurpose


@dataclass(frozen=True, slots=True)
class SentCodeRow:
    """A code that was sent and has proved nothing yet."""

    sent_to: str
    sent_at: datetime
    expires_at: datetime
    tries_left: int

    def is_good(self, now: datetime) -> bool:
        """Whether it can still be shown."""
        return self.tries_left > 0 and now < self.expires_at


def sent_code(session: Session, *, purpose: OtpPurpose, user_id: UUID | None = None, patient_id: UUID | None = None) -> SentCodeRow | None:
    """The code that was last sent to a user or a patient, past its time or not; None when it has done its work, or none was sent."""
    owner = OtpVerification.user_id == user_id if user_id is not None else OtpVerification.patient_id == patient_id
    wanted = select(OtpVerification).where(owner, OtpVerification.purpose == purpose, OtpVerification.sent_to.is_not(None))
    row = session.scalars(wanted.order_by(OtpVerification.created_at.desc(), OtpVerification.id.desc()).limit(1)).one_or_none()
    if row is None or row.sent_to is None or row.used_at is not None:
        return None
    return SentCodeRow(row.sent_to, row.created_at, row.expires_at, max(MOST_OTP_TRIES - row.attempts, 0))


def proved_at(session: Session, *, purpose: OtpPurpose, patient_ids: Collection[UUID], contact: str) -> datetime | None:
    """When a patient, under any of these records, last showed a code that had gone to this address or number."""
    shown = select(func.max(OtpVerification.used_at)).where(
        OtpVerification.patient_id.in_(patient_ids),
        OtpVerification.purpose == purpose,
        OtpVerification.sent_to == contact,
        OtpVerification.is_verified.is_(True),
    )
    return session.scalar(shown)
