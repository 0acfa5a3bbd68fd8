"""The permissions of access."""

from __future__ import annotations

from clinic_desktop.clinic.access.rules import ALL_POWERFUL, DEFAULT_ROLES
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

USERS = permission("access.users", N_("Create, change and disable user accounts"), needs_password=True)
ROLES = permission("access.roles", N_("Define roles and give them to users"), needs_password=True)
_EVERYBODY = tuple(code for code in DEFAULT_ROLES if code not in ALL_POWERFUL)
OWN_ACCOUNT = permission("access.own_account", N_("End one's own session"), *_EVERYBODY)
OWN_DRAFTS = permission("access.own_drafts", N_("Keep what one has typed and not saved"), *_EVERYBODY)
KIOSK_OPEN = permission("kiosk.open", N_("Hand a computer over to patients as a kiosk"), "receptionist", "nurse")
KIOSK_SERVE = permission("kiosk.serve", N_("Serve patients at a kiosk: arrival, waiting time, rating"), "receptionist", "nurse")
HELD_BY_EVERYBODY = frozenset((OWN_ACCOUNT.code, OWN_DRAFTS.code))
"""What every role holds, a clinic's own roles too: without them nobody could leave the program as they found it."""
