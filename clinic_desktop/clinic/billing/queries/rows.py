"""The frozen rows that billing's queries return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinic_desktop.clinic.billing.rules import InvoiceStatus, LineKind, PaymentMethod
from clinic_desktop.kernel.money import Money


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of an invoice; ``credited`` is what credit notes took out of it."""

    id: UUID
    kind: LineKind
    source_type: str
    source_id: UUID | None
    description: str
    teeth: str | None
    quantity: int
    unit_price: Money
    discount: Money
    net: Money
    tax_name: str | None
    tax_rate_basis_points: int
    tax_is_inclusive: bool
    tax: Money
    total: Money
    doctor_id: UUID | None
    doctor_name: str | None
    doctor_share: Money
    center_share: Money
    credited: Money


@dataclass(frozen=True, slots=True)
class TaxPartRow:
    """One rate of one tax over all lines of an invoice: the tax breakdown."""

    name: str
    rate_basis_points: int
    is_inclusive: bool
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """What one payment gave to an invoice; ``refunded`` of it went back. The clinic is the one whose cashier took it."""

    payment_id: UUID
    clinic_id: UUID
    clinic_name: str
    receipt_number: str
    method: PaymentMethod
    amount: Money
    refunded: Money
    transaction_id: str | None
    paid_at: datetime
    received_by: str


@dataclass(frozen=True, slots=True)
class RefundLineRow:
    """Money that went back."""

    refund_id: UUID
    number: str
    payment_id: UUID
    method: PaymentMethod
    amount: Money
    reason: str
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class CreditLineRow:
    """A credit note of an invoice."""

    credit_note_id: UUID
    number: str
    amount: Money
    tax: Money
    reason: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice as screens and documents show it. ``total = subtotal - discount + tax - tax_included``."""

    id: UUID
    number: str | None
    clinic_id: UUID
    clinic_name: str
    patient_id: UUID
    patient_number: str
    patient_name: str
    visit_id: UUID | None
    status: InvoiceStatus
    business_date: date
    issued_at: datetime | None
    due_date: date | None
    subtotal: Money
    discount: Money
    tax: Money
    tax_included: Money
    total: Money
    paid: Money
    credited: Money
    balance: Money
    lines: tuple[LineRow, ...]
    taxes: tuple[TaxPartRow, ...]
    payments: tuple[PaymentRow, ...]
    refunds: tuple[RefundLineRow, ...]
    credits: tuple[CreditLineRow, ...]


@dataclass(frozen=True, slots=True)
class InvoiceHeadRow:
    """An invoice in a list; ``visit_status`` is the front desk's word where there is a visit."""

    id: UUID
    number: str | None
    clinic_id: UUID
    clinic_name: str
    patient_id: UUID
    patient_number: str
    patient_name: str
    visit_id: UUID | None
    visit_status: str | None
    status: InvoiceStatus
    business_date: date
    due_date: date | None
    total: Money
    paid: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class ReceiptTenderRow:
    """One means of payment on a receipt."""

    payment_id: UUID
    method: PaymentMethod
    amount: Money
    tendered: Money
    change_given: Money
    transaction_id: str | None


@dataclass(frozen=True, slots=True)
class ReceiptInvoiceRow:
    """What a receipt paid of one invoice; ``balance`` is what is owed on it now, ``clinic_name`` whose bill it is."""

    invoice_id: UUID
    number: str
    clinic_id: UUID
    clinic_name: str
    total: Money
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt: all tenders of one payment act."""

    receipt_number: str
    clinic_id: UUID
    patient_id: UUID
    patient_number: str
    patient_name: str
    paid_at: datetime
    business_date: date
    received_by: str
    amount: Money
    change_given: Money
    tenders: tuple[ReceiptTenderRow, ...]
    invoices: tuple[ReceiptInvoiceRow, ...]


@dataclass(frozen=True, slots=True)
class RefundVoucherRow:
    """A refund as its voucher shows it."""

    number: str
    clinic_id: UUID
    patient_number: str
    patient_name: str
    receipt_number: str
    invoice_number: str
    method: PaymentMethod
    amount: Money
    reason: str
    refunded_by: str
    refunded_at: datetime
    approved_by: str | None


@dataclass(frozen=True, slots=True)
class TakingRow:
    """Money of one method on one day (or of one till)."""

    day: date
    method: PaymentMethod
    payments: int
    taken: Money
    refunded: Money


@dataclass(frozen=True, slots=True)
class TillRow:
    """A cashier's open till with what should lie in it now."""

    till_session_id: UUID
    clinic_id: UUID
    cashier_id: UUID
    business_date: date
    opened_at: datetime
    opening_float: Money
    cash_in: Money
    cash_out: Money
    expected: Money
    takings: tuple[TakingRow, ...]


@dataclass(frozen=True, slots=True)
class OpenTillRow:
    """A till that was not counted yet."""

    till_session_id: UUID
    cashier_id: UUID
    cashier_name: str
    business_date: date
    opened_at: datetime
    series: str | None
    """The code of the computer on whose copy it was opened; none: the server's own."""


@dataclass(frozen=True, slots=True)
class StandingTillRow:
    """An open till with what should lie in it, as far as it is known here."""

    till_session_id: UUID
    cashier_id: UUID
    cashier_name: str
    business_date: date
    opened_at: datetime
    expected: Money
    series: str | None
    """The code of the computer on whose copy it was opened; none: the server's own."""
    computer: str | None
    """Its name, where this database knows it."""
    as_of: datetime | None
    """When that computer was last heard of: money that it took since is not in it."""


@dataclass(frozen=True, slots=True)
class SettlementHeadRow:
    """A settled day in a list."""

    id: UUID
    clinic_id: UUID
    business_date: date
    payments_total: Money
    refunds_total: Money
    net_total: Money
    credits_total: Money
    till_count: int
    till_difference: Money
    note: str | None
    signed_off_by: str | None
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class DoctorSettlementRow:
    """A doctor's settled period."""

    id: UUID
    doctor_id: UUID
    period_from: date
    period_to: date
    earned: Money
    adjustment: Money
    adjustment_reason: str | None
    paid: Money
    settled_at: datetime
