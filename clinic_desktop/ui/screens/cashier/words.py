"""How the cashier's desk words bills and means of payment."""

from __future__ import annotations

from clinic_desktop import wording
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow
from clinic_desktop.clinic.billing.rules import InvoiceStatus, PaymentMethod
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.cashier.reading import Shown
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import beside

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


def shown_text(shown: Shown, count: int | None = None) -> str:
    """The name of a list of bills, with how many are in it where that is known."""
    names = {
        Shown.TO_PAY: _("To pay now"),
        Shown.EXPECTED: _("Expected today"),
        Shown.PAID: _("Paid today"),
        Shown.EARLIER: _("Owed from before"),
    }
    return names[shown] if count is None else beside(names[shown], number_text(count))


def waiting_status(row: InvoiceHeadRow) -> str:
    """What a line of the list says: drafts say where their patient is, and of one that was paid twice the money goes back."""
    if row.balance.minor < 0:
        return _("To give back")
    if row.status is not InvoiceStatus.DRAFT:
        return bill_status(row.status)
    return _("To be paid") if row.visit_status in (None, _READY) else wording.status(row.visit_status)


def waiting_tone(row: InvoiceHeadRow) -> Tone:
    """The tone of that word."""
    if row.balance.minor < 0:
        return Tone.BAD
    is_ready = row.status is InvoiceStatus.DRAFT and row.visit_status in (None, _READY)
    return Tone.WARN if is_ready else TONES[row.status]
