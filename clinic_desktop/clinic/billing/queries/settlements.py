"""Days and doctors, settled and not yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import (
    CreditNote,
    DailySettlement,
    DailySettlementLine,
    DoctorSettlement,
    Payment,
    Refund,
    TillSession,
)
from clinic_desktop.clinic.billing.queries.rows import DoctorSettlementRow, SettlementHeadRow, TakingRow
from clinic_desktop.clinic.billing.rules import PaymentMethod
from clinic_desktop.clinic.billing.tallies.days import DayRow, SettlementLineRow, currency, day_totals
from clinic_desktop.clinic.billing.tallies.settling import UnsettledRow, unsettled
from clinic_desktop.clinic.billing.tallies.shares import Period, ShareRow
from clinic_desktop.clinic.billing.tallies.shares import doctor_shares as _doctor_shares
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money


def settlement_preview(session: Session, clinic_id: UUID, day: date) -> DayRow:
    """What settling a day would write down now, with its tills."""
    return day_totals(session, clinic_id, day)


def settlements(session: Session, clinic_id: UUID, *, first: date, last: date) -> list[SettlementHeadRow]:
    """Settled days of a clinic between two days, newest first."""
    statement = (
        select(DailySettlement, User.full_name)
        .outerjoin(User, User.id == DailySettlement.signed_off_by)
        .where(DailySettlement.clinic_id == clinic_id, DailySettlement.business_date.between(first, last))
        .order_by(DailySettlement.business_date.desc())
    )
    return [_head(row, name) for row, name in session.execute(statement)]


def days_to_settle(session: Session, clinic_id: UUID, *, first: date, last: date) -> list[date]:
    """Days between two days that have money or a till but no settlement, oldest first."""
    used = [
        select(table.business_date).where(table.clinic_id == clinic_id, table.business_date.between(first, last))
        for table in (Payment, Refund, CreditNote, TillSession)
    ]
    closed = select(DailySettlement.business_date).where(DailySettlement.clinic_id == clinic_id)
    settled = set(session.scalars(closed.where(DailySettlement.business_date.between(first, last))))
    return sorted(set(session.scalars(union(*used))) - settled)


def settlement(session: Session, settlement_id: UUID) -> tuple[SettlementHeadRow, tuple[SettlementLineRow, ...]]:
    """A settled day as it was written down, with its lines by method and cashier; raises NotFound."""
    statement = select(DailySettlement, User.full_name).outerjoin(User, User.id == DailySettlement.signed_off_by)
    found = session.execute(statement.where(DailySettlement.id == settlement_id)).one_or_none()
    if found is None:
        raise NotFound(entity="daily_settlement", key=str(settlement_id))
    lines = session.execute(
        select(DailySettlementLine, User.full_name)
        .join(User, User.id == DailySettlementLine.cashier_id)
        .where(DailySettlementLine.settlement_id == settlement_id)
        .order_by(DailySettlementLine.id)
    )
    return _head(*found), tuple(
        SettlementLineRow(
            line.method, line.cashier_id, name, line.payment_count, line.payments_total, line.refund_count, line.refunds_total
        )
        for line, name in lines
    )


def _head(row: DailySettlement, name: str | None) -> SettlementHeadRow:
    return SettlementHeadRow(
        id=row.id,
        clinic_id=row.clinic_id,
        business_date=row.business_date,
        payments_total=row.payments_total,
        refunds_total=row.refunds_total,
        net_total=row.net_total,
        credits_total=row.credits_total,
        till_count=row.till_count,
        till_difference=row.till_difference,
        note=row.note,
        signed_off_by=name,
        settled_at=row.settled_at,
    )


def takings(session: Session, clinic_id: UUID, *, first: date, last: date) -> tuple[TakingRow, ...]:
    """Money taken and given back by day and method between two days (both counted)."""
    return taking_rows(
        session,
        [Payment.clinic_id == clinic_id, Payment.business_date.between(first, last)],
        [Refund.clinic_id == clinic_id, Refund.business_date.between(first, last)],
    )


def taking_rows(
    session: Session, of_payments: Sequence[ColumnElement[bool]], of_refunds: Sequence[ColumnElement[bool]]
) -> tuple[TakingRow, ...]:
    """Money by day and method of the payments and refunds that meet the conditions."""
    zero = Money.zero(currency(session))
    paid = select(Payment.business_date, Payment.method, func.count(), func.sum(Payment.amount)).where(*of_payments)
    back = select(Refund.business_date, Refund.method, func.sum(Refund.amount)).where(*of_refunds)
    taken = {(day, way): (n, amount) for day, way, n, amount in session.execute(paid.group_by(Payment.business_date, Payment.method))}
    given = {(day, way): amount for day, way, amount in session.execute(back.group_by(Refund.business_date, Refund.method))}
    keys = sorted(taken.keys() | given.keys(), key=lambda key: (key[0], list(PaymentMethod).index(key[1])))
    return tuple(TakingRow(*key, *taken.get(key, (0, zero)), given.get(key, zero)) for key in keys)


def doctor_shares(session: Session, *, clinic_id: UUID, doctor_id: UUID, first: date, last: date) -> list[ShareRow]:
    """What a doctor earned by each invoice in a period, as money arrived and went back."""
    return _doctor_shares(session, Period(clinic_id, doctor_id, first, last))


def unsettled_shares(session: Session, *, clinic_id: UUID, doctor_id: UUID, period_to: date) -> UnsettledRow:
    """What settling a doctor up to a day would settle."""
    return unsettled(session, clinic_id, doctor_id, period_to)


def doctor_settlements(session: Session, doctor_id: UUID) -> list[DoctorSettlementRow]:
    """A doctor's settled periods, newest first."""
    found = session.scalars(
        select(DoctorSettlement).where(DoctorSettlement.doctor_id == doctor_id).order_by(DoctorSettlement.period_to.desc())
    )
    return [
        DoctorSettlementRow(
            row.id,
            row.doctor_id,
            row.period_from,
            row.period_to,
            row.earned,
            row.adjustment,
            row.adjustment_reason,
            row.paid,
            row.settled_at,
        )
        for row in found
    ]
