"""The recovery sheet: made from a key that is nowhere else, and kept nowhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.documents.compose.composed import Composed, DocumentKind
from clinic_desktop.documents.recovery_sheet import RecoverySheet, recovery_pdf
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.i18n import Language


def recovery_sheet(session: Session, *, language: Language, now: datetime, key: str, name: str, user_id: UUID, timezone: str) -> Composed:
    """The sheet for whoever has just made the key; its audit note names the person, never the key."""
    there = clinics(session)
    sheet = RecoverySheet(tuple(key.split("-")), name, now, timezone, there[0].hospital_name if there else "")
    number = business_date(now, timezone).isoformat()
    return Composed(DocumentKind.RECOVERY_KEY, "users", user_id, number, recovery_pdf(sheet, language), is_reprint=False)
