"""The transactions of a login; ``access.login`` runs them around the slow password check, as the program itself.

An attempt is counted before the password is looked at. So parallel guesses cannot outrun the counter, and a crash counts as a failure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.commands.permissions import USERS
from clinic_desktop.clinic.access.commands.sessions import open_session, shut_out
from clinic_desktop.clinic.access.events import UserChanged
from clinic_desktop.clinic.access.models import LoginFailure, RefreshToken, User
from clinic_desktop.clinic.access.passwords import HashedPassword
from clinic_desktop.clinic.access.rules import CONFIRMED_FOR, Desk, UserStatus, lock_end, lock_length
from clinic_desktop.clinic.access.server_logins import keep_login_password
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound, PermissionDenied
from clinic_desktop.kernel.sharing import NotWhileDetached, series_of
from clinic_desktop.kernel.text import clean_line


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt: what to check the password against, or for how many seconds it is not looked at at all."""

    entity: str
    entity_id: UUID
    username: str
    full_name: str
    password_hash: str | None
    locked_seconds: int

    def __repr__(self) -> str:
        return f"Attempt({self.username!r}, locked_seconds={self.locked_seconds})"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a right password leads to: an open session, unless the account is disabled or a new password is due."""

    is_disabled: bool
    must_change_password: bool
    session_id: UUID | None = None


@command(USERS)
def count_attempt(tx: Tx, *, username: str) -> Attempt:
    """Count a login attempt as failed until it succeeds; while the username is locked nothing is counted."""
    program_only(tx)
    name = clean_line(username).casefold()
    user = tx.session.scalars(select(User).where(User.username == name).with_for_update()).one_or_none()
    row = user if user is not None else _failures_of_nobody(tx, name)
    entity, full_name = row.__tablename__, "" if user is None else user.full_name
    end = lock_end(row.failed_login_attempts, row.locked_until, tx.now)
    if end is not None:
        row.locked_until = end
        tx.note("login_locked", entity, row.id)
        return Attempt(entity, row.id, name, full_name, None, max(1, math.ceil((end - tx.now).total_seconds())))
    row.failed_login_attempts += 1
    length = lock_length(row.failed_login_attempts)
    row.locked_until = tx.now + length if length else None
    return Attempt(entity, row.id, name, full_name, None if user is None else user.password_hash, 0)


def _failures_of_nobody(tx: Tx, name: str) -> LoginFailure:
    # Hashed: people type their password into this field by mistake.
    key = sha256(name.encode()).hexdigest()
    wanted = select(LoginFailure).where(LoginFailure.username_hash == key).with_for_update()
    known = tx.session.scalars(wanted).one_or_none()
    return known or tx.add(LoginFailure(username_hash=key, failed_login_attempts=0, locked_until=None))


@command(USERS)
def refuse_login(tx: Tx, *, attempt: Attempt) -> None:
    """Audit a wrong password; the attempt is counted already."""
    program_only(tx)
    tx.note("login_failed", attempt.entity, attempt.entity_id)


@command(USERS)
def accept_login(tx: Tx, *, user_id: UUID, desk: Desk, rehashed: HashedPassword | None = None) -> Accepted:
    """Forget the failures, of passwords and PINs, and open a session."""
    program_only(tx)
    user = _locked(tx, user_id)
    user.failed_login_attempts, user.locked_until = 0, None
    if rehashed is not None:
        user.password_hash = rehashed.encoded
    if user.status is not UserStatus.ACTIVE or user.must_change_password:
        is_disabled = user.status is not UserStatus.ACTIVE
        tx.note("login_disabled" if is_disabled else "login_password_due", "users", user.id)
        return Accepted(is_disabled, user.must_change_password)
    user.pin_failures = 0
    return Accepted(is_disabled=False, must_change_password=False, session_id=open_session(tx, user, desk))


@command(USERS)
def accept_password(tx: Tx, *, session_id: UUID) -> None:
    """Lift, for a while, what the PIN session may not do: its owner has just given the password."""
    program_only(tx)
    token = tx.session.get(RefreshToken, session_id, with_for_update=True)
    if token is None:
        raise NotFound(entity="refresh_tokens", key=str(session_id))
    user = _locked(tx, token.user_id)
    user.failed_login_attempts, user.locked_until = 0, None
    token.confirmed_until = tx.now + CONFIRMED_FOR
    tx.note("password_confirmed", "users", user.id)


@command(USERS)
def accept_identity(tx: Tx, *, user_id: UUID, asked_by: UUID | None) -> Accepted:
    """Note that a second person has proved who they are; no session is opened and theirs elsewhere goes on."""
    program_only(tx)
    user = _locked(tx, user_id)
    user.failed_login_attempts, user.locked_until = 0, None
    is_disabled = user.status is not UserStatus.ACTIVE
    is_good = not is_disabled and not user.must_change_password
    tx.note("identity_confirmed" if is_good else "identity_not_accepted", "users", user.id, asked_by=str(asked_by))
    return Accepted(is_disabled, user.must_change_password)


@command(USERS)
def replace_own_password(tx: Tx, *, user_id: UUID, password: HashedPassword, session_id: UUID | None = None) -> None:
    """Replace a password by its owner, who has just proved the old one; of the sessions only the one at hand goes on."""
    program_only(tx)
    if series_of(tx.session):
        # The server lets this person in by the password that it knows: only there can it be changed.
        raise NotWhileDetached(table="users")
    user = _locked(tx, user_id)
    user.password_hash, user.must_change_password = password.encoded, False
    user.failed_login_attempts, user.locked_until = 0, None
    keep_login_password(tx, user_id, password)
    shut_out(tx, user_id, besides=session_id)
    tx.note("password_changed", "users", user_id)
    tx.emit(UserChanged(user_id))


@step
def program_only(tx: Tx) -> None:
    """Refuse everybody: not even an owner opens another person's session, only access.login does, after it has seen the password."""
    if not tx.actor.is_system:
        raise PermissionDenied(permission=USERS.code, command=tx.command)


def _locked(tx: Tx, user_id: UUID) -> User:
    user = tx.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(entity="users", key=str(user_id))
    return user
