"""What other departments have to say to the outside becomes a message in the queue, in the same transaction."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.access.events import CodeRequested, ResetMailRequested
from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.clinic.messages.events import MessageQueued
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MOST_ATTEMPTS, Channel, MessageStatus, Text, code_text, reset_text
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.kernel.commands import reacts, step
from clinic_desktop.kernel.db import Tx


@step
def enqueue(tx: Tx, *, channel: Channel, topic: str, recipient: str, text: Text, key: str, not_after: datetime | None = None) -> None:
    """Put a message into the queue; one key is queued once."""
    if tx.session.scalar(select(QueuedMessage.id).where(QueuedMessage.idempotency_key == key)) is not None:
        return
    row = QueuedMessage(
        channel=channel,
        topic=topic,
        recipient=recipient,
        payload=msgspec.json.encode({"subject": text.subject, "body": text.body}).decode(),
        status=MessageStatus.QUEUED,
        retry_count=0,
        max_attempts=MOST_ATTEMPTS,
        next_attempt_at=tx.now,
        not_after=not_after,
        sent_at=None,
        last_error=None,
        provider_id=None,
        idempotency_key=key,
        patient_id=None,
        appointment_id=None,
        about=None,
        not_before=None,
    )
    tx.add(row)
    tx.session.flush()
    tx.emit(MessageQueued(row.id))


@reacts(ResetMailRequested)
def queue_reset(tx: Tx, wanted: ResetMailRequested) -> None:
    """Write the mail with the token."""
    hospital, timezone = _letterhead(tx)
    text = reset_text(wanted.full_name, hospital, wanted.token, wanted.expires_at, timezone)
    key, end = f"reset:{wanted.reset_id}", wanted.expires_at
    enqueue(tx, channel=Channel.EMAIL, topic="password_reset", recipient=wanted.email, text=text, key=key, not_after=end)


@reacts(CodeRequested)
def queue_code(tx: Tx, wanted: CodeRequested) -> None:
    """Write the message with the code."""
    hospital, timezone = _letterhead(tx)
    text = code_text(wanted.purpose, hospital, wanted.code, wanted.expires_at, timezone)
    channel = Channel.SMS if wanted.purpose == OtpPurpose.VERIFY_PHONE.value else Channel.EMAIL
    key, end = f"code:{wanted.code_id}", wanted.expires_at
    enqueue(tx, channel=channel, topic="one_time_code", recipient=wanted.recipient, text=text, key=key, not_after=end)


def _letterhead(tx: Tx) -> tuple[str, str]:
    """The hospital's name and the time zone in which it writes."""
    places = clinics(tx.session)
    return (places[0].hospital_name, places[0].timezone) if places else ("", "UTC")
