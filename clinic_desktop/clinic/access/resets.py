"""A forgotten password: the code or token that opens once, and the new password that it sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from clinic_desktop.clinic.access import passwords, slots
from clinic_desktop.clinic.access.commands.logins import count_attempt, refuse_login
from clinic_desktop.clinic.access.commands.resets import keep_reset_code, keep_reset_token, use_reset
from clinic_desktop.clinic.access.login import as_owner
from clinic_desktop.clinic.access.queries import open_resets, username_of
from clinic_desktop.clinic.access.rules import (
    RESET_CODE_LENGTH,
    RESET_TOKEN_LENGTH,
    CodeRefused,
    LoginLocked,
    check_password,
    grouped,
    new_reset_code,
    reset_code_form,
)
from clinic_desktop.clinic.access.server_logins import login_of
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class ResetCode:
    """A code to read out to its user: shown once, kept nowhere readable."""

    text: str = field(repr=False)
    expires_at: datetime


def issue_reset_code(db: Database, actor: Actor, user_id: UUID) -> ResetCode:
    """Make a code with which a user sets a new password; it needs no network, and opens the encrypted database too."""
    code = passwords.code(new_reset_code(RESET_CODE_LENGTH))
    expires_at = db.run(actor, keep_reset_code, user_id=user_id, code=code)
    with db.read() as session:
        username = username_of(session, user_id)
    slots.keep_code(db, username, code.plain, expires_at)
    return ResetCode(grouped(code.plain), expires_at)


def request_reset_mail(db: Database, name: str) -> None:
    """Send a token to the address on the account; whoever asks learns nothing of whether there is one."""
    token = passwords.code(new_reset_code(RESET_TOKEN_LENGTH))
    db.run(Actor.system("login"), keep_reset_token, name=name, token=token)


def reset_password(db: Database, username: str, code: str, new: str) -> None:
    """Set a new password by a code or token; wrong ones count as failed logins.

    Raises CodeRefused (the same for an unknown user), LoginLocked, AccountDisabled, or InvalidInput for the password.
    """
    check_password(new, username=username)
    doorman, typed = Actor.system("login"), reset_code_form(code)
    attempt = db.run(doorman, count_attempt, username=username)
    if attempt.locked_seconds:
        raise LoginLocked(seconds=attempt.locked_seconds)
    with db.read() as session:
        waiting = open_resets(session, attempt.entity_id, now=db.clock())
    # Two checks whatever there is: one by the administrator, one by e-mail.
    found = [reset_id for reset_id, encoded in waiting if passwords.matches(encoded, typed)]
    for _ in range(2 - len(waiting)):
        passwords.matches(None, typed)
    if not found:
        db.run(doorman, refuse_login, attempt=attempt)
        raise CodeRefused("code")
    if passwords.matches(attempt.password_hash, new):
        raise InvalidInput("password", "password_unchanged")
    fresh = passwords.new(new, username=attempt.username, login_of=login_of(db, attempt.entity_id))
    owner = as_owner(attempt, doorman)
    db.run(owner, use_reset, user_id=attempt.entity_id, reset_id=found[0], password=fresh, code=typed)
    slots.keep_password(db, attempt.username, new)
