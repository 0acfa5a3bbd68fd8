"""How the cashier's desk words bills and means of payment."""

from __future__ import annotations

from clinic_desktop import wording
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow
from clinic_desktop.clinic.billing.rules import InvoiceStatus, PaymentMethod
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.tokens import Tone

TONES = {
    InvoiceStatus.DRAFT: Tone.NEUTRAL,
    InvoiceStatus.PENDING: Tone.WARN,
    InvoiceStatus.PARTIAL: Tone.WARN,
    InvoiceStatus.PAID: Tone.GOOD,
    InvoiceStatus.OVERDUE: Tone.BAD,
    InvoiceStatus.CANCELLED: Tone.NEUTRAL,
}
METHOD_KEYS = {PaymentMethod.CASH: "F2", PaymentMethod.CARD: "F3", PaymentMethod.UPI: "F4", PaymentMethod.BANK_TRANSFER: "F5"}
_READY = "PENDING_PAYMENT"


def bill_status(status: InvoiceStatus) -> str:
    """The status of an invoice as a cashier says it."""
    known = {
        InvoiceStatus.PENDING: _("To be paid"),
        InvoiceStatus.PARTIAL: _("Partly paid"),
    }
    return known.get(status) or wording.status(status)


def waiting_status(row: InvoiceHeadRow) -> str:
    """What a line of the list says: drafts say where their patient is."""
    if row.status is not InvoiceStatus.DRAFT:
        return bill_status(row.status)
    return _("To be paid") if row.visit_status in (None, _READY) else wording.status(row.visit_status)


def waiting_tone(row: InvoiceHeadRow) -> Tone:
    """The tone of that word."""
    is_ready = row.status is InvoiceStatus.DRAFT and row.visit_status in (None, _READY)
    return Tone.WARN if is_ready else TONES[row.status]
