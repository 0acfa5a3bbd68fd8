"""Whether a clinic's server can be reached, and if not, what exactly stands in the way: name, network, encryption, password, database."""

from __future__ import annotations

import socket
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from clinic_desktop.kernel.errors import ClinicError

PATIENCE = 5
"""Seconds: a LAN answers in milliseconds, and a person waits."""
_SIGNS = (
    (
        "certificate",
        ("certificate verify failed", "root certificate", "does not match host name", "certificate has expired", "sslrootcert"),
    ),
    ("no_tls", ("does not support ssl", "ssl off", "no encryption")),
    ("password", ("password authentication failed", "no password supplied", "empty password")),
    ("no_access", ("no pg_hba.conf entry", "pg_hba.conf rejects", "permission denied for database", "not permitted to log in")),
    ("busy", ("too many clients", "starting up", "shutting down", "in recovery mode", "remaining connection slots")),
    ("refused", ("closed the connection unexpectedly", "connection reset by peer", "invalid response to ssl")),
)
"""What libpq and the server say, by what it means. Nothing else tells these apart: a refused connection has no SQLSTATE."""


class ServerRefused(ClinicError):
    """The server cannot be used: params ``reason`` (a code), ``host``, ``port``, ``database``, and ``said`` in its own words."""

    code = "server_refused"


def check_server(address: str) -> None:
    """Go the way to a database step by step; raises ServerRefused at the first one that fails."""
    url = make_url(address)
    host, port = url.host or "localhost", url.port or 5432
    if not host.startswith("/"):  # a socket of this computer
        _find(url, host, port)
        _knock(url, host, port)
    _enter(url)


def check_way(host: str, port: int, *, patience: float = PATIENCE) -> None:
    """Whether anything answers at a place at all; raises ServerRefused."""
    url = URL.create("postgresql", host=host, port=port)
    _find(url, host, port)
    _knock(url, host, port, patience)


def _find(url: URL, host: str, port: int) -> None:
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _refusal(url, "host_unknown") from error


def _knock(url: URL, host: str, port: int, patience: float = PATIENCE) -> None:
    try:
        socket.create_connection((host, port), timeout=patience).close()
    except TimeoutError as error:
        raise _refusal(url, "no_answer") from error
    except OSError as error:
        raise _refusal(url, "refused") from error


def _enter(url: URL) -> None:
    certificate = url.query.get("sslrootcert")
    if isinstance(certificate, str) and certificate != "system" and not Path(certificate).is_file():
        raise _refusal(url, "certificate_missing", certificate)
    try:
        psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), connect_timeout=PATIENCE).close()
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise _refusal(url, _meaning(said.lower(), url), said) from error


def _meaning(said: str, url: URL) -> str:
    if f'database "{(url.database or "").lower()}" does not exist' in said:
        return "no_database"
    if f'role "{(url.username or "").lower()}" does not exist' in said:
        return "password"
    return next((reason for reason, signs in _SIGNS if any(sign in said for sign in signs)), "other")


def _refusal(url: URL, reason: str, said: str = "") -> ServerRefused:
    return ServerRefused(reason=reason, host=url.host or "localhost", port=url.port or 5432, database=url.database or "", said=said)
