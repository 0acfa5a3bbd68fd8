"""Columns of users, roles and sessions."""

from clinic_desktop.kernel.i18n import N_

COLUMNS = {
    "act": N_("act"),
    "attempts": N_("attempts"),
    "body": N_("text"),
    "by_pin": N_("by PIN"),
    "kiosk_since": N_("as a kiosk since"),
    "code_hash": N_("code"),
    "confirmed_until": N_("password confirmed until"),
    "ended_as": N_("ended by"),
    "failed_login_attempts": N_("failed logins"),
    "host": N_("computer"),
    "is_default": N_("built in"),
    "is_open": N_("open"),
    "is_verified": N_("verified"),
    "issued_by_id": N_("issued by"),
    "last_login_at": N_("last login"),
    "must_change_password": N_("password must be changed"),
    "permission_id": N_("permission"),
    "pin_failures": N_("wrong PINs"),
    "pin_hash": N_("PIN"),
    "purpose": N_("purpose"),
    "role_id": N_("role"),
    "screen": N_("screen"),
    "sent_to": N_("sent to"),
    "session_id": N_("session"),
    "title": N_("title"),
    "token_hash": N_("token"),
    "username": N_("username"),
    "username_hash": N_("username"),
}
