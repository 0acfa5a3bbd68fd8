"""A central server's folder: where its database is, what it serves with, and how it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.certificates import pin_of_pem
from clinic_desktop.kernel.clock import Clock, system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.key_secrets import Secret
from clinic_desktop.kernel.schema import is_current
from clinic_desktop.kernel.soundness import refuse_damaged
from clinic_desktop.kernel.vault import VaultLocked
from clinic_desktop.server.certifying import key_password, lay_out
from clinic_desktop.sync.enrolment import CENTRAL, own_key

CONFIG, DATABASE, TLS = "central.json", "central.db", "tls"
PORT = 8443


class NoCentral(ClinicError):
    """There is no central server in this folder: params ``path`` and ``reason`` (missing, damaged, exists or other_database)."""

    code = "no_central"


class Config(msgspec.Struct, frozen=True):
    """What is written down of a central server; nothing of it is secret."""

    database: str
    """Its address; a password is never part of it."""
    port: int = PORT
    hosts: list[str] = []
    """Names and addresses in the certificate that it made for itself; none where it was given one."""
    certificate: str = ""
    key: str = ""
    """Files of a certificate that it was given."""


@dataclass(frozen=True, slots=True)
class Served:
    """The files that TLS is served with, and what opens the key."""

    certificate: Path
    key: Path
    password: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Central:
    """An open central server, of which nothing is served yet."""

    folder: Path
    config: Config
    database: Database
    central_id: UUID
    codes_key: bytes = field(repr=False)

    @property
    def pin(self) -> bytes | None:
        """The pin of the certificate that it made for itself; None where an authority vouches for it."""
        return pin_of_pem((self.folder / TLS / "server.pem").read_bytes()) if self.config.hosts else None

    @property
    def served(self) -> Served:
        """What TLS is served with."""
        if not self.config.hosts:
            return Served(Path(self.config.certificate), Path(self.config.key), None)
        return Served(self.folder / TLS / "server.pem", self.folder / TLS / "server.key", key_password(self.database).decode())


def read_config(folder: Path) -> Config:
    """What is written down of the central server in a folder; raises NoCentral."""
    try:
        return msgspec.json.decode((folder / CONFIG).read_bytes(), type=Config)
    except FileNotFoundError as error:
        raise NoCentral(path=str(folder), reason="missing") from error
    except (msgspec.MsgspecError, OSError) as error:
        raise NoCentral(path=str(folder), reason="damaged") from error


def write_config(folder: Path, config: Config) -> None:
    """Write it down."""
    write_durably(folder / CONFIG, msgspec.json.format(msgspec.json.encode(config), indent=2) + b"\n")


@contextmanager
def opened(folder: Path, secret: Secret, clock: Clock = system_clock) -> Iterator[Central]:
    """The central server in a folder, closed afterwards; it must be up to date."""
    load_departments()
    config = read_config(folder)
    address = parse_address(config.database)
    if not address.exists:
        raise DatabaseUnavailable(reason="missing", path=str(address.file))
    database = Database.open(config.database, secret=secret, clock=clock)
    try:
        refuse_damaged(database)
        if not is_current(database):
            raise DatabaseUnavailable(reason="not_migrated")
        if database.data_key is None:
            raise VaultLocked
        identity = identity_of(database)
        if config.hosts:
            lay_out(folder / TLS, config.hosts, database)
        yield Central(folder, config, database, identity, own_key(database, "codes"))
    finally:
        database.close()


def identity_of(database: Database) -> UUID:
    """The database id of a central database; raises NoCentral for any other's."""
    with database.read() as session:
        found = session.execute(select(DatabaseIdentity.database_id, DatabaseIdentity.site_code)).one()
    if found.site_code != CENTRAL:
        raise NoCentral(path=str(database.address.file or database.address.url.database), reason="other_database")
    return UUID(str(found.database_id))


def database_id_of(database: Database) -> UUID:
    """The id of any database."""
    with database.read() as session:
        return UUID(str(session.scalars(select(DatabaseIdentity.database_id)).one()))
