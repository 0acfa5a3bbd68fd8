"""Who reads what patients said."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

READ_ALL = permission("reviews.read", N_("Read all reviews"))
READ_OWN = permission("reviews.read_own", N_("Read what patients said of oneself"), "doctor", "dentist", "optician")
