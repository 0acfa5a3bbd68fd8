"""The service beside a clinic's own Postgres: its folder, its login, its certificate, and where the clinic's computers find it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from psycopg import sql
from sqlalchemy import make_url

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.certificates import pin_of_pem
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.key_secrets import Passphrase, Secret, WrongPassphrase
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.lan.scram import new_secret, verifier
from clinic_desktop.kernel.lan.settling import as_owner, connected
from clinic_desktop.kernel.schema import is_current
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.vault import VaultMissing
from clinic_desktop.server.certifying import lay_out, make_certificate
from clinic_desktop.server.folder import TLS, Central, Config, NoCentral, database_id_of
from clinic_desktop.sync.enrolment import own_key
from clinic_desktop.sync.models import THE_ONE, SyncService

PORT = 8444
FILE = "service.json"
BACKUPS = "backups"
"""Within its folder: where it makes backups while nobody has chosen another place."""


class ServiceLockedOut(ClinicError):
    """The clinic's data has a new key, which the service was not given: it is to be set up again."""

    code = "service_locked_out"


class Service(msgspec.Struct, frozen=True):
    """What the service needs to begin by itself; the file is its user's alone, as the server's own folder is."""

    database: str
    """With the login's secret."""
    passphrase: str
    """Of its slot in the clinic's vault."""
    port: int
    hosts: list[str]


def is_set_up(folder: Path) -> bool:
    """Whether there is a service in a folder."""
    return (folder / FILE).is_file()


def set_up(url: str, database: str, folder: Path, opened_by: Secret, *, hosts: Sequence[str], port: int = PORT) -> bytes:
    """Give the service a login and a slot of its own, by an administrator's connection and a secret that opens the clinic's vault.

    Returns the pin of its certificate; raises VaultMissing before anybody has a key, or WrongPassphrase. It may be done again.
    """
    load_departments()
    address = make_url(url).set(drivername="postgresql", database=names.database_name(database))
    clinic = as_owner(Database.open(address.render_as_string(hide_password=False)))
    try:
        if not clinic.vault.exists:
            raise VaultMissing
        clinic.vault.unlock(opened_by)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pin = _certified(folder, hosts, clinic)
        passphrase = secrets.token_urlsafe(32)
        clinic.vault.add(Passphrase(passphrase))
    finally:
        clinic.close()
    way = address.set(username=names.service(database), password=_make_login(url, database))
    made = Service(way.render_as_string(hide_password=False), passphrase, port, list(hosts))
    write_durably(folder / FILE, msgspec.json.encode(made))
    return pin


def _certified(folder: Path, hosts: Sequence[str], clinic: Database) -> bytes:
    try:
        return make_certificate(folder / TLS, hosts, clinic)
    except ValueError:  # the data key was renewed since: nobody opens the certificate's key any more
        return make_certificate(folder / TLS, hosts, clinic, anew=True)


def _make_login(url: str, database: str) -> str:
    secret = new_secret()
    role = sql.Identifier(names.service(database))
    with connected(url, database=database) as admin:
        admin.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(verifier(secret))))
    return secret


def read_service(folder: Path) -> Service:
    """What is written down of the service in a folder; raises NoCentral."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Service)
    except FileNotFoundError as error:
        raise NoCentral(path=str(folder), reason="missing") from error
    except (msgspec.MsgspecError, OSError) as error:
        raise NoCentral(path=str(folder), reason="damaged") from error


def open_database(service: Service) -> Database:
    """The clinic's database by the service's own way in; raises ServiceLockedOut."""
    try:
        return Database.open(service.database, secret=Passphrase(service.passphrase))
    except WrongPassphrase as error:
        raise ServiceLockedOut from error


@contextmanager
def opened(folder: Path) -> Iterator[Central]:
    """The clinic's database as the service opens it, closed afterwards."""
    load_departments()
    service = read_service(folder)
    database = open_database(service)
    try:
        if not is_current(database):
            raise DatabaseUnavailable(reason="not_migrated")
        lay_out(folder / TLS, service.hosts, database)
        config = Config(service.database, service.port, service.hosts)
        yield Central(folder, config, database, database_id_of(database), own_key(database, "codes"))
    finally:
        database.close()


def announce(folder: Path, port: int) -> None:
    """Write into the clinic's database where the service answers, for the computers that look there."""
    pin = pin_of_pem((folder / TLS / "server.pem").read_bytes())
    with opened(folder) as there, there.database.write(Actor.system("sync")) as tx:
        tx.command = "sync.announce"
        row = tx.session.get(SyncService, THE_ONE) or tx.add(SyncService(id=THE_ONE))
        row.port, row.pin, row.seen_at = port, pin, tx.now
