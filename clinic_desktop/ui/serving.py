"""This computer serves the clinic: a server of its own, a clinic in it with its first owner, and this computer as the first that joins.

Imported on the database thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clinic_desktop.clinic.access.computers import invite
from clinic_desktop.clinic.access.rules import check_password, username_form
from clinic_desktop.clinic.server_setup import add_first_administrator, serve, within
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.lan.backing import make_backup_login
from clinic_desktop.kernel.lan.copies import set_up_copies, start_copies
from clinic_desktop.kernel.lan.joining import LanAddress
from clinic_desktop.kernel.lan.names import DATABASE
from clinic_desktop.kernel.lan.programs import ServerNotRun
from clinic_desktop.kernel.lan.running import administrator_url, default_folder, start
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.joining import Joined, join_with_code


@dataclass(frozen=True, slots=True)
class Served:
    """The clinic on this computer's server, joined from here."""

    joined: Joined
    trouble: ServerNotRun | None
    """Why the service beside the server does not run: without it computers keep no copies, and backups wait for this program."""


def serve_here(*, full_name: str, username: str, password: str) -> Served:
    """Run the server and its service, set the clinic up with its first owner, and join it.

    Raises InvalidInput before anything is made, or ServerNotRun.
    """
    check_password(password, username=username_form(username))
    folder = default_folder()
    url, port = run_here(folder)
    make_backup_login(url, DATABASE)
    add_first_administrator(url, DATABASE, username=username, full_name=full_name, password=password)
    trouble = serve_copies(folder, username, password)
    opened = Database.open(within(url, DATABASE))
    try:
        code = invite(opened, Actor.system("set-up")).code
    finally:
        opened.close()
    return Served(join_with_code(str(LanAddress("127.0.0.1", port)), code), trouble)


def run_here(folder: Path) -> tuple[str, int]:
    """Run the server with an empty clinic in it, or one that is there; its administrator's address and its port."""
    port = start(folder, port=None).port
    url = administrator_url(folder)
    serve(url, DATABASE, apply=True)
    return url, port


def serve_copies(folder: Path, username: str, password: str) -> ServerNotRun | None:
    """Have the service run beside the server; the clinic works without it, too."""
    try:
        set_up_copies(folder, database=DATABASE, username=username, password=password)
        start_copies(folder)
    except ServerNotRun as error:
        return error
    return None
