"""Tills that are open: the cashier's own, those that keep a day from being settled, and all of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import Payment, Refund, TillSession
from clinic_desktop.clinic.billing.queries.rows import OpenTillRow, StandingTillRow, TillRow
from clinic_desktop.clinic.billing.queries.settlements import taking_rows
from clinic_desktop.clinic.billing.rules import TillStatus
from clinic_desktop.clinic.billing.tallies.away import Computer, computers, own_tills
from clinic_desktop.clinic.billing.tallies.days import cash_moved


def till(session: Session, user_id: UUID, clinic_id: UUID) -> TillRow | None:
    """The user's open till in a clinic with what should lie in it now, or None; at another site, or on a copy, there may be one, too."""
    own = (TillSession.cashier_id == user_id, TillSession.clinic_id == clinic_id, TillSession.status == TillStatus.OPEN)
    found = session.scalars(select(TillSession).where(*own, own_tills(session))).one_or_none()
    return None if found is None else _row(session, found)


def till_to_count(session: Session, till_session_id: UUID) -> TillRow | None:
    """Any open till with what should lie in it now; None once it is counted."""
    found = session.get(TillSession, till_session_id)
    return None if found is None or found.status is not TillStatus.OPEN else _row(session, found)


def _row(session: Session, found: TillSession) -> TillRow:
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
    return [
        OpenTillRow(row.id, row.cashier_id, name, row.business_date, row.opened_at, row.series) for row, name in session.execute(statement)
    ]


def standing_tills(session: Session, clinic_id: UUID | None = None) -> list[StandingTillRow]:
    """Every open till, of a clinic or of all: the server's own, and those that were left open on computers' copies."""
    statement = (
        select(TillSession, User.full_name)
        .join(User, User.id == TillSession.cashier_id)
        .where(TillSession.status == TillStatus.OPEN)
        .order_by(TillSession.series.is_not(None), TillSession.opened_at, TillSession.id)
    )
    known = computers(session)
    found = session.execute(statement if clinic_id is None else statement.where(TillSession.clinic_id == clinic_id))
    return [_standing(session, row, name, known.get(row.series or "")) for row, name in found]


def _standing(session: Session, row: TillSession, name: str, computer: Computer | None) -> StandingTillRow:
    money = cash_moved(session, row.id)
    return StandingTillRow(
        till_session_id=row.id,
        cashier_id=row.cashier_id,
        cashier_name=name,
        business_date=row.business_date,
        opened_at=row.opened_at,
        expected=row.opening_float + money.cash_in - money.cash_out,
        series=row.series,
        computer=None if computer is None else computer.name,
        as_of=None if computer is None else computer.heard_at,
    )
