"""``clinic init``: create a database and bring it up to date."""

from __future__ import annotations

import click

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.schema import revision


@click.command()
@database_options
def init(url: str, as_json: bool) -> None:
    """Create the database, or bring an older one up to date."""
    with opened(url, create=True) as database:
        before = revision(database)
        upgrade(database)
        after = revision(database)
    human = f"The database is ready at revision {after}." if before != after else f"The database was already at revision {after}."
    answer({"revision": after, "migrated": before != after}, as_json=as_json, human=human)
