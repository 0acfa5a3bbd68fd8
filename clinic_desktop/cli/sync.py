"""``clinic sync``: how this database stands to its chain of sites, and the way in and out of one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import click

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer, say
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import joining
from clinic_desktop.sync.loading import load
from clinic_desktop.sync.overview import Overview, overview
from clinic_desktop.sync.rounds import catch_up
from clinic_desktop.sync.seen import Round
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.standing import standing
from clinic_desktop.wording import sentence

ACTOR = Actor.system("command line")


@click.group()
def sync() -> None:
    """Agree with the other sites through the central server."""


@sync.command()
@database_options
def status(url: str, as_json: bool) -> int:
    """Say how sync stands; exit code 1 when it needs somebody."""
    with opened(url) as database:
        found, unsent = _overview(database), standing(database).unsent
    needs = bool(found.conflicts or found.parked or found.error)
    answer(_plain(found, unsent), as_json=as_json, human="\n".join(_lines(found, unsent)))
    return 1 if needs else 0


@sync.command()
@database_options
def now(url: str, as_json: bool) -> None:
    """Send and read what is new, once; the first load of a new site, too."""
    with opened(url) as database:
        done = _round(database)
    told = {"sent": done.pushed, "read": done.pulled, "set_aside": len(done.parked), "complete": done.is_complete}
    if done.clock_ahead:
        say("This computer's clock is ahead: nothing was sent.")
    answer(told, as_json=as_json, human=f"{done.pushed} sent, {done.pulled} read, {len(done.parked)} set aside.")


@sync.command()
@click.argument("address")
@click.argument("code")
@database_options
def enrol(url: str, as_json: bool, address: str, code: str) -> None:
    """Join the chain of the central server at ADDRESS with a CODE that was made there."""
    with opened(url) as database:
        made = joining.enrol(database, ACTOR, address=address, code=code)
    told = {"site_id": made.site_id, "code": made.site_code, "name": made.site_name, "keeps_shared_data": made.keeps_shared_data}
    human = f"This database is the site {made.site_name} ({made.site_code}) now. Go on with: clinic sync now"
    answer(told, as_json=as_json, human=human)


@sync.command()
@click.confirmation_option(prompt="Take part in the chain no more?")
@database_options
def leave(url: str, as_json: bool) -> None:
    """Leave the chain; all that is here stays."""
    with opened(url) as database:
        joining.leave(database, ACTOR)
    answer({"left": True}, as_json=as_json, human="This database stands alone now.")


def _round(database: Database) -> Round:
    channel = joining.channel_of(database)
    if channel is None:
        raise joining.NotLinked
    site = Site(database, channel, runner_id=new_id())
    try:
        site.take_hold()
        try:
            if joining.is_joining(database):
                load(site)
            return catch_up(site)
        finally:
            with suppress(ClinicError):
                site.let_go()
    finally:
        channel.close()


def _overview(database: Database) -> Overview:
    with database.read() as session:
        return overview(session, database.clock())


def _lines(found: Overview, unsent: int) -> list[str]:
    link = found.link
    if not link.is_linked:
        return ["This database stands alone."]
    contact, synced = (
        at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "never" for at in (found.last_contact_at, found.last_synced_at)
    )
    lines = [
        f"Site            {link.site_name} ({link.site_code})",
        f"Central server  {link.address}",
        f"Last contact    {contact}",
        f"Last sync       {synced}",
        f"To send         {unsent}",
        f"To decide       {found.conflicts}",
        f"Set aside       {found.parked}",
    ]
    return lines if found.error is None else [*lines, sentence(found.error)]


def _plain(found: Overview, unsent: int) -> dict[str, Any]:
    link = found.link
    names = ("last_contact_at", "last_synced_at", "conflicts", "parked", "pushed_seq", "pulled_seq", "head_seq")
    told = {"linked": link.is_linked, "site": link.site_code, "address": link.address, "unsent": unsent}
    error = None if found.error is None else {"code": found.error.code, **found.error.params}
    return told | {name: getattr(found, name) for name in names} | {"error": error}
