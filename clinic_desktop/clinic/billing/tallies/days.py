"""What a till and a clinic's day add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import CreditNote, Payment, Refund, TillSession
from clinic_desktop.clinic.billing.rules import PaymentMethod, TillStatus
from clinic_desktop.clinic.billing.tallies.away import THE_SERVERS, counted_on
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
    """A till of a day; the counted figures are None while it is open, ``note`` is why they differ."""

    till_session_id: UUID
    cashier_id: UUID
    cashier_name: str
    status: TillStatus
    opening_float: Money
    expected: Money | None
    counted: Money | None
    difference: Money | None
    note: str | None
    series: str | None
    """The code of the computer on whose copy it was opened; none: the server's own."""
    business_date: date
    """Of a copy's perhaps an earlier one: it came in after that was settled."""


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
    away: AwayRow


@dataclass(frozen=True, slots=True)
class AwayRow:
    """What of a day in money was done on computers' copies."""

    ids: frozenset[UUID]
    """Tills and credit notes."""
    payments: Money
    refunds: Money
    credits: Money
    late: Money
    """What was taken, less what went back, in tills of earlier days."""


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
    """All money of a clinic's day, from the ledgers, with what was done on copies and its settlement counts, or would count now."""
    code, ids = currency(session), counted_on(session, clinic_id, day)
    lines, tills = _lines(session, clinic_id, day, ids), _tills(session, clinic_id, day, ids)
    away = _away(session, ids, day)
    notes = select(func.sum(CreditNote.amount)).where(CreditNote.clinic_id == clinic_id, CreditNote.business_date == day)
    own_notes = session.scalar(notes.where(CreditNote.series.is_(None))) or Money.zero(code)
    taken = total((line.payments_total for line in lines), code)
    given = total((line.refunds_total for line in lines), code)
    return DayRow(
        clinic_id=clinic_id,
        day=day,
        payments_total=taken,
        refunds_total=given,
        net_total=taken - given,
        credits_total=own_notes + away.credits,
        till_difference=total((till.difference for till in tills if till.difference is not None), code),
        lines=lines,
        tills=tills,
        away=away,
    )


def _away(session: Session, ids: frozenset[UUID], day: date) -> AwayRow:
    zero = Money.zero(currency(session))
    if not ids:
        return AwayRow(ids, zero, zero, zero, zero)

    def summed(money: Any, *where: Any) -> Money:
        wanted = select(func.sum(money.amount)).join(TillSession, TillSession.id == money.till_session_id).where(TillSession.id.in_(ids))
        return session.scalar(wanted.where(*where)) or zero

    is_late = TillSession.business_date < day
    noted = session.scalar(select(func.sum(CreditNote.amount)).where(CreditNote.id.in_(ids))) or zero
    return AwayRow(ids, summed(Payment), summed(Refund), noted, summed(Payment, is_late) - summed(Refund, is_late))


def _lines(session: Session, clinic_id: UUID, day: date, away: frozenset[UUID]) -> tuple[SettlementLineRow, ...]:
    zero = Money.zero(currency(session))
    taken = (
        select(Payment.method, Payment.received_by, User.full_name, func.count(), func.sum(Payment.amount))
        .join(User, User.id == Payment.received_by)
        .join(TillSession, TillSession.id == Payment.till_session_id)
        .where(_counts(Payment, clinic_id, day, away))
        .group_by(Payment.method, Payment.received_by, User.full_name)
    )
    given = (
        select(Refund.method, Refund.refunded_by, User.full_name, func.count(), func.sum(Refund.amount))
        .join(User, User.id == Refund.refunded_by)
        .join(TillSession, TillSession.id == Refund.till_session_id)
        .where(_counts(Refund, clinic_id, day, away))
        .group_by(Refund.method, Refund.refunded_by, User.full_name)
    )
    paid = {(method, who, name): (count, amount) for method, who, name, count, amount in session.execute(taken)}
    back = {(method, who, name): (count, amount) for method, who, name, count, amount in session.execute(given)}
    keys = sorted(paid.keys() | back.keys(), key=lambda key: (list(PaymentMethod).index(key[0]), key[2], key[1]))
    return tuple(SettlementLineRow(*key, *paid.get(key, (0, zero)), *back.get(key, (0, zero))) for key in keys)


def _counts(money: Any, clinic_id: UUID, day: date, away: frozenset[UUID]) -> ColumnElement[bool]:
    """Money of the day in the server's tills, and all in the tills of copies that the day counts."""
    of_day = and_(money.clinic_id == clinic_id, money.business_date == day, THE_SERVERS)
    return or_(of_day, money.till_session_id.in_(away)) if away else of_day


def _tills(session: Session, clinic_id: UUID, day: date, away: frozenset[UUID]) -> tuple[TillOfDayRow, ...]:
    of_day = and_(TillSession.clinic_id == clinic_id, TillSession.business_date == day, THE_SERVERS)
    statement = (
        select(TillSession, User.full_name)
        .join(User, User.id == TillSession.cashier_id)
        .where(or_(of_day, TillSession.id.in_(away)) if away else of_day)
        .order_by(TillSession.id)
    )
    return tuple(
        TillOfDayRow(
            till_session_id=till.id,
            cashier_id=till.cashier_id,
            cashier_name=name,
            status=till.status,
            opening_float=till.opening_float,
            expected=till.expected,
            counted=till.counted,
            difference=till.difference,
            note=till.note,
            series=till.series,
            business_date=till.business_date,
        )
        for till, name in session.execute(statement)
    )
