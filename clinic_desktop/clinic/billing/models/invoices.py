"""Invoices with their lines, and the credit notes that correct them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.billing.merging import issued_status
from clinic_desktop.clinic.billing.rules import InvoiceStatus, LineKind
from clinic_desktop.kernel.merging import ledger, owned
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import ByteOrdered, Ledger, Record


class Invoice(Record):
    """What a patient owes for a visit or a sale. ``guards`` freezes everything but paid, credited, balance and status once issued.

    A draft has no number. A cancelled draft keeps its lines and its balance as they were; it is owed by nobody.
    ``paid`` is what was allocated minus what was refunded.
    """

    __tablename__ = "invoices"
    __merge__ = owned(
        "clinic_id",
        counters={"paid", "credited", "balance"},
        open_columns={"cancellation_reason"},
        derived={"status"},
        derive=issued_status,
        sealed=lambda row: row["status"] != InvoiceStatus.DRAFT,
        is_record=True,
    )
    __table_args__ = (
        CheckConstraint("subtotal >= 0 AND discount >= 0 AND total >= 0", name="amounts_not_negative"),
        CheckConstraint("tax_included >= 0 AND tax_included <= tax", name="tax_included_within_tax"),
        # The balance may be negative: two sites that could not see each other both took the money, and it is to be given back.
        CheckConstraint("paid >= 0 AND credited >= 0", name="money_not_negative"),
        CheckConstraint("total = subtotal - discount + tax - tax_included", name="total_adds_up"),
        CheckConstraint("paid + credited + balance = total", name="balance_adds_up"),
        CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name="number_when_issued"),
        CheckConstraint("number IS NOT NULL OR status IN ('DRAFT', 'CANCELLED')", name="issued_has_number"),
        CheckConstraint("number IS NOT NULL OR (paid = 0 AND credited = 0)", name="draft_has_no_money"),
        CheckConstraint("status <> 'DRAFT' OR number IS NULL", name="draft_has_no_number"),
        CheckConstraint("status <> 'PAID' OR balance <= 0", name="paid_owes_nothing"),
        Index("ix_invoices_day", "clinic_id", "business_date", "status"),
        Index("ix_invoices_patient", "patient_id", "status", "business_date"),
        Index("ix_invoices_due", "clinic_id", "status", "due_date"),
        Index(
            "uq_invoices_visit_draft",
            "visit_id",
            unique=True,
            sqlite_where=text("status = 'DRAFT'"),
            postgresql_where=text("status = 'DRAFT'"),
        ),
    )

    number: Mapped[str | None] = mapped_column(ByteOrdered, unique=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"), index=True)
    status: Mapped[InvoiceStatus]
    business_date: Mapped[date]
    subtotal: Mapped[Money]
    discount: Mapped[Money]
    tax: Mapped[Money]
    tax_included: Mapped[Money]
    """The part of ``tax`` that lies within the lines' prices."""
    total: Mapped[Money]
    paid: Mapped[Money]
    credited: Mapped[Money]
    balance: Mapped[Money]
    due_date: Mapped[date | None]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    generated_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    cancellation_reason: Mapped[str | None]


class InvoiceItem(Record):
    """One line. Never deleted: a line taken off a draft keeps its row with ``removed_at`` and no longer counts."""

    __tablename__ = "invoice_items"
    __merge__ = owned("invoice_id", is_record=True)
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price >= 0 AND net >= 0 AND tax >= 0", name="amounts_not_negative"),
        CheckConstraint("discount >= 0 AND discount <= quantity * unit_price", name="discount_within_price"),
        CheckConstraint("total = net + tax", name="total_adds_up"),
        CheckConstraint("quantity * unit_price - discount = net + CASE WHEN tax_is_inclusive THEN tax ELSE 0 END", name="net_adds_up"),
        CheckConstraint("doctor_share + center_share = net AND doctor_share >= 0 AND center_share >= 0", name="shares_add_up"),
        CheckConstraint("doctor_id IS NOT NULL OR doctor_share = 0", name="share_has_doctor"),
        CheckConstraint("tax_rate_basis_points BETWEEN 0 AND 10000", name="tax_rate_within_bounds"),
        CheckConstraint("doctor_share_basis_points BETWEEN 0 AND 10000", name="doctor_rate_within_bounds"),
        Index("ix_invoice_items_source", "source_type", "source_id"),
        Index("ix_invoice_items_doctor", "doctor_id", "invoice_id"),
    )

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), index=True)
    kind: Mapped[LineKind]
    source_type: Mapped[str]
    source_id: Mapped[UUID | None]
    description: Mapped[str]
    teeth: Mapped[str | None]
    quantity: Mapped[int]
    unit_price: Mapped[Money]
    discount: Mapped[Money]
    net: Mapped[Money]
    """After discount and without tax: what doctor and centre share."""
    tax_configuration_id: Mapped[UUID | None] = mapped_column(ForeignKey("tax_configurations.id"))
    tax_name: Mapped[str | None]
    tax_rate_basis_points: Mapped[int]
    tax_is_inclusive: Mapped[bool]
    tax: Mapped[Money]
    total: Mapped[Money]
    doctor_id: Mapped[UUID | None] = mapped_column(ForeignKey("doctors.id"))
    doctor_share_basis_points: Mapped[int]
    doctor_share: Mapped[Money]
    center_share: Mapped[Money]
    removed_at: Mapped[datetime | None]
    removal_reason: Mapped[str | None]


class CreditNote(Ledger):
    """The mirror document that corrects an issued invoice."""

    __tablename__ = "credit_notes"
    __merge__ = ledger("clinic_id")

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """Positive, and net and tax add up."""
        return (
            CheckConstraint("amount > 0 AND net >= 0 AND tax >= 0", name="amount_positive"),
            CheckConstraint("amount = net + tax", name="amount_adds_up"),
            Index("ix_credit_notes_day", "clinic_id", "business_date"),
            Index(
                "ix_credit_notes_series",
                *("clinic_id", "business_date"),
                sqlite_where=text("series IS NOT NULL"),
                postgresql_where=text("series IS NOT NULL"),
            ),
        )

    number: Mapped[str] = mapped_column(unique=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    amount: Mapped[Money]
    net: Mapped[Money]
    tax: Mapped[Money]
    reason: Mapped[str]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    series: Mapped[str | None]
    """The code of the computer on whose copy it was written; none: the server's own."""
    business_date: Mapped[date]
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[datetime]


class CreditNoteItem(Ledger):
    """What a credit note takes out of one invoice line, with the shares that it reverses."""

    __tablename__ = "credit_note_items"
    __merge__ = ledger("credit_note_id")

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """Positive, and its parts add up."""
        return (
            CheckConstraint("amount > 0 AND net >= 0 AND tax >= 0", name="amount_positive"),
            CheckConstraint("amount = net + tax", name="amount_adds_up"),
            CheckConstraint("doctor_share + center_share = net AND doctor_share >= 0 AND center_share >= 0", name="shares_add_up"),
        )

    credit_note_id: Mapped[UUID] = mapped_column(ForeignKey("credit_notes.id"), index=True)
    invoice_item_id: Mapped[UUID] = mapped_column(ForeignKey("invoice_items.id"), index=True)
    amount: Mapped[Money]
    net: Mapped[Money]
    tax: Mapped[Money]
    doctor_share: Mapped[Money]
    center_share: Mapped[Money]
