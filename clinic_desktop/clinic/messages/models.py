"""Tables of messages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.messages.rules import MESSAGE_STATES, Channel, MessageStatus
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.kernel.merging import shared, stays_here
from clinic_desktop.kernel.tables import Record

SECRET = {"secret": True}


class QueuedMessage(Record):
    """A message on its way out: tried until it is taken, too old, or tried too often."""

    __tablename__ = "notification_queue"
    __merge__ = stays_here()
    __table_args__ = (
        CheckConstraint("retry_count BETWEEN 0 AND max_attempts", name="attempts_bounded"),
        CheckConstraint("(status = 'SENT') = (sent_at IS NOT NULL)", name="sent_when"),
        CheckConstraint("channel IN ('EMAIL', 'SMS') OR status IN ('SENT', 'WITHDRAWN')", name="told_by_people"),
        Index("ix_notification_queue_due", "status", "next_attempt_at"),
    )

    channel: Mapped[Channel]
    topic: Mapped[str]
    """What it is about, as a code: the body says it to the recipient, and is nobody else's business."""
    recipient: Mapped[str]
    payload: Mapped[str | None] = mapped_column(info=SECRET)
    """JSON with subject and body; emptied once the message is sent or given up."""
    status: Mapped[MessageStatus]
    retry_count: Mapped[int]
    max_attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    """When it may be tried again; while it is being sent, when it is taken for left behind."""
    not_after: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    provider_id: Mapped[str | None]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    # Of what is said to a patient; none of a password or a code.
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"), index=True)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    about: Mapped[str | None]
    """Of an appointment: the time and doctor that it tells of, or that it was called off; of anything else its id first."""
    not_before: Mapped[datetime | None]
    """When it is wanted: a reminder, or what waits for the quiet to end."""

    def go_to(self, wanted: MessageStatus) -> None:
        """Change the status, or raise IllegalTransition."""
        self.status = MESSAGE_STATES.check(self.status, wanted)


class ChannelSecret(Record):
    """The password of a channel's provider, sealed under a key that the clinic's data key derives."""

    __tablename__ = "channel_secrets"
    __merge__ = stays_here()

    channel: Mapped[Channel] = mapped_column(unique=True)
    sealed: Mapped[bytes | None] = mapped_column(info=SECRET)


class NotificationTemplate(Record):
    """How the clinic words one notice in one way and language: the newest version counts, earlier ones stay to be looked up."""

    __tablename__ = "notification_templates"
    __merge__ = shared()
    __table_args__ = (
        UniqueConstraint("event", "channel", "language", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("length(body) > 0", name="body_given"),
        CheckConstraint("channel <> 'EMAIL' OR length(subject) > 0", name="mail_has_subject"),
    )

    event: Mapped[Notice]
    channel: Mapped[Channel]
    language: Mapped[str]
    version: Mapped[int]
    subject: Mapped[str]
    body: Mapped[str]
    is_active: Mapped[bool]
    """Whether this is said at all."""
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
