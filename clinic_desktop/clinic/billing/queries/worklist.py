"""Who waits to pay, who has paid, and finding a bill by its number."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Text, Uuid, column, func, select, table
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import Invoice, Payment, PaymentAllocation
from clinic_desktop.clinic.billing.queries.invoices import head_rows, heads
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow
from clinic_desktop.clinic.billing.rules import OPEN_STATUSES, OWING_STATUSES, InvoiceStatus
from clinic_desktop.kernel.tables import begins_with

_visits = table("visits", column("id", Uuid()), column("clinic_id", Uuid()), column("business_date", Date()), column("status", Text()))
_READY = "PENDING_PAYMENT"


def cashier_worklist(session: Session, clinic_id: UUID, day: date) -> list[InvoiceHeadRow]:
    """Drafts and unpaid invoices of the day's visits and sales; whoever waits at the desk comes first."""
    of_visits = heads().add_columns(_visits.c.status).join(_visits, _visits.c.id == Invoice.visit_id)
    visiting = of_visits.where(_visits.c.clinic_id == clinic_id, _visits.c.business_date == day, Invoice.status.in_(OPEN_STATUSES))
    selling = heads().where(
        Invoice.clinic_id == clinic_id, Invoice.business_date == day, Invoice.status.in_(OPEN_STATUSES), Invoice.visit_id.is_(None)
    )
    rows = head_rows(session, visiting) + head_rows(session, selling)
    return sorted(rows, key=lambda row: (row.visit_status not in (None, _READY), row.id))


def paid_on(session: Session, clinic_id: UUID, day: date) -> list[InvoiceHeadRow]:
    """Invoices for which money came in on a day, and free ones issued on it; the last paid first."""
    paid = (
        select(PaymentAllocation.invoice_id)
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(Payment.clinic_id == clinic_id, Payment.business_date == day)
    )
    free = select(Invoice.id).where(Invoice.clinic_id == clinic_id, Invoice.business_date == day, Invoice.status == InvoiceStatus.PAID)
    return head_rows(session, heads().where(Invoice.id.in_(paid.union(free))).order_by(Invoice.issued_at.desc(), Invoice.id.desc()))


def owed_from_before(session: Session, clinic_id: UUID, day: date) -> list[InvoiceHeadRow]:
    """Invoices issued before a day with something still owed on them, oldest first."""
    late = heads().where(Invoice.clinic_id == clinic_id, Invoice.status.in_(OWING_STATUSES), Invoice.business_date < day)
    return head_rows(session, late.order_by(Invoice.business_date, Invoice.id))


def owed_from_before_count(session: Session, clinic_id: UUID, day: date) -> int:
    """How many they are."""
    late = select(func.count()).select_from(Invoice).where(Invoice.clinic_id == clinic_id, Invoice.business_date < day)
    return session.scalar(late.where(Invoice.status.in_(OWING_STATUSES))) or 0


def numbered(session: Session, text: str, *, clinic_id: UUID, limit: int = 20) -> list[InvoiceHeadRow]:
    """Invoices whose own number, or that of a receipt for them, begins with the text: the clinic's first, then others'; newest first."""
    typed = text.strip().upper()
    if not typed:
        return []
    own = _newest(session, typed, limit, Invoice.clinic_id == clinic_id, Payment.clinic_id == clinic_id)
    others = _newest(session, typed, limit, Invoice.clinic_id != clinic_id, Payment.clinic_id != clinic_id) if len(own) < limit else []
    return list({row.id: row for row in (*own, *others)}.values())[:limit]


def _newest(
    session: Session, typed: str, limit: int, of_invoice: ColumnElement[bool], of_payment: ColumnElement[bool]
) -> list[InvoiceHeadRow]:
    own = select(Invoice.id).where(of_invoice, begins_with(Invoice.number, typed))
    of_receipts = (
        select(PaymentAllocation.invoice_id)
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(of_payment, begins_with(Payment.receipt_number, typed))
    )
    # Each by its own index: asked with OR, Postgres walks all invoices. The highest numbers are the newest.
    by_number = own.order_by(Invoice.number.desc()), of_receipts.order_by(Payment.receipt_number.desc())
    newest = {found for wanted in by_number for found in session.scalars(wanted.limit(limit))}
    return head_rows(session, heads().where(Invoice.id.in_(newest)).order_by(Invoice.id.desc()).limit(limit))
