"""Whether every page of a database file can be trusted: looked at before anybody works with it."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import MOVED_TO, worded
from clinic_desktop.kernel.errors import DatabaseUnavailable

QUICKLY = 256 * 2**20
"""Bytes of a file up to which all of it is read at each start: the seals of so many cost 0.7 s of processor time.

A page of a larger encrypted file is still verified whenever it is read; the whole of it before each backup.
"""


def damages(connection: Connection, *, thorough: bool = False) -> list[str]:
    """What is wrong with the pages of a SQLite file, as the engine says it: nothing when it is whole."""
    return _told(connection, "cipher_integrity_check", "integrity_check" if thorough else "quick_check")


def _told(connection: Connection, *looks: str) -> list[str]:
    """What the first look that finds something says."""
    try:
        for look in looks:
            answer = connection.exec_driver_sql(f"PRAGMA {look}")
            found = [str(row[0]) for row in answer] if answer.returns_rows else []  # the cipher says nothing where nothing is encrypted
            if found not in ([], ["ok"]):
                return found
    except DBAPIError as error:
        if not isinstance(told := worded(error), DatabaseUnavailable) or told.params["reason"] != "damaged":
            raise
        return [str(error.orig)]  # too broken even to be looked at
    return []


def refuse_damaged(database: Database) -> None:
    """Raise DatabaseUnavailable (``damaged``) rather than let anybody write into a file with broken pages.

    The seals of an encrypted file tell of every flipped bit, several times faster than a walk through all that the pages hold.
    """
    file = database.address.file
    if file is None or file.stat().st_size > QUICKLY:
        return
    with database.engine.connect() as connection:
        found = _told(connection, "quick_check" if database.data_key is None else "cipher_integrity_check")
    if found:
        raise DatabaseUnavailable(reason="damaged", path=str(file), count=len(found))


MOVED_GUARD = "database_moved"
"""The trigger that lets nobody write into a file whose clinic moved to a server (``backup.moving``)."""


def moved_to(connection: Connection) -> str | None:
    """Where the clinic of a file is at work now; None: here."""
    found = connection.scalar(text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name"), {"name": MOVED_GUARD})
    return None if found is None else str(found).partition(MOVED_TO)[2].partition("'")[0]


def refuse_moved(database: Database) -> None:
    """Raise DatabaseUnavailable (``moved``) for a file whose clinic is at work on a server."""
    if database.address.file is None:
        return
    with database.engine.connect() as connection:
        place = moved_to(connection)
    if place is not None:
        raise DatabaseUnavailable(reason="moved", path=str(database.address.file), to=place)
