"""Field-level hiding: what was written about a patient is for those who treat, whatever list it stands in.

The desk and the till see that there was a visit, with whom and when; the columns that say why stay empty for them.
"""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

READ = permission("clinical.read", N_("Read clinical notes, diagnoses and vital signs"), "nurse", "doctor", "dentist", "optician")
READ_PRESCRIPTIONS = permission(
    "clinical.read_prescriptions",
    N_("Read what a prescription is for"),
    "nurse",
    "doctor",
    "dentist",
    "optician",
    "pharmacist",
)
