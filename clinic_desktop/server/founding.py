"""Setting a central server up: its database with every department's tables, its identity, its certificate and its operator."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.passwords import HashedPassword
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.certificates import expires
from clinic_desktop.kernel.clock import Clock, system_clock
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.key_secrets import SlotSecret
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.vault import VaultLocked
from clinic_desktop.server.certifying import make_certificate
from clinic_desktop.server.folder import CONFIG, DATABASE, TLS, Central, Config, NoCentral, identity_of, write_config
from clinic_desktop.sync.enrolment import CENTRAL, operator
from clinic_desktop.sync.peers import CentralOperator, CentralSession

OPERATOR = "operator"
"""The name under which passwords are checked: none may be it."""
SHORTEST_PASSWORD = 12
_THE_ONE = 1
_LAST_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a central server is to be: with a certificate that it makes for ``hosts``, or one that it is given as files."""

    folder: Path
    secret: SlotSecret = field(repr=False)
    password: str = field(repr=False)
    port: int
    url: str | None = None
    hosts: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Founded:
    """What whoever set it up must know."""

    central_id: UUID
    pin: bytes | None
    metrics_token: str = field(repr=False)


def found(wanted: Wanted, clock: Clock = system_clock) -> Founded:
    """Set a central server up in an empty folder. The configuration is written last: before that there is none."""
    load_departments()
    hashed = _hashed(wanted.password)
    _refuse_half(wanted)
    wanted.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (wanted.folder / CONFIG).exists():
        raise NoCentral(path=str(wanted.folder), reason="exists")
    url = wanted.url or f"sqlcipher:///{wanted.folder.resolve() / DATABASE}"
    token = secrets.token_urlsafe(24)
    database = Database.open(url, secret=wanted.secret, clock=clock)
    try:
        upgrade(database)
        _keep_key(database, wanted.secret)
        database.run(operator(), _begin, hashed=hashed, metrics_token=token)
        pin = make_certificate(wanted.folder / TLS, wanted.hosts, database) if wanted.hosts else None
        write_config(wanted.folder, _config(wanted, url))
        return Founded(identity_of(database), pin, token)
    finally:
        database.close()


def set_password(central: Central, password: str) -> None:
    """Give the operator a new password; every browser has to log in again."""
    hashed = _hashed(password)
    central.database.run(operator(), _replace_password, hashed=hashed)


def new_metrics_token(central: Central) -> str:
    """A new token for whoever reads the figures; the older one reads nothing any more."""
    token = secrets.token_urlsafe(24)
    central.database.run(operator(), _replace_token, metrics_token=token)
    return token


def renew_certificate(central: Central, hosts: tuple[str, ...] = ()) -> bytes:
    """Make the certificate anew with the key that it had, so that its pin stays; with other names when they are given."""
    if not central.config.hosts:
        raise InvalidInput("host", "certificate_was_given")
    names = hosts or tuple(central.config.hosts)
    pin = make_certificate(central.folder / TLS, names, central.database)
    if hosts:
        write_config(central.folder, Config(central.config.database, central.config.port, list(names)))
    return pin


def renew_in_time(central: Central) -> bool:
    """Renew a certificate that it made for itself in its last month; whether it was time."""
    if not central.config.hosts:
        return False
    ends = expires((central.folder / TLS / "server.pem").read_bytes())
    if ends - central.database.clock() > _LAST_MONTH:
        return False
    renew_certificate(central)
    return True


def _hashed(password: str) -> HashedPassword:
    """Anybody on the way to the server may try passwords: this one is longer than a person's at a desk."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput("password", "too_short", limit=SHORTEST_PASSWORD)
    return passwords.new(password, username=OPERATOR)


def _refuse_half(wanted: Wanted) -> None:
    given = (wanted.certificate, wanted.key)
    if bool(wanted.hosts) == any(given) or (any(given) and not all(given)):
        raise InvalidInput("certificate", "one_certificate")
    for file in given:
        if file is not None and not file.is_file():
            raise InvalidInput("certificate", "no_such_file", path=str(file))
    if wanted.url is not None and parse_address(wanted.url).url.password is not None:
        raise InvalidInput("db", "password_in_address")


def _config(wanted: Wanted, url: str) -> Config:
    given = [str(one.resolve()) if one else "" for one in (wanted.certificate, wanted.key)]
    return Config(url, wanted.port, list(wanted.hosts), *given)


def _keep_key(database: Database, secret: SlotSecret) -> None:
    """On a server the data key lies in the database: its first slot is made now."""
    if database.data_key is None and database.address.file is None and not database.vault.exists:
        database.vault.add(secret)
    if database.data_key is None:
        raise VaultLocked


def _begin(tx: Tx, *, hashed: HashedPassword, metrics_token: str) -> None:
    identity = tx.session.scalars(select(DatabaseIdentity).with_for_update()).one()
    if identity.site_code not in (None, CENTRAL) or tx.session.get(CentralOperator, _THE_ONE) is not None:
        raise NoCentral(path=str(tx.engine.url.database), reason="other_database")
    tx.command = "sync.found_central"
    identity.site_code = CENTRAL
    tx.add(CentralOperator(id=_THE_ONE, password_hash=hashed.encoded, metrics_hash=_digest(metrics_token), changed_at=tx.now))


def _replace_password(tx: Tx, *, hashed: HashedPassword) -> None:
    known = tx.session.get_one(CentralOperator, _THE_ONE)
    known.password_hash, known.changed_at = hashed.encoded, tx.now
    for session in tx.session.scalars(select(CentralSession)):
        tx.session.delete(session)
    tx.command = "sync.set_operator_password"
    tx.note("operator_password_set", "database_identity", tx.session.scalars(select(DatabaseIdentity.database_id)).one())


def _replace_token(tx: Tx, *, metrics_token: str) -> None:
    tx.session.get_one(CentralOperator, _THE_ONE).metrics_hash = _digest(metrics_token)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
