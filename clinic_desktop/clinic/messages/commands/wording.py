"""How the clinic words what patients are told: every saved text is a further version."""

from __future__ import annotations

from sqlalchemy import func, select

from clinic_desktop.clinic.messages.events import TemplateChanged
from clinic_desktop.clinic.messages.models import NotificationTemplate
from clinic_desktop.clinic.messages.rules import SENT_BY_PROGRAM, Channel
from clinic_desktop.clinic.messages.rules.notices import LANGUAGES, Notice, checked_wording
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, StaleRecord
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

WORD = permission("messages.word", N_("Word the messages that patients get"))


@command(WORD)
def save_template(
    tx: Tx, *, event: Notice, channel: Channel, language: str, subject: str | None, body: str | None, is_active: bool, version: int
) -> int:
    """Save a text as a new version, given the one that was read (0: the shipped text); raises StaleRecord when there is a newer one."""
    if channel not in SENT_BY_PROGRAM:
        raise InvalidInput("channel", "told_by_people")
    if language not in LANGUAGES:
        raise InvalidInput("language", "unknown_message_language")
    text = checked_wording(event, channel, subject, body, is_active=is_active)
    kind = NotificationTemplate
    newest = select(func.max(kind.version)).where(kind.event == event, kind.channel == channel, kind.language == language)
    if (tx.session.scalar(newest) or 0) != version:
        raise StaleRecord(entity=kind.__tablename__, key=event.value)
    row = NotificationTemplate(
        event=event,
        channel=channel,
        language=language,
        version=version + 1,
        subject=text.subject,
        body=text.body,
        is_active=is_active,
        written_by=tx.actor.user_id,
    )
    tx.add(row)
    tx.session.flush()
    tx.emit(TemplateChanged(row.id))
    return row.version
