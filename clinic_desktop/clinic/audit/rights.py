"""The rights of the audit trail."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

READ_AUDIT = permission("audit.read", N_("Read the audit trail"), "auditor")
RECORD = permission(
    "audit.record",
    N_("Leave a trace of what one reads and exports"),
    "receptionist",
    "nurse",
    "doctor",
    "dentist",
    "optician",
    "pharmacist",
    "lab_technician",
    "cashier",
    "inventory_manager",
    "auditor",
)
"""Held by everybody: reading leaves a trace whoever reads. ``witness`` does not even ask for it."""

CLINICAL_RIGHTS = ("clinical.consult", "clinical.prescribe", "clinical.sign", "clinical.vitals")
"""Codes of the permissions of which one is enough to be shown what was written in a consultation."""
