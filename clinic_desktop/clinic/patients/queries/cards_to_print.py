"""Who needs a card: issued and never printed, registered without one, or chosen by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, null, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.patients.models import IdCard, Patient
from clinic_desktop.clinic.patients.queries.records import CardRow, PatientRow, card_in_use, cards_in_use
from clinic_desktop.clinic.patients.queries.survivors import survivors
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus

MOST = 500
"""Cards of one list: a batch that is longer is better done in parts."""


@dataclass(frozen=True, slots=True)
class CardToPrintRow:
    """A patient, and the card that is in use where there is one."""

    patient_id: UUID
    patient_number: str
    full_name: str
    gender: Gender
    date_of_birth: date | None
    registered_at: datetime
    card_id: UUID | None
    card_number: str | None
    issued_at: datetime | None
    print_count: int | None
    valid_until: date | None = None


_IN_USE = and_(IdCard.patient_id == Patient.id, IdCard.revoked_at.is_(None))
# A value of each row, not a join: that could begin at all the cards there are.
_CARD_OF = select(IdCard.id).where(_IN_USE).correlate(Patient).limit(1).scalar_subquery()
_ALIAS = aliased(Patient)
_HAS_ALIASES = select(_ALIAS.id).where(_ALIAS.merged_into_id == Patient.id).correlate(Patient).limit(1).scalar_subquery()
_PERSON = (Patient.id, Patient.patient_number, Patient.full_name, Patient.gender, Patient.date_of_birth, Patient.created_at)
_NO_CARD = (null(), null(), null(), null(), null())
_CARD = (IdCard.id, IdCard.card_number, IdCard.issued_at, IdCard.print_count, IdCard.valid_until)


def cards_not_printed(session: Session, *, limit: int = MOST) -> list[CardToPrintRow]:
    """Cards that were issued and never printed, the oldest first."""
    wanted = select(*_PERSON, *_CARD).join_from(IdCard, Patient, Patient.id == IdCard.patient_id)
    to_print = IdCard.printed_at.is_(None), IdCard.revoked_at.is_(None), Patient.status.in_((PatientStatus.ACTIVE, PatientStatus.MERGED))
    found = session.execute(wanted.add_columns(Patient.merged_into_id).where(*to_print).order_by(IdCard.issued_at, IdCard.id).limit(limit))
    rows = [(CardToPrintRow(*values), into) for *values, into in found]
    kept = survivors(session, {row.patient_id for row, into in rows if into is not None})
    named = [row if into is None else _of_survivor(session, row, kept[row.patient_id]) for row, into in rows]
    return [row for row in named if row is not None]


def _of_survivor(session: Session, row: CardToPrintRow, kept: PatientRow) -> CardToPrintRow | None:
    """The card of a merged record, printed for the one in use; None where that has a card of its own."""
    card = card_in_use(session, kept.id)
    if kept.status is not PatientStatus.ACTIVE or card is None or card.id != row.card_id:
        return None
    who = {"patient_id": kept.id, "patient_number": kept.patient_number, "full_name": kept.full_name}
    return replace(row, **who, gender=kept.gender, date_of_birth=kept.date_of_birth)  # type: ignore[arg-type]


def patients_without_card(session: Session, *, clinic_id: UUID, since: datetime, limit: int = MOST) -> list[CardToPrintRow]:
    """Those registered here since then who have no card that is in use, in the order in which they came."""
    wanted = select(*_PERSON, *_NO_CARD).where(_CARD_OF.is_(None))
    registered = Patient.clinic_id == clinic_id, Patient.created_at >= since, Patient.status == PatientStatus.ACTIVE
    asked: Select[*tuple[Any, ...]] = wanted.add_columns(_HAS_ALIASES.is_not(None)).where(*registered)
    found = [
        (CardToPrintRow(*values), has_aliases)
        for *values, has_aliases in session.execute(asked.order_by(Patient.created_at, Patient.id).limit(limit))
    ]
    # The card of a merged record is theirs, too.
    return [row for row, has_aliases in found if not has_aliases or card_in_use(session, row.patient_id) is None]


def cards_not_printed_count(session: Session) -> int:
    """How many cards wait to be printed, at most so many as one list shows."""
    some = select(IdCard.id).where(IdCard.printed_at.is_(None), IdCard.revoked_at.is_(None)).limit(MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def cards_to_renew(session: Session, patient_ids: Collection[UUID], *, until: date) -> list[CardToPrintRow]:
    """Whose card is over by a day, the earliest first: who has none, or one that is good for longer, is not among them."""
    cards = cards_in_use(session, sorted(patient_ids))
    ending = [one for one, card in cards.items() if card.valid_until is not None and card.valid_until <= until]
    rows = cards_of_patients(session, ending) if ending else []
    return sorted(rows, key=lambda row: (row.valid_until or until, row.full_name, row.patient_id))


def cards_of_patients(session: Session, patient_ids: Sequence[UUID]) -> list[CardToPrintRow]:
    """These patients with their cards, as far as they are in use, in the order that is asked for."""
    known = {row.id: row for row in session.execute(select(*_PERSON).where(Patient.id.in_(patient_ids)))}
    cards = cards_in_use(session, patient_ids)
    return [CardToPrintRow(*known[one], *_parts(cards.get(one))) for one in patient_ids if one in known]


def _parts(card: CardRow | None) -> tuple[Any, ...]:
    return (None,) * 5 if card is None else (card.id, card.card_number, card.issued_at, card.print_count, card.valid_until)
