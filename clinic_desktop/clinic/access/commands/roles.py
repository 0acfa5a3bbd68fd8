"""Roles, the permissions that they hold, and who holds them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.commands.permissions import HELD_BY_EVERYBODY, ROLES
from clinic_desktop.clinic.access.events import RoleChanged, UserChanged
from clinic_desktop.clinic.access.grants import administrators, permissions_of, require_grantable, roles_of
from clinic_desktop.clinic.access.models import PermissionRecord, Role, RolePermission, User, UserRole
from clinic_desktop.clinic.access.rules import ALL_POWERFUL, DEFAULT_ROLES, SUPER_ADMIN, LastAdministrator, RoleNotGrantable, role_code
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.security import declared_permissions
from clinic_desktop.kernel.text import optional_text, required_line


@step
def take_turn(tx: Tx) -> None:
    """Let changes of accounts and roles run one after the other: "the last administrator" must be true when it commits."""
    tx.session.scalars(select(Role.id).where(Role.code == SUPER_ADMIN).with_for_update(key_share=True)).all()


@command(ROLES)
def sync_permissions(tx: Tx) -> int:
    """Bring the tables to what the code declares; returns how many permissions are new.

    A default role gets only permissions that are new to the database: what a clinic took from a role stays taken.
    """
    take_turn(tx)
    roles = _default_roles(tx)
    known = {row.code: row for row in tx.session.scalars(select(PermissionRecord))}
    declared = {one.code: one for one in declared_permissions()}
    for code, row in known.items():
        row.is_active = code in declared
        row.title = declared[code].title if code in declared else row.title
    fresh = {code: _permission(code, one.title) for code, one in declared.items() if code not in known}
    tx.session.add_all(fresh.values())
    tx.session.flush()
    for code, row in fresh.items():
        for holder in declared[code].roles:
            if holder not in roles:
                raise InvalidInput("roles", "unknown_role", role=holder, permission=code)
            tx.add(_held_by(roles[holder], row.id))
    return len(fresh)


def _permission(code: str, title: str) -> PermissionRecord:
    # The same row in every database of a chain: each program declares its own.
    return PermissionRecord(id=id_of("permissions", code), code=code, title=title, is_active=True)


def _held_by(role: Role, permission_id: UUID) -> RolePermission:
    key = id_of("role_permissions", role.id, permission_id)
    return RolePermission(id=key, role_id=role.id, permission_id=permission_id, is_active=True)


def _default_roles(tx: Tx) -> dict[str, Role]:
    roles = {row.code: row for row in tx.session.scalars(select(Role))}
    for code, name in DEFAULT_ROLES.items():
        if code not in roles:
            roles[code] = tx.add(Role(id=id_of("roles", code), code=code, name=name, description=None, is_default=True, is_active=True))
    tx.session.flush()
    return roles


@command(ROLES)
def define_role(tx: Tx, *, code: str, name: str, permissions: Iterable[str], description: str | None = None) -> UUID:
    """Create a role, or give an existing one exactly these permissions and those that everybody holds."""
    take_turn(tx)
    if role_code(code) in ALL_POWERFUL:
        raise RoleNotGrantable("code", role=code)
    role = tx.session.scalars(select(Role).where(Role.code == code)).one_or_none()
    if role is None:
        role = tx.add(Role(code=code, name="", description=None, is_default=False, is_active=True))
    role.name, role.description = required_line(name, "name", limit=80), optional_text(description, "description")
    tx.session.flush()
    wanted = frozenset(permissions) | HELD_BY_EVERYBODY
    held = permissions_of(tx.session, (code,))
    beyond = sorted((wanted | held) - tx.actor.permissions - HELD_BY_EVERYBODY)
    if beyond and not tx.actor.is_system and not tx.actor.roles & ALL_POWERFUL:
        raise RoleNotGrantable("permissions", role=code, permission=beyond[0])
    _give(tx, role, wanted)
    tx.emit(RoleChanged(role.id))
    return role.id


def _give(tx: Tx, role: Role, wanted: frozenset[str]) -> None:
    rows = {row.code: row.id for row in tx.session.scalars(select(PermissionRecord).where(PermissionRecord.is_active))}
    unknown = sorted(wanted - rows.keys())
    if unknown:
        raise InvalidInput("permissions", "unknown_permission", permission=unknown[0])
    wanted_ids = {rows[code] for code in wanted}
    links = {link.permission_id: link for link in tx.session.scalars(select(RolePermission).where(RolePermission.role_id == role.id))}
    for permission_id, link in links.items():
        link.is_active = permission_id in wanted_ids
    for permission_id in sorted(wanted_ids - links.keys()):
        tx.add(_held_by(role, permission_id))


@command(ROLES)
def assign_roles(tx: Tx, *, user_id: UUID, roles: Iterable[str]) -> None:
    """Give a user exactly these roles."""
    take_turn(tx)
    user = tx.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(entity="users", key=str(user_id))
    before = roles_of(tx.session, user_id)
    require_grantable(tx.session, tx.actor, before ^ frozenset(roles))
    give_roles(tx, user_id=user_id, roles=tuple(roles))
    tx.session.flush()
    if before & ALL_POWERFUL and not administrators(tx.session):
        raise LastAdministrator
    tx.emit(UserChanged(user_id))


@step
def give_roles(tx: Tx, *, user_id: UUID, roles: tuple[str, ...]) -> None:
    """Make a user's roles exactly these, whoever asks: the caller has checked that they may be granted."""
    rows = {row.code: row for row in tx.session.scalars(select(Role).where(Role.code.in_(roles), Role.is_active))}
    unknown = sorted(set(roles) - rows.keys())
    if unknown:
        raise InvalidInput("roles", "unknown_role", role=unknown[0])
    wanted = {row.id for row in rows.values()}
    links = {link.role_id: link for link in tx.session.scalars(select(UserRole).where(UserRole.user_id == user_id))}
    for role_id, link in links.items():
        link.is_active = role_id in wanted
    for role_id in sorted(wanted - links.keys()):
        tx.add(UserRole(id=id_of("user_roles", user_id, role_id), user_id=user_id, role_id=role_id, is_active=True))


@command(ROLES)
def disable_role(tx: Tx, *, code: str) -> None:
    """Take a role out of use: nobody who holds it has its permissions any more."""
    _switch_role(tx, code, is_active=False)


@command(ROLES)
def enable_role(tx: Tx, *, code: str) -> None:
    """Put a disabled role back into use."""
    _switch_role(tx, code, is_active=True)


def _switch_role(tx: Tx, code: str, *, is_active: bool) -> None:
    take_turn(tx)
    role = tx.session.scalars(select(Role).where(Role.code == code).with_for_update()).one_or_none()
    if role is None:
        raise NotFound(entity="roles", key=code)
    if code in ALL_POWERFUL:
        raise RoleNotGrantable("code", role=code)
    require_grantable(tx.session, tx.actor, (code,))
    role.is_active = is_active
    tx.emit(RoleChanged(role.id))
