"""PINs: the short way back in, for whoever has logged in with the password at this workstation during this shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.access.commands.accounts import touchable
from clinic_desktop.clinic.access.commands.logins import program_only
from clinic_desktop.clinic.access.commands.permissions import OWN_ACCOUNT, USERS
from clinic_desktop.clinic.access.commands.sessions import open_session
from clinic_desktop.clinic.access.events import UserChanged
from clinic_desktop.clinic.access.models import RefreshToken, User
from clinic_desktop.clinic.access.passwords import HashedPin
from clinic_desktop.clinic.access.rules import MOST_PIN_FAILURES, SESSION_LENGTH, Desk, PinOff, UserStatus, lock_end
from clinic_desktop.clinic.access.shifts import full_logins
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.text import clean_line


@dataclass(frozen=True, slots=True)
class PinAttempt:
    """A counted attempt: what to check the PIN against, how many are left after it, and when the shift's login ends."""

    user_id: UUID
    full_name: str
    pin_hash: str
    left: int
    until: datetime

    def __repr__(self) -> str:
        return f"PinAttempt({self.full_name!r}, left={self.left})"


@command(USERS)
def count_pin(tx: Tx, *, username: str, desk: Desk) -> PinAttempt | None:
    """Count an attempt as failed until it succeeds; None where no PIN opens this account at this desk now."""
    program_only(tx)
    user = tx.session.scalars(select(User).where(User.username == clean_line(username).casefold()).with_for_update()).one_or_none()
    if user is None or user.pin_hash is None or user.status is not UserStatus.ACTIVE or user.must_change_password:
        return None
    until = _shift_end(tx, user.id, desk)
    is_locked = lock_end(user.failed_login_attempts, user.locked_until, tx.now) is not None
    if until is None or is_locked or user.pin_failures >= MOST_PIN_FAILURES:
        tx.note("pin_off", "users", user.id)
        return None
    user.pin_failures += 1
    return PinAttempt(user.id, user.full_name, user.pin_hash, MOST_PIN_FAILURES - user.pin_failures, until)


def _shift_end(tx: Tx, user_id: UUID, desk: Desk) -> datetime | None:
    # Not the session's own end: where the computer was handed over as a kiosk, that lies weeks ahead.
    begun = full_logins(desk, tx.now).with_only_columns(func.max(RefreshToken.issued_at)).where(RefreshToken.user_id == user_id)
    last = tx.session.scalar(begun)
    return None if last is None else last + SESSION_LENGTH


@command(USERS)
def refuse_pin(tx: Tx, *, attempt: PinAttempt) -> None:
    """Audit a wrong PIN; the attempt is counted already."""
    program_only(tx)
    tx.note("pin_failed", "users", attempt.user_id, left=attempt.left)


@command(USERS)
def accept_pin(tx: Tx, *, attempt: PinAttempt, desk: Desk) -> UUID:
    """Forget wrong PINs and open a session until the full login's end."""
    program_only(tx)
    user = tx.session.get(User, attempt.user_id, with_for_update=True)
    if user is None or user.status is not UserStatus.ACTIVE:
        raise PinOff
    user.pin_failures = 0
    return open_session(tx, user, desk, pin_until=attempt.until)


@command(USERS)
def keep_pin(tx: Tx, *, user_id: UUID, pin: HashedPin) -> None:
    """Keep the PIN of its owner, who has just proved the password."""
    program_only(tx)
    user = _user(tx, user_id)
    user.pin_hash, user.pin_failures = pin.encoded, 0
    user.failed_login_attempts, user.locked_until = 0, None
    tx.note("pin_set", "users", user_id)
    tx.emit(UserChanged(user_id))


@command(OWN_ACCOUNT)
def clear_own_pin(tx: Tx) -> None:
    """Do without a PIN from now on."""
    if tx.actor.user_id is None:
        raise NotFound(entity="users", key="")
    _clear(tx, _user(tx, tx.actor.user_id))


@command(USERS)
def clear_pin(tx: Tx, *, user_id: UUID) -> None:
    """Take away somebody's PIN."""
    _clear(tx, touchable(tx, user_id))


def _clear(tx: Tx, user: User) -> None:
    user.pin_hash = None
    tx.note("pin_cleared", "users", user.id)
    tx.emit(UserChanged(user.id))


def _user(tx: Tx, user_id: UUID) -> User:
    user = tx.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound(entity="users", key=str(user_id))
    return user
