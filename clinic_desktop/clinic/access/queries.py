"""What screens and the login ask about users, roles and permissions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.grants import permissions_of, roles_of
from clinic_desktop.clinic.access.models import Draft, PermissionRecord, RefreshToken, Role, RolePermission, User, UserRole
from clinic_desktop.clinic.access.rules import ALL_POWERFUL, AccountDisabled, SessionEnded, UserStatus
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.security import Actor, declared_permissions


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
class SessionRow:
    """An open session."""

    id: UUID
    user_id: UUID
    full_name: str
    workstation_id: UUID | None
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What somebody typed on a screen and did not save (JSON; None: nothing), and whether that screen was open last."""

    screen: str
    body: str | None
    is_open: bool
    updated_at: datetime


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


def open_sessions(session: Session, *, now: datetime) -> list[SessionRow]:
    """Sessions that are neither ended nor run out, newest first."""
    wanted = (
        select(RefreshToken, User.full_name)
        .join(User, User.id == RefreshToken.user_id)
        .where(RefreshToken.revoked_at.is_(None), RefreshToken.expires_at > now)
        .order_by(RefreshToken.issued_at.desc())
    )
    return [
        SessionRow(token.id, token.user_id, name, token.workstation_id, token.issued_at, token.expires_at)
        for token, name in session.execute(wanted)
    ]


def actor_of(session: Session, user_id: UUID, *, clinic_id: UUID | None, workstation_id: UUID | None = None) -> Actor:
    """The actor for a user with the rights that he has now; raises NotFound or AccountDisabled."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(entity="users", key=str(user_id))
    if user.status is not UserStatus.ACTIVE:
        raise AccountDisabled
    held = roles_of(session, user_id)
    return Actor(user.id, user.full_name, permissions_of(session, held), held, clinic_id, workstation_id)


def still_valid(session: Session, actor: Actor, *, now: datetime) -> Actor:
    """The same person with the rights of this moment; raises SessionEnded when the session or the account is closed."""
    if actor.is_system or actor.user_id is None:
        return actor
    wanted = select(RefreshToken.id).where(
        RefreshToken.user_id == actor.user_id,
        RefreshToken.workstation_id == actor.workstation_id,
        RefreshToken.revoked_at.is_(None),
        RefreshToken.expires_at > now,
    )
    if session.scalar(wanted.limit(1)) is None:
        raise SessionEnded
    try:
        return actor_of(session, actor.user_id, clinic_id=actor.clinic_id, workstation_id=actor.workstation_id)
    except AccountDisabled as error:
        raise SessionEnded from error


def own_drafts(session: Session, actor: Actor) -> list[DraftRow]:
    """The actor's drafts by screen: nobody is shown another's."""
    wanted = select(Draft).where(Draft.user_id == actor.user_id).order_by(Draft.screen)
    return [DraftRow(row.screen, row.body, row.is_open, row.updated_at) for row in session.scalars(wanted)]
