"""User accounts and their sessions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.commands.permissions import OWN_ACCOUNT, USERS
from clinic_desktop.clinic.access.commands.roles import give_roles, take_turn
from clinic_desktop.clinic.access.events import LoggedOut, UserChanged, UserCreated
from clinic_desktop.clinic.access.grants import administrators, require_grantable, roles_of
from clinic_desktop.clinic.access.models import RefreshToken, User
from clinic_desktop.clinic.access.passwords import HashedPassword
from clinic_desktop.clinic.access.rules import (
    ALL_POWERFUL,
    EmailTaken,
    LastAdministrator,
    UsernameTaken,
    UserStatus,
    email_form,
    username_form,
)
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.text import optional_line, required_line


@command(USERS)
def create_user(
    tx: Tx,
    *,
    username: str,
    full_name: str,
    roles: Iterable[str],
    password: HashedPassword | None = None,
    must_change_password: bool = True,
    email: str | None = None,
    phone: str | None = None,
) -> UUID:
    """Create an account; without a password nobody can log in with it until one is set."""
    take_turn(tx)
    wanted = tuple(roles)
    require_grantable(tx.session, tx.actor, wanted)
    name, address = _free_names(tx, username, email)
    user = User(
        username=name,
        email=address,
        full_name=required_line(full_name, "full_name"),
        phone=optional_line(phone, "phone", limit=40),
        password_hash=None if password is None else password.encoded,
        pin_hash=None,
        status=UserStatus.ACTIVE,
        failed_login_attempts=0,
        locked_until=None,
        last_login_at=None,
        must_change_password=must_change_password,
        email_verified=False,
    )
    tx.add(user)
    tx.session.flush()
    give_roles(tx, user_id=user.id, roles=wanted)
    tx.emit(UserCreated(user.id))
    return user.id


def _free_names(tx: Tx, username: str, email: str | None) -> tuple[str, str | None]:
    name, address = username_form(username), email_form(email)
    if tx.session.scalar(select(User.id).where(User.username == name)) is not None:
        raise UsernameTaken("username", username=name)
    if address is not None and tx.session.scalar(select(User.id).where(User.email == address)) is not None:
        raise EmailTaken("email", email=address)
    return name, address


def _user(tx: Tx, user_id: UUID) -> User:
    """The account, locked, if the actor may touch it: nobody resets the password of someone above."""
    take_turn(tx)
    user = tx.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(entity="users", key=str(user_id))
    require_grantable(tx.session, tx.actor, roles_of(tx.session, user_id))
    return user


@command(USERS)
def set_password(tx: Tx, *, user_id: UUID, password: HashedPassword, must_change_password: bool = True) -> None:
    """Give a user a new password, end the lock and every open session."""
    user = _user(tx, user_id)
    user.password_hash, user.must_change_password = password.encoded, must_change_password
    user.failed_login_attempts, user.locked_until = 0, None
    tx.note("password_set", "users", user_id)
    revoke(tx, user_id=user_id)
    tx.emit(UserChanged(user_id))


@command(USERS)
def unlock_user(tx: Tx, *, user_id: UUID) -> None:
    """End the lock after failed logins."""
    user = _user(tx, user_id)
    user.failed_login_attempts, user.locked_until = 0, None
    tx.emit(UserChanged(user_id))


@command(USERS)
def disable_user(tx: Tx, *, user_id: UUID) -> None:
    """Refuse further logins of a user and end every open session."""
    user = _user(tx, user_id)
    user.status = UserStatus.DISABLED
    tx.session.flush()
    if roles_of(tx.session, user_id) & ALL_POWERFUL and not administrators(tx.session):
        raise LastAdministrator
    revoke(tx, user_id=user_id)
    tx.emit(UserChanged(user_id))


@command(USERS)
def enable_user(tx: Tx, *, user_id: UUID) -> None:
    """Let a disabled user log in again."""
    user = _user(tx, user_id)
    user.status = UserStatus.ACTIVE
    tx.emit(UserChanged(user_id))


@command(USERS)
def end_sessions(tx: Tx, *, user_id: UUID) -> None:
    """End every open session of a user."""
    _user(tx, user_id)
    revoke(tx, user_id=user_id)
    tx.emit(LoggedOut(user_id, None))


@command(OWN_ACCOUNT)
def log_out(tx: Tx) -> None:
    """End the actor's own session at the workstation where he sits."""
    user_id = tx.actor.user_id
    if user_id is None:
        raise NotFound(entity="users", key="")
    revoke(tx, user_id=user_id, workstation_id=tx.actor.workstation_id)
    tx.note("logged_out", "users", user_id)
    tx.emit(LoggedOut(user_id, tx.actor.workstation_id))


@step
def revoke(tx: Tx, *, user_id: UUID | None = None, workstation_id: UUID | None = None) -> None:
    """End the open sessions of a user, of a workstation, or of a user at a workstation."""
    open_ones = select(RefreshToken).where(RefreshToken.revoked_at.is_(None)).order_by(RefreshToken.id).with_for_update()
    if user_id is not None:
        open_ones = open_ones.where(RefreshToken.user_id == user_id)
    if workstation_id is not None:
        open_ones = open_ones.where(RefreshToken.workstation_id == workstation_id)
    for token in tx.session.scalars(open_ones):
        token.revoked_at = tx.now
