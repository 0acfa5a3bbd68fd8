"""What an administrator does to an account, with the slow hash and the key slots that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from clinic_desktop.clinic.access import commands, passwords, slots
from clinic_desktop.clinic.access.queries import username_of
from clinic_desktop.clinic.access.server_logins import end_connections, login_of
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor


def create(
    db: Database,
    actor: Actor,
    *,
    username: str,
    full_name: str,
    roles: Iterable[str],
    password: str | None,
    email: str | None = None,
    phone: str | None = None,
) -> UUID:
    """Create an account; the password is a first one, which its owner must change."""
    user_id = new_id()
    hashed = passwords.new(password, username=username, login_of=login_of(db, user_id)) if password else None
    db.run(
        actor,
        commands.create_user,
        user_id=user_id,
        username=username,
        full_name=full_name,
        roles=tuple(roles),
        password=hashed,
        email=email,
        phone=phone,
    )
    if password:
        slots.keep_password(db, _name(db, user_id), password)
    return user_id


def edit(
    db: Database, actor: Actor, *, user_id: UUID, username: str, full_name: str, email: str | None = None, phone: str | None = None
) -> None:
    """Correct an account; under another username the data is opened only after the next login with it."""
    before = _name(db, user_id)
    db.run(actor, commands.edit_user, user_id=user_id, username=username, full_name=full_name, email=email, phone=phone)
    if _name(db, user_id) != before:
        slots.forget(db, before)


def set_password(db: Database, actor: Actor, *, user_id: UUID, password: str) -> None:
    """Give a user a first password again, which its owner must change."""
    username = _name(db, user_id)
    hashed = passwords.new(password, username=username, login_of=login_of(db, user_id))
    db.run(actor, commands.set_password, user_id=user_id, password=hashed)
    slots.keep_password(db, username, password)


def disable(db: Database, actor: Actor, *, user_id: UUID) -> None:
    """Shut a user out, at every desk and from the encrypted data."""
    db.run(actor, commands.disable_user, user_id=user_id)
    end_connections(db, actor, user_id)
    slots.forget(db, _name(db, user_id))


def _name(db: Database, user_id: UUID) -> str:
    with db.read() as session:
        return username_of(session, user_id)
