"""What happened to users, roles and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class UserCreated:
    """A user account was created."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class UserChanged:
    """A user's status, password or roles changed: open sessions must look again."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """A role's permissions or status changed: open sessions must look again."""

    role_id: UUID


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A user logged in at a workstation."""

    user_id: UUID
    workstation_id: UUID | None


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """A user's session at a workstation (``None``: all of them) ended."""

    user_id: UUID
    workstation_id: UUID | None
