"""Permissions, settings and number series of billing."""

from __future__ import annotations

from clinic_desktop.clinic.organisation.rules import number_kind
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.settings import Scope, setting

INVOICE = permission("billing.invoice", N_("Write and issue invoices"), "cashier", "receptionist")
DISCOUNT = permission("billing.discount", N_("Change discounts on draft invoices"), needs_password=True)
TAKE_PAYMENT = permission("billing.take_payment", N_("Take payments"), "cashier")
REFUND = permission("billing.refund", N_("Refund payments"), "cashier", needs_password=True)
CREDIT = permission("billing.credit", N_("Write credit notes for issued invoices"), "cashier", needs_password=True)
APPROVE = permission("billing.approve", N_("Approve large refunds, credit notes and cancellations as the second person"))
TILL = permission("billing.till", N_("Open and close one's own till"), "cashier")
CLOSE_ANY_TILL = permission("billing.close_any_till", N_("Close another cashier's till"), needs_password=True)
SETTLE_DAY = permission("billing.settle_day", N_("Settle the day"), "cashier")
SETTLE_DOCTOR = permission("billing.settle_doctor", N_("Settle doctors' shares"), needs_password=True)

APPROVAL_LIMIT = setting(
    "billing.approval_limit",
    100_000,
    Scope.CLINIC,
    N_("Amount above which a second person approves"),
    help=N_("For refunds, credit notes and cancellations. Smaller ones need no approval."),
    is_money=True,
    words=N_("approval limit refund credit note cancellation"),
)
DUE_DAYS = setting("billing.due_days", 0, Scope.CLINIC, N_("Days after issue until an invoice is due"), high=365)

INVOICE_NUMBER = number_kind("invoice", "INV", title=N_("Invoices"))
RECEIPT_NUMBER = number_kind("receipt", "RCT", title=N_("Receipts"))
REFUND_NUMBER = number_kind("refund", "REF", title=N_("Refunds"))
CREDIT_NUMBER = number_kind("credit_note", "CRN", title=N_("Credit notes"))
