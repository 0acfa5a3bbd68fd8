"""Logging in, confirming one's password, vouching as a second person, changing one's own password.

The password is hashed between two short transactions, never inside one.
"""

from __future__ import annotations

import platform
from typing import NoReturn
from uuid import UUID

from clinic_desktop.clinic.access import passwords, slots
from clinic_desktop.clinic.access.commands.logins import (
    Attempt,
    accept_identity,
    accept_login,
    accept_password,
    count_attempt,
    refuse_login,
    replace_own_password,
)
from clinic_desktop.clinic.access.queries import actor_in, actor_of, username_of
from clinic_desktop.clinic.access.rules import (
    AccountDisabled,
    Desk,
    LoginLocked,
    LoginRefused,
    PasswordChangeRequired,
    SessionEnded,
    check_password,
    password_form,
)
from clinic_desktop.clinic.access.server_logins import login_of
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.lan.seats import ServerLoginDue
from clinic_desktop.kernel.security import Actor


def log_in(db: Database, username: str, password: str, *, clinic_id: UUID | None, workstation_id: UUID | None) -> Actor:
    """Check a password and open a session at a workstation.

    Raises LoginRefused (the same for an unknown user), LoginLocked, AccountDisabled or PasswordChangeRequired.
    """
    doorman = doorman_at(clinic_id, workstation_id)
    attempt = verify(db, doorman, username, password)
    outdated = attempt.password_hash is not None and passwords.outdated(attempt.password_hash)
    if not db.seats.take(attempt.entity_id, password_form(password)):
        _refuse_without_login(db, attempt, doorman)
    accepted = db.run(
        as_owner(attempt, doorman),
        accept_login,
        user_id=attempt.entity_id,
        desk=desk_at(workstation_id),
        rehashed=passwords.again(password) if outdated else None,
    )
    if accepted.is_disabled:
        raise AccountDisabled
    if accepted.must_change_password or accepted.session_id is None:
        raise PasswordChangeRequired
    return read_actor(db, accepted.session_id, clinic_id)


def _refuse_without_login(db: Database, attempt: Attempt, doorman: Actor) -> NoReturn:
    """The password is right, and the server does not let this person in: disabled, or it knows another password. Opens no session."""
    accepted = db.run(as_owner(attempt, doorman), accept_identity, user_id=attempt.entity_id, asked_by=None)
    raise AccountDisabled if accepted.is_disabled else ServerLoginDue


def desk_at(workstation_id: UUID | None) -> Desk:
    """This computer: where it is no registered workstation, its name tells it apart."""
    return Desk(workstation_id, platform.node() or "localhost")


def doorman_at(clinic_id: UUID | None, workstation_id: UUID | None) -> Actor:
    """The program itself, at the door of a workstation."""
    return Actor(None, "login", clinic_id=clinic_id, workstation_id=workstation_id, is_system=True)


def read_actor(db: Database, session_id: UUID, clinic_id: UUID | None) -> Actor:
    """Who has just come in, with the rights of this moment."""
    with db.read() as session:
        actor = actor_in(session, session_id, clinic_id=clinic_id, now=db.clock())
    db.vouching.remember(actor)
    return actor


def confirm_password(db: Database, actor: Actor, password: str) -> Actor:
    """Confirm the password in a PIN session: for ten minutes it may do what a PIN may not. Raises as ``log_in`` does."""
    if actor.session_id is None or actor.user_id is None:
        raise SessionEnded
    with db.read(actor) as session:
        username = username_of(session, actor.user_id)
    doorman = doorman_at(actor.clinic_id, actor.workstation_id)
    attempt = verify(db, doorman, username, password)
    db.run(as_owner(attempt, doorman), accept_password, session_id=actor.session_id)
    return read_actor(db, actor.session_id, actor.clinic_id)


def confirm_identity(db: Database, username: str, password: str, *, asking: Actor) -> Actor:
    """Check a second person's password at somebody else's desk, for one approval: no session is opened. Raises as ``log_in`` does."""
    doorman = doorman_at(asking.clinic_id, asking.workstation_id)
    attempt = verify(db, doorman, username, password)
    accepted = db.run(as_owner(attempt, doorman), accept_identity, user_id=attempt.entity_id, asked_by=asking.user_id)
    if accepted.is_disabled:
        raise AccountDisabled
    if accepted.must_change_password:
        raise PasswordChangeRequired
    with db.read() as session:
        return actor_of(session, attempt.entity_id, clinic_id=asking.clinic_id, workstation_id=asking.workstation_id)


def change_password(db: Database, username: str, current: str, new: str, *, at_work: Actor | None = None) -> None:
    """Replace one's own password and end one's sessions, all but that of ``at_work``.

    The current password is the proof, and wrong ones count as failed logins.
    """
    check_password(new, username=username)
    doorman = Actor.system("login")
    attempt = verify(db, doorman, username, current)
    if passwords.matches(attempt.password_hash, new):
        raise InvalidInput("password", "password_unchanged")
    fresh = passwords.new(new, username=attempt.username, login_of=login_of(db, attempt.entity_id))
    if not db.seats.take(attempt.entity_id, password_form(current)):
        _refuse_without_login(db, attempt, doorman)
    kept = at_work.session_id if at_work is not None and at_work.user_id == attempt.entity_id else None
    db.run(as_owner(attempt, doorman), replace_own_password, user_id=attempt.entity_id, password=fresh, session_id=kept)
    db.seats.take(attempt.entity_id, password_form(new))
    slots.keep_password(db, attempt.username, new)


def verify(db: Database, doorman: Actor, username: str, password: str) -> Attempt:
    """Check a password as a login does: counted before it is looked at, refused without a word of why."""
    attempt = db.run(doorman, count_attempt, username=username)
    if attempt.locked_seconds:
        raise LoginLocked(seconds=attempt.locked_seconds)
    if not passwords.matches(attempt.password_hash, password):
        db.run(doorman, refuse_login, attempt=attempt)
        raise LoginRefused
    return attempt


def as_owner(attempt: Attempt, doorman: Actor) -> Actor:
    """The program, acting in the name of the person whose password was right: so the journal says who it was."""
    return Actor(attempt.entity_id, attempt.full_name, clinic_id=doorman.clinic_id, workstation_id=doorman.workstation_id, is_system=True)
