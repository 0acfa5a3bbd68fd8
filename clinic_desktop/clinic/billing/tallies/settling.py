"""What a doctor was settled, and what is not settled yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import DoctorSettlement, Payment
from clinic_desktop.clinic.billing.tallies.shares import ElsewhereRow, Period, ShareRow, money_elsewhere, shares_of
from clinic_desktop.kernel.archived import removed_rows


@dataclass(frozen=True, slots=True)
class UnsettledRow:
    """What settling a doctor up to a day would settle: the clinic's own money of ``period``, and that elsewhere whenever it was taken."""

    period: Period
    shares: tuple[ShareRow, ...]
    elsewhere: tuple[UUID, ...]


def unsettled(session: Session, clinic_id: UUID, doctor_id: UUID, period_to: date) -> UnsettledRow:
    """What is here up to a day and was not settled before; no days are left when the last settlement is later."""
    settlements = of_doctor(session, clinic_id, doctor_id)
    elsewhere = money_elsewhere(session, clinic_id, doctor_id)
    counted = counted_before(session, settlements, len(settlements), elsewhere)
    now = {one.id for one in elsewhere if one.day <= period_to} - counted
    period = Period(clinic_id, doctor_id, _first_day(session, clinic_id, settlements, period_to), period_to)
    shares = shares_of(session, period, elsewhere, counted, now)
    return UnsettledRow(period, tuple(shares), tuple(sorted(now)))


def of_doctor(session: Session, clinic_id: UUID, doctor_id: UUID) -> Sequence[DoctorSettlement]:
    """The settlements of a doctor in a clinic, the oldest first."""
    wanted = select(DoctorSettlement).where(DoctorSettlement.clinic_id == clinic_id, DoctorSettlement.doctor_id == doctor_id)
    return session.scalars(wanted.order_by(DoctorSettlement.period_to)).all()


def counted_before(session: Session, settlements: Sequence[DoctorSettlement], place: int, elsewhere: Collection[ElsewhereRow]) -> set[UUID]:
    """The money elsewhere that the settlements before ``place`` counted; archived ones counted what is older than those that are left."""
    counted = {key for one in settlements[:place] for key in listed(one)}
    if settlements and removed_rows(session, DoctorSettlement.__tablename__):
        known = counted.union(*map(listed, settlements[place:]))
        counted |= {one.id for one in elsewhere if one.day < settlements[0].period_from and one.id not in known}
    return counted


def listed(settlement: DoctorSettlement) -> list[UUID]:
    """The money elsewhere that a settlement counts."""
    return msgspec.json.decode(settlement.elsewhere, type=list[UUID]) if settlement.elsewhere else []


def _first_day(session: Session, clinic_id: UUID, settlements: Sequence[DoctorSettlement], period_to: date) -> date:
    """The day after the last settlement, or the clinic's first day with money."""
    if settlements:
        return settlements[-1].period_to + timedelta(days=1)
    first = session.scalar(select(func.min(Payment.business_date)).where(Payment.clinic_id == clinic_id))
    return min(first or period_to, period_to)
