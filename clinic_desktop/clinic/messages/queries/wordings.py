"""The texts in force: the clinic's own, and the shipped ones where it wrote none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.messages.models import NotificationTemplate
from clinic_desktop.clinic.messages.rules import SENT_BY_PROGRAM, Channel
from clinic_desktop.clinic.messages.rules.notices import IN_ORDER, LANGUAGES, Notice, Wording, shipped


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """The text of one notice in one way and language; ``version`` 0 is the shipped one."""

    event: Notice
    channel: Channel
    language: str
    wording: Wording
    version: int

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f"{self.event}:{self.channel}:{self.language}"

    @property
    def is_own(self) -> bool:
        """Whether the clinic words it otherwise than the program does."""
        return self.wording != shipped(self.event, self.channel, self.language)


def templates(session: Session) -> list[TemplateRow]:
    """Every text that is told, as it is in force."""
    kind = NotificationTemplate
    newest = select(kind.event, kind.channel, kind.language, func.max(kind.version).label("version"))
    newest_of_each = newest.group_by(kind.event, kind.channel, kind.language).subquery()
    same = [getattr(kind, name) == newest_of_each.c[name] for name in ("event", "channel", "language", "version")]
    own = {(one.event, one.channel, one.language): one for one in session.scalars(select(kind).join(newest_of_each, and_(*same)))}
    rows = []
    for event, channel, language in product(IN_ORDER, SENT_BY_PROGRAM, LANGUAGES):
        found = own.get((event, channel, language))
        wording = shipped(event, channel, language) if found is None else Wording(found.subject, found.body, found.is_active)
        rows.append(TemplateRow(event, channel, language, wording, 0 if found is None else found.version))
    return rows
