"""What of a patient's record is for those who treat only."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

MEDICAL = permission("patients.medical_history", N_("Read a patient's medical history"), "nurse", "doctor", "dentist", "optician")
