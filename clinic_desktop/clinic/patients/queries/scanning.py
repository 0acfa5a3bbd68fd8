"""Whose card was scanned: a patient number, a card number, or the signed QR code."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.cards import MARK, verify_card
from clinic_desktop.clinic.patients.queries.finding import search
from clinic_desktop.clinic.patients.queries.records import PatientRow, card_by_code, card_public_keys, patient, patient_by_number
from clinic_desktop.clinic.patients.rules import CardRefused


def patient_of_code(session: Session, code: str) -> PatientRow | None:
    """The patient that a scanned code belongs to, or None; raises CardRefused for a forged or replaced card.

    The record that a merged one was put into is returned in its place.
    """
    found = _by_card(session, code.strip())
    while found is not None and found.merged_into_id is not None:
        found = patient(session, found.merged_into_id)
    return found


def meant_by(session: Session, text: str, *, limit: int) -> list[UUID]:
    """The patients that a typed or scanned text may mean: the owner of a card or number, or who a search finds."""
    owner = patient_of_code(session, text)
    return [one.id for one in search(session, text, limit)] if owner is None else [owner.id]


def _by_card(session: Session, code: str) -> PatientRow | None:
    if not code.startswith(f"{MARK}."):
        owner = patient_by_number(session, code.upper())
        if owner is not None:
            return owner
    number = verify_card(code, card_public_keys(session)).card_number if code.startswith(f"{MARK}.") else code
    card = card_by_code(session, number)
    if card is not None and card.revoked_at is not None:
        raise CardRefused(reason="revoked")
    return None if card is None else patient(session, card.patient_id)
