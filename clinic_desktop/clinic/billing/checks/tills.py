"""Tills and settled days (M7, M8)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import CreditNote, DailySettlement, DailySettlementLine, Payment, Refund, TillSession
from clinic_desktop.clinic.billing.rules import PaymentMethod, PaymentStatus, TillStatus
from clinic_desktop.clinic.billing.tallies.away import THE_SERVERS, decoded
from clinic_desktop.clinic.billing.tallies.days import currency, day_totals
from clinic_desktop.kernel.archived import removed_days, removed_from
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at, minor, or_zero
from clinic_desktop.kernel.money import Money

_OF_A_DAY = (Payment.__tablename__, Refund.__tablename__, CreditNote.__tablename__, TillSession.__tablename__)
_TILL = (User.full_name.label("cashier"), TillSession.business_date.label("day"))


def _cash_in_till() -> ColumnElement[int]:
    """Float plus cash in minus cash out, in minor units."""
    taken = select(or_zero(func.sum(minor(Payment.amount)))).where(
        Payment.till_session_id == TillSession.id, Payment.method == PaymentMethod.CASH, Payment.status == PaymentStatus.COMPLETED
    )
    given = select(or_zero(func.sum(minor(Refund.amount)))).where(
        Refund.till_session_id == TillSession.id, Refund.method == PaymentMethod.CASH
    )
    return minor(TillSession.opening_float) + taken.scalar_subquery() - given.scalar_subquery()


@check("M7 tills")
def tills(session: Session) -> Finding:
    """A counted till expected its float plus cash in minus cash out; the difference is what was counted less that."""
    cash = _cash_in_till()
    found = (
        select(*_TILL, TillSession.id, TillSession.expected, cash.label("cash"))
        .join(User, User.id == TillSession.cashier_id)
        .where(TillSession.status == TillStatus.CLOSED, minor(TillSession.expected) != cash)
    )
    counted = (
        select(*_TILL, TillSession.expected, TillSession.counted, TillSession.difference, TillSession.count_sheet)
        .join(User, User.id == TillSession.cashier_id)
        .where(TillSession.status == TillStatus.CLOSED)
    )
    failures = []
    for row in session.execute(counted):
        sheet = sum(value * pieces for value, pieces in msgspec.json.decode(row.count_sheet or "[]"))
        assert row.counted is not None
        if sheet != row.counted.minor or row.difference != row.counted - row.expected:
            failures.append(f"till of {row.cashier} on {row.day}: {row.counted} counted, its sheet and difference say otherwise")
    archived = removed_from(session, Payment.__tablename__, Refund.__tablename__)
    wrong = (row for row in session.execute(found) if row.id not in archived)
    told = [f"till of {row.cashier} on {row.day}: expected {row.expected}, its entries make {row.cash} minor units" for row in wrong]
    return finding(looked_at(session, TillSession), told, failures)


@check("M7 till entries")
def till_entries(session: Session) -> Finding:
    """Money is entered by the till's own cashier, in its clinic, while it is open."""
    payments = select(
        Payment.receipt_number.label("entry"), Payment.till_session_id, Payment.received_by.label("who"), Payment.clinic_id, Payment.paid_at
    )
    refunds = select(Refund.number, Refund.till_session_id, Refund.refunded_by, Refund.clinic_id, Refund.refunded_at)
    entries = union_all(payments, refunds).subquery()
    outside = or_(
        entries.c.who != TillSession.cashier_id,
        entries.c.clinic_id != TillSession.clinic_id,
        entries.c.paid_at < TillSession.opened_at,
        and_(TillSession.closed_at.is_not(None), entries.c.paid_at > TillSession.closed_at),
    )
    found = (
        select(entries.c.entry, *_TILL)
        .join(TillSession, TillSession.id == entries.c.till_session_id)
        .join(User, User.id == TillSession.cashier_id)
        .where(outside)
    )
    rows = looked_at(session, Payment) + looked_at(session, Refund)
    return Finding(rows, tuple(lies(session, found, "{entry} is outside the till of {cashier} on {day}")))


