"""Tables of messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.messages.rules import MESSAGE_STATES, Channel, MessageStatus
from clinic_desktop.kernel.merging import stays_here
from clinic_desktop.kernel.tables import Record

SECRET = {"secret": True}


class QueuedMessage(Record):
    """A message on its way out: tried until it is taken, too old, or tried too often."""

    __tablename__ = "notification_queue"
    __merge__ = stays_here()
    __table_args__ = (
        CheckConstraint("retry_count BETWEEN 0 AND max_attempts", name="attempts_bounded"),
        CheckConstraint("(status = 'SENT') = (sent_at IS NOT NULL)", name="sent_when"),
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

    def go_to(self, wanted: MessageStatus) -> None:
        """Change the status, or raise IllegalTransition."""
        self.status = MESSAGE_STATES.check(self.status, wanted)


class ChannelSecret(Record):
    """The password of a channel's provider, sealed under a key that the clinic's data key derives."""

    __tablename__ = "channel_secrets"
    __merge__ = stays_here()

    channel: Mapped[Channel] = mapped_column(unique=True)
    sealed: Mapped[bytes | None] = mapped_column(info=SECRET)
