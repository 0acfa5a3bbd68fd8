"""Who needs a card: issued and never printed, registered without one, or chosen by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, null, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import IdCard, Patient
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


_IN_USE = and_(IdCard.patient_id == Patient.id, IdCard.revoked_at.is_(None))
# A value of each row, not a join: that could begin at all the cards there are.
_CARD_OF = select(IdCard.id).where(_IN_USE).correlate(Patient).limit(1).scalar_subquery()
_PERSON = (Patient.id, Patient.patient_number, Patient.full_name, Patient.gender, Patient.date_of_birth, Patient.created_at)
_NO_CARD = (null(), null(), null(), null())
_CARD = (IdCard.id, IdCard.card_number, IdCard.issued_at, IdCard.print_count)


def cards_not_printed(session: Session, *, limit: int = MOST) -> list[CardToPrintRow]:
    """Cards that were issued and never printed, the oldest first."""
    wanted = select(*_PERSON, *_CARD).join_from(IdCard, Patient, Patient.id == IdCard.patient_id)
    to_print = IdCard.printed_at.is_(None), IdCard.revoked_at.is_(None), Patient.status == PatientStatus.ACTIVE
    return _rows(session, wanted.where(*to_print).order_by(IdCard.issued_at, IdCard.id).limit(limit))


def patients_without_card(session: Session, *, clinic_id: UUID, since: datetime, limit: int = MOST) -> list[CardToPrintRow]:
    """Those registered here since then who have no card that is in use, in the order in which they came."""
    wanted = select(*_PERSON, *_NO_CARD).where(_CARD_OF.is_(None))
    registered = Patient.clinic_id == clinic_id, Patient.created_at >= since, Patient.status == PatientStatus.ACTIVE
    return _rows(session, wanted.where(*registered).order_by(Patient.created_at, Patient.id).limit(limit))


def cards_of_patients(session: Session, patient_ids: Sequence[UUID]) -> list[CardToPrintRow]:
    """These patients with their cards, as far as they are in use, in the order that is asked for."""
    wanted = select(*_PERSON, *_CARD).join_from(Patient, IdCard, _IN_USE, isouter=True)
    found = {one.patient_id: one for one in _rows(session, wanted.where(Patient.id.in_(patient_ids)))}
    return [found[one] for one in patient_ids if one in found]


def _rows(session: Session, wanted: Select[*tuple[Any, ...]]) -> list[CardToPrintRow]:
    return [CardToPrintRow(*row) for row in session.execute(wanted)]