@check("M7 settlements")
def settlements(session: Session) -> Finding:
    """A settled day is the sum of its entries, line by line, with what copies handed over and it counts; nothing is counted twice."""
    failures, rows = _counted_twice(session), 0
    archived = removed_days(session, *_OF_A_DAY)
    lines: dict[object, set[tuple[object, ...]]] = {}
    for line in session.scalars(select(DailySettlementLine)):
        figures = (line.method, line.cashier_id, line.payment_count, line.payments_total, line.refund_count, line.refunds_total)
        lines.setdefault(line.settlement_id, set()).add(figures)
    for one in session.scalars(select(DailySettlement).order_by(DailySettlement.business_date)):
        rows += 1
        if (one.clinic_id, one.business_date) in archived or _is_archived(session, one, archived):
            continue
        now = day_totals(session, one.clinic_id, one.business_date)
        names = ("payments_total", "refunds_total", "net_total", "credits_total", "till_difference")
        of_copies, zero = now.away, Money.zero(currency(session))
        listed = (of_copies.payments, of_copies.refunds, of_copies.credits)
        if tuple(told or zero for told in (one.payments_away, one.refunds_away, one.credits_away)) != listed:
            failures.append(f"settlement of {one.business_date}: its sums of what was done on copies are not those of what it lists")
        failures += [
            f"settlement of {one.business_date}: {name} {getattr(one, name)}, the day's entries make {getattr(now, name)}"
            for name in names
            if getattr(one, name) != getattr(now, name)
        ]
        wanted = {(n.method, n.cashier_id, n.payment_count, n.payments_total, n.refund_count, n.refunds_total) for n in now.lines}
        if lines.get(one.id, set()) != wanted or one.till_count != len(now.tills):
            failures.append(f"settlement of {one.business_date}: its lines or tills are not those of the day")
    return Finding(rows, tuple(failures))


def _counted_twice(session: Session) -> list[str]:
    seen: set[UUID] = set()
    failures = []
    for day, away in session.execute(select(DailySettlement.business_date, DailySettlement.away).where(DailySettlement.away.is_not(None))):
        ids = decoded(away)
        if not seen.isdisjoint(ids):
            failures.append(f"settlement of {day}: counts what another settlement counts")
        seen.update(ids)
    return failures


def _is_archived(session: Session, one: DailySettlement, archived: set[tuple[UUID, date]]) -> bool:
    """Whether something of copies that a settlement counts is of a day that is not here any more."""
    ids = decoded(one.away)
    if not ids or not archived:
        return False
    tills = select(TillSession.business_date).where(TillSession.id.in_(ids))
    notes = select(CreditNote.business_date).where(CreditNote.id.in_(ids))
    days = [*session.scalars(tills), *session.scalars(notes)]
    return len(days) < len(ids) or any((one.clinic_id, day) in archived for day in days)


@check("M8 settled days")
def settled_days(session: Session) -> Finding:
    """Nothing was entered on a day after it was settled, and none of its tills is open; what copies hand over may come later."""
    failures: list[str] = []
    servers = select(TillSession.id).where(THE_SERVERS)
    for table, name, when, is_own in (
        (Payment, Payment.receipt_number, Payment.paid_at, Payment.till_session_id.in_(servers)),
        (Refund, Refund.number, Refund.refunded_at, Refund.till_session_id.in_(servers)),
        (CreditNote, CreditNote.number, CreditNote.issued_at, CreditNote.series.is_(None)),
    ):
        same_day = and_(DailySettlement.clinic_id == table.clinic_id, DailySettlement.business_date == table.business_date)
        late = select(name.label("entry"), DailySettlement.business_date).join(table, same_day).where(when > DailySettlement.settled_at)
        failures += lies(session, late.where(is_own), "{entry} was entered on {business_date} after it was settled")
    same_day = and_(DailySettlement.clinic_id == TillSession.clinic_id, DailySettlement.business_date == TillSession.business_date)
    still_open = (
        select(*_TILL)
        .join(DailySettlement, same_day)
        .join(User, User.id == TillSession.cashier_id)
        .where(TillSession.status == TillStatus.OPEN, THE_SERVERS)
    )
    failures += lies(session, still_open, "till of {cashier} on {day} is open on a settled day")
    return Finding(looked_at(session, DailySettlement), tuple(failures))
