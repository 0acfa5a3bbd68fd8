"""What the screens of people call things."""

from __future__ import annotations

from collections.abc import Iterable

from clinic_desktop.clinic.access.queries import RoleRow
from clinic_desktop.clinic.access.rules import DEFAULT_ROLES
from clinic_desktop.kernel.i18n import _
from clinic_desktop.wording.access import PERMISSION_GROUPS


def role_name(code: str, name: str = "") -> str:
    """What a role is called: the default ones by the language, a clinic's own by its name."""
    known = DEFAULT_ROLES.get(code)
    return _(known) if known is not None and name in ("", known) else name or code


def in_order(rows: Iterable[RoleRow]) -> list[RoleRow]:
    """Roles in the order of the program, then the clinic's own by name."""
    order = list(DEFAULT_ROLES)
    return sorted(rows, key=lambda one: (order.index(one.code) if one.code in order else len(order), one.name))


def group_name(permission: str) -> str:
    """The department that a permission belongs to."""
    group = permission.partition(".")[0]
    known = PERMISSION_GROUPS.get(group)
    return _(known) if known is not None else group.capitalize()


def group_place(permission: str) -> int:
    """Where the department stands: the order of a patient's way through the clinic, administration last."""
    order = list(PERMISSION_GROUPS)
    group = permission.partition(".")[0]
    return order.index(group) if group in order else len(order)
