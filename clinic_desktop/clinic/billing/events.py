"""What happened at the cashier's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("invoices", "invoice_items")
@dataclass(frozen=True, slots=True)
class InvoiceDrafted:
    """A draft was opened, or lines of one were added, changed or removed."""

    invoice_id: UUID
    visit_id: UUID | None


@tells_of("invoices")
@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """A draft got its number and is frozen."""

    invoice_id: UUID
    visit_id: UUID | None


@tells_of("invoices")
@dataclass(frozen=True, slots=True)
class InvoicePaid:
    """Nothing is owed on the invoice any more."""

    invoice_id: UUID
    visit_id: UUID | None


@tells_of("invoices")
@dataclass(frozen=True, slots=True)
class InvoiceCancelled:
    """A draft was cancelled, or an issued invoice was credited in full; it is not open any more."""

    invoice_id: UUID
    visit_id: UUID | None


@tells_of("payments")
@dataclass(frozen=True, slots=True)
class PaymentTaken:
    """Money came in under one receipt number."""

    receipt_number: str
    invoice_ids: tuple[UUID, ...]
    visit_id: UUID | None


@tells_of("refunds")
@dataclass(frozen=True, slots=True)
class PaymentRefunded:
    """Money of a payment went back."""

    refund_id: UUID
    invoice_id: UUID
    visit_id: UUID | None


@tells_of("credit_notes")
@dataclass(frozen=True, slots=True)
class CreditNoteIssued:
    """An issued invoice was corrected by a mirror document."""

    credit_note_id: UUID
    invoice_id: UUID
    visit_id: UUID | None


@tells_of("till_sessions")
@dataclass(frozen=True, slots=True)
class TillOpened:
    """A cashier opened a till session."""

    till_session_id: UUID
    cashier_id: UUID


@tells_of("till_sessions")
@dataclass(frozen=True, slots=True)
class TillClosed:
    """A cashier counted and closed a till session."""

    till_session_id: UUID
    cashier_id: UUID


@tells_of("daily_settlements")
@dataclass(frozen=True, slots=True)
class DaySettled:
    """A clinic's business date is closed."""

    settlement_id: UUID
    clinic_id: UUID
    business_date: date


@tells_of("doctor_settlements")
@dataclass(frozen=True, slots=True)
class DoctorSettled:
    """A doctor's shares of a period were settled."""

    doctor_settlement_id: UUID
    doctor_id: UUID
