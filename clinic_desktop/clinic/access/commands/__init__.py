"""Accounts, roles, the transactions of a login, and drafts."""

from __future__ import annotations

from clinic_desktop.clinic.access.commands.accounts import create_user as create_user
from clinic_desktop.clinic.access.commands.accounts import disable_user as disable_user
from clinic_desktop.clinic.access.commands.accounts import enable_user as enable_user
from clinic_desktop.clinic.access.commands.accounts import end_sessions as end_sessions
from clinic_desktop.clinic.access.commands.accounts import log_out as log_out
from clinic_desktop.clinic.access.commands.accounts import set_password as set_password
from clinic_desktop.clinic.access.commands.accounts import unlock_user as unlock_user
from clinic_desktop.clinic.access.commands.drafts import keep_drafts as keep_drafts
from clinic_desktop.clinic.access.commands.logins import accept_identity as accept_identity
from clinic_desktop.clinic.access.commands.logins import accept_login as accept_login
from clinic_desktop.clinic.access.commands.logins import count_attempt as count_attempt
from clinic_desktop.clinic.access.commands.logins import refuse_login as refuse_login
from clinic_desktop.clinic.access.commands.logins import replace_own_password as replace_own_password
from clinic_desktop.clinic.access.commands.permissions import OWN_ACCOUNT as OWN_ACCOUNT
from clinic_desktop.clinic.access.commands.permissions import OWN_DRAFTS as OWN_DRAFTS
from clinic_desktop.clinic.access.commands.permissions import ROLES as ROLES
from clinic_desktop.clinic.access.commands.permissions import USERS as USERS
from clinic_desktop.clinic.access.commands.roles import assign_roles as assign_roles
from clinic_desktop.clinic.access.commands.roles import define_role as define_role
from clinic_desktop.clinic.access.commands.roles import disable_role as disable_role
from clinic_desktop.clinic.access.commands.roles import enable_role as enable_role
from clinic_desktop.clinic.access.commands.roles import sync_permissions as sync_permissions
