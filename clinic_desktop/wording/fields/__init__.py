"""What the fields of records are called by people.

A column's word stands in the module of the department that alone has such a column, else in ``shared``.
"""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.wording.fields import (
    access,
    billing,
    clinical,
    frontdesk,
    kernel,
    messages,
    organisation,
    patients,
    privacy,
    shared,
    staff,
    stock,
    sync,
)

OF_DEPARTMENTS = (
    organisation.COLUMNS,
    access.COLUMNS,
    patients.COLUMNS,
    staff.COLUMNS,
    stock.COLUMNS,
    billing.COLUMNS,
    frontdesk.COLUMNS,
    clinical.COLUMNS,
    messages.COLUMNS,
    privacy.COLUMNS,
    sync.COLUMNS,
    kernel.COLUMNS,
    shared.COLUMNS,
)
FIELDS = {column: word for words in OF_DEPARTMENTS for column, word in words.items()}
"""By column, whatever the table."""

OF_TABLE = {
    ("appointment_status_log", "reason"): N_("reason"),
    ("daily_settlements", "note"): N_("note"),
    ("doctor_fees", "amount"): N_("fee"),
    ("hospital_settings", "key"): N_("setting"),
    ("inventory_items", "unit"): N_("unit of stock"),
    ("invoice_items", "kind"): N_("kind of line"),
    ("invoices", "due_date"): N_("to be paid until"),
    ("medicine_batches", "price"): N_("selling price"),
    ("patient_identifiers", "value"): N_("number of another system"),
    ("payments", "method"): N_("paid by"),
    ("payments", "received_by"): N_("taken by"),
    ("prescription_items", "unit"): N_("unit of the dose"),
    ("refunds", "method"): N_("paid back by"),
    ("stock_adjustments", "value"): N_("worth"),
    ("users", "status"): N_("account"),
    ("visits", "end_time"): N_("left at"),
    ("visits", "start_time"): N_("seen at"),
}
"""Where one word would not fit all tables."""

DETAILS = {
    "fed_until": N_("complete until"),
    "clinics": N_("clinics"),
    "resolution": N_("settled how"),
    "verb": N_("what was asked"),
    "login": N_("login"),
    "after": N_("version afterwards"),
    "asking": N_("asked by"),
    "backup": N_("backup"),
    "before": N_("version before"),
    "broken_seq": N_("broken at"),
    "by": N_("by"),
    "change_sets": N_("entries"),
    "fields": N_("fields"),
    "files": N_("files"),
    "head_hash": N_("head"),
    "head_seq": N_("entries"),
    "left": N_("attempts left"),
    "list": N_("list"),
    "permission": N_("permission"),
    "problem": N_("problem"),
    "record": N_("record"),
    "rows": N_("rows"),
    "session": N_("session"),
    "until": N_("until"),
    "warnings": N_("warnings"),
    "way": N_("written to"),
    "what": N_("what"),
}
"""Details of notes that are no columns."""
