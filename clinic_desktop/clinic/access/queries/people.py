"""Accounts, roles and permissions: who may do what, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.grants import permissions_of, roles_of
from clinic_desktop.clinic.access.models import PermissionRecord, Role, RolePermission, User, UserRole
from clinic_desktop.clinic.access.rules import ALL_POWERFUL, UserStatus
from clinic_desktop.kernel.security import declared_permissions


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account with the codes of its roles."""

    id: UUID
    username: str
    full_name: str
    email: str | None
    phone: str | None
    status: UserStatus
    roles: tuple[str, ...]
    last_login_at: datetime | None
    locked_until: datetime | None
    must_change_password: bool
    has_password: bool
    has_pin: bool
    email_verified: bool
    phone_verified: bool


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role with the codes of its permissions and the number of its active holders."""

    id: UUID
    code: str
    name: str
    description: str | None
    is_default: bool
    is_active: bool
    permissions: tuple[str, ...]
    holders: int


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """A permission that the program knows."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A permission and the roles of one user that give it; without any he does not hold it."""

    code: str
    title: str
    roles: tuple[str, ...]

    @property
    def is_held(self) -> bool:
        """Whether the user may do this now."""
        return bool(self.roles)


def users(session: Session, *, role: str | None = None, with_disabled: bool = True) -> list[UserRow]:
    """Accounts by name: all, or those that hold one role."""
    held: dict[UUID, list[str]] = defaultdict(list)
    links = select(UserRole.user_id, Role.code).join(Role, Role.id == UserRole.role_id).where(UserRole.is_active, Role.is_active)
    for user_id, code in session.execute(links.order_by(Role.code)):
        held[user_id].append(code)
    wanted = select(User).order_by(User.full_name, User.username)
    if not with_disabled:
        wanted = wanted.where(User.status == UserStatus.ACTIVE)
    rows = [_user_row(user, held[user.id]) for user in session.scalars(wanted)]
    return [row for row in rows if role is None or role in row.roles]


def _user_row(user: User, roles: list[str]) -> UserRow:
    return UserRow(
        id=user.id,
        username=user.username,
        full_name=user.full_name,
        email=user.email,
        phone=user.phone,
        status=user.status,
        roles=tuple(roles),
        last_login_at=user.last_login_at,
        locked_until=user.locked_until,
        must_change_password=user.must_change_password,
        has_password=user.password_hash is not None,
        has_pin=user.pin_hash is not None,
        email_verified=user.email_verified,
        phone_verified=user.phone_verified,
    )


def roles(session: Session) -> list[RoleRow]:
    """Roles by name; owner and administrator list every declared permission."""
    held: dict[UUID, list[str]] = defaultdict(list)
    links = (
        select(RolePermission.role_id, PermissionRecord.code)
        .join(PermissionRecord, PermissionRecord.id == RolePermission.permission_id)
        .where(RolePermission.is_active, PermissionRecord.is_active)
    )
    for role_id, code in session.execute(links.order_by(PermissionRecord.code)):
        held[role_id].append(code)
    holders: dict[UUID, int] = defaultdict(int)
    people = select(UserRole.role_id).join(User, User.id == UserRole.user_id)
    for role_id in session.scalars(people.where(UserRole.is_active, User.status == UserStatus.ACTIVE)):
        holders[role_id] += 1
    everything = [one.code for one in declared_permissions()]
    return [
        RoleRow(
            id=role.id,
            code=role.code,
            name=role.name,
            description=role.description,
            is_default=role.is_default,
            is_active=role.is_active,
            permissions=tuple(everything if role.code in ALL_POWERFUL else held[role.id]),
            holders=holders[role.id],
        )
        for role in session.scalars(select(Role).order_by(Role.name))
    ]


def permissions(session: Session) -> list[PermissionRow]:
    """Active permissions by code."""
    wanted = select(PermissionRecord).where(PermissionRecord.is_active).order_by(PermissionRecord.code)
    return [PermissionRow(row.code, row.title) for row in session.scalars(wanted)]


def effective_permissions(session: Session, user_id: UUID) -> frozenset[str]:
    """The permissions that a user's roles give him now."""
    return permissions_of(session, roles_of(session, user_id))


def grants(session: Session, user_id: UUID) -> list[GrantRow]:
    """Every permission, with what gives it to a user: why he may do something, or what he lacks."""
    held = roles_of(session, user_id)
    by_role = {row.code: frozenset(row.permissions) for row in roles(session) if row.code in held}
    return [
        GrantRow(one.code, one.title, tuple(role for role in sorted(held) if one.code in by_role[role])) for one in permissions(session)
    ]
