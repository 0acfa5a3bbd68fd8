"""Accounts, roles, the transactions of a login, sessions, codes, and drafts."""

from __future__ import annotations

from clinic_desktop.clinic.access import queries as queries  # how an actor is read anew is declared there
from clinic_desktop.clinic.access.commands.accounts import create_user as create_user
from clinic_desktop.clinic.access.commands.accounts import disable_user as disable_user
from clinic_desktop.clinic.access.commands.accounts import edit_user as edit_user
from clinic_desktop.clinic.access.commands.accounts import enable_user as enable_user
from clinic_desktop.clinic.access.commands.accounts import set_password as set_password
from clinic_desktop.clinic.access.commands.accounts import unlock_user as unlock_user
from clinic_desktop.clinic.access.commands.codes import accept_code as accept_code
from clinic_desktop.clinic.access.commands.codes import count_code as count_code
from clinic_desktop.clinic.access.commands.codes import keep_approval as keep_approval
from clinic_desktop.clinic.access.commands.codes import request_own_code as request_own_code
from clinic_desktop.clinic.access.commands.codes import send_code as send_code
from clinic_desktop.clinic.access.commands.codes import use_approval as use_approval
from clinic_desktop.clinic.access.commands.computers import invite_computer as invite_computer
from clinic_desktop.clinic.access.commands.computers import remove_computer as remove_computer
from clinic_desktop.clinic.access.commands.drafts import keep_drafts as keep_drafts
from clinic_desktop.clinic.access.commands.forms import change_grants as change_grants
from clinic_desktop.clinic.access.commands.forms import copy_role as copy_role
from clinic_desktop.clinic.access.commands.forms import rename_role as rename_role
from clinic_desktop.clinic.access.commands.forms import save_account as save_account
from clinic_desktop.clinic.access.commands.kiosk import open_kiosk as open_kiosk
from clinic_desktop.clinic.access.commands.logins import accept_identity as accept_identity
from clinic_desktop.clinic.access.commands.logins import accept_login as accept_login
from clinic_desktop.clinic.access.commands.logins import accept_password as accept_password
from clinic_desktop.clinic.access.commands.logins import count_attempt as count_attempt
from clinic_desktop.clinic.access.commands.logins import refuse_login as refuse_login
from clinic_desktop.clinic.access.commands.logins import replace_own_password as replace_own_password
from clinic_desktop.clinic.access.commands.permissions import HELD_BY_EVERYBODY as HELD_BY_EVERYBODY
from clinic_desktop.clinic.access.commands.permissions import KIOSK_OPEN as KIOSK_OPEN
from clinic_desktop.clinic.access.commands.permissions import KIOSK_SERVE as KIOSK_SERVE
from clinic_desktop.clinic.access.commands.permissions import OWN_ACCOUNT as OWN_ACCOUNT
from clinic_desktop.clinic.access.commands.permissions import OWN_DRAFTS as OWN_DRAFTS
from clinic_desktop.clinic.access.commands.permissions import ROLES as ROLES
from clinic_desktop.clinic.access.commands.permissions import USERS as USERS
from clinic_desktop.clinic.access.commands.pins import accept_pin as accept_pin
from clinic_desktop.clinic.access.commands.pins import clear_own_pin as clear_own_pin
from clinic_desktop.clinic.access.commands.pins import clear_pin as clear_pin
from clinic_desktop.clinic.access.commands.pins import count_pin as count_pin
from clinic_desktop.clinic.access.commands.pins import keep_pin as keep_pin
from clinic_desktop.clinic.access.commands.pins import refuse_pin as refuse_pin
from clinic_desktop.clinic.access.commands.resets import keep_reset_code as keep_reset_code
from clinic_desktop.clinic.access.commands.resets import keep_reset_token as keep_reset_token
from clinic_desktop.clinic.access.commands.resets import use_reset as use_reset
from clinic_desktop.clinic.access.commands.roles import assign_roles as assign_roles
from clinic_desktop.clinic.access.commands.roles import define_role as define_role
from clinic_desktop.clinic.access.commands.roles import disable_role as disable_role
from clinic_desktop.clinic.access.commands.roles import enable_role as enable_role
from clinic_desktop.clinic.access.commands.roles import sync_permissions as sync_permissions
from clinic_desktop.clinic.access.commands.sessions import end_session as end_session
from clinic_desktop.clinic.access.commands.sessions import end_sessions as end_sessions
from clinic_desktop.clinic.access.commands.sessions import log_out as log_out
from clinic_desktop.clinic.access.commands.sessions import note_seen as note_seen
from clinic_desktop.clinic.access.locking import LOCK_MINUTES as LOCK_MINUTES
