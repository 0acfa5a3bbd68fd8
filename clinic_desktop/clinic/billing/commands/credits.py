"""Credit notes: the mirror documents that correct issued invoices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.access.rules import Act
from clinic_desktop.clinic.billing.books import (
    amounts_of,
    approval,
    entry_day,
    live_lines,
    lock_invoice,
    move_money,
    refundable,
    was_taken_elsewhere,
)
from clinic_desktop.clinic.billing.commands.refunds import give_back
from clinic_desktop.clinic.billing.errors import CreditNeedsRefund
from clinic_desktop.clinic.billing.events import CreditNoteIssued, PaymentRefunded
from clinic_desktop.clinic.billing.models import CreditNote, CreditNoteItem, Invoice, InvoiceItem, Payment, PaymentAllocation
from clinic_desktop.clinic.billing.rights import CREDIT, CREDIT_NUMBER, REFUND
from clinic_desktop.clinic.billing.rules import TAKEN_METHODS, InvoiceStatus, LineAmounts, credit_parts, invoice_totals
from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.kernel.text import required_line


@dataclass(frozen=True, slots=True)
class CreditLine:
    """How much of one invoice line, tax included, a credit note takes out."""

    item_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A credit note that was written; ``refunded`` went back because it had been paid already."""

    credit_note_id: UUID
    number: str
    amount: Money
    refunded: Money


@command(CREDIT, idempotent=True)
def credit_note(
    tx: Tx,
    *,
    key: UUID,
    invoice_id: UUID,
    reason: str,
    lines: Sequence[CreditLine] | None = None,
    refund_excess: bool = False,
    approver: Actor | None = None,
) -> CreditRow:
    """Credit an issued invoice by lines, or all that is left of it; shares of doctor and centre reverse with it.

    What exceeds the balance was paid already: it goes back by the tenders that were used when ``refund_excess``, newest first.
    """
    invoice = lock_invoice(tx, invoice_id)
    if invoice.status in (InvoiceStatus.DRAFT, InvoiceStatus.CANCELLED):
        raise IllegalTransition(machine="invoice", current=invoice.status.value, wanted="CREDITED")
    parts = _parts(tx, invoice, lines)
    amount = sum((part.total for _, part in parts), Money.zero(tx.currency))
    act = Act("billing.credit_note", invoice.id, amount)
    approved_by = approval(tx, invoice.clinic_id, invoice.credited + amount, approver, act=act)
    excess = amount - invoice.balance if amount > invoice.balance else Money.zero(tx.currency)
    if excess and not refund_excess:
        raise CreditNeedsRefund(excess=excess)
    note = _write(tx, invoice, parts, required_line(reason, "reason"), approved_by)
    if excess:
        _refund_excess(tx, invoice, note, excess)
    move_money(tx, invoice, paid=-excess, credited=amount)
    tx.emit(CreditNoteIssued(note.id, invoice.id, invoice.visit_id))
    return CreditRow(note.id, note.number, amount, excess)


def _parts(tx: Tx, invoice: Invoice, wanted: Sequence[CreditLine] | None) -> list[tuple[InvoiceItem, LineAmounts]]:
    items = {item.id: item for item in live_lines(tx, invoice.id)}
    before = _credited(tx, invoice.id)
    zero = Money.zero(tx.currency)
    if wanted is None:
        left = {key: item.total - (before[key].total if key in before else zero) for key, item in items.items()}
        wanted = [CreditLine(key, amount) for key, amount in left.items() if amount]
    if not wanted or len({line.item_id for line in wanted}) != len(wanted):
        raise InvalidInput("lines", "required" if not wanted else "twice")
    parts = []
    for line in wanted:
        item = items.get(line.item_id)
        if item is None:
            raise NotFound("lines", entity="invoice_item", key=str(line.item_id))
        parts.append((item, credit_parts(amounts_of(item), line.amount, before.get(item.id))))
    return parts


def _credited(tx: Tx, invoice_id: UUID) -> dict[UUID, LineAmounts]:
    """What earlier credit notes took out of each line."""
    item, zero = CreditNoteItem, Money.zero(tx.currency)
    columns = (func.sum(item.net), func.sum(item.tax), func.sum(item.amount), func.sum(item.doctor_share), func.sum(item.center_share))
    statement = select(item.invoice_item_id, *columns).join(CreditNote, CreditNote.id == item.credit_note_id)
    found = tx.session.execute(statement.where(CreditNote.invoice_id == invoice_id).group_by(item.invoice_item_id))
    return {
        key: LineAmounts(amount, zero, net, tax, amount, doctor, center, tax_is_inclusive=False)
        for key, net, tax, amount, doctor, center in found
    }


def _write(tx: Tx, invoice: Invoice, parts: Sequence[tuple[InvoiceItem, LineAmounts]], reason: str, approved_by: UUID | None) -> CreditNote:
    sums = invoice_totals([part for _, part in parts], tx.currency)
    note = CreditNote(
        clinic_id=invoice.clinic_id,
        invoice_id=invoice.id,
        patient_id=invoice.patient_id,
        amount=sums.total,
        net=sums.total - sums.tax,
        tax=sums.tax,
        reason=reason,
        approved_by=approved_by,
        series=series_of(tx.session) or None,
        business_date=entry_day(tx, invoice.clinic_id),
        issued_by=tx.actor.user_id,
        issued_at=tx.now,
        number=take_number(tx, CREDIT_NUMBER, clinic_id=invoice.clinic_id),
    )
    tx.add(note)
    tx.session.flush()
    for item, part in parts:
        shares = {"doctor_share": part.doctor_share, "center_share": part.center_share}
        tx.add(CreditNoteItem(credit_note_id=note.id, invoice_item_id=item.id, amount=part.total, net=part.net, tax=part.tax, **shares))
    tx.session.flush()
    return note


def _refund_excess(tx: Tx, invoice: Invoice, note: CreditNote, excess: Money) -> None:
    tx.actor.require(REFUND, tx.command or "")
    statement = select(Payment).join(PaymentAllocation, PaymentAllocation.payment_id == Payment.id)
    rest = excess
    for payment in tx.session.scalars(statement.where(PaymentAllocation.invoice_id == invoice.id).order_by(Payment.id.desc())):
        left = refundable(tx, payment.id, invoice.id)
        amount = left if left < rest else rest
        if not amount or payment.method not in TAKEN_METHODS or was_taken_elsewhere(tx, payment):
            continue
        given = give_back(
            tx,
            invoice=invoice,
            payment=payment,
            method=payment.method,
            amount=amount,
            reason=note.reason,
            approved_by=note.approved_by,
            credit_note_id=note.id,
        )
        tx.emit(PaymentRefunded(given.refund_id, invoice.id, invoice.visit_id))
        rest = rest - amount
    if rest:
        raise CreditNeedsRefund(excess=rest)
