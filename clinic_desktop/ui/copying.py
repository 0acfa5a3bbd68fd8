"""What is done with this computer's copy of the clinic's database. Imported on the thread on which it is done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Any

from clinic_desktop.clinic.access import login
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.errors import ClinicError, SessionEnded
from clinic_desktop.kernel.reach import check_way
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import replicas
from clinic_desktop.sync.feeding import Feeder
from clinic_desktop.sync.overview import Counts, counts
from clinic_desktop.sync.replica_files import Kept
from clinic_desktop.ui import entering, joining, opening

load_departments()
_KNOCK = 2.0
"""Seconds in which a server answers somebody, if it is there: on a LAN it takes milliseconds."""
_PORT = 5432
_PATIENCE = 0.9
"""Seconds that the end of the program may take for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """The copy that this computer keeps of the open server's database, and what feeds it: only one that is whole and not at work."""

    kept: Kept | None
    feeder: Feeder | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Another database is open, and whoever was at work may be at work there."""

    opened: opening.Opened | opening.Closed
    entered: entering.Entered | None = None
    waiting: int = 0
    """What waits for a decision there."""


def begin(url: str) -> opening.Opened | Kept:
    """The clinic on its server; the copy instead, where this computer works on it since the server was lost."""
    kept = replicas.replica_for(url)
    if kept is not None and kept.detached_at is not None:
        return kept
    if kept is not None and kept.is_complete:  # there is a way on without the server: nobody waits long for one that is silent
        _knock(url)
    return joining.open_joined(url)


def _knock(url: str) -> None:
    place = parse_address(url).url
    if place.host and not place.host.startswith("/"):
        check_way(place.host, place.port or _PORT, patience=_KNOCK)


def usable(url: str) -> Kept | None:
    """The copy with which one can go on while the server is away."""
    kept = replicas.replica_for(url)
    return kept if kept is not None and kept.is_complete else None


def look(lan: Database, told: Callable[[Any], None]) -> Found:
    """See whether this computer keeps a copy, and begin to feed it."""
    kept = replicas.kept(lan)
    if kept is None or not kept.is_complete or kept.detached_at is not None:
        return Found(kept, None)
    feeder = Feeder(kept, told, lan=lan)
    feeder.start()
    return Found(kept, feeder)


def why_not(lan: Database, actor: Actor) -> str | None:
    """Why no copy can be kept here; None where it can."""
    return replicas.may_keep(lan, actor)


def keep(lan: Database, actor: Actor, name: str, told: Callable[[int, int], None], ended: Event) -> Kept:
    """Make the copy, or go on where it was cut."""
    return replicas.keep(lan, actor, name=name, told=lambda done: told(done.tables, done.of_tables), ended=ended)


def forget(lan: Database, actor: Actor, kept: Kept, feeder: Feeder | None, *, anyway: bool) -> None:
    """Take the copy away."""
    rest(feeder)
    replicas.forget(lan, actor, kept=kept, anyway=anyway)


def rest(feeder: Feeder | None) -> None:
    """Feed it no more; its file is closed."""
    if feeder is not None:
        feeder.stop(_PATIENCE)


def to_copy(kept: Kept, feeder: Feeder | None, lan: Database | None, runner: Any, who: Actor | None) -> Moved:
    """Leave the server that does not answer and open the copy; whoever was at work there with a password goes on without another one."""
    rest(feeder)
    if runner is not None:
        runner.stop()
    if lan is not None:
        lan.unfollow()
        lan.rest()
    found = opening.open_by_itself(kept.url)
    if isinstance(found, opening.Closed):
        return Moved(found)
    try:
        return Moved(found, None if who is None or who.by_pin else _go_on(found.db, who))
    except BaseException:
        found.db.close()
        raise


def _go_on(db: Database, who: Actor) -> entering.Entered | None:
    replicas.detach(db, who)
    actor = replicas.go_on(db, who)
    return None if actor is None else entering.entered(db, actor)


def detach(db: Database, who: Actor) -> None:
    """From now on people work on the copy."""
    replicas.detach(db, who)


def hand_over(db: Database, runner: Any, told: Callable[[int], None], ended: Event) -> int:
    """Send what was done here; returns how many pieces of work it was."""
    if runner is not None:
        runner.stop()
    return replicas.hand_over(db, lambda done: told(done.pushed), ended).sent


def to_server(url: str, lan: Database | None, left: Database, runner: Any, before: Actor | None) -> Moved:
    """Back from the copy to the clinic's server; who was at work there before, and whose session stands, goes on."""
    if runner is not None:
        runner.stop()
    left.unfollow()
    if lan is not None:
        lan.recall_currency()
        opened = opening.opened(lan)
    else:
        opened = joining.open_joined(url)
    left.close()
    entered = None if lan is None or before is None else _come_back(lan, before)
    return Moved(opened, entered, _waiting(opened.db))


def _come_back(lan: Database, before: Actor) -> entering.Entered | None:
    if before.session_id is None or before.user_id is None or not lan.seats.has(before.user_id):
        return None
    with suppress(SessionEnded):
        return entering.entered(lan, login.read_actor(lan, before.session_id, before.clinic_id))
    return None


def _waiting(db: Database) -> int:
    with suppress(ClinicError):  # nobody is logged in there yet: the status line counts it later
        with db.read() as session:
            found: Counts = counts(session, db.clock())
        return found.conflicts + found.parked
    return 0
