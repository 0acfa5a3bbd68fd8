"""Who holds what now, read from the rows; and what one person may hand on to another."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import PermissionRecord, Role, RolePermission, User, UserRole
from clinic_desktop.clinic.access.rules import ADMIN, ALL_POWERFUL, SUPER_ADMIN, RoleNotGrantable, UserStatus
from clinic_desktop.kernel.security import Actor, declared_permissions


def roles_of(session: Session, user_id: UUID) -> frozenset[str]:
    """Codes of the active roles that a user holds."""
    wanted = select(Role.code).join(UserRole, UserRole.role_id == Role.id)
    return frozenset(session.scalars(wanted.where(UserRole.user_id == user_id, UserRole.is_active, Role.is_active)))


def permissions_of(session: Session, role_codes: Iterable[str]) -> frozenset[str]:
    """Codes of the permissions that roles hold together; owner and administrator hold every declared one."""
    codes = frozenset(role_codes)
    if codes & ALL_POWERFUL:
        return frozenset(one.code for one in declared_permissions())
    wanted = (
        select(PermissionRecord.code)
        .join(RolePermission, RolePermission.permission_id == PermissionRecord.id)
        .join(Role, Role.id == RolePermission.role_id)
        .where(Role.code.in_(codes), Role.is_active, RolePermission.is_active, PermissionRecord.is_active)
    )
    return frozenset(session.scalars(wanted))


def require_grantable(session: Session, actor: Actor, role_codes: Iterable[str]) -> None:
    """Refuse to hand on, or to touch a holder of, a role that reaches further than the actor's own rights."""
    if actor.is_system or SUPER_ADMIN in actor.roles:
        return
    for code in sorted(role_codes):
        if code == SUPER_ADMIN or (code == ADMIN and not actor.roles & ALL_POWERFUL):
            raise RoleNotGrantable("roles", role=code)
        if not permissions_of(session, (code,)) <= actor.permissions and not actor.roles & ALL_POWERFUL:
            raise RoleNotGrantable("roles", role=code)


def administrators(session: Session) -> int:
    """How many active users may administer the program."""
    wanted = (
        select(func.count(User.id.distinct()))
        .join(UserRole, UserRole.user_id == User.id)
        .join(Role, Role.id == UserRole.role_id)
        .where(User.status == UserStatus.ACTIVE, UserRole.is_active, Role.is_active, Role.code.in_(ALL_POWERFUL))
    )
    return session.scalar(wanted) or 0
