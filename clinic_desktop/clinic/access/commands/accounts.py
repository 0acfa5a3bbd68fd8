"""User accounts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.commands.permissions import USERS
from clinic_desktop.clinic.access.commands.roles import give_roles, take_turn
from clinic_desktop.clinic.access.commands.sessions import shut_out
from clinic_desktop.clinic.access.events import UserChanged, UserCreated
from clinic_desktop.clinic.access.grants import administrators, require_grantable, roles_of
from clinic_desktop.clinic.access.models import User
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
from clinic_desktop.clinic.access.server_logins import keep_login_password
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.ids import new_id
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
    user_id: UUID | None = None,
) -> UUID:
    """Create an account; without a password nobody can log in with it until one is set."""
    take_turn(tx)
    wanted = tuple(roles)
    require_grantable(tx.session, tx.actor, wanted)
    name, address = _free_names(tx, username, email)
    user = User(
        id=user_id or new_id(),
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
    if password is not None:
        keep_login_password(tx, user.id, password)
    return user.id


@command(USERS)
def edit_user(tx: Tx, *, user_id: UUID, username: str, full_name: str, email: str | None = None, phone: str | None = None) -> None:
    """Correct an account; another address or number has to be verified anew."""
    user = touchable(tx, user_id)
    name, address = _free_names(tx, username, email, besides=user_id)
    number = optional_line(phone, "phone", limit=40)
    user.email_verified = user.email_verified and address == user.email
    user.phone_verified = user.phone_verified and number == user.phone
    user.username, user.email, user.phone = name, address, number
    user.full_name = required_line(full_name, "full_name")
    tx.emit(UserChanged(user_id))


def _free_names(tx: Tx, username: str, email: str | None, *, besides: UUID | None = None) -> tuple[str, str | None]:
    name, address = username_form(username), email_form(email)
    others = select(User.id).where(User.id != besides) if besides is not None else select(User.id)
    if tx.session.scalar(others.where(User.username == name)) is not None:
        raise UsernameTaken("username", username=name)
    if address is not None and tx.session.scalar(others.where(User.email == address)) is not None:
        raise EmailTaken("email", email=address)
    return name, address


@step
def touchable(tx: Tx, user_id: UUID) -> User:
    """The account, locked, if the actor may touch it: nobody resets the password of someone above."""
    take_turn(tx)
    user = tx.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(entity="users", key=str(user_id))
    require_grantable(tx.session, tx.actor, roles_of(tx.session, user_id))
    return user


@command(USERS)
def set_password(tx: Tx, *, user_id: UUID, password: HashedPassword, must_change_password: bool = True) -> None:
    """Give a user a new password, end the lock, the PIN and every open session."""
    user = touchable(tx, user_id)
    user.password_hash, user.must_change_password = password.encoded, must_change_password
    user.failed_login_attempts, user.locked_until, user.pin_hash = 0, None, None
    keep_login_password(tx, user_id, password)
    tx.note("password_set", "users", user_id)
    shut_out(tx, user_id)
    tx.emit(UserChanged(user_id))


@command(USERS)
def unlock_user(tx: Tx, *, user_id: UUID) -> None:
    """End the lock after failed logins."""
    user = touchable(tx, user_id)
    user.failed_login_attempts, user.locked_until = 0, None
    tx.emit(UserChanged(user_id))


@command(USERS)
def disable_user(tx: Tx, *, user_id: UUID) -> None:
    """Refuse further logins of a user and end every open session."""
    user = touchable(tx, user_id)
    user.status = UserStatus.DISABLED
    tx.session.flush()
    if roles_of(tx.session, user_id) & ALL_POWERFUL and not administrators(tx.session):
        raise LastAdministrator
    shut_out(tx, user_id)
    tx.emit(UserChanged(user_id))


@command(USERS)
def enable_user(tx: Tx, *, user_id: UUID) -> None:
    """Let a disabled user log in again."""
    user = touchable(tx, user_id)
    user.status = UserStatus.ACTIVE
    tx.emit(UserChanged(user_id))
