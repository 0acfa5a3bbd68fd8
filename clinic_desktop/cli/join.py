"""``clinic join``: make this computer one of the clinic's, with an address and a joining code."""

from __future__ import annotations

import click

from clinic_desktop.cli.output import answer
from clinic_desktop.kernel.lan.joining import join as join_server
from clinic_desktop.kernel.lan.joining import read_address
from clinic_desktop.kernel.lan.kept import keep_secret


@click.command()
@click.argument("address")
@click.argument("code")
@click.option("--name", help="What the administrator sees this computer as; its own name when left out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def join(address: str, code: str, name: str | None, as_json: bool) -> None:
    """Join the clinic at ADDRESS (server, server:port or server:port/database) with a CODE from “clinic lan invite”."""
    joined = join_server(read_address(address), code, name=name)
    in_keyring = keep_secret(joined.url, joined.secret)
    where = "in its keyring" if in_keyring else "in a file that only you can read: it has no keyring"
    human = f"This computer has joined. It keeps its own login {where}.\nThe clinic's database from here:\n  {joined.url}"
    answer({"db": joined.url, "in_keyring": in_keyring}, as_json=as_json, human=human)
