"""Money in and money out: append-only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.billing.rules import PaymentMethod, PaymentStatus
from clinic_desktop.kernel.merging import ledger
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import ByteOrdered, Ledger


class Payment(Ledger):
    """One tender. The tenders of one ``take_payment`` share a receipt number and count up in ``tender_index`` from 0."""

    __tablename__ = "payments"
    __merge__ = ledger("clinic_id")

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """One row per receipt and tender; change only out of cash."""
        return (
            UniqueConstraint("receipt_number", "tender_index"),
            CheckConstraint("amount > 0", name="amount_positive"),
            CheckConstraint("tender_index >= 0", name="tender_index_not_negative"),
            CheckConstraint("tendered = amount + change_given AND change_given >= 0", name="change_adds_up"),
            CheckConstraint("change_given = 0 OR method = 'CASH'", name="change_only_in_cash"),
            # A clinic's own: nobody can look up another site's when the two are apart.
            Index("uq_payments_transaction_id", "clinic_id", "transaction_id", unique=True),
            Index("ix_payments_day", "clinic_id", "business_date", "method"),
            Index("ix_payments_patient", "patient_id", "business_date"),
        )

    receipt_number: Mapped[str] = mapped_column(ByteOrdered)
    tender_index: Mapped[int]
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    method: Mapped[PaymentMethod]
    amount: Mapped[Money]
    tendered: Mapped[Money]
    change_given: Mapped[Money]
    transaction_id: Mapped[str | None]
    status: Mapped[PaymentStatus]
    till_session_id: Mapped[UUID] = mapped_column(ForeignKey("till_sessions.id"), index=True)
    business_date: Mapped[date]
    received_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    paid_at: Mapped[datetime]


class PaymentAllocation(Ledger):
    """The part of a payment that one invoice got."""

    __tablename__ = "payment_allocations"
    __merge__ = ledger("payment_id")

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """Positive; one row per payment and invoice."""
        return (UniqueConstraint("payment_id", "invoice_id"), CheckConstraint("amount > 0", name="amount_positive"))

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), index=True)
    amount: Mapped[Money]


class Refund(Ledger):
    """Money of one payment, taken off one invoice, that went back."""

    __tablename__ = "refunds"
    __merge__ = ledger("clinic_id")

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """Positive; nobody approves their own refund."""
        return (
            CheckConstraint("amount > 0", name="amount_positive"),
            CheckConstraint("approved_by IS NULL OR approved_by <> refunded_by", name="second_person"),
            Index("ix_refunds_day", "clinic_id", "business_date", "method"),
        )

    number: Mapped[str] = mapped_column(unique=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), index=True)
    credit_note_id: Mapped[UUID | None] = mapped_column(ForeignKey("credit_notes.id"), index=True)
    method: Mapped[PaymentMethod]
    amount: Mapped[Money]
    reason: Mapped[str]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    till_session_id: Mapped[UUID] = mapped_column(ForeignKey("till_sessions.id"), index=True)
    business_date: Mapped[date]
    refunded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    refunded_at: Mapped[datetime]
