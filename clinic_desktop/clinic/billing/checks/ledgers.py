"""Payments, allocations, refunds and credit notes: append-only, and never more than there was."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import CreditNote, CreditNoteItem, Invoice, InvoiceItem, Payment, PaymentAllocation, Refund
from clinic_desktop.clinic.billing.rules import PaymentStatus
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at, minor, or_zero
from clinic_desktop.kernel.replay import Values, journal_lies
from clinic_desktop.kernel.tables import Base


@check("M1 payment allocations")
def payment_allocations(session: Session) -> Finding:
    """All of a completed payment went to invoices of its patient; of any other, nothing."""
    given = (
        select(PaymentAllocation.payment_id, func.sum(PaymentAllocation.amount).label("amount"))
        .group_by(PaymentAllocation.payment_id)
        .subquery()
    )
    is_complete = Payment.status == PaymentStatus.COMPLETED
    got = or_zero(minor(given.c.amount))
    wrong = or_(and_(is_complete, got != minor(Payment.amount)), and_(~is_complete, got != 0))
    found = select(Payment.receipt_number, Payment.status, Payment.amount, or_zero(given.c.amount).label("given"))
    foreign = (
        select(Payment.receipt_number, Invoice.number)
        .join(PaymentAllocation, PaymentAllocation.payment_id == Payment.id)
        .join(Invoice, Invoice.id == PaymentAllocation.invoice_id)
        .where(Invoice.patient_id != Payment.patient_id)
    )
    return finding(
        looked_at(session, Payment),
        lies(
            session,
            found.outerjoin(given, given.c.payment_id == Payment.id).where(wrong),
            "{receipt_number}: {status} payment of {amount}, invoices got {given}",
        ),
        lies(session, foreign, "{receipt_number} paid {number} of another patient"),
    )


@check("M3 money ledgers")
def money_ledgers(session: Session) -> Finding:
    """Payments, allocations, refunds and credit notes are what the journal recorded."""
    tables: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
        (Payment, ("receipt_number", "patient_id", "method", "amount", "status", "till_session_id", "business_date", "received_by")),
        (PaymentAllocation, ("payment_id", "invoice_id", "amount")),
        (Refund, ("number", "payment_id", "invoice_id", "method", "amount", "approved_by", "till_session_id", "business_date")),
        (CreditNote, ("number", "invoice_id", "amount", "net", "tax", "business_date")),
        (CreditNoteItem, ("credit_note_id", "invoice_item_id", "amount", "net", "tax", "doctor_share", "center_share")),
    )
    told = (_ledger_lies(session, table, fields) for table, fields in tables)
    return Finding(sum(looked_at(session, table) for table, _ in tables), tuple(chain.from_iterable(told)))


def _ledger_lies(session: Session, table: type[Base], fields: tuple[str, ...]) -> Iterator[str]:
    def name(values: Values) -> str:
        return f"{table.__tablename__} {values.get(fields[0])}"

    return journal_lies(session, table, fields, name, sealed=lambda values: True)


@check("M4 refunds")
def refunds(session: Session) -> Finding:
    """No more went back than was paid, per payment and invoice; another tender was approved by a second person."""
    paid = _sum_of(PaymentAllocation)
    back = _sum_of(Refund)
    over = (
        select(Payment.receipt_number, back.c.amount.label("back"), or_zero(paid.c.amount).label("paid"))
        .join(back, back.c.payment_id == Payment.id)
        .outerjoin(paid, and_(paid.c.payment_id == back.c.payment_id, paid.c.invoice_id == back.c.invoice_id))
        .where(minor(back.c.amount) > or_zero(minor(paid.c.amount)))
    )
    other_way = (
        select(Refund.number, Refund.method, Payment.method.label("paid_by"))
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.method != Payment.method, Refund.approved_by.is_(None))
    )
    self_approved = select(Refund.number).where(Refund.approved_by == Refund.refunded_by)
    return finding(
        looked_at(session, Refund),
        lies(session, over, "{receipt_number}: {back} went back of {paid} paid"),
        lies(session, other_way, "{number} went back by {method}, was paid by {paid_by}, and nobody approved it"),
        lies(session, self_approved, "{number} was approved by the one who gave it"),
    )


def _sum_of(table: Any) -> Any:
    sums = select(table.payment_id, table.invoice_id, func.sum(table.amount).label("amount"))
    return sums.group_by(table.payment_id, table.invoice_id).subquery()


@check("M4 credit notes")
def credit_notes(session: Session) -> Finding:
    """A credit note is the sum of its lines, and credits never take more out of an invoice line than it holds."""
    item = CreditNoteItem
    sums = select(item.credit_note_id, *(func.sum(getattr(item, name)).label(name) for name in ("amount", "net", "tax")))
    by_note = sums.group_by(item.credit_note_id).subquery()
    differs = or_(*(minor(getattr(CreditNote, name)) != or_zero(minor(by_note.c[name])) for name in ("amount", "net", "tax")))
    wrong = (
        select(CreditNote.number, CreditNote.amount, or_zero(by_note.c.amount).label("lines"))
        .outerjoin(by_note, by_note.c.credit_note_id == CreditNote.id)
        .where(differs)
    )
    names = ("amount", "net", "tax", "doctor_share", "center_share")
    taken = select(item.invoice_item_id, *(func.sum(getattr(item, name)).label(name) for name in names))
    by_line = taken.group_by(item.invoice_item_id).subquery()
    more = or_(
        *(minor(by_line.c[name]) > minor(getattr(InvoiceItem, name)) for name in names[1:]),
        minor(by_line.c.amount) > minor(InvoiceItem.total),
    )
    over = (
        select(Invoice.number, InvoiceItem.description, InvoiceItem.total, by_line.c.amount)
        .join(InvoiceItem, InvoiceItem.invoice_id == Invoice.id)
        .join(by_line, by_line.c.invoice_item_id == InvoiceItem.id)
        .where(more)
    )
    return finding(
        looked_at(session, CreditNote),
        lies(session, wrong, "{number}: {amount}, its lines add up to {lines}"),
        lies(session, over, "{number}, {description}: {amount} credited of {total}, or more than its net, tax or shares"),
    )
