"""Inviting a computer to a clinic on a server, and the computers that have joined."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from clinic_desktop.clinic.access.commands.computers import CODE_MINUTES, invite_computer
from clinic_desktop.clinic.access.rules import NoServerLogins
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.lan.certificates import fingerprint, own_addresses, seen_certificate
from clinic_desktop.kernel.lan.codes import new_code
from clinic_desktop.kernel.lan.joining import PORT, LanAddress
from clinic_desktop.kernel.lan.seats import has_logins
from clinic_desktop.kernel.security import Actor

_JOINED = text("SELECT login, name, joined_at, invited_by FROM clinic_lan.joined_devices()")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What to type at the other computer, for how long, and how the server's certificate reads there."""

    address: str
    code: str = field(repr=False)
    until: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ComputerRow:
    """A computer that has joined."""

    login: str
    name: str
    joined_at: datetime


def invite(db: Database, actor: Actor, *, minutes: int = CODE_MINUTES) -> Invitation:
    """Make a joining code, good once and for a quarter of an hour. Raises NoServerLogins, TooManyInvitations or ServerRefused."""
    if not has_logins(db.engine):
        raise NoServerLogins
    url = db.address.url
    host, port = url.host or "127.0.0.1", url.port or PORT
    seen = seen_certificate(host, port)
    code = new_code(seen)
    until = db.run(actor, invite_computer, code=code, minutes=minutes)
    address = LanAddress(_from_outside(host), port, str(url.database))
    return Invitation(str(address), code.text, until, fingerprint(seen))


def computers(db: Database, actor: Actor) -> list[ComputerRow]:
    """The computers that have joined, the oldest first."""
    if not has_logins(db.engine):
        raise NoServerLogins
    with db.seats.engine_of(actor).connect() as connection:
        return [ComputerRow(one.login, one.name, one.joined_at) for one in connection.execute(_JOINED)]


def _from_outside(host: str) -> str:
    """The address under which others find a server that runs on this very computer."""
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    return next(iter(own_addresses()), host) if is_here else host
