"""Settling what doctors earned."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.billing.books import lock_day, summed
from clinic_desktop.clinic.billing.errors import DayAlreadySettled, DayNotOver
from clinic_desktop.clinic.billing.events import DoctorSettled
from clinic_desktop.clinic.billing.models import DoctorSettlement, Payment
from clinic_desktop.clinic.billing.rights import SETTLE_DOCTOR
from clinic_desktop.clinic.billing.tallies.shares import doctor_shares
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import optional_line


@command(SETTLE_DOCTOR, idempotent=True)
def settle_doctor(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    doctor_id: UUID,
    period_to: date,
    adjustment: Money | None = None,
    adjustment_reason: str | None = None,
) -> UUID:
    """Settle a doctor's shares of a clinic from the last settlement up to a past day; returns the settlement's id."""
    lock_day(tx, clinic_id)
    if period_to >= clinic_today(tx.session, clinic_id, tx.now):  # entries never fall before today, so a past day is final
        raise DayNotOver("period_to", day=period_to)
    extra = adjustment or Money.zero(tx.currency)
    why = optional_line(adjustment_reason, "adjustment_reason", limit=500)
    if extra and why is None:
        raise InvalidInput("adjustment_reason", "required")
    settled = tx.add(_earned(tx, clinic_id, doctor_id, period_to))
    settled.adjustment, settled.adjustment_reason, settled.paid = extra, why, settled.earned + extra
    tx.session.flush()
    tx.emit(DoctorSettled(settled.id, doctor_id))
    return settled.id


def _earned(tx: Tx, clinic_id: UUID, doctor_id: UUID, period_to: date) -> DoctorSettlement:
    period_from = _period_from(tx, clinic_id, doctor_id, period_to)
    shares = doctor_shares(tx.session, clinic_id=clinic_id, doctor_id=doctor_id, first=period_from, last=period_to)
    return DoctorSettlement(
        clinic_id=clinic_id,
        doctor_id=doctor_id,
        period_from=period_from,
        period_to=period_to,
        earned=summed(tx, [share.earned for share in shares]),
        settled_by=tx.actor.user_id,
        settled_at=tx.now,
    )


def _period_from(tx: Tx, clinic_id: UUID, doctor_id: UUID, period_to: date) -> date:
    """The day after the last settlement, or the clinic's first day with money."""
    of_doctor = (DoctorSettlement.clinic_id == clinic_id, DoctorSettlement.doctor_id == doctor_id)
    last = tx.session.scalar(select(func.max(DoctorSettlement.period_to)).where(*of_doctor))
    if last is not None and last >= period_to:
        raise DayAlreadySettled("period_to", day=last)
    first = tx.session.scalar(select(func.min(Payment.business_date)).where(Payment.clinic_id == clinic_id))
    start = last + timedelta(days=1) if last is not None else first or period_to
    return min(start, period_to)
