"""``clinic restore``: a backup, or any second since, into a database; what was there before is kept."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from clinic_desktop.cli.backup import STAGES
from clinic_desktop.cli.opening import asked_secret_of_file, file_options
from clinic_desktop.cli.output import answer, say, stages
from clinic_desktop.clinic.backups.commands import announce_restore
from clinic_desktop.clinic.backups.previews import RestorePreviewRow, told
from clinic_desktop.kernel.backup.planning import plan_restore, preview
from clinic_desktop.kernel.backup.restoring import Restored
from clinic_desktop.kernel.backup.restoring import restore as restore_plan
from clinic_desktop.kernel.backup.steps import Steps
from clinic_desktop.kernel.backup.swapping import finish_swap
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.key_secrets import Secret
from clinic_desktop.kernel.schema import is_current, revision
from clinic_desktop.kernel.security import Actor
from clinic_desktop.wording import sentence


@click.command()
@click.argument("place", type=click.Path(exists=True, path_type=Path))
@click.option("--to", "url", required=True, help="Database to restore to: sqlcipher:///path, postgresql://… or sqlite:///path")
@click.option("--at", "at", help="Restore the state of this instant, such as “2026-03-02 13:00”; the newest one when left out.")
@click.option("--preview", "only_look", is_flag=True, help="Only tell what would be restored, and what would be lost.")
@click.option("--reason", default="clinic restore", show_default=True, help="Why; noted in the database that is put aside.")
@file_options
def restore(place: Path, url: str, as_json: bool, at: str | None, only_look: bool, reason: str) -> None:
    """Restore a backup (PLACE is a file) or any later instant (PLACE is a folder) to a database.

    A folder gives the newest state that it holds. The database that is at the address now stays, under another name.
    """
    secret = asked_secret_of_file()
    plan = plan_restore(place, secret, system_clock(), at=None if at is None else _instant(at))
    with ExitStack() as stack, stages(STAGES) as advance:
        present = _present(url, secret)
        if present is not None:
            stack.callback(present.close)
        if only_look:
            found = told(preview(plan, present, Steps(advance)), present)
            answer(msgspec.to_builtins(found), as_json=as_json, human=_offered(found))
            return
        if present is not None and is_current(present):
            present.run(Actor.system("restore"), announce_restore, reason=reason, backup=plan.backup.path.name)
        done = restore_plan(plan, url, secret, present=present, steps=Steps(advance))
    answer(_plain(done), as_json=as_json, human=_done(done, url))


def _instant(text: str) -> datetime:
    """An instant as people write it; without a zone, in this computer's."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise InvalidInput("at", "not_an_instant", text=text) from error


def _present(url: str, secret: Secret) -> Database | None:
    """The database that would be replaced, where there is one that can be read: it lends what was not backed up yet."""
    address = parse_address(url)
    if address.file is not None:
        finish_swap(address.file)
        if not address.exists:
            return None
    try:
        database = Database.open(url, secret=secret if address.kind != "sqlite" else None)
    except ClinicError as error:
        if address.file is None:
            raise
        say(f"The database that is there cannot be read: {sentence(error)}")
        return None
    if revision(database) is None:
        database.close()
        return None
    return database


def _plain(done: Restored) -> dict[str, Any]:
    built = done.rebuilt
    return {
        "database_id": str(built.database_id),
        "restored_from": str(built.restored_from),
        "through": built.seq,
        "at": None if built.at is None else built.at.isoformat(),
        "replayed": built.change_sets,
        "rows": built.rows,
        "documents": done.documents,
        "revision": built.revision,
        "kept_at": done.kept_at,
    }


def _done(done: Restored, url: str) -> str:
    built = done.rebuilt
    kept = f" What was there before is kept as {done.kept_at}." if done.kept_at else ""
    return f"Restored up to change {built.seq} of {built.at}: {built.rows} rows, {built.change_sets} change sets replayed.{kept}"


def _offered(found: RestorePreviewRow) -> str:
    lines = [f"{found.hospital or 'A clinic'}: backup {found.file} of {found.taken_at}, {found.change_sets} change sets replayed on it."]
    if found.last is not None:
        lines.append(f"Last change: {found.last.command} by {found.last.actor_name} at {found.last.at}.")
    lines.append("It holds " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.counts.items()) + ".")
    if found.clock_set_back:
        lines.append("The clock was set back on the way: the same time may have been twice, and the first one is restored.")
    if found.is_other:
        lines.append("The database that is there now is another one: all of it would be put aside.")
    elif found.lost_change_sets:
        lost = ", ".join(f"{count:+d} {name.replace('_', ' ')}" for name, count in found.lost.items()) or "no record that is counted here"
        lines.append(f"Put aside would be {found.lost_change_sets} change sets since {found.lost_since}: {lost}.")
    if found.undone_erasures:
        lines.append("Erasures that would have to be repeated: " + ", ".join(found.undone_erasures) + ".")
    return "\n".join(lines)
