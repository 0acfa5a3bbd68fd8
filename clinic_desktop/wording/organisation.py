"""Refusals of the organisation, and what its settings are grouped under."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "main_clinic": N_("{name} is the main clinic. It stays open: close the other clinics instead."),
    "clinic_still_needed": N_(
        "Patients are still expected here: {appointments} booked, {visits} here now. Move or cancel them first. Nothing was changed."
    ),
    "tax_in_use": N_("{name} stands on invoices, so it stays as it is. Let it end, and add the new rate from the day after."),
}

REASONS = {
    "not_a_prefix": N_("One to six capital letters, such as INV."),
    "prefix_taken": N_("{prefix} is used for other numbers. Choose another, so that no two numbers are alike."),
    "unknown_number_kind": N_("These numbers have no format of their own."),
    "unknown_document_kind": N_("This kind of document is not known."),
    "not_a_picture": N_("This is no picture that can be read. Choose a PNG or JPEG file."),
    "picture_too_large": N_("The file is larger than {limit} MB. Choose a smaller one."),
    "picture_too_many_pixels": N_("The picture has too many pixels. Choose a smaller one."),
    "tax_used_later": N_("An invoice of {day} was written with this rate. Let it end on that day or later."),
}

SETTING_GROUPS = {
    "organisation": N_("Hospital"),
    "patients": N_("Patients"),
    "access": N_("People and access"),
    "appointments": N_("Appointments"),
    "queue": N_("Queue"),
    "kiosk": N_("Kiosk"),
    "display": N_("Public display"),
    "frontdesk": N_("Reception"),
    "clinical": N_("Consultation"),
    "billing": N_("Billing"),
    "stock": N_("Stock"),
    "pharmacy": N_("Pharmacy"),
    "messages": N_("Messages"),
    "backups": N_("Backups"),
    "privacy": N_("Privacy"),
    "desktop": N_("This program"),
}
"""Titles of the groups: what stands before the first dot of a key."""
