"""Taking money: part, split and mixed payments under one receipt number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.billing.books import (
    cashier,
    desk_clinic,
    entry_day,
    lock_draft,
    lock_invoice,
    lock_invoices,
    lock_own_till,
    lock_visit,
    move_money,
    summed,
)
from clinic_desktop.clinic.billing.commands.issuing import issue
from clinic_desktop.clinic.billing.errors import DuplicateTransaction, NothingToPay
from clinic_desktop.clinic.billing.events import PaymentTaken
from clinic_desktop.clinic.billing.models import Invoice, Payment, PaymentAllocation, TillSession
from clinic_desktop.clinic.billing.rights import INVOICE, RECEIPT_NUMBER, TAKE_PAYMENT
from clinic_desktop.clinic.billing.rules import OWING_STATUSES, PaymentStatus, Tender, allocate, cash_change, check_tenders
from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.text import optional_line


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What the cashier sees after a payment: ``balance`` is still owed on what was paid for."""

    receipt_number: str
    paid: Money
    change: Money
    balance: Money


@command(TAKE_PAYMENT, idempotent=True)
def take_payment(tx: Tx, *, key: UUID, tenders: Sequence[Tender], invoice_id: UUID | None = None, visit_id: UUID | None = None) -> TakenRow:
    """Take tenders for one issued invoice, or for all issued invoices of a visit, oldest first."""
    return _take(tx, tenders, invoice_id, visit_id)


@command(TAKE_PAYMENT, idempotent=True)
def issue_and_take(tx: Tx, *, key: UUID, invoice_id: UUID, tenders: Sequence[Tender]) -> TakenRow:
    """Issue a draft and take tenders for it: both, or neither when the money is refused."""
    tx.actor.require(INVOICE, tx.command or "")
    clinic_id = desk_clinic(tx, lock_draft(tx, invoice_id))
    lock_own_till(tx, clinic_id)
    entry_day(tx, clinic_id)  # all locks in their order, before the first number is taken
    issue(tx, invoice_id=invoice_id)
    return _take(tx, tenders, invoice_id, None)


def _take(tx: Tx, tenders: Sequence[Tender], invoice_id: UUID | None, visit_id: UUID | None) -> TakenRow:
    invoices = _invoices_to_pay(tx, invoice_id, visit_id)
    balance = summed(tx, [invoice.balance for invoice in invoices])
    offered = check_tenders(tenders, balance)
    payments = _record(tx, invoices[0], tenders)
    parts = allocate([payment.amount for payment in payments], [invoice.balance for invoice in invoices])
    got = [Money.zero(tx.currency)] * len(invoices)
    for payment, given in zip(payments, parts, strict=True):
        for index, amount in given:
            tx.add(PaymentAllocation(payment_id=payment.id, invoice_id=invoices[index].id, amount=amount))
            got[index] = got[index] + amount
    for invoice, amount in zip(invoices, got, strict=True):
        if amount:
            move_money(tx, invoice, paid=amount)
    receipt = payments[0].receipt_number
    tx.emit(PaymentTaken(receipt, tuple(invoice.id for invoice in invoices), invoices[0].visit_id))
    return TakenRow(receipt, offered, summed(tx, [payment.change_given for payment in payments]), balance - offered)


def _invoices_to_pay(tx: Tx, invoice_id: UUID | None, visit_id: UUID | None) -> list[Invoice]:
    if (invoice_id is None) == (visit_id is None):
        raise InvalidInput("invoice_id", "one_of_invoice_or_visit")
    if invoice_id is not None:
        invoice = lock_invoice(tx, invoice_id)
        if invoice.status not in OWING_STATUSES:
            raise NothingToPay(status=invoice.status.value)
        return [invoice]
    assert visit_id is not None
    lock_visit(tx, visit_id)
    ids = list(tx.session.scalars(select(Invoice.id).where(Invoice.visit_id == visit_id, Invoice.status.in_(OWING_STATUSES))))
    owing = [invoice for invoice in lock_invoices(tx, ids) if invoice.status in OWING_STATUSES] if ids else []
    if not owing:
        raise NothingToPay(status="")
    return owing


def _record(tx: Tx, invoice: Invoice, tenders: Sequence[Tender]) -> list[Payment]:
    clinic_id = desk_clinic(tx, invoice)
    till = lock_own_till(tx, clinic_id)
    day = entry_day(tx, clinic_id)
    ids = _transaction_ids(tx, tenders)
    receipt = take_number(tx, RECEIPT_NUMBER, clinic_id=clinic_id)
    payments = [_payment(tx, invoice, till, day, receipt, index, tender) for index, tender in enumerate(tenders)]
    for payment, transaction_id in zip(payments, ids, strict=True):
        payment.transaction_id = transaction_id
    tx.session.add_all(payments)
    return payments


def _payment(tx: Tx, invoice: Invoice, till: TillSession, day: date, receipt: str, index: int, tender: Tender) -> Payment:
    tendered = tender.tendered if tender.tendered is not None else tender.amount
    return Payment(
        receipt_number=receipt,
        tender_index=index,
        clinic_id=till.clinic_id,
        patient_id=invoice.patient_id,
        method=tender.method,
        amount=tender.amount,
        tendered=tendered,
        change_given=cash_change(tender.amount, tendered),
        transaction_id=None,
        status=PaymentStatus.COMPLETED,
        till_session_id=till.id,
        business_date=day,
        received_by=cashier(tx),
        paid_at=tx.now,
    )


def _transaction_ids(tx: Tx, tenders: Sequence[Tender]) -> list[str | None]:
    """The tenders' transaction ids, cleaned; one that is known already is refused."""
    ids = [optional_line(tender.transaction_id, "transaction_id", limit=100) for tender in tenders]
    given = [one for one in ids if one is not None]
    known = tx.session.scalar(select(Payment.transaction_id).where(Payment.transaction_id.in_(given)).limit(1)) if given else None
    if known is not None or len(set(given)) != len(given):
        raise DuplicateTransaction("transaction_id", transaction_id=known or given[0])
    return ids
