"""What one form of the screens saves: an account with its roles, or the changes of a whole matrix, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.commands.accounts import create_user, edit_user
from clinic_desktop.clinic.access.commands.permissions import ROLES, USERS
from clinic_desktop.clinic.access.commands.roles import assign_roles, define_role
from clinic_desktop.clinic.access.grants import roles_of
from clinic_desktop.clinic.access.models import PermissionRecord, Role, RolePermission
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.text import search_form


@command(USERS)
def save_account(
    tx: Tx,
    *,
    user_id: UUID | None,
    username: str,
    full_name: str,
    roles: Iterable[str],
    email: str | None = None,
    phone: str | None = None,
) -> UUID:
    """Create an account without a password yet, or correct one; its roles are exactly these."""
    wanted = tuple(roles)
    if user_id is None:
        return create_user(tx, username=username, full_name=full_name, roles=wanted, email=email, phone=phone)
    edit_user(tx, user_id=user_id, username=username, full_name=full_name, email=email, phone=phone)
    if roles_of(tx.session, user_id) != frozenset(wanted):
        assign_roles(tx, user_id=user_id, roles=wanted)
    return user_id


@command(ROLES)
def change_grants(tx: Tx, *, changes: Mapping[str, Mapping[str, bool]]) -> None:
    """Give permissions to roles and take others away: by role, which permission it holds from now on and which not."""
    for code in sorted(changes):
        role = _role(tx, code)
        held = set(_granted(tx, role))
        held |= {permission for permission, is_held in changes[code].items() if is_held}
        held -= {permission for permission, is_held in changes[code].items() if not is_held}
        define_role(tx, code=code, name=role.name, permissions=held, description=role.description)


@command(ROLES)
def copy_role(tx: Tx, *, name: str, copied_from: str | None = None) -> str:
    """Create a role of the clinic's own, with the permissions of another; returns its code."""
    code = _free_code(tx, name)
    held = _granted(tx, _role(tx, copied_from)) if copied_from is not None else frozenset[str]()
    define_role(tx, code=code, name=name, permissions=held)
    return code


@command(ROLES)
def rename_role(tx: Tx, *, code: str, name: str) -> None:
    """Call a role something else; what it holds stays."""
    role = _role(tx, code)
    define_role(tx, code=code, name=name, permissions=_granted(tx, role), description=role.description)


def _role(tx: Tx, code: str) -> Role:
    role = tx.session.scalars(select(Role).where(Role.code == code)).one_or_none()
    if role is None:
        raise NotFound(entity="roles", key=code)
    return role


def _granted(tx: Tx, role: Role) -> frozenset[str]:
    """What a role holds, whether it is in use or not."""
    links = select(PermissionRecord.code).join(RolePermission, RolePermission.permission_id == PermissionRecord.id)
    wanted = links.where(RolePermission.role_id == role.id, RolePermission.is_active, PermissionRecord.is_active)
    return frozenset(tx.session.scalars(wanted))


def _free_code(tx: Tx, name: str) -> str:
    plain = "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in search_form(name)).split())[:30]
    code = plain if plain[:1].isalpha() and len(plain) > 1 else f"role_{new_id().hex[-8:]}"
    taken = tx.session.scalar(select(Role.id).where(Role.code == code)) is not None
    return f"{code}_{new_id().hex[-6:]}" if taken else code
