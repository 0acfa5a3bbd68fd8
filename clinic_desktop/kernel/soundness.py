"""Whether every page of a database file can be trusted: looked at before anybody works with it."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import worded
from clinic_desktop.kernel.errors import DatabaseUnavailable

QUICKLY = 256 * 2**20
"""Bytes of a file up to which all of it is read at each start: half a second at most on a slow PC's disk.

A page of a larger encrypted file is still verified whenever it is read; the whole of it before each backup.
"""


def damages(connection: Connection, *, thorough: bool = False) -> list[str]:
    """What is wrong with the pages of a SQLite file, as the engine says it: nothing when it is whole."""
    try:
        return _told(connection, thorough=thorough)
    except DBAPIError as error:  # too broken even to be looked at
        if not isinstance(found := worded(error), DatabaseUnavailable) or found.params["reason"] != "damaged":
            raise
        return [str(error.orig)]


def _told(connection: Connection, *, thorough: bool) -> list[str]:
    told_by_cipher = connection.exec_driver_sql("PRAGMA cipher_integrity_check")  # without an answer where nothing is encrypted
    forged = [str(row[0]) for row in told_by_cipher] if told_by_cipher.returns_rows else []
    if forged:
        return forged
    told = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check" if thorough else "PRAGMA quick_check")]
    return [] if told == ["ok"] else told


def refuse_damaged(database: Database) -> None:
    """Raise DatabaseUnavailable (``damaged``) rather than let anybody write into a file with broken pages."""
    file = database.address.file
    if file is None or file.stat().st_size > QUICKLY:
        return
    with database.engine.connect() as connection:
        found = damages(connection)
    if found:
        raise DatabaseUnavailable(reason="damaged", path=str(file), count=len(found))
