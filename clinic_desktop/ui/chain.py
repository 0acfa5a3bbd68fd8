"""Beginning as a new site of a chain. Imported on the database thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable, InvalidInput
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.keys import Passphrase, key_file_path
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.credentials import read_code
from clinic_desktop.sync.http_channel import central_url
from clinic_desktop.sync.joining import enrol, link
from clinic_desktop.sync.loading import Progress as Loaded
from clinic_desktop.sync.loading import load
from clinic_desktop.sync.patience import Patient
from clinic_desktop.sync.site import Site
from clinic_desktop.ui import opening
from clinic_desktop.ui.address import file_of
from clinic_desktop.ui.founding import put_aside
from clinic_desktop.ui.way import Way

load_departments()
SHORTEST = 12
"""Characters of a passphrase: it opens the data without any person's password."""


@dataclass(frozen=True, slots=True)
class Started:
    """The database of a site that central has taken in; ``founds``: central has no data yet."""

    db: Database
    founds: bool


def start(db: Database | None, *, url: str, address: str, code: str, passphrase: str | None) -> Started:
    """Make an empty encrypted database unless one is open, and enrol it; a refused one leaves nothing behind."""
    central_url(address)
    read_code(code)
    made = None
    if db is None:
        if passphrase is None or len(passphrase) < SHORTEST:
            raise InvalidInput("passphrase", "too_short", limit=SHORTEST)
        db = made = _make(url, passphrase)
    try:
        enrolled = enrol(db, Actor.system("set-up"), address=address, code=code)
    except BaseException:
        if made is not None:
            made.close()
            _remove(url)
        raise
    return Started(db, enrolled.founds)


def _make(url: str, passphrase: str) -> Database:
    file = file_of(url)
    if file is None or file.exists():
        raise DatabaseUnavailable(reason="open_elsewhere", path=str(file))
    put_aside(key_file_path(file))
    return opening.open_database(url, secret=Passphrase(passphrase)).db


def _remove(url: str) -> None:
    file = file_of(url)
    assert file is not None
    for one in (file, *(Path(f"{file}{ending}") for ending in ("-wal", "-shm")), key_file_path(file)):
        one.unlink(missing_ok=True)


def load_chain(db: Database, way: Way, progress: Any) -> opening.Opened:
    """Read everything of the chain, or what is missing of it; raises Cancelled, Offline, Busy or Refused, and then goes on another time."""
    so_far = Loaded()

    def told(done: Loaded) -> None:
        nonlocal so_far
        so_far = done
        progress.report(done.tables, done.of_tables)

    with way.open(db) as channel:
        site = Site(db, Patient(channel, lambda: told(so_far)), runner_id=new_id())
        site.take_hold()
        try:
            if _is_loaded(db):
                site.round()  # only a clinic was missing
            else:
                load(site, told)
        finally:
            site.let_go()
    db.recall_currency()
    return opening.opened(db)


def _is_loaded(db: Database) -> bool:
    with db.read() as session:
        return link(session).is_loaded


def look(db: Database, way: Way) -> opening.Opened:
    """Read what is new: perhaps a clinic was made for this site."""
    with way.open(db) as channel:
        site = Site(db, channel, runner_id=new_id())
        site.take_hold()
        try:
            site.round()
        finally:
            site.let_go()
    return opening.opened(db)
