"""Logging in, vouching as a second person, changing one's own password.

The password is hashed between two short transactions, never inside one.
"""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.access.commands.logins import (
    Attempt,
    accept_identity,
    accept_login,
    count_attempt,
    refuse_login,
    replace_own_password,
)
from clinic_desktop.clinic.access.passwords import PRODUCTION, Passwords
from clinic_desktop.clinic.access.queries import actor_of
from clinic_desktop.clinic.access.rules import (
    AccountDisabled,
    LoginLocked,
    LoginRefused,
    PasswordChangeRequired,
    check_password,
)
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.security import Actor


def log_in(
    db: Database,
    username: str,
    password: str,
    *,
    clinic_id: UUID,
    workstation_id: UUID | None,
    passwords: Passwords = PRODUCTION,
) -> Actor:
    """Check a password and open a session at a workstation.

    Raises LoginRefused (the same for an unknown user), LoginLocked, AccountDisabled or PasswordChangeRequired.
    """
    doorman = Actor(None, "login", clinic_id=clinic_id, workstation_id=workstation_id, is_system=True)
    attempt = _verify(db, doorman, username, password, passwords)
    outdated = attempt.password_hash is not None and passwords.outdated(attempt.password_hash)
    accepted = db.run(
        _as_owner(attempt, doorman),
        accept_login,
        user_id=attempt.entity_id,
        workstation_id=workstation_id,
        rehashed=passwords.again(password) if outdated else None,
    )
    if accepted.is_disabled:
        raise AccountDisabled
    if accepted.must_change_password:
        raise PasswordChangeRequired
    with db.read() as session:
        return actor_of(session, attempt.entity_id, clinic_id=clinic_id, workstation_id=workstation_id)


def confirm_identity(db: Database, username: str, password: str, *, asking: Actor, passwords: Passwords = PRODUCTION) -> Actor:
    """Check a second person's password at somebody else's desk, for one approval: no session is opened. Raises as ``log_in`` does."""
    doorman = Actor(None, "login", clinic_id=asking.clinic_id, workstation_id=asking.workstation_id, is_system=True)
    attempt = _verify(db, doorman, username, password, passwords)
    accepted = db.run(_as_owner(attempt, doorman), accept_identity, user_id=attempt.entity_id, asked_by=asking.user_id)
    if accepted.is_disabled:
        raise AccountDisabled
    if accepted.must_change_password:
        raise PasswordChangeRequired
    with db.read() as session:
        return actor_of(session, attempt.entity_id, clinic_id=asking.clinic_id, workstation_id=asking.workstation_id)


def change_password(db: Database, username: str, current: str, new: str, *, passwords: Passwords = PRODUCTION) -> None:
    """Replace one's own password and end one's sessions; the current password is the proof, and wrong ones count as failed logins."""
    check_password(new, username=username)
    doorman = Actor.system("login")
    attempt = _verify(db, doorman, username, current, passwords)
    if passwords.matches(attempt.password_hash, new):
        raise InvalidInput("password", "password_unchanged")
    fresh = passwords.new(new, username=attempt.username)
    db.run(_as_owner(attempt, doorman), replace_own_password, user_id=attempt.entity_id, password=fresh)


def _verify(db: Database, doorman: Actor, username: str, password: str, passwords: Passwords) -> Attempt:
    attempt = db.run(doorman, count_attempt, username=username)
    if attempt.locked_seconds:
        raise LoginLocked(seconds=attempt.locked_seconds)
    if not passwords.matches(attempt.password_hash, password):
        db.run(doorman, refuse_login, attempt=attempt)
        raise LoginRefused
    return attempt


def _as_owner(attempt: Attempt, doorman: Actor) -> Actor:
    """The program, acting in the name of the person whose password was right: so the journal says who it was."""
    return Actor(attempt.entity_id, attempt.full_name, clinic_id=doorman.clinic_id, workstation_id=doorman.workstation_id, is_system=True)
