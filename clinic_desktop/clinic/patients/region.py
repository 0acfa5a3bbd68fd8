"""In which country a clinic's patients have their phones."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

PHONE_REGION = setting(
    "patients.phone_region", "IN", Scope.CLINIC, N_("Country whose phone numbers are typed without a code (two letters)")
)
