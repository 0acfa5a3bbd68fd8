"""How it stands with a computer's copy of a server's database, and the way to the server's service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from clinic_desktop.kernel.clock import Clock, system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.schema import is_current
from clinic_desktop.sync import replica_files
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.errors import Offline
from clinic_desktop.sync.joining import NotLinked
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.patience import Patient
from clinic_desktop.sync.replica_files import read_note, write_note
from clinic_desktop.sync.standing import standing as sync_standing

Connect = Callable[[Database], Channel | None]
_LOOKS = 0.1
"""Seconds after which it is seen that somebody wants an end."""


class CopyNotComplete(ClinicError):
    """The first load of this copy was cut: nobody can work on it before it has gone on to its end."""

    code = "copy_not_complete"


class NotHandedOver(ClinicError):
    """The server does not have all of what was done here: params ``unsent``, and ``reason`` (unsent, documents or differs)."""

    code = "not_handed_over"


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a copy."""

    code: str
    is_complete: bool
    detached_at: datetime | None
    fed_until: datetime | None
    unsent: int
    """Pieces of work that the server does not have yet."""
    parked: int


def standing_of(db: Database) -> Standing | None:
    """How it stands with this database as a copy; None where it is none."""
    with db.read() as session:
        link = session.get(SyncLink, THE_ONE)
        if link is None or link.peer_id is None:
            return None
        code, detached_at, fed_until, whole = link.series or "", link.detached_at, link.last_synced_at, is_whole(link)
    now = sync_standing(db)
    return Standing(code, whole, detached_at, fed_until, now.unsent, now.parked)


def standing(replica: Database) -> Standing:
    """How it stands with a copy; raises NotLinked where this is none."""
    found = standing_of(replica)
    if found is None:
        raise NotLinked
    return found


def is_whole(link: SyncLink) -> bool:
    """Whether a copy was loaded to the end once."""
    return link.last_synced_at is not None and (link.loads_from is None or link.proved_at is not None)


def note(replica: Database) -> None:
    """Write beside the file how it stands, for when nothing is open."""
    file, now = replica.address.file, standing(replica)
    assert file is not None
    before = read_note(file)
    if before is not None:
        times = {"fed_until": now.fed_until, "detached_at": now.detached_at}
        write_note(file, lan=before.lan, code=now.code, since=before.since, is_complete=now.is_complete, **times)


def open_copy(file: Path, clock: Clock = system_clock) -> Database:
    """Open a copy by what this computer keeps for it, make it where it is missing, and bring its tables up to date."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replica = Database.open(replica_files.url_of(file), secret=replica_files.secret_of(file), clock=clock)
    try:
        if not is_current(replica):
            upgrade(replica)
    except BaseException:
        replica.close()
        raise
    return replica


@contextmanager
def channel_to(replica: Database, connect: Connect, ended: Event) -> Iterator[Channel]:
    """The way to the server's service, cut as soon as ``ended`` is set and closed afterwards; raises NotLinked."""
    channel = connect(replica)
    if channel is None:
        raise NotLinked
    is_over = Event()

    def watch() -> None:
        while not is_over.wait(_LOOKS):
            if ended.is_set():
                channel.cut()

    watcher = Thread(target=watch, name="copy", daemon=True)
    watcher.start()

    def look() -> None:
        if ended.is_set():
            raise Offline(reason="stopped")

    try:
        yield Patient(channel, look)
    finally:
        is_over.set()
        watcher.join()
        channel.close()
