"""``clinic move``: a clinic in a file goes on as one on a server that all its computers share."""

from __future__ import annotations

import click

from clinic_desktop.cli.backup import STAGES
from clinic_desktop.cli.opening import asked_new_password, database_options, opened
from clinic_desktop.cli.output import answer, stages
from clinic_desktop.clinic.server_moving import let_in, move_to_server
from clinic_desktop.kernel.backup.steps import Steps
from clinic_desktop.kernel.lan.names import DATABASE
from clinic_desktop.kernel.security import Actor


@click.command()
@click.option(
    "--server", required=True, metavar="URL", help="The server: postgresql://… of an administrator. Run “clinic init” for it first."
)
@click.option("--database", default=DATABASE, show_default=True, help="The name of the clinic's database there.")
@click.option("--administrator", required=True, metavar="USERNAME", help="Who gets a password for the server now, and lets the others in.")
@database_options
def move(url: str, as_json: bool, server: str, database: str, administrator: str) -> None:
    """Move this clinic to a server: all of it goes there, sync and numbers go on, and the file takes nothing more."""
    password = asked_new_password(administrator)
    with opened(url, moved=True) as source, stages(STAGES) as advance:
        done = move_to_server(source, server, database, Actor.system("clinic move"), steps=Steps(advance))
    let_in(server, database, username=administrator, password=password)
    told = {"database_id": done.database_id, "moved_from": done.moved_from, "through": done.seq, "documents": done.documents}
    human = f"The clinic is at the server now, up to change {done.seq}, with {done.documents} documents. {url} is kept and takes no more."
    answer(told, as_json=as_json, human=human)
