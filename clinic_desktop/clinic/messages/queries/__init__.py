"""What screens and the delivery ask about messages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.messages.models import ChannelSecret, QueuedMessage
from clinic_desktop.clinic.messages.queries.telling import SaidRow as SaidRow
from clinic_desktop.clinic.messages.queries.telling import TellRow as TellRow
from clinic_desktop.clinic.messages.queries.telling import TellState as TellState
from clinic_desktop.clinic.messages.queries.telling import messages_of_patient as messages_of_patient
from clinic_desktop.clinic.messages.queries.telling import not_sent as not_sent
from clinic_desktop.clinic.messages.queries.telling import not_sent_count as not_sent_count
from clinic_desktop.clinic.messages.queries.telling import to_tell as to_tell
from clinic_desktop.clinic.messages.queries.turns import about_turn as about_turn
from clinic_desktop.clinic.messages.queries.turns import near_and_untold as near_and_untold
from clinic_desktop.clinic.messages.queries.wordings import TemplateRow as TemplateRow
from clinic_desktop.clinic.messages.queries.wordings import templates as templates
from clinic_desktop.clinic.messages.rules import BodyForm, Channel, MessageStatus, Security
from clinic_desktop.clinic.messages.ways import (
    SMS_FORM,
    SMS_HEADER,
    SMS_SENDER,
    SMS_TEMPLATE,
    SMS_URL,
    SMTP_HOST,
    SMTP_PORT,
    SMTP_SECURITY,
    SMTP_SENDER,
    SMTP_USERNAME,
)
from clinic_desktop.clinic.organisation.queries import setting_value


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server as it is set up; ``sealed`` is its password, which only the data key opens."""

    host: str
    port: int
    security: Security
    username: str
    sender: str
    sealed: bytes | None

    @property
    def is_set_up(self) -> bool:
        """Whether mail can leave at all."""
        return bool(self.host and self.sender)


@dataclass(frozen=True, slots=True)
class TextService:
    """The text message service as it is set up; ``sealed`` is its secret, which only the data key opens."""

    url: str
    form: BodyForm
    template: str
    header: str
    sender: str
    sealed: bytes | None

    @property
    def is_set_up(self) -> bool:
        """Whether text messages can leave at all."""
        return bool(self.url)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as a list shows it: never what it says."""

    id: UUID
    channel: Channel
    topic: str
    recipient: str
    status: MessageStatus
    retry_count: int
    created_at: datetime
    next_attempt_at: datetime
    last_error: str | None


def mail_server(session: Session) -> MailServer:
    """The mail server as it is set up."""
    return MailServer(
        host=setting_value(session, SMTP_HOST),
        port=setting_value(session, SMTP_PORT),
        security=setting_value(session, SMTP_SECURITY),
        username=setting_value(session, SMTP_USERNAME),
        sender=setting_value(session, SMTP_SENDER),
        sealed=_sealed(session, Channel.EMAIL),
    )


def text_service(session: Session) -> TextService:
    """The text message service as it is set up."""
    return TextService(
        url=setting_value(session, SMS_URL),
        form=setting_value(session, SMS_FORM),
        template=setting_value(session, SMS_TEMPLATE),
        header=setting_value(session, SMS_HEADER),
        sender=setting_value(session, SMS_SENDER),
        sealed=_sealed(session, Channel.SMS),
    )


def _sealed(session: Session, channel: Channel) -> bytes | None:
    return session.scalar(select(ChannelSecret.sealed).where(ChannelSecret.channel == channel))


def mail_is_set_up(session: Session) -> bool:
    """Whether a forgotten password can be replaced by e-mail."""
    return mail_server(session).is_set_up


def outbound(session: Session, *, statuses: Collection[MessageStatus] = tuple(MessageStatus), limit: int = 200) -> list[MessageRow]:
    """Messages in the queue, newest first."""
    wanted = select(QueuedMessage).where(QueuedMessage.status.in_(statuses)).order_by(QueuedMessage.id.desc()).limit(limit)
    return [
        MessageRow(
            id=row.id,
            channel=row.channel,
            topic=row.topic,
            recipient=row.recipient,
            status=row.status,
            retry_count=row.retry_count,
            created_at=row.created_at,
            next_attempt_at=row.next_attempt_at,
            last_error=row.last_error,
        )
        for row in session.scalars(wanted)
    ]


def message_counts(session: Session) -> dict[MessageStatus, int]:
    """How many messages are in each state."""
    counted = session.execute(select(QueuedMessage.status, func.count().label("n")).group_by(QueuedMessage.status))
    return {found.status: found.n for found in counted}
