"""Opening a database and reading its clinics: the least that the login page needs.

This module loads SQLAlchemy, so it is imported on the database thread (see ``late``), never at start-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.schema import is_current
from clinic_desktop.ui.late import late


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    """A clinic, as far as the login page and the desk need it."""

    id: UUID
    name: str
    hospital_name: str
    timezone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database and its clinics; none of them when it is empty."""

    db: Database
    clinics: tuple[ClinicFacts, ...]


def warm_up() -> None:
    """Importing this module did it: what opening needs is loaded while the person types the passphrase."""


def open_database(url: str, passphrase: str | None) -> Opened:
    """Open the database, create it or bring it up to date, and read its clinics."""
    file = parse_address(url).file
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    db = Database.open(url, passphrase=passphrase)
    try:
        if not is_current(db):
            late("clinic_desktop.ui.upgrading:bring_up_to_date")(db)
        return Opened(db, clinics_of(db))
    except BaseException:
        db.close()
        raise


def clinics_of(db: Database) -> tuple[ClinicFacts, ...]:
    """The clinics of an open database, the main one first."""
    with db.read() as session:
        return tuple(ClinicFacts(c.id, c.name, c.hospital_name, c.timezone, c.currency) for c in clinics(session))
