"""Settling what doctors earned."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import msgspec

from clinic_desktop.clinic.billing.books import lock_day, summed
from clinic_desktop.clinic.billing.errors import DayAlreadySettled, DayNotOver
from clinic_desktop.clinic.billing.events import DoctorSettled
from clinic_desktop.clinic.billing.models import DoctorSettlement
from clinic_desktop.clinic.billing.rights import SETTLE_DOCTOR
from clinic_desktop.clinic.billing.tallies.settling import UnsettledRow, unsettled
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
    """Settle a doctor's shares of a clinic from the last settlement up to a past day; returns the settlement's id.

    Money that other clinics took for this one's bills, or copies while the server was away, counts once it is here, even when it was taken
    before the last settlement.
    """
    lock_day(tx, clinic_id)
    if period_to >= clinic_today(tx.session, clinic_id, tx.now):  # entries here never fall before today, so a past day is final
        raise DayNotOver("period_to", day=period_to)
    extra = adjustment or Money.zero(tx.currency)
    why = optional_line(adjustment_reason, "adjustment_reason", limit=500)
    if extra and why is None:
        raise InvalidInput("adjustment_reason", "required")
    settled = tx.add(_earned(tx, unsettled(tx.session, clinic_id, doctor_id, period_to)))
    settled.adjustment, settled.adjustment_reason, settled.paid = extra, why, settled.earned + extra
    tx.session.flush()
    tx.emit(DoctorSettled(settled.id, doctor_id))
    return settled.id


def _earned(tx: Tx, found: UnsettledRow) -> DoctorSettlement:
    period = found.period
    if period.first > period.last:
        raise DayAlreadySettled("period_to", day=period.first - timedelta(days=1))
    return DoctorSettlement(
        clinic_id=period.clinic_id,
        doctor_id=period.doctor_id,
        period_from=period.first,
        period_to=period.last,
        earned=summed(tx, [share.earned for share in found.shares]),
        elsewhere=msgspec.json.encode(found.elsewhere).decode() if found.elsewhere else None,
        settled_by=tx.actor.user_id,
        settled_at=tx.now,
    )
