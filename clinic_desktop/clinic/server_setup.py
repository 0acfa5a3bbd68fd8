"""A clinic on a server, whole: roles, database, tables and grants, by an administrator's connection; and its first administrator."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import make_url

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import create_user, sync_permissions
from clinic_desktop.clinic.access.queries import users
from clinic_desktop.clinic.access.rules import SUPER_ADMIN, username_form
from clinic_desktop.clinic.access.server_logins import follow_everybody, login_of
from clinic_desktop.clinic.server_rights import ACCOUNTS, ROLES, server_rights
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.keys import UserPassword
from clinic_desktop.kernel.lan import covering, hba, names, settling
from clinic_desktop.kernel.lan.certificates import fingerprint, is_own_authority, own_names, pem_of, seen_certificate
from clinic_desktop.kernel.lan.joining import PORT
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.schema import revision
from clinic_desktop.kernel.security import Actor


class HasPeople(ClinicError):
    """The clinic has accounts already: its administrators make further ones."""

    code = "has_people"


@dataclass(frozen=True, slots=True)
class Settled:
    """What a set-up came to."""

    database: str
    is_new: bool
    revision: str
    people: int


@dataclass(frozen=True, slots=True)
class Served:
    """A clinic's database on a server, and the door to it."""

    settled: Settled
    fingerprint: str
    lines: tuple[str, ...]
    """Of ``pg_hba.conf``."""
    written: str | None
    """Where the lines were written; None when a person is to write them."""


def serve(url: str, database: str, *, apply: bool, networks: tuple[str, ...] = (hba.NEAR,), authority: str = "") -> Served:
    """Set a clinic up on a server, with encryption and the lines that let its people in, written where ``apply`` and possible.

    Raises NotSettled, DoorNotWritten, ServerRefused or DatabaseUnavailable; what is missing is found before anything is made.
    """
    name = names.database_name(database)
    host, port = make_url(url).host or "127.0.0.1", make_url(url).port or PORT
    with settling.connected(url) as admin:
        settling.check_server_fits(admin)
        if not covering.is_covered(admin):
            if not apply:
                raise settling.NotSettled(reason="no_tls", said="")
            covering.cover(admin, own_names())
        pem = authority or covering.own_authority(admin) or _authority_seen(host, port)
        settled = settle(url, name, authority=pem)
        written = str(hba.apply(admin, name, networks)) if apply else None
    return Served(settled, fingerprint(seen_certificate(host, port)), tuple(hba.lines(name, networks)), written)


def settle(url: str, database: str, *, authority: str = "") -> Settled:
    """Set the clinic's database up, or bring it up to date, on the server where ``url`` logs an administrator in.

    ``authority`` is the certificate (PEM) that computers which join are to trust. Raises NotSettled or DatabaseUnavailable.
    """
    name, rights = names.database_name(database), server_rights()
    with settling.connected(url) as admin:
        settling.check_server_fits(admin)
        settling.make_roles(admin, name, rights.groups)
        is_new = settling.make_database(admin, name)
    with settling.connected(url, database=name) as inside:
        settling.make_schemas(inside, name)
    opened = settling.as_owner(Database.open(within(url, name)))
    try:
        upgrade(opened)
        opened.run(Actor.system("set-up"), sync_permissions)
        settling.grant(url, name, rights, (ACCOUNTS, ROLES), authority=authority)
        opened.recall_currency()
        with opened.write(Actor.system("set-up")) as tx:
            people = follow_everybody(tx)
        return Settled(name, is_new, str(revision(opened)), people)
    finally:
        opened.close()


def add_first_administrator(url: str, database: str, *, username: str, full_name: str, password: str) -> None:
    """Create the clinic's first account, an owner; raises HasPeople, or InvalidInput for what is entered."""
    opened = settling.as_owner(Database.open(within(url, database)))
    opened.recall_currency()
    try:
        with opened.read() as session:
            if users(session):
                raise HasPeople
        user_id = new_id()
        hashed = passwords.new(password, username=username_form(username), login_of=login_of(opened, user_id))
        opened.run(
            Actor.system("set-up"),
            create_user,
            user_id=user_id,
            username=username,
            full_name=full_name,
            roles=(SUPER_ADMIN,),
            password=hashed,
            must_change_password=False,
        )
        opened.vault.add(UserPassword(username_form(username), password))
    finally:
        opened.close()


def _authority_seen(host: str, port: int) -> str:
    """The certificate that vouches for a server, where its own does; raises NotSettled where another must be given."""
    seen = seen_certificate(host, port)
    if not is_own_authority(seen):
        raise settling.NotSettled(reason="no_authority", said="")
    return pem_of(seen)


def within(url: str, database: str) -> str:
    """The same server and login, with the clinic's database."""
    return make_url(url).set(drivername="postgresql", database=database).render_as_string(hide_password=False)
