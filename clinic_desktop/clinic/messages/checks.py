"""What must be true of messages: nothing that was said to one person is kept for others to read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MessageStatus
from clinic_desktop.kernel.checks import Finding, check, lies, looked_at


@check("O1 sent messages")
def sent_messages(session: Session) -> Finding:
    """What a message said is forgotten once it was sent, given up or withdrawn."""
    over = (MessageStatus.SENT, MessageStatus.DEAD, MessageStatus.WITHDRAWN)
    kept = select(QueuedMessage.recipient).where(QueuedMessage.status.in_(over), QueuedMessage.payload.is_not(None))
    return Finding(looked_at(session, QueuedMessage), tuple(lies(session, kept, "the message to {recipient} is still kept")))
