"""A Postgres of the LAN: the settings without which it would lose what it acknowledged, and how it can be reached."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, text

from clinic_desktop.clinic.doctor.contents import CLOCKS_DIFFER, TIME
from clinic_desktop.clinic.doctor.finding import Finding, bad, good, warn
from clinic_desktop.kernel.db import Database

SERVER = "server"
OLDEST_SERVER = 140_000
SLOW_MS = 20.0
"""A round trip over this makes every screen feel slow: a command takes a dozen."""
_SAFE = {"fsync": "on", "full_page_writes": "on"}
_WORLD = ("C", "POSIX")
"""Collations that know no letters beyond ASCII: search would miss Arabic, Hindi and accented names."""


def examine_server(database: Database) -> Iterator[Finding]:
    """Look at the server behind an open database."""
    with database.engine.connect() as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0)
        told = str(connection.scalar(text("SHOW server_version")))
        yield good(SERVER, "server_answers", version=told) if version >= OLDEST_SERVER else bad(SERVER, "server_too_old", version=told)
        yield from _durability(connection)
        yield from _way_there(connection)
        yield from _letters(connection)
        yield _clocks(connection, database.clock())


def _durability(connection: Connection) -> Iterator[Finding]:
    for name, wanted in _SAFE.items():
        if connection.scalar(text(f"SHOW {name}")) != wanted:
            yield bad(SERVER, "server_unsafe", setting=name, wanted=wanted)
    if connection.scalar(text("SHOW synchronous_commit")) == "off":
        yield bad(SERVER, "server_unsafe", setting="synchronous_commit", wanted="on")
    if connection.scalar(text("SHOW data_checksums")) != "on":
        yield warn(SERVER, "server_without_checksums")


def _way_there(connection: Connection) -> Iterator[Finding]:
    is_local = connection.scalar(text("SELECT inet_server_addr() IS NULL OR inet_client_addr() = inet_server_addr()"))
    is_encrypted = connection.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
    if not is_local and not is_encrypted:
        yield bad(SERVER, "server_without_tls")
    begun = time.perf_counter()
    for _ in range(5):
        connection.scalar(text("SELECT 1"))
    milliseconds = (time.perf_counter() - begun) / 5 * 1000
    yield (warn if milliseconds > SLOW_MS else good)(SERVER, "server_round_trip", milliseconds=round(milliseconds, 1))
    used, most = connection.execute(text("SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity")).one()
    if used > most * 0.8:
        yield warn(SERVER, "server_nearly_full", used=used, most=most)


def _letters(connection: Connection) -> Iterator[Finding]:
    encoding, kind = connection.execute(
        text("SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()")
    ).one()
    if encoding != "UTF8":
        yield bad(SERVER, "server_encoding", encoding=encoding)
    elif kind in _WORLD:
        yield warn(SERVER, "server_letters", collation=kind)


def _clocks(connection: Connection, now: datetime) -> Finding:
    theirs = connection.scalar(text("SELECT clock_timestamp()"))
    assert theirs is not None
    if abs(theirs - now) > CLOCKS_DIFFER:
        return warn(TIME, "clocks_differ", here=now, there=theirs)
    return good(TIME, "clocks_agree")
