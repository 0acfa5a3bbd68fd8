"""What people do at the cashier's desk."""

from clinic_desktop.clinic.billing.commands.credits import credit_note
from clinic_desktop.clinic.billing.commands.doctors import settle_doctor
from clinic_desktop.clinic.billing.commands.drafts import (
    add_line,
    add_visit_line,
    add_visit_lines,
    cancel_invoice,
    cancel_visit_draft,
    change_discount,
    draft_sale,
    open_invoice,
    open_visit_invoice,
    remove_line,
)
from clinic_desktop.clinic.billing.commands.issuing import issue, issue_invoice, mark_overdue
from clinic_desktop.clinic.billing.commands.mending import tell_overpaid as tell_overpaid
from clinic_desktop.clinic.billing.commands.payments import issue_and_take, take_payment
from clinic_desktop.clinic.billing.commands.refunds import refund
from clinic_desktop.clinic.billing.commands.settlement import settle_day
from clinic_desktop.clinic.billing.commands.taxes import keep_days_of_use, keep_used_rate
from clinic_desktop.clinic.billing.commands.tills import close_till, open_till

__all__ = [
    "add_line",
    "add_visit_line",
    "add_visit_lines",
    "cancel_invoice",
    "cancel_visit_draft",
    "change_discount",
    "close_till",
    "credit_note",
    "draft_sale",
    "issue",
    "issue_and_take",
    "issue_invoice",
    "keep_days_of_use",
    "keep_used_rate",
    "mark_overdue",
    "open_invoice",
    "open_till",
    "open_visit_invoice",
    "refund",
    "remove_line",
    "settle_day",
    "settle_doctor",
    "take_payment",
]
