"""``clinic lan serve``: the service beside a clinic's server that answers the copies its computers keep."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from clinic_desktop.cli.central import NEEDED
from clinic_desktop.cli.opening import URL_VARIABLE, asked_password
from clinic_desktop.cli.output import answer
from clinic_desktop.clinic.server_setup import within
from clinic_desktop.kernel.identity import STATE_VARIABLE
from clinic_desktop.kernel.key_secrets import RecoveryKey, Secret, UserPassword
from clinic_desktop.kernel.lan.certificates import own_names
from clinic_desktop.kernel.lan.copies import FOLDER
from clinic_desktop.kernel.lan.names import DATABASE
from clinic_desktop.kernel.lan.running import administrator_url, default_folder
from clinic_desktop.server import lan as service
from clinic_desktop.sync.credentials import pin_text


@click.command("serve")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Of the server that this computer runs.")
@click.option(
    "--dir", "place", type=click.Path(file_okay=False, path_type=Path), help="The service's own folder, in the server's otherwise."
)
@click.option("--set-up", "is_new", is_flag=True, help="Give the service a login, a key and a certificate first.")
@click.option("--only", "is_only", is_flag=True, help="With --set-up: begin to serve nothing.")
@click.option("--db", "url", envvar=URL_VARIABLE, help="With --set-up: postgresql://… as an administrator of another server.")
@click.option("--database", default=DATABASE, show_default=True, help="With --set-up: the name of the clinic's database.")
@click.option("--user", metavar="USERNAME", help="With --set-up: whose password opens the clinic's data; the recovery key otherwise.")
@click.option("--certify", "hosts", multiple=True, metavar="HOST", help="With --set-up: names in the certificate; this computer's own.")
@click.option("--host", default="0.0.0.0", show_default=True, help="The address to listen at.")  # noqa: S104 - computers come from outside
@click.option("--port", type=click.IntRange(0, 65_535), help="Another port than the usual one; 0 takes a free one.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def serve_copies(
    folder: Path | None,
    place: Path | None,
    is_new: bool,
    is_only: bool,
    url: str | None,
    database: str,
    user: str | None,
    hosts: tuple[str, ...],
    host: str,
    port: int | None,
    as_json: bool,
) -> None:
    """Make the scheduled backups, answer the copies that computers keep, and send what is new to the chain's central, until stopped."""
    refuse_incomplete()
    server = folder or default_folder()
    there = place or server / FOLDER
    os.environ.setdefault(STATE_VARIABLE, str(there / "state"))  # its account may have no home
    if is_new:
        secret: Secret = UserPassword(user, asked_password(f"Password of {user}")) if user else RecoveryKey(asked_password("Recovery key"))
        set_up(within(url, database) if url and folder is None else administrator_url(server, database), database, there, secret, hosts)
        if is_only:
            answer({"folder": str(there)}, as_json=as_json, human=f"The service is set up in {there}.")
            return
    with service.opened(there) as opened:

        def listening(bound: int) -> None:
            service.announce(there, bound)
            told = {"host": host, "port": bound, "pin": pin_text(opened.pin) if opened.pin else None}
            answer(told, as_json=as_json, human=f"Answering the clinic's computers at port {bound}.")
            sys.stdout.flush()

        run = import_module("clinic_desktop.server.running")
        run.serve(opened, host=host, port=opened.config.port if port is None else port, workers=1, listening=listening, is_lan=True)


def set_up(url: str, database: str, place: Path, secret: Secret, hosts: tuple[str, ...] = ()) -> None:
    """Set the service up by an administrator's address of the clinic's database."""
    service.set_up(url, database, place, secret, hosts=hosts or tuple(own_names()))


def refuse_incomplete() -> None:
    """Raise ClickException where what a service needs is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise click.ClickException(f"{', '.join(missing)} missing: install clinic-desktop[central]")
