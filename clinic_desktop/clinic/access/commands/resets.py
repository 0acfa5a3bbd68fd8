"""Forgotten passwords: a code that an administrator reads out, or a token that comes by e-mail; each opens once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from clinic_desktop.clinic.access.commands.accounts import touchable
from clinic_desktop.clinic.access.commands.logins import program_only
from clinic_desktop.clinic.access.commands.permissions import USERS
from clinic_desktop.clinic.access.commands.sessions import shut_out
from clinic_desktop.clinic.access.events import ResetMailRequested, UserChanged
from clinic_desktop.clinic.access.models import PasswordReset, User
from clinic_desktop.clinic.access.passwords import HashedCode, HashedPassword
from clinic_desktop.clinic.access.rules import (
    COUNTED_WITHIN,
    MOST_RESET_MAILS,
    RESET_CODE_LIFE,
    RESET_TOKEN_LIFE,
    AccountDisabled,
    CodeRefused,
    UserStatus,
)
from clinic_desktop.clinic.access.server_logins import allow_login_reset, reset_login_password
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.lan.seats import has_logins
from clinic_desktop.kernel.reactions import react
from clinic_desktop.kernel.text import clean_line


@command(USERS)
def keep_reset_code(tx: Tx, *, user_id: UUID, code: HashedCode) -> datetime:
    """Keep the code that the actor will read out to a user; an earlier one is void. Returns until when it opens."""
    user = touchable(tx, user_id)
    _void(tx, user_id, by_mail=False)
    row = PasswordReset(user_id=user.id, token_hash=code.encoded, expires_at=tx.now + RESET_CODE_LIFE, used_at=None)
    row.issued_by_id = tx.actor.user_id or user.id
    tx.add(row)
    allow_login_reset(tx, user_id, code)
    tx.note("reset_code_issued", "users", user_id)
    return row.expires_at


@command(USERS)
def keep_reset_token(tx: Tx, *, name: str, token: HashedCode) -> None:
    """Send a token to the address of whoever this username or address belongs to; the same answer when it is nobody's."""
    program_only(tx)
    typed = clean_line(name).casefold()
    wanted = select(User).where(or_(User.username == typed, User.email == typed), User.status == UserStatus.ACTIVE)
    user = tx.session.scalars(wanted.where(User.email.is_not(None)).with_for_update()).one_or_none()
    # A login on the server takes a new password from an administrator's code only: whoever has this computer could ask for a token.
    is_off = has_logins(tx.engine)
    if is_off or user is None or user.email is None or _mails_lately(tx, user.id) >= MOST_RESET_MAILS:
        tx.note("reset_mail_not_sent", "users", UUID(int=0) if user is None else user.id)
        return
    _void(tx, user.id, by_mail=True)
    row = PasswordReset(user_id=user.id, token_hash=token.encoded, expires_at=tx.now + RESET_TOKEN_LIFE, used_at=None, issued_by_id=None)
    tx.add(row)
    tx.session.flush()
    tx.note("reset_mail_requested", "users", user.id)
    # To the reactions only: the screens that hear events have no use for a token.
    react(tx, ResetMailRequested(user.id, row.id, user.full_name, user.email, token.plain, row.expires_at))


def _mails_lately(tx: Tx, user_id: UUID) -> int:
    wanted = select(func.count()).where(PasswordReset.user_id == user_id, PasswordReset.issued_by_id.is_(None))
    return tx.session.scalar(wanted.where(PasswordReset.created_at > tx.now - COUNTED_WITHIN)) or 0


def _void(tx: Tx, user_id: UUID, *, by_mail: bool) -> None:
    issuer = PasswordReset.issued_by_id
    wanted = select(PasswordReset).where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
    for row in tx.session.scalars(wanted.where(issuer.is_(None) if by_mail else issuer.is_not(None)).order_by(PasswordReset.id)):
        row.used_at = tx.now


@command(USERS)
def use_reset(tx: Tx, *, user_id: UUID, reset_id: UUID, password: HashedPassword, code: str | None = None) -> None:
    """Replace a forgotten password by whoever has just shown the code: it opens once, and ends lock, PIN and sessions."""
    program_only(tx)
    user = tx.session.get(User, user_id, with_for_update=True)
    row = tx.session.get(PasswordReset, reset_id, with_for_update=True, populate_existing=True)
    if user is None or row is None or row.user_id != user_id or row.used_at is not None or row.expires_at <= tx.now:
        raise CodeRefused("code")
    if user.status is not UserStatus.ACTIVE:
        raise AccountDisabled
    row.used_at = tx.now
    reset_login_password(tx, user_id, code, password)
    user.password_hash, user.must_change_password, user.pin_hash = password.encoded, False, None
    user.failed_login_attempts, user.locked_until = 0, None
    shut_out(tx, user_id)
    tx.note("password_reset", "users", user_id, by="mail" if row.issued_by_id is None else "code")
    tx.emit(UserChanged(user_id))
