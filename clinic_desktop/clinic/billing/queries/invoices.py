"""One invoice with all that belongs to it, and lists of invoices."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import CreditNote, CreditNoteItem, Invoice, InvoiceItem, Payment, PaymentAllocation, Refund
from clinic_desktop.clinic.billing.queries.rows import (
    CreditLineRow,
    InvoiceHeadRow,
    InvoiceRow,
    LineRow,
    PaymentRow,
    RefundLineRow,
    TaxPartRow,
)
from clinic_desktop.clinic.billing.rules import OPEN_STATUSES, OWING_STATUSES, InvoiceStatus
from clinic_desktop.clinic.billing.tallies.days import currency
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.whose import of_survivors
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.checks import minor
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.kernel.text import clean_line


def invoice(session: Session, invoice_id: UUID) -> InvoiceRow:
    """An invoice with its lines, tax breakdown, payments, refunds and credit notes; raises NotFound."""
    found = session.execute(heads().where(Invoice.id == invoice_id)).one_or_none()
    if found is None:
        raise NotFound(entity="invoice", key=str(invoice_id))
    head, clinic_name, patient_number, patient_name, _into = found
    lines, refunds = _lines(session, invoice_id), _refunds(session, invoice_id)
    payments, notes = _payments(session, invoice_id, refunds), _credits(session, invoice_id)
    return _invoice_row(head, clinic_name, patient_number, patient_name, lines, payments, refunds, notes)


def invoice_by_number(session: Session, *, number: str) -> InvoiceRow | None:
    """The issued invoice with a number, or None."""
    found = session.scalar(select(Invoice.id).where(Invoice.number == clean_line(number).upper()))
    return None if found is None else invoice(session, found)


def _invoice_row(
    head: Invoice,
    clinic_name: str,
    patient_number: str,
    patient_name: str,
    lines: tuple[LineRow, ...],
    payments: tuple[PaymentRow, ...],
    refunds: tuple[RefundLineRow, ...],
    notes: tuple[CreditLineRow, ...],
) -> InvoiceRow:
    same = ("id", "number", "clinic_id", "patient_id", "visit_id", "status", "business_date", "issued_at", "due_date")
    money = ("subtotal", "discount", "tax", "tax_included", "total", "paid", "credited", "balance")
    return InvoiceRow(
        **{name: getattr(head, name) for name in same + money},
        clinic_name=clinic_name,
        patient_number=patient_number,
        patient_name=patient_name,
        lines=lines,
        taxes=tax_breakdown(lines),
        payments=payments,
        refunds=refunds,
        credits=notes,
    )


def tax_breakdown(lines: Iterable[LineRow]) -> tuple[TaxPartRow, ...]:
    """Net and tax of each rate, in the order in which the lines first name it."""
    parts: dict[tuple[str, int, bool], tuple[Money, Money]] = {}
    for line in lines:
        if line.tax_name is None:
            continue
        key = (line.tax_name, line.tax_rate_basis_points, line.tax_is_inclusive)
        net, tax = parts.get(key, (Money.zero(line.net.currency), Money.zero(line.net.currency)))
        parts[key] = (net + line.net, tax + line.tax)
    return tuple(TaxPartRow(*key, *amounts) for key, amounts in parts.items())


def unpaid_invoices(session: Session, patient_id: UUID) -> list[InvoiceHeadRow]:
    """Issued invoices of a patient with something owed, oldest first."""
    statement = heads().where(Invoice.patient_id.in_(person_ids(session, patient_id)), Invoice.status.in_(OWING_STATUSES))
    return head_rows(session, statement.order_by(Invoice.business_date, Invoice.id))


def owed_by(session: Session, patient_ids: Collection[UUID], *, clinic_id: UUID, limit: int = 20) -> list[InvoiceHeadRow]:
    """What a cashier of a clinic can take from these patients: its drafts, and what is owed to any clinic; its own first."""
    if not patient_ids:
        return []
    payable = or_(Invoice.status.in_(OWING_STATUSES), and_(Invoice.clinic_id == clinic_id, Invoice.status == InvoiceStatus.DRAFT))
    found = heads().where(Invoice.patient_id.in_(person_ids(session, *patient_ids)), payable, minor(Invoice.balance) > 0)
    return head_rows(session, found.order_by(Invoice.clinic_id != clinic_id, Invoice.business_date, Invoice.id).limit(limit))


def visit_invoices(session: Session, visit_id: UUID) -> list[InvoiceHeadRow]:
    """Every invoice of a visit, cancelled ones included, oldest first."""
    return head_rows(session, heads().where(Invoice.visit_id == visit_id).order_by(Invoice.id))


def open_invoice_ids(session: Session, visit_id: UUID) -> list[UUID]:
    """The visit's drafts and unpaid invoices: empty when nothing is owed for it any more."""
    return list(
        session.scalars(select(Invoice.id).where(Invoice.visit_id == visit_id, Invoice.status.in_(OPEN_STATUSES)).order_by(Invoice.id))
    )


