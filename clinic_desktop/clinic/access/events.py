"""What happened to users, roles and sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("users")
@dataclass(frozen=True, slots=True)
class UserCreated:
    """A user account was created."""

    user_id: UUID


@tells_of("users", "user_roles")
@dataclass(frozen=True, slots=True)
class UserChanged:
    """A user's status, password or roles changed: open sessions must look again."""

    user_id: UUID


@tells_of("roles", "role_permissions")
@dataclass(frozen=True, slots=True)
class RoleChanged:
    """A role's permissions or status changed: open sessions must look again."""

    role_id: UUID


@tells_of("refresh_tokens")
@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A user logged in at a workstation."""

    user_id: UUID
    workstation_id: UUID | None


@tells_of("refresh_tokens")
@dataclass(frozen=True, slots=True)
class LoggedOut:
    """A user's session at a workstation (``None``: all of them) ended."""

    user_id: UUID
    workstation_id: UUID | None


@tells_of()
@dataclass(frozen=True, slots=True)
class ResetMailRequested:
    """A person who forgot the password gets a token by e-mail. For reactions only: subscribers never see it."""

    user_id: UUID
    reset_id: UUID
    full_name: str
    email: str
    token: str = field(repr=False)
    expires_at: datetime


@tells_of()
@dataclass(frozen=True, slots=True)
class CodeRequested:
    """A one-time code is to be sent to a user or a patient. For reactions only: subscribers never see it."""

    code_id: UUID
    purpose: str
    recipient: str
    code: str = field(repr=False)
    expires_at: datetime


@tells_of("otp_verifications", "patients")
@dataclass(frozen=True, slots=True)
class ContactVerified:
    """A patient has shown that an address (VERIFY_EMAIL) or number (VERIFY_PHONE) is theirs."""

    patient_id: UUID
    purpose: str
    contact: str
