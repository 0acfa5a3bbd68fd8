"""Doctors' shares as money arrives: derived from the ledgers, never stored.

On any day an invoice has earned a doctor ``accrued_share(share left after credits, total left after credits, money kept)``.
What a period earned is the difference between its last day and the day before its first, so periods add up exactly.

Money that another clinic took for an invoice, or a computer on its copy while the server was away, arrives when it arrives, perhaps
after its day was settled here. So a settlement writes down which of it it counts (``DoctorSettlement.elsewhere``), and the next one
counts what is there and was not counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, union
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import (
    CreditNote,
    CreditNoteItem,
    Invoice,
    InvoiceItem,
    Payment,
    PaymentAllocation,
    Refund,
    TillSession,
)
from clinic_desktop.clinic.billing.rules import accrued_share
from clinic_desktop.clinic.billing.tallies.away import is_any
from clinic_desktop.clinic.billing.tallies.days import currency
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.kernel.money import Money

Sums = dict[UUID, tuple[Money, Money]]
"""By invoice: the sum before a period, and the sum up to its end."""


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one invoice earned a doctor in a period; negative when more went back than came in."""

    invoice_id: UUID
    number: str
    patient_id: UUID
    share: Money
    earned: Money


@dataclass(frozen=True, slots=True)
class ElsewhereRow:
    """What another clinic, or a copy, took for an invoice of this clinic; negative when it went back. Or a credit note of a copy."""

    id: UUID
    invoice_id: UUID
    day: date
    amount: Money
    is_own: bool
    """In the clinic's own ledgers: only that it may come late sets it apart."""
    share_back: Money | None = None
    """Of a credit note: what it takes off the doctor's share."""


@dataclass(frozen=True, slots=True)
class Period:
    """What is asked for: a doctor's invoices of a clinic, between two days (both counted)."""

    clinic_id: UUID
    doctor_id: UUID
    first: date
    last: date


def doctor_shares(session: Session, asked: Period) -> list[ShareRow]:
    """Every invoice that moved in a period, with what the doctor earned by it; money elsewhere by its day, too."""
    elsewhere = money_elsewhere(session, asked.clinic_id, asked.doctor_id)
    before = {one.id for one in elsewhere if one.day < asked.first}
    now = {one.id for one in elsewhere if asked.first <= one.day <= asked.last}
    return shares_of(session, asked, elsewhere, before, now)


def money_elsewhere(session: Session, clinic_id: UUID, doctor_id: UUID) -> list[ElsewhereRow]:
    """What other clinics and copies took, gave back and credited for a doctor's invoices of a clinic, ever; asked where any can be."""
    if session.scalar(select(Clinic.id).where(Clinic.id != clinic_id).limit(1)) is None and not is_any(session):
        return []
    paid = _paid_elsewhere(clinic_id, doctor_id, Payment.id, Payment.business_date, PaymentAllocation.amount, Payment.clinic_id)
    back = _refunded_elsewhere(clinic_id, doctor_id, Refund.id, Refund.business_date, Refund.amount, Refund.clinic_id)
    sums = (CreditNote.id, CreditNote.business_date, CreditNote.amount, func.sum(CreditNoteItem.doctor_share))
    credited = _credited_away(clinic_id, doctor_id, *sums).group_by(CreditNote.invoice_id, *sums[:3])
    taken = [ElsewhereRow(key, one, day, amount, at == clinic_id) for one, key, day, amount, at in session.execute(paid)]
    taken += [ElsewhereRow(key, one, day, -amount, at == clinic_id) for one, key, day, amount, at in session.execute(back)]
    zero = Money.zero(currency(session))
    return taken + [ElsewhereRow(key, one, day, amount, True, share or zero) for one, key, day, amount, share in session.execute(credited)]


def shares_of(
    session: Session, asked: Period, elsewhere: Collection[ElsewhereRow], before: Collection[UUID], now: Collection[UUID]
) -> list[ShareRow]:
    """What each invoice earned by the clinic's own money of a period and the money elsewhere of ``now``, after that of ``before``."""
    touched = _touched(asked, elsewhere=bool(elsewhere))
    own = (
        select(Invoice.id, Invoice.number, Invoice.patient_id, Invoice.total, func.sum(InvoiceItem.doctor_share))
        .join(InvoiceItem, InvoiceItem.invoice_id == Invoice.id)
        .where(InvoiceItem.doctor_id == asked.doctor_id, InvoiceItem.removed_at.is_(None), Invoice.id.in_(touched))
        .where(Invoice.clinic_id == asked.clinic_id)
        .group_by(Invoice.id, Invoice.number, Invoice.patient_id, Invoice.total)
        .order_by(Invoice.id)
    )
    invoices = session.execute(own).all()
    zero = Money.zero(currency(session))
    paid, _, credited, share_back = sums = [_sums(session.execute(statement), zero) for statement in _ledgers(touched, asked)]
    for one in elsewhere:
        # What stands in the own ledgers is in their sums by its day already, but counts when it is settled.
        was = int(one.id in before) - int(one.is_own and one.day < asked.first)
        upto = int(one.id in before or one.id in now) - int(one.is_own and one.day <= asked.last)
        moved = [(paid, one.amount)] if one.share_back is None else [(credited, one.amount), (share_back, one.share_back)]
        for ledger, amount in moved:
            early, late = ledger.get(one.invoice_id, (zero, zero))
            ledger[one.invoice_id] = (early + amount * was, late + amount * upto)
    return [row for row in (_share(invoice, sums, zero) for invoice in invoices) if row.earned]


