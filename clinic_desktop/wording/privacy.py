"""Refusals of retention, of requests about personal data, and of restricted records."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "record_restricted": N_("The record of {number} is restricted to those who treat the patient."),
    "another_must_decide": N_("A second person must decide this: not the one who recorded or opened it."),
    "erasure_blocked": N_("This cannot be erased yet."),
    "erasure_blocked:open_bills": N_("There are {count} open bills. Settle or cancel them first."),
    "erasure_blocked:future_appointments": N_("There are {count} appointments ahead. Cancel them first."),
    "erasure_blocked:open_visits": N_("There are {count} visits that are not over. End them first."),
    "erasure_blocked:wallet": N_("There are {amount} in the patient's wallet. Pay it back first."),
    "erasure_blocked:merged": N_("This record was merged into another. Ask for the erasure of that one."),
    "archive_unreadable": N_("The archive cannot be read. Nothing was changed."),
    "archive_unreadable:not_an_archive": N_("This file is not an archive of this program."),
    "archive_unreadable:damaged": N_("The archive is damaged or incomplete. Take it from a copy."),
    "archive_unreadable:wrong_key": N_("This archive belongs to another clinic, or its key is lost."),
    "archive_unreadable:newer": N_("This archive was made by a newer version of the program."),
    "archive_unreadable:missing": N_("The archive {path} is not in this folder."),
    "archive_unreadable:audit_only": N_("This archive holds the audit trail only. Choose one of records."),
    "records_changed": N_("Somebody changed a record meanwhile. Nothing was removed; please start again."),
}

REASONS = {
    "outside_years": N_("Please enter from {lowest} to {highest} years."),
    "no_such_patient": N_("There is no patient with this number."),
    "already_erased": N_("This patient's data was erased already."),
    "which_document": N_("Please say which document was shown."),
}