def heads() -> Select[Invoice, str, str, str, UUID | None]:
    """Invoices with their clinics and patients, for ``head_rows``; last the record that the patient's was merged into."""
    columns = (Invoice, Clinic.name, Patient.patient_number, Patient.full_name, Patient.merged_into_id)
    return select(*columns).join(Clinic, Clinic.id == Invoice.clinic_id).join(Patient, Patient.id == Invoice.patient_id)


def head_rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[InvoiceHeadRow]:
    """The rows of a list of invoices, each of whoever the patient is now; a further column is where the visit stands."""
    return of_survivors(
        session,
        [(_head_row(*named, *status), into) for *named, into, status in ((*row[:5], row[5:]) for row in session.execute(statement))],
    )


def _head_row(head: Invoice, clinic_name: str, patient_number: str, patient_name: str, visit_status: str | None = None) -> InvoiceHeadRow:
    return InvoiceHeadRow(
        id=head.id,
        number=head.number,
        clinic_id=head.clinic_id,
        clinic_name=clinic_name,
        patient_id=head.patient_id,
        patient_number=patient_number,
        patient_name=patient_name,
        visit_id=head.visit_id,
        visit_status=visit_status,
        status=head.status,
        business_date=head.business_date,
        due_date=head.due_date,
        total=head.total,
        paid=head.paid,
        balance=head.balance,
    )


def _lines(session: Session, invoice_id: UUID) -> tuple[LineRow, ...]:
    back = select(func.sum(CreditNoteItem.amount)).where(CreditNoteItem.invoice_item_id == InvoiceItem.id).correlate(InvoiceItem)
    statement = (
        select(InvoiceItem, User.full_name, back.scalar_subquery())
        .outerjoin(Doctor, Doctor.id == InvoiceItem.doctor_id)
        .outerjoin(User, User.id == Doctor.user_id)
        .where(InvoiceItem.invoice_id == invoice_id, InvoiceItem.removed_at.is_(None))
        .order_by(InvoiceItem.id)
    )
    zero = Money.zero(currency(session))
    return tuple(_line(item, doctor, credited or zero) for item, doctor, credited in session.execute(statement))


def _line(item: InvoiceItem, doctor_name: str | None, credited: Money) -> LineRow:
    return LineRow(
        id=item.id,
        kind=item.kind,
        source_type=item.source_type,
        source_id=item.source_id,
        description=item.description,
        teeth=item.teeth,
        quantity=item.quantity,
        unit_price=item.unit_price,
        discount=item.discount,
        net=item.net,
        tax_name=item.tax_name,
        tax_rate_basis_points=item.tax_rate_basis_points,
        tax_is_inclusive=item.tax_is_inclusive,
        tax=item.tax,
        total=item.total,
        doctor_id=item.doctor_id,
        doctor_name=doctor_name,
        doctor_share=item.doctor_share,
        center_share=item.center_share,
        credited=credited,
    )


def _payments(session: Session, invoice_id: UUID, refunds: tuple[RefundLineRow, ...]) -> tuple[PaymentRow, ...]:
    statement = (
        select(Payment, Clinic.name, PaymentAllocation.amount, User.full_name)
        .join(Clinic, Clinic.id == Payment.clinic_id)
        .join(PaymentAllocation, PaymentAllocation.payment_id == Payment.id)
        .join(User, User.id == Payment.received_by)
        .where(PaymentAllocation.invoice_id == invoice_id)
        .order_by(Payment.id)
    )
    return tuple(
        PaymentRow(
            payment_id=payment.id,
            clinic_id=payment.clinic_id,
            clinic_name=clinic,
            receipt_number=payment.receipt_number,
            method=payment.method,
            amount=amount,
            refunded=total((one.amount for one in refunds if one.payment_id == payment.id), amount.currency),
            transaction_id=payment.transaction_id,
            paid_at=payment.paid_at,
            received_by=name,
        )
        for payment, clinic, amount, name in session.execute(statement)
    )


def _refunds(session: Session, invoice_id: UUID) -> tuple[RefundLineRow, ...]:
    found = session.scalars(select(Refund).where(Refund.invoice_id == invoice_id).order_by(Refund.id))
    return tuple(RefundLineRow(r.id, r.number, r.payment_id, r.method, r.amount, r.reason, r.refunded_at) for r in found)


def _credits(session: Session, invoice_id: UUID) -> tuple[CreditLineRow, ...]:
    found = session.scalars(select(CreditNote).where(CreditNote.invoice_id == invoice_id).order_by(CreditNote.id))
    return tuple(CreditLineRow(c.id, c.number, c.amount, c.tax, c.reason, c.issued_at) for c in found)
