"""A clinic leaves its file for a server: the server set up, everything brought there, and its people let in."""

from __future__ import annotations

from sqlalchemy import select

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.access.queries import users
from clinic_desktop.clinic.access.rules import username_form
from clinic_desktop.clinic.access.server_logins import login_of
from clinic_desktop.clinic.organisation.commands import MANAGE
from clinic_desktop.clinic.server_setup import HasPeople, settle, within
from clinic_desktop.kernel.backup.moving import MOVE, Moved, is_there, move, refuse_unfit
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.lan import settling
from clinic_desktop.kernel.security import Actor


def refuse_move(source: Database, actor: Actor) -> None:
    """Raise what keeps this person from moving this clinic: the right, the password, or a database that is no encrypted file."""
    actor.require(MANAGE, MOVE)
    actor.require_password(source.clock(), MOVE)
    refuse_unfit(source)


def move_to_server(source: Database, url: str, database: str, actor: Actor, *, steps: Steps = UNWATCHED) -> Moved:
    """Move a clinic into the empty one that ``url`` (an administrator's login) finds or makes on its server.

    Raises HasPeople where somebody works there already; RestoreRefused, NotSettled or DatabaseUnavailable.
    """
    settle(url, database)
    target = Database.open(within(url, database))
    try:
        if not is_there(source, target):
            with target.read() as session:
                if users(session):
                    raise HasPeople(reason="move", example="192.168.1.10/clinic2")
        moved = move(source, target, actor, steps=steps)
    finally:
        target.close()
    settle(url, database)  # the tables that came get their owner and rights, and each of the people a login
    return moved


def let_in(url: str, database: str, *, username: str, password: str) -> None:
    """Give one of the people who came along a password for the server: it cannot be had from what the file kept of the old one."""
    opened = settling.as_owner(Database.open(within(url, database)))
    opened.recall_currency()
    try:
        with opened.read() as session:
            known = session.scalar(select(User.id).where(User.username == username_form(username)))
        if known is None:
            raise NotFound(entity="users", key=username)
        hashed = passwords.new(password, username=username_form(username), login_of=login_of(opened, known))
        opened.run(Actor.system("move"), set_password, user_id=known, password=hashed, must_change_password=False)
    finally:
        opened.close()
