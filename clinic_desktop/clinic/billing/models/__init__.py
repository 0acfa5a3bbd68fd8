"""Tables of billing."""

from clinic_desktop.clinic.billing.models.invoices import CreditNote, CreditNoteItem, Invoice, InvoiceItem
from clinic_desktop.clinic.billing.models.payments import Payment, PaymentAllocation, Refund
from clinic_desktop.clinic.billing.models.settlements import DailySettlement, DailySettlementLine, DoctorSettlement, TillSession

__all__ = [
    "CreditNote",
    "CreditNoteItem",
    "DailySettlement",
    "DailySettlementLine",
    "DoctorSettlement",
    "Invoice",
    "InvoiceItem",
    "Payment",
    "PaymentAllocation",
    "Refund",
    "TillSession",
]
