"""Who acts and what they may do: permissions are declared beside the commands that they guard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from clinic_desktop.kernel.errors import PasswordNeeded, PermissionDenied


@dataclass(frozen=True, slots=True)
class Permission:
    """A right such as ``patients.create``, with the default roles that hold it; a PIN alone may not be enough for what it guards."""

    code: str
    title: str
    roles: tuple[str, ...]
    needs_password: bool = False

    def __str__(self) -> str:
        return self.code


_declared: dict[str, Permission] = {}


def permission(code: str, title: str, *roles: str, needs_password: bool = False) -> Permission:
    """Declare a permission beside the commands that need it; ``title`` is marked for translation by the caller.

    With ``needs_password`` whoever came in by a PIN is asked for the password before any command that it guards.
    """
    if code in _declared:
        raise ValueError(f"permission {code} is declared twice")
    declared = Permission(code, title, roles, needs_password)
    _declared[code] = declared
    return declared


def declared_permissions() -> list[Permission]:
    """Every permission of the departments imported so far, by code."""
    return [_declared[code] for code in sorted(_declared)]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the program itself) on whose behalf a transaction runs."""

    user_id: UUID | None
    name: str
    permissions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    clinic_id: UUID | None = None
    workstation_id: UUID | None = None
    is_system: bool = field(default=False)
    session_id: UUID | None = field(default=None, compare=False)
    """The session at a workstation; None for the program itself and in tests: nobody asks whether it still stands."""
    stamp: int | None = field(default=None, compare=False)
    """The access stamp at which these rights were read."""
    valid_until: datetime | None = field(default=None, compare=False)
    by_pin: bool = field(default=False, compare=False)
    """Came in by a PIN: what needs a password is refused until it was confirmed."""
    confirmed_until: datetime | None = field(default=None, compare=False)
    approval_id: UUID | None = field(default=None, compare=False)
    """As a second person: the one-time approval that the act uses up."""

    @classmethod
    def system(cls, name: str = "system", *, clinic_id: UUID | None = None) -> Actor:
        """The program itself, for set-up, imports and maintenance started from the command line."""
        return cls(user_id=None, name=name, clinic_id=clinic_id, is_system=True)

    def may(self, wanted: Permission) -> bool:
        """Whether this actor holds the permission: screens ask this before they offer an action."""
        return self.is_system or wanted.code in self.permissions

    def may_any(self, wanted: Iterable[Permission]) -> bool:
        """Whether this actor holds at least one of the permissions."""
        return any(self.may(one) for one in wanted)

    def require(self, wanted: Permission, command: str) -> None:
        """Raise PermissionDenied unless the actor holds the permission."""
        if not self.may(wanted):
            raise PermissionDenied(permission=wanted.code, command=command)

    def require_password(self, now: datetime, command: str) -> None:
        """Raise PasswordNeeded when only a PIN stands behind this actor and the password was not confirmed lately."""
        if self.by_pin and (self.confirmed_until is None or now >= self.confirmed_until):
            raise PasswordNeeded(command=command)
