"""Whose card was scanned: a patient number, a card number, or the signed QR code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.cards import MARK, CardClaim, verify_card
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.finding import search
from clinic_desktop.clinic.patients.queries.records import CardRow, PatientRow, card_by_code, card_public_keys, patient, patient_by_number
from clinic_desktop.clinic.patients.queries.survivors import survivor
from clinic_desktop.clinic.patients.rules import REVOKED_BY_MERGE, CardRefused, PatientStatus


@dataclass(frozen=True, slots=True)
class CheckedCard:
    """Whose code was scanned; ``card`` where a card\u2019s own code was, and not the number of the patient."""

    patient: PatientRow
    card: CardRow | None
    fault: CardRefused | None = None
    """That the card was lost, replaced or is over: a kiosk refuses it, a desk is told before it goes on."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The patients that a typed or scanned text may mean; ``fault`` as of a checked card."""

    patient_ids: tuple[UUID, ...]
    fault: CardRefused | None = None


def checked_card(session: Session, code: str, *, today: date) -> CheckedCard | None:
    """What a kiosk lets through: a card that is signed, in use and not over, of somebody whose record is in use.

    None for what is no card of ours. Raises CardRefused with the reason. Nothing but this database is asked.
    """
    found = _by_card(session, code.strip(), today)
    if found is None:
        return None
    if found.fault is not None:
        raise found.fault
    owner = _kept(session, found.patient)
    if owner.status is not PatientStatus.ACTIVE:
        raise CardRefused(reason=f"of_{owner.status.value.lower()}")
    return CheckedCard(owner, found.card)


def scanned_card(session: Session, code: str, *, today: date) -> CheckedCard | None:
    """Whose code was scanned at a desk, or None; raises CardRefused for a card that is forged, damaged or of another hospital.

    The record that a merged one was put into is returned in its place, for a card that a merge revoked, too.
    A desk sees those who died or were archived as well, and whose card is not valid: with the ``fault`` that it is to be told.
    """
    found = _by_card(session, code.strip(), today)
    return None if found is None else replace(found, patient=_kept(session, found.patient))


def meant_by(session: Session, text: str, *, today: date, limit: int) -> Meant:
    """The patients that a typed or scanned text may mean: the owner of a card or number, or who a search finds."""
    owner = scanned_card(session, text, today=today)
    if owner is None:
        return Meant(tuple(one.id for one in search(session, text, limit)))
    return Meant((owner.patient.id,), owner.fault)


def _kept(session: Session, found: PatientRow) -> PatientRow:
    """The record that this one was put into, however often; itself where it was not."""
    return found if found.merged_into_id is None else survivor(session, found.id)


def _by_card(session: Session, code: str, today: date) -> CheckedCard | None:
    if code.startswith(f"{MARK}."):
        return _signed(session, verify_card(code, card_public_keys(session)), code, today)
    owner = patient_by_number(session, code.upper())
    if owner is not None:
        return CheckedCard(owner, None)
    card = card_by_code(session, code.upper())
    return None if card is None else CheckedCard(patient(session, card.patient_id), card, _fault(card, today))


def _signed(session: Session, claim: CardClaim, code: str, today: date) -> CheckedCard | None:
    card = card_by_code(session, claim.card_number)
    if card is not None:
        # A number that was given twice, while sites could not see each other: each card has a signature of its own.
        if card.qr_payload != code:
            raise CardRefused(reason="forged")
        return CheckedCard(patient(session, card.patient_id), card, _fault(card, today))
    # Issued at another site, and not heard of here yet: the signature says whose it is.
    known = session.get(Patient, claim.patient_id)
    return None if known is None else CheckedCard(patient(session, known.id), None)


def _fault(card: CardRow, today: date) -> CardRefused | None:
    if card.revoked_at is not None and card.revoked_reason != REVOKED_BY_MERGE:
        return CardRefused(reason=card.revoked_reason if card.revoked_reason == "lost" else "revoked")
    if card.valid_until is not None and today > card.valid_until:
        return CardRefused(reason="expired", day=card.valid_until)
    return None
