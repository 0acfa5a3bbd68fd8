"""The code on a queue token, and whose visit it is: the number of a day at a clinic, spelt like every other number."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import QueueEntry
from clinic_desktop.clinic.frontdesk.queries.board import VisitRow, visit
from clinic_desktop.clinic.frontdesk.rules import QueueState
from clinic_desktop.clinic.organisation.numbering import Reset, number_text, period_of
from clinic_desktop.clinic.organisation.queries import ClinicRow, clinics

TOKEN_PREFIX = "Q"  # noqa: S105 - a slip of paper
_CODE = re.compile(rf"{TOKEN_PREFIX}(?:-([A-Z]{{2,5}}))?-(\d{{4}})(\d{{2}})(\d{{2}})-(\d{{1,9}})", re.ASCII)


def token_code(clinic: ClinicRow, day: date, queue_number: int) -> str:
    """What the door\u2019s scanner reads: ``Q-20260302-12``, with the clinic\u2019s code where it is not the main one."""
    return number_text(TOKEN_PREFIX, None if clinic.is_main else clinic.code, period_of(Reset.DAILY, day), queue_number, 1)


def visit_of_token(session: Session, code: str) -> VisitRow | None:
    """The visit of a scanned token; None where there is none, or its number was taken back."""
    parts = _CODE.fullmatch(code.strip().upper())
    if parts is None:
        return None
    try:
        day = date(int(parts[2]), int(parts[3]), int(parts[4]))
    except ValueError:
        return None
    place = next((one for one in clinics(session) if (one.code == parts[1] if parts[1] else one.is_main)), None)
    return None if place is None else visit_numbered(session, clinic_id=place.id, day=day, queue_number=int(parts[5]))


def visit_numbered(session: Session, *, clinic_id: UUID, day: date, queue_number: int) -> VisitRow | None:
    """The visit with that number of a day."""
    numbered = select(QueueEntry.visit_id).where(
        QueueEntry.clinic_id == clinic_id,
        QueueEntry.business_date == day,
        QueueEntry.queue_number == queue_number,
        QueueEntry.state != QueueState.VOID,
    )
    found = session.scalar(numbered)
    return None if found is None else visit(session, found)