def _share(invoice: Row[UUID, str | None, UUID, Money, Money], sums: list[Sums], zero: Money) -> ShareRow:
    key, number, patient_id, due, share = invoice
    earned = []
    for when in (0, 1):
        paid, refunded, credited, share_back = (ledger.get(key, (zero, zero))[when] for ledger in sums)
        earned.append(accrued_share(share - share_back, due - credited, paid - refunded))
    return ShareRow(key, number or "", patient_id, share, earned[1] - earned[0])


def _touched(asked: Period, *, elsewhere: bool) -> Select[UUID]:
    """Invoices that moved, and all for which there ever was money elsewhere."""
    days = (asked.first, asked.last)
    paid = (
        select(PaymentAllocation.invoice_id)
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(Payment.clinic_id == asked.clinic_id, Payment.business_date.between(*days))
    )
    refunded = select(Refund.invoice_id).where(Refund.clinic_id == asked.clinic_id, Refund.business_date.between(*days))
    credited = select(CreditNote.invoice_id).where(CreditNote.clinic_id == asked.clinic_id, CreditNote.business_date.between(*days))
    moved = [paid, refunded, credited]
    if elsewhere:
        moved += [part(asked.clinic_id, asked.doctor_id) for part in (_paid_elsewhere, _refunded_elsewhere, _credited_away)]
    either = union(*moved).subquery()
    return select(either.c.invoice_id)


def _own(clinic_id: UUID, doctor_id: UUID) -> tuple[ColumnElement[bool], ...]:
    of_doctor = select(InvoiceItem.invoice_id).where(InvoiceItem.doctor_id == doctor_id, InvoiceItem.removed_at.is_(None))
    return Invoice.clinic_id == clinic_id, Invoice.id.in_(of_doctor)


def _paid_elsewhere(clinic_id: UUID, doctor_id: UUID, *columns: Any) -> Any:
    return (
        select(PaymentAllocation.invoice_id, *columns)
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .join(Invoice, Invoice.id == PaymentAllocation.invoice_id)
        .join(TillSession, TillSession.id == Payment.till_session_id)
        .where(*_own(clinic_id, doctor_id), or_(Payment.clinic_id != clinic_id, TillSession.series.is_not(None)))
    )


def _refunded_elsewhere(clinic_id: UUID, doctor_id: UUID, *columns: Any) -> Any:
    given = select(Refund.invoice_id, *columns).join(Invoice, Invoice.id == Refund.invoice_id)
    given = given.join(TillSession, TillSession.id == Refund.till_session_id)
    return given.where(*_own(clinic_id, doctor_id), or_(Refund.clinic_id != clinic_id, TillSession.series.is_not(None)))


def _credited_away(clinic_id: UUID, doctor_id: UUID, *columns: Any) -> Any:
    noted = select(CreditNote.invoice_id, *columns).join(Invoice, Invoice.id == CreditNote.invoice_id)
    noted = noted.join(CreditNoteItem, CreditNoteItem.credit_note_id == CreditNote.id)
    noted = noted.join(InvoiceItem, and_(InvoiceItem.id == CreditNoteItem.invoice_item_id, InvoiceItem.doctor_id == doctor_id))
    return noted.where(*_own(clinic_id, doctor_id), CreditNote.clinic_id == clinic_id, CreditNote.series.is_not(None))


def _ledgers(touched: Select[UUID], asked: Period) -> list[Select[UUID, Money, Money]]:
    """The clinic's own paid, refunded, credited, and the doctor's share of that: by invoice, before the period and up to its end."""
    first, last = asked.first, asked.last
    # Within the sums: as a condition it would lead to all that the clinic ever took instead of to these invoices.
    own = [case((day.clinic_id == asked.clinic_id, amount)) for day, amount in _AMOUNTS]
    before = [case((day.business_date < first, amount)) for (day, _), amount in zip(_AMOUNTS, own, strict=True)]
    paid = (
        select(PaymentAllocation.invoice_id, func.sum(before[0]), func.sum(own[0]))
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(PaymentAllocation.invoice_id.in_(touched), Payment.business_date <= last)
        .group_by(PaymentAllocation.invoice_id)
    )
    refunded = (
        select(Refund.invoice_id, func.sum(before[1]), func.sum(own[1]))
        .where(Refund.invoice_id.in_(touched), Refund.business_date <= last)
        .group_by(Refund.invoice_id)
    )
    credited = (
        select(CreditNote.invoice_id, func.sum(before[2]), func.sum(CreditNote.amount))
        .where(CreditNote.invoice_id.in_(touched), CreditNote.business_date <= last)
        .group_by(CreditNote.invoice_id)
    )
    share_back = (
        select(CreditNote.invoice_id, func.sum(before[3]), func.sum(CreditNoteItem.doctor_share))
        .join(CreditNoteItem, CreditNoteItem.credit_note_id == CreditNote.id)
        .join(InvoiceItem, InvoiceItem.id == CreditNoteItem.invoice_item_id)
        .where(CreditNote.invoice_id.in_(touched), CreditNote.business_date <= last, InvoiceItem.doctor_id == asked.doctor_id)
        .group_by(CreditNote.invoice_id)
    )
    return [paid, refunded, credited, share_back]


_AMOUNTS: tuple[tuple[Any, Any], ...] = (
    (Payment, PaymentAllocation.amount),
    (Refund, Refund.amount),
    (CreditNote, CreditNote.amount),
    (CreditNote, CreditNoteItem.doctor_share),
)


def _sums(rows: Iterable[Row[UUID, Money, Money]], zero: Money) -> Sums:
    return {key: (before or zero, upto or zero) for key, before, upto in rows}
