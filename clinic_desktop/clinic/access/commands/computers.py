"""The computers of a clinic on a server: a code lets one in, and an administrator takes its login away again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.clinic.access.commands.permissions import USERS
from clinic_desktop.clinic.access.rules import NoServerLogins, TooManyInvitations
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.lan.codes import JoiningCode
from clinic_desktop.kernel.lan.scram import verifier
from clinic_desktop.kernel.lan.seats import has_logins

CODE_MINUTES = 15
_INVITE = text("SELECT clinic_lan.invite(:name, :verifier, :minutes)")
_DROP = text("SELECT clinic_lan.drop_device(:login)")
_NOBODY, _FULL = UUID(int=0), "53400"


@command(USERS)
def invite_computer(tx: Tx, *, code: JoiningCode, minutes: int = CODE_MINUTES) -> datetime:
    """Let the one computer in that shows this code; returns until when it may."""
    _need_logins(tx)
    try:
        until = tx.session.connection().scalar(_INVITE, {"name": code.name, "verifier": verifier(code.secret), "minutes": minutes})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _FULL:
            raise TooManyInvitations from error
        raise
    assert isinstance(until, datetime)
    tx.note("computer_invited", "users", tx.actor.user_id or _NOBODY)
    return until


@command(USERS)
def remove_computer(tx: Tx, *, login: str) -> None:
    """Take a computer's login away and end its connections: it was sold, stolen, or is no longer trusted."""
    _need_logins(tx)
    if not tx.session.connection().scalar(_DROP, {"login": login}):
        raise NotFound(entity="workstations", key=login)
    tx.note("computer_removed", "users", tx.actor.user_id or _NOBODY, login=login)


@step
def _need_logins(tx: Tx) -> None:
    if not has_logins(tx.engine):
        raise NoServerLogins
