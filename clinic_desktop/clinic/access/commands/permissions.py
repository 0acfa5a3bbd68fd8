"""The permissions of access."""

from __future__ import annotations

from clinic_desktop.clinic.access.rules import ALL_POWERFUL, DEFAULT_ROLES
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

USERS = permission("access.users", N_("Create, change and disable user accounts"))
ROLES = permission("access.roles", N_("Define roles and give them to users"))
_EVERYBODY = tuple(code for code in DEFAULT_ROLES if code not in ALL_POWERFUL)
OWN_ACCOUNT = permission("access.own_account", N_("End one's own session"), *_EVERYBODY)
OWN_DRAFTS = permission("access.own_drafts", N_("Keep what one has typed and not saved"), *_EVERYBODY)
