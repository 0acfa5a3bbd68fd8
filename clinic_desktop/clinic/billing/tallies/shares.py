"""Doctors' shares as money arrives: derived from the ledgers, never stored.

On any day an invoice has earned a doctor ``accrued_share(share left after credits, total left after credits, money kept)``.
What a period earned is the difference between its last day and the day before its first, so periods add up exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row, Select, case, func, select, union
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import CreditNote, CreditNoteItem, Invoice, InvoiceItem, Payment, PaymentAllocation, Refund
from clinic_desktop.clinic.billing.rules import accrued_share
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


def doctor_shares(session: Session, *, clinic_id: UUID, doctor_id: UUID, first: date, last: date) -> list[ShareRow]:
    """Every invoice that moved between two days (both counted), with what the doctor earned by it."""
    touched = _touched(clinic_id, first, last)
    own = (
        select(Invoice.id, Invoice.number, Invoice.patient_id, Invoice.total, func.sum(InvoiceItem.doctor_share))
        .join(InvoiceItem, InvoiceItem.invoice_id == Invoice.id)
        .where(InvoiceItem.doctor_id == doctor_id, InvoiceItem.removed_at.is_(None), Invoice.id.in_(touched))
        .where(Invoice.clinic_id == clinic_id)
        .group_by(Invoice.id, Invoice.number, Invoice.patient_id, Invoice.total)
        .order_by(Invoice.id)
    )
    invoices = session.execute(own).all()
    zero = Money.zero(currency(session))
    sums = [_sums(session.execute(statement), zero) for statement in _ledgers(touched, doctor_id, first, last)]
    return [row for row in (_share(invoice, sums, zero) for invoice in invoices) if row.earned]


def _share(invoice: Row[UUID, str | None, UUID, Money, Money], sums: list[Sums], zero: Money) -> ShareRow:
    key, number, patient_id, due, share = invoice
    earned = []
    for when in (0, 1):
        paid, refunded, credited, share_back = (ledger.get(key, (zero, zero))[when] for ledger in sums)
        earned.append(accrued_share(share - share_back, due - credited, paid - refunded))
    return ShareRow(key, number or "", patient_id, share, earned[1] - earned[0])


def _touched(clinic_id: UUID, first: date, last: date) -> Select[UUID]:
    """Invoices that moved; the money may have been taken in any house, and counts where the bill is."""
    paid = (
        select(PaymentAllocation.invoice_id)
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(Payment.clinic_id.in_(select(Clinic.id)), Payment.business_date.between(first, last))
    )
    refunded = select(Refund.invoice_id).where(Refund.clinic_id == clinic_id, Refund.business_date.between(first, last))
    credited = select(CreditNote.invoice_id).where(CreditNote.clinic_id == clinic_id, CreditNote.business_date.between(first, last))
    either = union(paid, refunded, credited).subquery()
    return select(either.c.invoice_id)


def _ledgers(touched: Select[UUID], doctor_id: UUID, first: date, last: date) -> list[Select[UUID, Money, Money]]:
    """Paid, refunded, credited, and the doctor's share that was credited: each by invoice, before ``first`` and up to ``last``."""
    before = [case((day.business_date < first, amount)) for day, amount in _AMOUNTS]
    paid = (
        select(PaymentAllocation.invoice_id, func.sum(before[0]), func.sum(PaymentAllocation.amount))
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(PaymentAllocation.invoice_id.in_(touched), Payment.business_date <= last)
        .group_by(PaymentAllocation.invoice_id)
    )
    refunded = (
        select(Refund.invoice_id, func.sum(before[1]), func.sum(Refund.amount))
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
        .where(CreditNote.invoice_id.in_(touched), CreditNote.business_date <= last, InvoiceItem.doctor_id == doctor_id)
        .group_by(CreditNote.invoice_id)
    )
    return [paid, refunded, credited, share_back]


_AMOUNTS = (
    (Payment, PaymentAllocation.amount),
    (Refund, Refund.amount),
    (CreditNote, CreditNote.amount),
    (CreditNote, CreditNoteItem.doctor_share),
)


def _sums(rows: Iterable[Row[UUID, Money, Money]], zero: Money) -> Sums:
    return {key: (before or zero, upto or zero) for key, before, upto in rows}
