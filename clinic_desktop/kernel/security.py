"""Who acts and what they may do: permissions are declared beside the commands that they guard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from clinic_desktop.kernel.errors import PermissionDenied


@dataclass(frozen=True, slots=True)
class Permission:
    """A right such as ``patients.create``, with the default roles that hold it."""

    code: str
    title: str
    roles: tuple[str, ...]

    def __str__(self) -> str:
        return self.code


_declared: dict[str, Permission] = {}


def permission(code: str, title: str, *roles: str) -> Permission:
    """Declare a permission beside the commands that need it; ``title`` is marked for translation by the caller."""
    if code in _declared:
        raise ValueError(f"permission {code} is declared twice")
    declared = Permission(code, title, roles)
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
