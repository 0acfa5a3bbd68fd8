"""Issuing identity cards, taking them back, and recording that they were printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.clinic.organisation.queries import clinic_today, setting_value
from clinic_desktop.clinic.organisation.rules import number_kind
from clinic_desktop.clinic.patients.cards import CardClaim, last_day, new_seed, public_key, sign_card
from clinic_desktop.clinic.patients.events import CardIssued, CardPrinted, CardRevoked
from clinic_desktop.clinic.patients.models import CardSigningKey, IdCard, Patient
from clinic_desktop.clinic.patients.queries.card_templates import STANDARD_CODE, default_template
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.records import CardRow, card_in_use, card_row
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.clinic.patients.rules import CardRefused, PatientStatus
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.settings import Scope, setting
from clinic_desktop.kernel.text import optional_line, required_line

CARDS = permission("patients.cards", N_("Issue and print identity cards"), "receptionist")
_KEY_NUMBERS = (1 << 31) - 1
"""Key numbers are so many random bits of the key's id."""
CARD_NUMBER = number_kind("id_card", "CRD", width=6, title=N_("ID cards"))
VALID_MONTHS = setting(
    "patients.card_valid_months",
    0,
    Scope.HOSPITAL,
    N_("Months for which an ID card is valid"),
    help=N_("0: until it is replaced. Cards that were issued before keep their day."),
    low=0,
    high=240,
)


@command(CARDS, idempotent=True)
def issue_id_card(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    patient_id: UUID,
    reason: str | None = None,
    only_first: bool = False,
    instead_of: UUID | None = None,
) -> CardRow:
    """Issue a patient's card; one that is in use is revoked, for ``reason`` (lost, damaged, name changed).

    With ``only_first`` one that is in use, perhaps since a moment ago at another desk, stays and is returned; with ``instead_of``
    only that card gives way, and another one stays and is returned.
    """
    patient = tx.session.get(Patient, patient_id, with_for_update=True, populate_existing=True)
    patient = check_in_use(tx.session, patient, patient_id)
    if patient.status is not PatientStatus.ACTIVE:
        raise CardRefused(reason="patient_not_active")
    in_use = card_in_use(tx.session, patient_id) if only_first or instead_of is not None else None
    if in_use is not None and in_use.id != instead_of:
        return in_use
    _revoke_card_in_use(tx, patient_id, reason)
    signing_key = _signing_key(tx)
    number = take_number(tx, CARD_NUMBER, clinic_id=clinic_id)
    issued_on = clinic_today(tx.session, clinic_id, tx.now)
    template = default_template(tx.session)
    claim = CardClaim(signing_key.key_number, number, patient.patient_number, patient.id, issued_on)
    card = IdCard(
        patient_id=patient_id,
        card_number=number,
        code128=number,
        qr_payload=sign_card(claim, bytes(signing_key.seed or b"")),
        template=template.name if template else STANDARD_CODE,
        template_id=template.id if template else None,
        issued_at=tx.now,
        valid_until=_valid_until(tx, clinic_id, issued_on),
        print_count=0,
    )
    tx.add(card)
    tx.session.flush()
    tx.emit(CardIssued(card.id, patient_id))
    return card_row(card)


def _valid_until(tx: Tx, clinic_id: UUID, issued_on: date) -> date | None:
    months = setting_value(tx.session, VALID_MONTHS, clinic_id=clinic_id)
    return last_day(issued_on, months) if months else None


def _revoke_card_in_use(tx: Tx, patient_id: UUID, reason: str | None) -> None:
    people = person_ids(tx.session, patient_id)
    wanted = select(IdCard).where(IdCard.patient_id.in_(people), IdCard.revoked_at.is_(None)).with_for_update()
    for old in tx.session.scalars(wanted):
        old.revoked_at = tx.now
        old.revoked_reason = optional_line(reason, "reason", limit=200) or "reissued"
    tx.session.flush()


def _signing_key(tx: Tx) -> CardSigningKey:
    """The newest key of this database; the first card makes the first key, with a number that no other site's has."""
    newest = select(CardSigningKey).where(CardSigningKey.seed.is_not(None)).order_by(CardSigningKey.created_at.desc()).limit(1)
    found = tx.session.scalars(newest).one_or_none()
    if found is not None:
        return found
    # Of this database: desks that issue the first cards at once make one key, and another site makes another.
    key, seed = id_of("card_signing_keys", tx.session.scalars(select(DatabaseIdentity.database_id)).one()), new_seed()
    return tx.add(CardSigningKey(id=key, key_number=key.int & _KEY_NUMBERS, seed=seed, public_key=public_key(seed)))


@command(CARDS)
def revoke_id_card(tx: Tx, *, card_id: UUID, reason: str) -> CardRow:
    """Make a card worth nothing without issuing another one: it was lost, and may be in strange hands."""
    card = _locked(tx, card_id)
    card.revoked_at, card.revoked_reason = tx.now, required_line(reason, "reason", limit=200)
    tx.session.flush()
    tx.emit(CardRevoked(card.id, card.patient_id))
    return card_row(card)


@command(CARDS)
def record_card_printed(tx: Tx, *, card_id: UUID) -> CardRow:
    """Record that a card went to the printer; printing it again is allowed and audited."""
    return card_row(_printed(tx, _locked(tx, card_id)))


@command(CARDS, idempotent=True)
def record_cards_printed(tx: Tx, *, key: UUID, card_ids: Sequence[UUID], way: str = "printer") -> int:
    """Record that cards went to a printer or a file (``way``); returns of how many. One revoked in the meantime is left out."""
    found = tx.session.scalars(
        select(IdCard).where(IdCard.id.in_(card_ids), IdCard.revoked_at.is_(None)).order_by(IdCard.id).with_for_update()
    )
    return len([_printed(tx, card, way) for card in list(found)])


def _locked(tx: Tx, card_id: UUID) -> IdCard:
    card = tx.session.get(IdCard, card_id, with_for_update=True, populate_existing=True)
    if card is None:
        raise NotFound(entity="id_cards", key=str(card_id))
    if card.revoked_at is not None:
        raise CardRefused(reason="revoked")
    return card


def _printed(tx: Tx, card: IdCard, way: str = "printer") -> IdCard:
    card.printed_at, card.print_count = tx.now, card.print_count + 1
    tx.session.flush()
    tx.note("card_printed", "id_cards", card.id, print_count=card.print_count, number=card.card_number, way=way)
    tx.emit(CardPrinted(card.id, card.patient_id))
    return card
