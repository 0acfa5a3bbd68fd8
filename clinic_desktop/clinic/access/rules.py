"""Kinds and pure rules of access: default roles, usernames, passwords and the lock after failed logins."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.resources import resource_path
from clinic_desktop.kernel.text import optional_line

SUPER_ADMIN = "super_admin"
ADMIN = "admin"
ALL_POWERFUL = frozenset((SUPER_ADMIN, ADMIN))
"""Roles that hold every permission by rule, those of later versions included."""

DEFAULT_ROLES: dict[str, str] = {
    SUPER_ADMIN: N_("Owner"),
    ADMIN: N_("Administrator"),
    "receptionist": N_("Receptionist"),
    "nurse": N_("Nurse"),
    "doctor": N_("Doctor"),
    "dentist": N_("Dentist"),
    "optician": N_("Optician"),
    "pharmacist": N_("Pharmacist"),
    "lab_technician": N_("Laboratory technician"),
    "cashier": N_("Cashier"),
    "inventory_manager": N_("Inventory manager"),
    "auditor": N_("Auditor"),
}

FREE_FAILURES = 5
"""Failed logins before the account locks for the first time."""
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(hours=12)
SESSION_LENGTH = timedelta(hours=14)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
LONGEST_SCREEN = 80
"""Characters of a screen's code."""
MOST_DRAFTED = 1_000_000
"""Characters of all drafts of one person: hundreds of full pages, and still a moment's work for the database."""

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ROLE_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)


class LoginRefused(ClinicError):
    """Wrong username or password: the same answer whichever it was."""

    code = "login_refused"


class LoginLocked(ClinicError):
    """Too many failures: param ``seconds`` until the next attempt is looked at."""

    code = "login_locked"


class AccountDisabled(ClinicError):
    """The password was right, but the account may not be used."""

    code = "account_disabled"


class PasswordChangeRequired(ClinicError):
    """The password was right, but must be changed before work begins."""

    code = "password_change_required"


class SessionEnded(ClinicError):
    """The session was ended, or the account disabled, since this person logged in."""

    code = "session_ended"


class LastAdministrator(ClinicError):
    """The action would leave nobody who can administer the program."""

    code = "last_administrator"


class RoleNotGrantable(ClinicError):
    """Only an owner may grant, take away or touch the owner's role: param ``role``."""

    code = "role_not_grantable"


class UsernameTaken(ClinicError):
    """Another user has this username."""

    code = "username_taken"


class EmailTaken(ClinicError):
    """Another user has this e-mail address."""

    code = "email_taken"


class DraftsTooLarge(ClinicError):
    """More is typed than is kept unsaved: param ``limit``, in characters over all screens of the person."""

    code = "drafts_too_large"


class UserStatus(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class OtpPurpose(StrEnum):
    """What a one-time code proves."""

    VERIFY_PHONE = "VERIFY_PHONE"
    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET = "RESET"
    APPROVE = "APPROVE"


def username_form(text: str) -> str:
    """A username as it is stored and compared: 2 to 40 small letters, digits, dots, dashes."""
    name = text.strip().casefold()
    if not _USERNAME.fullmatch(name):
        raise InvalidInput("username", "not_a_username", text=text)
    return name


def email_form(text: str | None) -> str | None:
    """An e-mail address as it is stored and compared, or None when there is none."""
    address = optional_line(text, "email", limit=254)
    if address is None:
        return None
    if not _EMAIL.fullmatch(address):
        raise InvalidInput("email", "not_an_email", text=address)
    return address.lower()


def role_code(text: str) -> str:
    """A role code: small letters, digits and underscores."""
    if not _ROLE_CODE.fullmatch(text):
        raise InvalidInput("code", "not_a_role_code", text=text)
    return text


def password_form(text: str) -> str:
    """NFKC, so that one password typed on two keyboards is the same (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


COMMON_PASSWORDS = frozenset(resource_path("code_lists/common_passwords.txt").read_text(encoding="utf-8").split())


def check_password(text: str, *, username: str) -> str:
    """The password to hash, or InvalidInput: length, not a common one, not the username; no composition rules."""
    password = password_form(text)
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput("password", "password_too_short", least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput("password", "too_long", limit=LONGEST_PASSWORD)
    folded = password.casefold()
    if folded in COMMON_PASSWORDS or len(set(folded)) == 1 or folded == username.casefold():
        raise InvalidInput("password", "password_too_common")
    return password


def lock_length(failures: int) -> timedelta:
    """How long a login stays locked after that many failures in a row: nothing, then doubling to a limit."""
    if failures < FREE_FAILURES:
        return timedelta()
    doublings = min(failures - FREE_FAILURES, 20)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def lock_end(failures: int, locked_until: datetime | None, now: datetime) -> datetime | None:
    """When the lock ends, or None when it is over.

    A lock never lasts longer than its length from now: a clock that was set back must not lock a person out for years.
    """
    if locked_until is None or locked_until <= now:
        return None
    return min(locked_until, now + lock_length(failures))
