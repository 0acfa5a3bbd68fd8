"""Opening a database and reading its clinics: the least that the login page needs.

This module loads SQLAlchemy, so it is imported on the database thread (see ``late``), never at start-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.device_keys import DeviceKeyUnavailable
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.filesystems import refuse_share
from clinic_desktop.kernel.identity import Diverged, Older, accept_as_restored, check_identity, remember
from clinic_desktop.kernel.keys import (
    DEVICE,
    PASSPHRASE,
    DeviceKey,
    OneTimeCode,
    Passphrase,
    RecoveryKey,
    Secret,
    UserPassword,
    WrongPassphrase,
    key_file_path,
    read_key_file,
)
from clinic_desktop.kernel.schema import newest_revision, revision
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.soundness import refuse_damaged, refuse_moved
from clinic_desktop.sync.scope import is_linked
from clinic_desktop.ui.late import late, load

if TYPE_CHECKING:
    from clinic_desktop.sync.replica_standing import Standing

_DEMO_PASSWORD = "clinic_desktop.clinic.simulation.demo:DEMO_PASSWORD"  # noqa: S105 - a place
_FILES = "clinic_desktop.sync.replica_files:"
_SWAPPING = "clinic_desktop.kernel.backup.swapping:"


class DatabaseOlder(ClinicError):
    """Not the state that this computer saw last: param ``reason`` is older (``missing`` change sets) or diverged."""

    code = "database_older"


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
    """An open database and its clinics; none of them when it is empty or its set-up was interrupted."""

    db: Database
    clinics: tuple[ClinicFacts, ...]
    has_people: bool
    """Whether somebody can log in."""
    is_joining: bool = False
    """A new site of a chain that nobody can work at yet: it is not loaded, or has no clinic."""
    copy: Standing | None = None
    """How it stands where this is this computer's copy of a server's database."""


@dataclass(frozen=True, slots=True)
class Closed:
    """An encrypted database that waits for a secret."""

    has_passphrase: bool
    """Whether one of its keys is a passphrase."""


def warm_up() -> None:
    """Importing this module did it: what opening needs is loaded while the person types."""


def open_by_itself(url: str, *, accepts_older: bool = False) -> Opened | Closed:
    """Open an encrypted database with the key that this computer keeps, where it keeps one. Without its key file nothing opens it."""
    file = parse_address(url).file
    ways = {slot.kind for slot in read_key_file(key_file_path(file)).slots} if file is not None else set()
    secret = None if file is None else late(_FILES + "kept_secret")(file)  # of this computer's copy of a server's data
    if secret is None and DEVICE in ways:
        secret = DeviceKey()
    if secret is not None:
        try:
            return open_database(url, secret=secret, accepts_older=accepts_older)
        except (DeviceKeyUnavailable, WrongPassphrase):
            pass  # another computer's key, or a keyring that is locked: a person opens it
    return Closed(PASSPHRASE in ways)


def open_with_password(url: str, username: str, password: str, *, accepts_older: bool = False) -> Opened:
    """Open an encrypted database with a person's own password."""
    return open_database(url, secret=UserPassword(username, password), accepts_older=accepts_older)


def open_with_recovery_key(url: str, text: str, *, accepts_older: bool = False) -> Opened:
    """Open an encrypted database with the printed key."""
    return open_database(url, secret=RecoveryKey(text), accepts_older=accepts_older)


def open_with_passphrase(url: str, text: str, *, accepts_older: bool = False) -> Opened:
    """Open an encrypted database with the passphrase of a machine."""
    return open_database(url, secret=Passphrase(text), accepts_older=accepts_older)


def open_with_code(url: str, username: str, code: str, *, accepts_older: bool = False) -> Opened:
    """Open an encrypted database with the code that an administrator has read out."""
    return open_database(url, secret=OneTimeCode(username, code), accepts_older=accepts_older)


def open_demo(url: str, *, accepts_older: bool = False) -> Opened:
    """Open the demo's own file, encrypted like any other, under a password that is no secret."""
    return open_database(url, passphrase=str(load(_DEMO_PASSWORD)), accepts_older=accepts_older)


def open_database(url: str, passphrase: str | None = None, *, secret: Secret | None = None, accepts_older: bool = False) -> Opened:
    """Open the database, create it or bring it up to date, and read its clinics. A damaged file stays as it is."""
    file = parse_address(url).file
    if file is not None:
        refuse_share(file)  # before anything is looked at or made there
        file.parent.mkdir(parents=True, exist_ok=True)
        _finish_restore(file)
    db = Database.open(url, passphrase=passphrase, secret=secret)
    try:
        refuse_damaged(db)
        refuse_moved(db)
        _bring_up_to_date(db)
        _recognise(db, accepts_older=accepts_older)
        return opened(db)
    except BaseException:
        db.close()
        raise


def _finish_restore(file: Path) -> None:
    """The power went while a restored database was put in place: what was begun is ended first."""
    if late(_SWAPPING + "is_planned")(file):
        late(_SWAPPING + "finish_swap")(file)


def _bring_up_to_date(db: Database) -> None:
    found, newest = revision(db), newest_revision()
    if found is not None and found > newest:
        raise DatabaseUnavailable(reason="newer_version")
    if found != newest and db.seats.is_needed:
        raise DatabaseUnavailable(reason="older_server")  # nobody who works here may change the schema
    if found != newest:
        late("clinic_desktop.ui.upgrading:bring_up_to_date")(db)


def _recognise(db: Database, *, accepts_older: bool) -> None:
    """Go on with an older copy only knowingly: numbers would be given out twice, and work would be missing."""
    found = check_identity(db)
    if not isinstance(found, (Older, Diverged)):
        remember(db)
    elif accepts_older:
        accept_as_restored(db, Actor.system("start"))
    else:
        raise DatabaseOlder(reason="older" if isinstance(found, Older) else "diverged", missing=getattr(found, "missing", 0))


def opened(db: Database) -> Opened:
    """An open database as the login page needs it."""
    found = clinics_of(db)
    if not is_linked(db):  # most stand alone, and start without the rest of sync
        return Opened(db, found, bool(found) or _has_users(db))
    copy = late("clinic_desktop.sync.replica_standing:standing_of")(db)
    return Opened(db, found, bool(found) or _has_users(db), late("clinic_desktop.sync.linked:is_joining")(db), copy)


def _has_users(db: Database) -> bool:
    with db.read() as session:
        return bool(late("clinic_desktop.clinic.access.queries:users")(session))


def clinics_of(db: Database) -> tuple[ClinicFacts, ...]:
    """The clinics at which this database works, the main one first."""
    with db.read() as session:
        return tuple(ClinicFacts(c.id, c.name, c.hospital_name, c.timezone, c.currency) for c in clinics(session, here=True))
