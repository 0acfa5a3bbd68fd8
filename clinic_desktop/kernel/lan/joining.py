"""A computer joins a clinic with an address and a code: the right server, an own login, and a way that proves itself ever after."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import URL, make_url

from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.lan.certificates import seen_certificate
from clinic_desktop.kernel.lan.codes import JoiningCode, read_code
from clinic_desktop.kernel.lan.kept import keep_authority
from clinic_desktop.kernel.lan.scram import new_secret, verifier
from clinic_desktop.kernel.reach import PATIENCE, ServerRefused, check_server

PORT = 5432
_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:/\[\]]+))(?::(?P<port>\d{1,5}))?(?:/(?P<database>[^\s/]+))?")


class JoinRefused(ClinicError):
    """The code opens nothing: param ``reason`` is code (wrong or over), used, no_access, other_server or not_set_up."""

    code = "join_refused"


@dataclass(frozen=True, slots=True)
class LanAddress:
    """Where a clinic's server is: ``host``, ``host:port`` or ``host:port/database``."""

    host: str
    port: int = PORT
    database: str = names.DATABASE

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        place = host if self.port == PORT else f"{host}:{self.port}"
        return place if self.database == names.DATABASE else f"{place}/{self.database}"


@dataclass(frozen=True, slots=True)
class Joined:
    """A computer's way to its clinic: the address without the secret, and the secret."""

    url: str
    secret: str = field(repr=False)


def read_address(typed: str) -> LanAddress:
    """An address as a person typed it."""
    text = typed.strip()
    if not text:
        raise InvalidInput("address", "required")
    found = _ADDRESS.fullmatch(text)
    if found is None or not 0 < int(found["port"] or PORT) < 65_536:
        raise InvalidInput("address", "not_a_server_address")
    try:
        database = names.database_name(found["database"] or names.DATABASE)
    except InvalidInput as error:
        raise InvalidInput("address", "not_a_server_address") from error
    return LanAddress(found["six"] or found["host"], int(found["port"] or PORT), database)


def join(address: LanAddress, typed: str, *, name: str | None = None) -> Joined:
    """Make this computer one of the clinic's; raises InvalidInput, JoinRefused or ServerRefused, and then the code is not used up."""
    code = read_code(typed)
    seen = seen_certificate(address.host, address.port)
    if not code.fits(seen):
        raise JoinRefused("code", reason="other_server")
    # The code proves the server too: both ends show that they know it, over exactly this encrypted line.
    with _entered(address, code, sslmode="require", channel_binding="require") as line:
        row = line.execute("SELECT clinic_lan.authority_pem()").fetchone()
    if row is None or not row[0]:
        raise JoinRefused(reason="not_set_up")
    proved = {"sslmode": "verify-full", "sslrootcert": str(keep_authority(str(row[0])))}
    secret = new_secret()
    given = (name or platform.node() or "-", verifier(secret))
    with _entered(address, code, **proved) as line:
        try:
            row = line.execute("SELECT clinic_lan.join_device(%s, %s)", given).fetchone()
        except psycopg.errors.InsufficientPrivilege as error:  # two computers showed the code at the same moment
            raise JoinRefused("code", reason="used") from error
    own = _url(address, str(row[0] if row else ""), proved)
    check_server(own.set(password=secret).render_as_string(hide_password=False))
    return Joined(own.render_as_string(hide_password=False), secret)


def with_secret(url: str, secret: str) -> str:
    """A joined computer's address, complete."""
    return make_url(url).set(password=secret).render_as_string(hide_password=False)


def _entered(address: LanAddress, code: JoiningCode, **way: str) -> psycopg.Connection[tuple[object, ...]]:
    url = _url(address, names.joining_login(address.database, code.name), way).set(password=code.secret)
    try:
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True, connect_timeout=PATIENCE)
    except psycopg.OperationalError as error:
        if "not permitted to log in" in str(error):
            raise JoinRefused("code", reason="used") from error
        try:
            check_server(url.render_as_string(hide_password=False))
        except ServerRefused as refusal:
            told = {"password": "code", "no_access": "no_access"}.get(refusal.params["reason"])
            if told is None:
                raise
            raise JoinRefused("code", reason=told) from error
        raise


def _url(address: LanAddress, login: str, way: dict[str, str]) -> URL:
    made = URL.create("postgresql", username=login, host=address.host, port=address.port, database=address.database)
    return made.update_query_dict(way)
