"""Tills that are open: the cashier's own, and those that keep a day from being settled."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import Payment, Refund, TillSession
from clinic_desktop.clinic.billing.queries.rows import OpenTillRow, TillRow
from clinic_desktop.clinic.billing.queries.settlements import taking_rows
from clinic_desktop.clinic.billing.rules import TillStatus
from clinic_desktop.clinic.billing.tallies.days import cash_moved


def till(session: Session, user_id: UUID) -> TillRow | None:
    """The user's open till with what should lie in it now, or None."""
    found = session.scalars(
        select(TillSession).where(TillSession.cashier_id == user_id, TillSession.status == TillStatus.OPEN)
    ).one_or_none()
    if found is None:
        return None
    money = cash_moved(session, found.id)
    return TillRow(
        till_session_id=found.id,
        clinic_id=found.clinic_id,
        cashier_id=found.cashier_id,
        business_date=found.business_date,
        opened_at=found.opened_at,
        opening_float=found.opening_float,
        cash_in=money.cash_in,
        cash_out=money.cash_out,
        expected=found.opening_float + money.cash_in - money.cash_out,
        takings=taking_rows(session, [Payment.till_session_id == found.id], [Refund.till_session_id == found.id]),
    )


def open_tills(session: Session, clinic_id: UUID, day: date) -> list[OpenTillRow]:
    """Open tills with entries of a day or an earlier one: each must be counted before that day can be settled."""
    statement = (
        select(TillSession, User.full_name)
        .join(User, User.id == TillSession.cashier_id)
        .where(TillSession.clinic_id == clinic_id, TillSession.status == TillStatus.OPEN, TillSession.business_date <= day)
        .order_by(TillSession.id)
    )
    return [OpenTillRow(row.id, row.cashier_id, name, row.business_date, row.opened_at) for row, name in session.execute(statement)]
