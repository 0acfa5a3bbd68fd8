"""Giving money back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.rules import Act
from clinic_desktop.clinic.billing.books import (
    approval,
    cashier,
    desk_clinic,
    entry_day,
    lock_invoice,
    lock_own_till,
    move_money,
    refundable,
    refunded,
    was_taken_elsewhere,
)
from clinic_desktop.clinic.billing.errors import MethodNotAvailable, RefundTooLarge, TakenElsewhere
from clinic_desktop.clinic.billing.events import PaymentRefunded
from clinic_desktop.clinic.billing.models import Invoice, Payment, PaymentAllocation, Refund
from clinic_desktop.clinic.billing.rights import REFUND, REFUND_NUMBER
from clinic_desktop.clinic.billing.rules import TAKEN_METHODS, PaymentMethod
from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.clinic.organisation.queries import clinic
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.text import required_line


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund that was made."""

    refund_id: UUID
    number: str
    method: str
    amount: Money


@command(REFUND, idempotent=True)
def refund(
    tx: Tx,
    *,
    key: UUID,
    payment_id: UUID,
    amount: Money,
    reason: str,
    invoice_id: UUID | None = None,
    method: PaymentMethod | None = None,
    approver: Actor | None = None,
) -> RefundRow:
    """Give back part or all of a payment out of the actor's till; what it had paid is owed again.

    ``invoice_id`` is needed only where the payment went to several invoices. Another tender than the one that
    was used, or more than the limit over all refunds of the invoice, needs ``approver``.
    """
    payment = tx.session.get(Payment, payment_id)
    if payment is None:
        raise NotFound(entity="payment", key=str(payment_id))
    if was_taken_elsewhere(tx, payment):
        raise TakenElsewhere(clinic=clinic(tx.session, payment.clinic_id).name)
    invoice = lock_invoice(tx, invoice_id or _only_invoice(tx, payment_id))
    way = method or payment.method
    if way not in TAKEN_METHODS:
        raise MethodNotAvailable("method", method=way.value)
    _check_amount(tx, payment.id, invoice.id, amount)
    so_far = refunded(tx, invoice.id)
    act = Act("billing.refund", invoice.id, amount)
    approved_by = approval(tx, desk_clinic(tx, invoice), so_far + amount, approver, act=act, other_tender=way is not payment.method)
    given = give_back(tx, invoice=invoice, payment=payment, method=way, amount=amount, reason=reason, approved_by=approved_by)
    move_money(tx, invoice, paid=-amount)
    tx.emit(PaymentRefunded(given.refund_id, invoice.id, invoice.visit_id))
    return given


@step
def give_back(
    tx: Tx,
    *,
    invoice: Invoice,
    payment: Payment,
    method: PaymentMethod,
    amount: Money,
    reason: str,
    approved_by: UUID | None,
    credit_note_id: UUID | None = None,
) -> RefundRow:
    """Record a refund of a locked invoice's payment; the caller moves the invoice's money."""
    _check_amount(tx, payment.id, invoice.id, amount)
    row = Refund(
        clinic_id=desk_clinic(tx, invoice),
        payment_id=payment.id,
        invoice_id=invoice.id,
        credit_note_id=credit_note_id,
        method=method,
        amount=amount,
        reason=required_line(reason, "reason"),
        approved_by=approved_by,
    )
    return _enter(tx, row)


def _enter(tx: Tx, row: Refund) -> RefundRow:
    row.till_session_id = lock_own_till(tx, row.clinic_id).id
    row.business_date = entry_day(tx, row.clinic_id)
    row.refunded_by, row.refunded_at = cashier(tx), tx.now
    row.number = take_number(tx, REFUND_NUMBER, clinic_id=row.clinic_id)
    tx.add(row)
    tx.session.flush()
    return RefundRow(row.id, row.number, row.method.value, row.amount)


def _only_invoice(tx: Tx, payment_id: UUID) -> UUID:
    invoices = list(tx.session.scalars(select(PaymentAllocation.invoice_id).where(PaymentAllocation.payment_id == payment_id)))
    if len(invoices) != 1:
        raise InvalidInput("invoice_id", "required")
    return invoices[0]


def _check_amount(tx: Tx, payment_id: UUID, invoice_id: UUID, amount: Money) -> None:
    if amount.minor <= 0:
        raise InvalidInput("amount", "not_positive")
    available = refundable(tx, payment_id, invoice_id)
    if amount > available:
        raise RefundTooLarge("amount", available=available)
