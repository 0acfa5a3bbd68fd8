"""Issuing: a draft gets its number and is frozen."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.billing.books import live_lines, lock_draft, total_up
from clinic_desktop.clinic.billing.events import InvoiceIssued, InvoicePaid
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rights import DUE_DAYS, INVOICE, INVOICE_NUMBER
from clinic_desktop.clinic.billing.rules import INVOICE_STATES, InvoiceStatus
from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.clinic.organisation.queries import clinic_today, setting_value
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput


@command(INVOICE, idempotent=True)
def issue_invoice(tx: Tx, *, key: UUID, invoice_id: UUID) -> str:
    """Give a draft its number and due date and freeze it; returns the number. A free one is paid at once."""
    return issue(tx, invoice_id=invoice_id)


@step
def issue(tx: Tx, *, invoice_id: UUID) -> str:
    """Issue a draft as part of a command."""
    draft = lock_draft(tx, invoice_id)
    lines = live_lines(tx, draft.id)
    if not lines:
        raise InvalidInput("lines", "required")
    total_up(draft, lines, tx.currency)
    today = clinic_today(tx.session, draft.clinic_id, tx.now)
    due_days = setting_value(tx.session, DUE_DAYS, clinic_id=draft.clinic_id)
    number = take_number(tx, INVOICE_NUMBER, clinic_id=draft.clinic_id)
    draft.number, draft.issued_at, draft.issued_by = number, tx.now, tx.actor.user_id
    draft.business_date, draft.due_date = today, today + timedelta(days=due_days)
    draft.status = INVOICE_STATES.check(draft.status, InvoiceStatus.PENDING if draft.total else InvoiceStatus.PAID)
    tx.emit(InvoiceIssued(draft.id, draft.visit_id))
    if draft.status is InvoiceStatus.PAID:
        tx.emit(InvoicePaid(draft.id, draft.visit_id))
    return number


@command(INVOICE)
def mark_overdue(tx: Tx, *, clinic_id: UUID) -> int:
    """Mark what should have been paid before today; returns how many invoices."""
    today = clinic_today(tx.session, clinic_id, tx.now)
    late = select(Invoice).where(
        Invoice.clinic_id == clinic_id,
        Invoice.status.in_((InvoiceStatus.PENDING, InvoiceStatus.PARTIAL)),
        Invoice.due_date < today,
    )
    found = list(tx.session.scalars(late.order_by(Invoice.id).with_for_update().execution_options(populate_existing=True)))
    for invoice in found:
        invoice.status = INVOICE_STATES.check(invoice.status, InvoiceStatus.OVERDUE)
    return len(found)
