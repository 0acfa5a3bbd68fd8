"""The permissions of the organisation."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

MANAGE = permission(
    "organisation.manage", N_("Set up the hospital, its clinics, departments, workstations and holidays"), needs_password=True
)
TAXES = permission("organisation.taxes", N_("Set up taxes"), needs_password=True)
SETTINGS = permission("organisation.settings", N_("Change settings"), needs_password=True)
