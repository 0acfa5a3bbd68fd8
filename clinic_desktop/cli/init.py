"""``clinic init``: create a database and bring it up to date, in a file or, with its people's logins, on a server."""

from __future__ import annotations

from pathlib import Path

import click

from clinic_desktop.cli.opening import URL_VARIABLE, asked_new_password, file_options, opened
from clinic_desktop.cli.output import answer
from clinic_desktop.clinic.server_setup import Served, add_first_administrator, serve
from clinic_desktop.kernel.lan.hba import NEAR
from clinic_desktop.kernel.lan.names import DATABASE
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.schema import revision


@click.command()
@click.option("--db", "url", envvar=URL_VARIABLE, help="sqlite:///path, sqlcipher:///path or postgresql://…")
@click.option("--server", metavar="URL", help="Set a clinic up on the Postgres server where postgresql://… logs an administrator in.")
@click.option("--database", default=DATABASE, show_default=True, help="With --server: the name of the clinic's database.")
@click.option("--apply", "is_applied", is_flag=True, help="With --server, as a superuser there: write pg_hba.conf, switch TLS on.")
@click.option("--network", "networks", multiple=True, metavar="CIDR", help="With --server: who may connect; the server's own networks.")
@click.option("--authority", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="With --server: who vouches for it (PEM).")
@click.option("--administrator", metavar="USERNAME", help="With --server: create the clinic's first account.")
@click.option("--full-name", help="Of the first account; its username when left out.")
@file_options
def init(
    url: str | None,
    server: str | None,
    database: str,
    is_applied: bool,
    networks: tuple[str, ...],
    authority: Path | None,
    administrator: str | None,
    full_name: str | None,
    as_json: bool,
) -> None:
    """Create the database, or bring an older one up to date."""
    if server is not None:
        password = asked_new_password(administrator) if administrator is not None else ""
        pem = authority.read_text(encoding="ascii") if authority is not None else ""
        served = serve(server, database, apply=is_applied, networks=networks or (NEAR,), authority=pem)
        if administrator is not None:
            add_first_administrator(server, database, username=administrator, full_name=full_name or administrator, password=password)
        answer(served, as_json=as_json, human=served_text(served))
    elif url:
        _in_place(url, as_json)
    else:
        raise click.UsageError(f"no database: give --db URL, --server URL, or set {URL_VARIABLE}")


def _in_place(url: str, as_json: bool) -> None:
    with opened(url, create=True) as database:
        before = revision(database)
        upgrade(database)
        after = revision(database)
    human = f"The database is ready at revision {after}." if before != after else f"The database was already at revision {after}."
    answer({"revision": after, "migrated": before != after}, as_json=as_json, human=human)


def served_text(served: Served) -> str:
    """What was set up, and what a person still has to do."""
    settled = served.settled
    said = [f"The clinic's database {settled.database} is {'made' if settled.is_new else 'ready'} at revision {settled.revision}."]
    if served.written is not None:
        said.append(f"Its people and computers may connect: {served.written}")
    else:
        said += ["Put these lines at the top of the server's pg_hba.conf and reload it:", *(f"  {line}" for line in served.lines)]
    return "\n".join([*said, f"Fingerprint of the server's certificate: {served.fingerprint}"])
