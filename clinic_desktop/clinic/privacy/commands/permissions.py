"""The permissions of privacy."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

RETAIN = permission("privacy.retain", N_("Set how long records are kept, and archive what is older"), needs_password=True)
EXPORT = permission("privacy.export", N_("Record requests of patients and hand out all of a patient's data"), needs_password=True)
ERASE = permission("privacy.erase", N_("Decide on the erasure of a patient's data"), needs_password=True)
RESTRICT = permission("privacy.restrict", N_("Restrict a patient's record to those who treat the patient"), "doctor", "dentist")
BREAK_GLASS = permission(
    "privacy.break_glass", N_("Open a restricted record with a reason"), "doctor", "dentist", "nurse", "pharmacist", "optician"
)
REVIEW = permission("privacy.review", N_("Review who opened restricted records"), needs_password=True)
