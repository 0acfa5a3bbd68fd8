"""What screens, documents and other departments ask about money."""

from clinic_desktop.clinic.billing.queries.billed import DayBillingRow, day_billing
from clinic_desktop.clinic.billing.queries.invoices import (
    invoice,
    invoice_by_number,
    open_invoice_ids,
    owed_by,
    unpaid_invoices,
    visit_invoices,
)
from clinic_desktop.clinic.billing.queries.receipts import receipt, refund_voucher
from clinic_desktop.clinic.billing.queries.settlements import (
    days_to_settle,
    doctor_settlements,
    doctor_shares,
    settlement,
    settlement_preview,
    settlements,
    takings,
    unsettled_shares,
)
from clinic_desktop.clinic.billing.queries.tills import open_tills, standing_tills, till, till_to_count
from clinic_desktop.clinic.billing.queries.worklist import cashier_worklist, numbered, owed_from_before, owed_from_before_count, paid_on

__all__ = [
    "DayBillingRow",
    "cashier_worklist",
    "day_billing",
    "days_to_settle",
    "doctor_settlements",
    "doctor_shares",
    "invoice",
    "invoice_by_number",
    "numbered",
    "open_invoice_ids",
    "open_tills",
    "owed_by",
    "owed_from_before",
    "owed_from_before_count",
    "paid_on",
    "receipt",
    "refund_voucher",
    "settlement",
    "settlement_preview",
    "settlements",
    "standing_tills",
    "takings",
    "till",
    "till_to_count",
    "unpaid_invoices",
    "unsettled_shares",
    "visit_invoices",
]
