"""Forgotten passwords, as far as the pages before the shell go. Imported on the database thread."""

from __future__ import annotations

from clinic_desktop.clinic.access import passwords, resets
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.access.queries import users
from clinic_desktop.clinic.access.rules import ALL_POWERFUL, UserStatus
from clinic_desktop.clinic.access.server_logins import has_own_logins
from clinic_desktop.clinic.messages.queries import mail_is_set_up
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui import entering


def administrators(db: Database) -> list[tuple[str, str]]:
    """Full name and username of everybody who can administer the program, by name."""
    with db.read() as session:
        people = users(session, with_disabled=False)
    return [(one.full_name, one.username) for one in people if ALL_POWERFUL & set(one.roles) and one.status is UserStatus.ACTIVE]


def set_after_recovery(db: Database, username: str, password: str) -> None:
    """Replace an administrator's password: whoever has the recovery key holds all the data in their hands already."""
    hashed = passwords.new(password, username=username)
    with db.read() as session:
        person = next((one for one in users(session, with_disabled=False) if one.username == username), None)
    if person is None:
        raise NotFound(entity="users", key=username)
    actor = Actor.system("recovery key")
    db.run(actor, set_password, user_id=person.id, password=hashed, must_change_password=False)
    entering.keep_keys(db, actor, username=username, password=password)


def reset(db: Database, username: str, code: str, new: str) -> None:
    """Set a new password by an administrator's code or a token that came by e-mail."""
    resets.reset_password(db, username, code, new)


def can_mail(db: Database) -> bool:
    """Whether the clinic can send a token by mail: where people have logins on the server, only an administrator's code opens them."""
    with db.read() as session:
        return mail_is_set_up(session) and not has_own_logins(session)


def ask_for_mail(db: Database, name: str) -> None:
    """Queue a token for whoever has this username or address; the answer is the same when nobody has."""
    resets.request_reset_mail(db, name)
