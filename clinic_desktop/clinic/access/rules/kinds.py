"""Kinds of access: default roles, states, places, acts; and how names are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.money import Money
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

SESSION_LENGTH = timedelta(hours=14)
KIOSK_LENGTH = timedelta(days=90)
"""A kiosk stands in the hall for weeks; whoever opened it is looked at anew all the same, and can be shut out."""
SEEN_EVERY = timedelta(minutes=1)
"""How old the sighting of a session grows before it is written anew."""
LONGEST_SCREEN = 80
"""Characters of a screen's code."""
MOST_DRAFTED = 1_000_000
"""Characters of all drafts of one person: hundreds of full pages, and still a moment's work for the database."""

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_ROLE_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)


class UserStatus(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody sits: a registered workstation, or else the name of the computer."""

    workstation_id: UUID | None
    host: str | None = None


class SessionEnd(StrEnum):
    """How a session ended: only one that another person's login replaced may be taken up again by PIN."""

    REPLACED = "REPLACED"
    LOGGED_OUT = "LOGGED_OUT"
    REVOKED = "REVOKED"


class OtpPurpose(StrEnum):
    """What a one-time code proves."""

    VERIFY_PHONE = "VERIFY_PHONE"
    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET = "RESET"
    APPROVE = "APPROVE"


@dataclass(frozen=True, slots=True)
class Act:
    """What a second person approves: the command's name, the record, and the amount."""

    kind: str
    record_id: UUID
    amount: Money

    def __str__(self) -> str:
        return f"{self.kind}:{self.record_id}:{self.amount.minor}"


def username_form(text: str) -> str:
    """A username as it is stored and compared: 2 to 40 small letters, digits, dots, dashes."""
    name = text.strip().casefold()
    if not _USERNAME.fullmatch(name):
        raise InvalidInput("username", "not_a_username", text=text)
    return name


def email_form(text: str | None, field: str = "email") -> str | None:
    """An e-mail address as it is stored and compared, or None when there is none."""
    address = optional_line(text, field, limit=254)
    if address is None:
        return None
    if not _EMAIL.fullmatch(address):
        raise InvalidInput(field, "not_an_email", text=address)
    return address.lower()


def role_code(text: str) -> str:
    """A role code: small letters, digits and underscores."""
    if not _ROLE_CODE.fullmatch(text):
        raise InvalidInput("code", "not_a_role_code", text=text)
    return text
