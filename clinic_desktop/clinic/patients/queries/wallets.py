"""What a person has paid in advance: one chain of entries at each clinic, and one more for each record that was merged."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import WalletTransaction
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.kernel.money import Money, total


def in_wallet(session: Session, patient_id: UUID) -> Money | None:
    """What is left of a person's prepaid money: the newest balance of every chain, added up; none without a wallet."""
    entry = WalletTransaction
    place = func.row_number().over(partition_by=(entry.patient_id, entry.clinic_id), order_by=entry.sequence.desc())
    theirs = entry.patient_id.in_(person_ids(session, patient_id))
    newest = select(entry.balance_after, place.label("place")).where(theirs).subquery()
    found = list(session.scalars(select(newest.c.balance_after).where(newest.c.place == 1)))
    return total(found, found[0].currency) if found else None
