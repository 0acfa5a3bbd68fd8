"""What a till and a clinic's day add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import CreditNote, Payment, Refund, TillSession
from clinic_desktop.clinic.billing.rules import PaymentMethod, TillStatus
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.kernel.tables import currency_of


@dataclass(frozen=True, slots=True)
class CashMoved:
    """Cash that came into and left a till."""

    cash_in: Money
    cash_out: Money


@dataclass(frozen=True, slots=True)
class SettlementLineRow:
    """What one cashier took and gave back by one method on a day."""

    method: PaymentMethod
    cashier_id: UUID
    cashier_name: str
    payment_count: int
    payments_total: Money
    refund_count: int
    refunds_total: Money


@dataclass(frozen=True, slots=True)
class TillOfDayRow:
    """A till opened on a day; the counted figures are None while it is open, ``note`` is why they differ."""

    till_session_id: UUID
    cashier_id: UUID
    cashier_name: str
    status: TillStatus
    opening_float: Money
    expected: Money | None
    counted: Money | None
    difference: Money | None
    note: str | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """A clinic's day in money."""

    clinic_id: UUID
    day: date
    payments_total: Money
    refunds_total: Money
    net_total: Money
    credits_total: Money
    till_difference: Money
    lines: tuple[SettlementLineRow, ...]
    tills: tuple[TillOfDayRow, ...]


def currency(session: Session) -> str:
    """The currency of the database behind a session."""
    return currency_of(session.get_bind().dialect)


def cash_moved(session: Session, till_session_id: UUID) -> CashMoved:
    """Cash payments and cash refunds of a till."""
    zero = Money.zero(currency(session))
    taken = select(func.sum(Payment.amount)).where(Payment.till_session_id == till_session_id, Payment.method == PaymentMethod.CASH)
    given = select(func.sum(Refund.amount)).where(Refund.till_session_id == till_session_id, Refund.method == PaymentMethod.CASH)
    return CashMoved(session.scalar(taken) or zero, session.scalar(given) or zero)


def day_totals(session: Session, clinic_id: UUID, day: date) -> DayRow:
    """All money of a clinic's day, from the ledgers."""
    code = currency(session)
    lines = _lines(session, clinic_id, day)
    tills = _tills(session, clinic_id, day)
    notes = select(func.sum(CreditNote.amount)).where(CreditNote.clinic_id == clinic_id, CreditNote.business_date == day)
    taken = total((line.payments_total for line in lines), code)
    given = total((line.refunds_total for line in lines), code)
    return DayRow(
        clinic_id=clinic_id,
        day=day,
        payments_total=taken,
        refunds_total=given,
        net_total=taken - given,
        credits_total=session.scalar(notes) or Money.zero(code),
        till_difference=total((till.difference for till in tills if till.difference is not None), code),
        lines=lines,
        tills=tills,
    )


def _lines(session: Session, clinic_id: UUID, day: date) -> tuple[SettlementLineRow, ...]:
    zero = Money.zero(currency(session))
    taken = (
        select(Payment.method, Payment.received_by, User.full_name, func.count(), func.sum(Payment.amount))
        .join(User, User.id == Payment.received_by)
        .where(Payment.clinic_id == clinic_id, Payment.business_date == day)
        .group_by(Payment.method, Payment.received_by, User.full_name)
    )
    given = (
        select(Refund.method, Refund.refunded_by, User.full_name, func.count(), func.sum(Refund.amount))
        .join(User, User.id == Refund.refunded_by)
        .where(Refund.clinic_id == clinic_id, Refund.business_date == day)
        .group_by(Refund.method, Refund.refunded_by, User.full_name)
    )
    paid = {(method, who, name): (count, amount) for method, who, name, count, amount in session.execute(taken)}
    back = {(method, who, name): (count, amount) for method, who, name, count, amount in session.execute(given)}
    keys = sorted(paid.keys() | back.keys(), key=lambda key: (list(PaymentMethod).index(key[0]), key[2], key[1]))
    return tuple(SettlementLineRow(*key, *paid.get(key, (0, zero)), *back.get(key, (0, zero))) for key in keys)


def _tills(session: Session, clinic_id: UUID, day: date) -> tuple[TillOfDayRow, ...]:
    statement = (
        select(TillSession, User.full_name)
        .join(User, User.id == TillSession.cashier_id)
        .where(TillSession.clinic_id == clinic_id, TillSession.business_date == day)
        .order_by(TillSession.id)
    )
    return tuple(
        TillOfDayRow(
            till.id, till.cashier_id, name, till.status, till.opening_float, till.expected, till.counted, till.difference, till.note
        )
        for till, name in session.execute(statement)
    )
