"""Texts of consents: a new version for each change, so that what was signed stays what it was."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.commands.places import hospital_in_turn
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.patients.drafted import drafted_texts
from clinic_desktop.clinic.patients.events import ConsentTextsChanged
from clinic_desktop.clinic.patients.models import ConsentTemplate
from clinic_desktop.clinic.patients.rights import CONSENT_TEXTS
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.text import clean_text, required_line

LONGEST_BODY = 20_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)


@command(CONSENT_TEXTS, idempotent=True)
def publish_consent_text(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    kind: ConsentType,
    language: str,
    title: str,
    body: str,
    valid_from: date | None = None,
) -> UUID:
    """Add the next version of a text; it is signed from ``valid_from`` (today) on, in place of the one before."""
    hospital_in_turn(tx)
    today = clinic_today(tx.session, clinic_id, tx.now)
    since = valid_from or today
    if since < today:
        raise InvalidInput("valid_from", "in_the_past")
    text = clean_text(body)
    if not text:
        raise InvalidInput("body", "required")
    if len(text) > LONGEST_BODY:
        raise InvalidInput("body", "too_long", limit=LONGEST_BODY)
    _check_language(language)
    made = _write(tx, ConsentType(kind), language, required_line(title, "title", limit=200), text, since)
    tx.emit(ConsentTextsChanged(made.type.value, language))
    return made.id


def _check_language(language: str) -> None:
    if not _LANGUAGE.fullmatch(language):
        raise InvalidInput("language", "no_such_language")


def _write(tx: Tx, kind: ConsentType, language: str, title: str, body: str, since: date, *, is_draft: bool = False) -> ConsentTemplate:
    same = (ConsentTemplate.type == kind, ConsentTemplate.language == language)
    version = (tx.session.scalar(select(func.max(ConsentTemplate.version)).where(*same)) or 0) + 1
    made = ConsentTemplate(
        id=id_of("consent_templates", kind, language, version),
        type=kind,
        language=language,
        version=version,
        title=title,
        body=body,
        valid_from=since,
        is_draft=is_draft,
        is_active=True,
        written_by=tx.actor.user_id,
    )
    tx.add(made)
    tx.session.flush()
    return made


@command(CONSENT_TEXTS)
def retire_consent_text(tx: Tx, *, kind: ConsentType, language: str) -> None:
    """Let nobody sign a text of this kind and language any more; what was signed holds on."""
    hospital_in_turn(tx)
    _check_language(language)
    in_use = (ConsentTemplate.type == kind, ConsentTemplate.language == language, ConsentTemplate.is_active)
    for one in tx.session.scalars(select(ConsentTemplate).where(*in_use)):
        one.is_active = False
    tx.session.flush()
    tx.emit(ConsentTextsChanged(ConsentType(kind).value, language))


@command(CONSENT_TEXTS)
def add_drafted_texts(tx: Tx, *, clinic_id: UUID) -> int:
    """Put in the drafts that the program brings along, where there is no text yet; how many."""
    hospital_in_turn(tx)
    there = {(one.type, one.language) for one in tx.session.execute(select(ConsentTemplate.type, ConsentTemplate.language).distinct())}
    today = clinic_today(tx.session, clinic_id, tx.now)
    added = 0
    for kind, language, title, body in drafted_texts():
        if (kind, language) not in there:
            _write(tx, kind, language, title, body, today, is_draft=True)
            tx.emit(ConsentTextsChanged(kind.value, language))
            added += 1
    return added
