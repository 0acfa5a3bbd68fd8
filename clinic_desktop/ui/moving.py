"""The clinic leaves its file for a server, and this computer is the first that joins it there. Imported on the second thread."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from clinic_desktop.clinic.access.computers import invite
from clinic_desktop.clinic.access.login import confirm_password
from clinic_desktop.clinic.access.queries import username_of
from clinic_desktop.clinic.server_moving import let_in, move_to_server, refuse_move
from clinic_desktop.clinic.server_setup import serve, within
from clinic_desktop.kernel.backup.steps import Steps
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.lan.backing import make_backup_login
from clinic_desktop.kernel.lan.joining import Joined, join, read_address, with_secret
from clinic_desktop.kernel.lan.kept import keep_secret
from clinic_desktop.kernel.lan.names import DATABASE
from clinic_desktop.kernel.lan.programs import ServerNotRun, programs
from clinic_desktop.kernel.lan.running import default_folder
from clinic_desktop.kernel.lan.settling import in_words
from clinic_desktop.kernel.reach import check_server
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.soundness import moved_to
from clinic_desktop.ui.address import ENCRYPT, ServerAddress
from clinic_desktop.ui.opening import Opened, open_database
from clinic_desktop.ui.serving import run_here, serve_copies

_MAINTENANCE, _ANY = "postgres", "prefer"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to, and who is let in there: with the password that opens this clinic."""

    password: str = field(repr=False)
    address: str = ""
    """``host:port/database`` as it was typed; empty: this computer becomes the server."""
    login: str = ""
    """Of an administrator of that server."""
    login_password: str = field(default="", repr=False)
    username: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The clinic on its server, open from here."""

    url: str
    opened: Opened
    place: str
    """What other computers call the server."""
    documents: int
    file: Path
    """Where it was."""
    trouble: ServerNotRun | None
    """Why the service beside the server of this computer does not run."""


def looked_at(*, progress: Any, db: Database, actor: Actor, wanted: Wanted) -> Wanted:
    """Everything that can be known before the desk is left: the right, the password, and whether the server answers."""
    actor = confirm_password(db, actor, wanted.password)
    refuse_move(db, actor)
    if wanted.address:
        check_server(_administration(wanted)[0])
    else:
        programs()
    assert actor.user_id is not None
    with db.read(actor) as session:
        return replace(wanted, username=username_of(session, actor.user_id))


def moved(*, progress: Any, db: Database, actor: Actor, wanted: Wanted) -> Arrived:
    """Set the server up, join it, and only then move; what was interrupted goes on when it is asked for again."""
    with in_words():
        return _moved(db, actor, wanted, Steps(progress.report, lambda: progress.is_cancelled))


def _moved(db: Database, actor: Actor, wanted: Wanted, steps: Steps) -> Arrived:
    folder = default_folder()
    if wanted.address:
        url, database = _administration(wanted)
        serve(url, database, apply=False)
        reach = str(read_address(wanted.address))
    else:
        (url, port), database = run_here(folder), DATABASE
        reach = f"127.0.0.1:{port}"
    joined, place = _joined(url, database, reach)
    done = move_to_server(db, url, database, actor, steps=steps)
    let_in(url, database, username=wanted.username, password=wanted.password)
    trouble = None
    if not wanted.address:
        make_backup_login(url, database)
        trouble = serve_copies(folder, wanted.username, wanted.password)
    keep_secret(joined.url, joined.secret)
    opened = open_database(with_secret(joined.url, joined.secret))
    assert db.address.file is not None
    return Arrived(joined.url, opened, place, done.documents, db.address.file, trouble)


def is_moving(*, db: Database) -> bool:
    """Whether the file takes nothing more: what was begun can only go on."""
    with db.engine.connect() as connection:
        return moved_to(connection) is not None


def _administration(wanted: Wanted) -> tuple[str, str]:
    """The administrator's address of the server, and the name of the clinic's database there."""
    place = read_address(wanted.address)
    address = ServerAddress(place.host, place.port, _MAINTENANCE, wanted.login, ENCRYPT)
    if address.is_this_computer:
        address = replace(address, security=_ANY)
    return address.url(wanted.login_password or None), place.database


def _joined(url: str, database: str, reach: str) -> tuple[Joined, str]:
    """This computer joins while nothing is moved yet: then the server's door is known to be open."""
    inside = Database.open(within(url, database))
    try:
        invitation = invite(inside, Actor.system("set-up"))
    finally:
        inside.close()
    return join(read_address(reach), invitation.code), invitation.address
