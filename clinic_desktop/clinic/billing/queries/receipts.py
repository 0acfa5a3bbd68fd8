"""Receipts and refund vouchers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing.models import Invoice, Payment, PaymentAllocation, Refund
from clinic_desktop.clinic.billing.queries.rows import ReceiptInvoiceRow, ReceiptRow, ReceiptTenderRow, RefundVoucherRow
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import total


def receipt(session: Session, receipt_number: str) -> ReceiptRow:
    """All tenders of one receipt and what they paid; raises NotFound."""
    statement = (
        select(Payment, Patient.patient_number, Patient.full_name, User.full_name)
        .join(Patient, Patient.id == Payment.patient_id)
        .join(User, User.id == Payment.received_by)
        .where(Payment.receipt_number == receipt_number)
        .order_by(Payment.tender_index)
    )
    found = session.execute(statement).all()
    if not found:
        raise NotFound(entity="receipt", key=receipt_number)
    first, patient_number, patient_name, cashier = found[0]
    payments = [row[0] for row in found]
    return ReceiptRow(
        receipt_number=receipt_number,
        clinic_id=first.clinic_id,
        patient_id=first.patient_id,
        patient_number=patient_number,
        patient_name=patient_name,
        paid_at=first.paid_at,
        business_date=first.business_date,
        received_by=cashier,
        amount=total((p.amount for p in payments), first.amount.currency),
        change_given=total((p.change_given for p in payments), first.amount.currency),
        tenders=tuple(ReceiptTenderRow(p.id, p.method, p.amount, p.tendered, p.change_given, p.transaction_id) for p in payments),
        invoices=_invoices(session, receipt_number),
    )


def _invoices(session: Session, receipt_number: str) -> tuple[ReceiptInvoiceRow, ...]:
    statement = (
        select(
            Invoice.id, Invoice.number, Invoice.clinic_id, Clinic.name, Invoice.total, func.sum(PaymentAllocation.amount), Invoice.balance
        )
        .join(Clinic, Clinic.id == Invoice.clinic_id)
        .join(PaymentAllocation, PaymentAllocation.invoice_id == Invoice.id)
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(Payment.receipt_number == receipt_number)
        .group_by(Invoice.id, Invoice.number, Invoice.clinic_id, Clinic.name, Invoice.total, Invoice.balance)
        .order_by(Invoice.id)
    )
    return tuple(
        ReceiptInvoiceRow(key, number or "", clinic_id, clinic, due, paid, balance)
        for key, number, clinic_id, clinic, due, paid, balance in session.execute(statement)
    )


def refund_voucher(session: Session, refund_id: UUID) -> RefundVoucherRow:
    """One refund with its receipt, invoice and people; raises NotFound."""
    second = aliased(User)
    statement = (
        select(Refund, Patient.patient_number, Patient.full_name, Payment.receipt_number, Invoice.number, User.full_name, second.full_name)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Invoice, Invoice.id == Refund.invoice_id)
        .join(Patient, Patient.id == Payment.patient_id)
        .join(User, User.id == Refund.refunded_by)
        .outerjoin(second, second.id == Refund.approved_by)
        .where(Refund.id == refund_id)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound(entity="refund", key=str(refund_id))
    row, patient_number, patient_name, receipt_number, invoice_number, by, approver = found
    return RefundVoucherRow(
        number=row.number,
        clinic_id=row.clinic_id,
        patient_number=patient_number,
        patient_name=patient_name,
        receipt_number=receipt_number,
        invoice_number=invoice_number or "",
        method=row.method,
        amount=row.amount,
        reason=row.reason,
        refunded_by=by,
        refunded_at=row.refunded_at,
        approved_by=approver,
    )
