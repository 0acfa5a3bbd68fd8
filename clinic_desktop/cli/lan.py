"""``clinic lan``: the computers of a clinic on a server, and the server on this one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from clinic_desktop.cli.init import served_text
from clinic_desktop.cli.lan_serve import serve_copies, set_up
from clinic_desktop.cli.opening import URL_VARIABLE, asked_new_password, opened
from clinic_desktop.cli.output import answer
from clinic_desktop.clinic.access.commands import remove_computer
from clinic_desktop.clinic.access.computers import computers, invite
from clinic_desktop.clinic.server_setup import add_first_administrator, serve, within
from clinic_desktop.kernel.key_secrets import UserPassword
from clinic_desktop.kernel.lan.backing import make_backup_login
from clinic_desktop.kernel.lan.copies import FOLDER, start_copies, stop_copies
from clinic_desktop.kernel.lan.hba import NEAR
from clinic_desktop.kernel.lan.joining import PORT
from clinic_desktop.kernel.lan.names import DATABASE
from clinic_desktop.kernel.lan.programs import ServerNotRun
from clinic_desktop.kernel.lan.running import EVERYWHERE, Running, administrator_url, default_folder, start, status, stop
from clinic_desktop.kernel.lan.units import SERVICE
from clinic_desktop.kernel.security import Actor
from clinic_desktop.server.lan import BACKUPS, is_set_up

_BACKUPS = "Backups are made while the program is open here, under this user, into the folders of its settings."
_BY_SERVICE = "Backups are made by the service, into {folder} until somebody chooses a folder in the program on this computer."
ACTOR = Actor.system("command line")


def server_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Which server: by an administrator's address, or the one that this computer runs."""

    @click.option("--db", "url", envvar=URL_VARIABLE, help="postgresql://… as an administrator of the server.")
    @click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Of the server that this computer runs.")
    @click.option("--database", default=DATABASE, show_default=True, help="With --folder: the name of the clinic's database.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
    @functools.wraps(function)
    def wrapped(*args: Any, url: str | None, folder: Path | None, database: str, **kwargs: Any) -> Any:
        place = folder or default_folder()
        return function(*args, url=url if url and folder is None else administrator_url(place, database), **kwargs)

    return wrapped


@click.group()
def lan() -> None:
    """Computers that share one clinic: invite them, remove them, and run the server on this one."""


@lan.command("invite")
@click.option("--minutes", type=click.IntRange(1, 60), default=15, show_default=True, help="How long the code lets somebody in.")
@server_options
def invite_one(url: str, as_json: bool, minutes: int) -> None:
    """Make a code with which one computer joins."""
    with opened(url) as database:
        made = invite(database, ACTOR, minutes=minutes)
    human = f"Address  {made.address}\nCode     {made.code}\nIt lets one computer in, until {made.until.astimezone():%H:%M}."
    answer(made, as_json=as_json, human=human)


@lan.command("computers")
@server_options
def list_computers(url: str, as_json: bool) -> None:
    """List the computers that have joined."""
    with opened(url) as database:
        rows = computers(database, ACTOR)
    lines = [f"{row.login}  {row.joined_at:%Y-%m-%d %H:%M}  {row.name}" for row in rows] or ["No computer has joined yet."]
    answer(rows, as_json=as_json, human="\n".join(lines))


@lan.command("remove")
@click.argument("login")
@server_options
def remove_one(url: str, as_json: bool, login: str) -> None:
    """Take a computer's login away and end its connections."""
    with opened(url) as database:
        database.run(ACTOR, remove_computer, login=login)
    answer({"removed": login}, as_json=as_json, human=f"{login} may not connect any more.")


@lan.command("start")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the server keeps the clinic.")
@click.option("--port", type=click.IntRange(1, 65_535), default=PORT, show_default=True)
@click.option("--listen", default=EVERYWHERE, show_default=True, metavar="ADDRESS", help="On which of this computer's addresses.")
@click.option("--database", default=DATABASE, show_default=True, help="The name of the clinic's database.")
@click.option("--network", "networks", multiple=True, metavar="CIDR", help="Who may connect; this computer's own networks.")
@click.option("--administrator", metavar="USERNAME", help="Create the clinic's first account.")
@click.option("--full-name", help="Of the first account; its username when left out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def start_server(
    folder: Path | None,
    port: int,
    listen: str,
    database: str,
    networks: tuple[str, ...],
    administrator: str | None,
    full_name: str | None,
    as_json: bool,
) -> None:
    """Run a Postgres of the clinic's own on this computer, and set the clinic up in it or bring it up to date."""
    place = folder or default_folder()
    password = asked_new_password(administrator) if administrator is not None else ""
    running = start(place, port=port, listen=listen)
    url = administrator_url(place)
    served = serve(url, database, apply=True, networks=networks or (NEAR,))
    make_backup_login(url, database)
    if administrator is not None:
        add_first_administrator(url, database, username=administrator, full_name=full_name or administrator, password=password)
        set_up(within(url, database), database, place / FOLDER, UserPassword(administrator, password))
    has_copies, about_copies = _copies(place)
    human = [_running_text(running), served_text(served), f"Invite computers with: clinic lan invite --folder {place}"]
    human += [_BY_SERVICE.format(folder=place / FOLDER / BACKUPS) if has_copies else _BACKUPS, about_copies]
    if running.by == "process":
        human.append("This computer has no systemd: after it was restarted, run “clinic lan start” again.")
    answer({"running": _plain(running), "served": served, "copies": has_copies}, as_json=as_json, human="\n".join(human))


@lan.command("stop")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the server keeps the clinic.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def stop_server(folder: Path | None, as_json: bool) -> None:
    """End the server of this computer."""
    place = folder or default_folder()
    if is_set_up(place / FOLDER):
        stop_copies(place)
    running = stop(place)
    answer(_plain(running), as_json=as_json, human=_running_text(running))


@lan.command("status")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the server keeps the clinic.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def server_status(folder: Path | None, as_json: bool) -> None:
    """Say whether the server of this computer runs."""
    running = status(folder or default_folder())
    answer(_plain(running), as_json=as_json, human=_running_text(running))


lan.add_command(serve_copies)


def _copies(place: Path) -> tuple[bool, str]:
    """Whether copies are answered, and what to say of it."""
    if not is_set_up(place / FOLDER):
        return False, f"For copies on the clinic's computers: clinic lan serve --set-up --folder {place} --user NAME"
    try:
        start_copies(place)
    except ServerNotRun as error:
        return False, f"Copies on the clinic's computers are not answered: {error.params['said']}"
    return True, "The clinic's computers may keep a copy, and work on while this one is away."


def _running_text(running: Running) -> str:
    how = {"service": f"as the service {SERVICE}", "process": "as a process of its own"}
    state = f"runs at port {running.port}, {how[running.by]}" if running.is_running else "does not run"
    return f"The server in {running.folder} {state}."


def _plain(running: Running) -> dict[str, object]:
    return {"folder": str(running.folder), "port": running.port, "is_running": running.is_running, "by": running.by}
