"""``clinic backup``: a backup now, the journal since the last one, or a look at what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clinic_desktop.cli.opening import URL_VARIABLE, asked_passphrase, asked_secret_of_file, file_options, opened
from clinic_desktop.cli.output import answer, stages
from clinic_desktop.clinic.backups.running import plan_of, run_now
from clinic_desktop.kernel.backup.container import Manifest, read_sealed
from clinic_desktop.kernel.backup.folders import backups_in, shelf
from clinic_desktop.kernel.backup.routine import save_journal
from clinic_desktop.kernel.backup.steps import Steps
from clinic_desktop.kernel.backup.verifying import verify
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.security import Actor

STAGES = {
    "check": "Checking",
    "copy": "Copying",
    "count": "Counting",
    "documents": "Documents",
    "replay": "Replaying",
    "unpack": "Unpacking",
}
ACTOR = Actor.system("backup")


@click.command()
@click.option("--db", "url", envvar=URL_VARIABLE, help="sqlite:///path, sqlcipher:///path or postgresql://…")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder; the clinic's own when left out.")
@click.option("--journal", is_flag=True, help="Only add what was committed since: takes a moment, loses minutes at most.")
@click.option("--verify", "file", type=click.Path(path_type=Path), help="Open this backup, check and count it.")
@click.option("--list", "listing", is_flag=True, help="List the backups of a folder.")
@file_options
def backup(url: str | None, as_json: bool, folder: Path | None, journal: bool, file: Path | None, listing: bool) -> None:
    """Back up a database: encrypted, and opened, checked and counted before it says so."""
    if file is not None:
        _verify(file, as_json)
    elif listing and folder is not None:
        _list(folder, as_json)
    else:
        if not url:
            raise click.UsageError(f"no database: give --db URL or set {URL_VARIABLE}")
        with opened(url, typed=parse_address(url).file is None) as database:
            chosen = folder or _planned(database)
            if listing:
                _list(chosen, as_json)
            elif journal:
                _save(database, chosen, as_json)
            else:
                _make(database, chosen, as_json)


def _planned(database: Database) -> Path:
    folders = plan_of(database, ACTOR).folders
    if not folders:
        raise click.UsageError("no folder: give --to DIR, or choose one in the settings")
    if database.address.file is not None and folders[0].parent == database.address.file.parent:
        folders[0].mkdir(exist_ok=True)
    return folders[0]


def _passphrase(database: Database) -> str | None:
    """What encrypts the backups of a database that has no key of its own."""
    return asked_passphrase(new=False) if database.data_key is None else None


def _make(database: Database, folder: Path, as_json: bool) -> None:
    passphrase = _passphrase(database)
    with stages(STAGES) as advance:
        outcome = run_now(database, ACTOR, folder, passphrase=passphrase, steps=Steps(advance))
    assert outcome.taken is not None
    found = _plain(outcome.taken.manifest, outcome.taken.path)
    human = f"{outcome.taken.path}: {found['rows']} rows, up to change {found['seq']}, opened, checked and counted."
    answer(found | {"verified": True, "removed": list(outcome.removed)}, as_json=as_json, human=human)


def _save(database: Database, folder: Path, as_json: bool) -> None:
    saved = save_journal(database, folder, passphrase=_passphrase(database))
    human = f"{saved.change_sets} change sets added; {folder} now reaches change {saved.through}."
    answer({"change_sets": saved.change_sets, "through": saved.through}, as_json=as_json, human=human)


def _verify(file: Path, as_json: bool) -> None:
    sealed = read_sealed(file)
    keys = shelf(file).keys(asked_secret_of_file(), system_clock())
    with stages(STAGES) as advance:
        found = verify(file, keys, Steps(advance))
    human = f"{file} is whole: {found.rows} rows, {found.change_sets} change sets followed up to {found.manifest.seq}."
    answer(_plain(sealed.manifest, file) | {"verified": True, "followed": found.change_sets}, as_json=as_json, human=human)


def _list(folder: Path, as_json: bool) -> None:
    found = [_plain(one.manifest, one.path) for one in backups_in(folder)]
    lines = [f"{one['taken_at']}  {one['rows']:>9} rows  change {one['seq']:>7}  {one['reason']:<16} {one['file']}" for one in found]
    answer(found, as_json=as_json, human="\n".join(lines) or f"There is no backup in {folder}.")


def _plain(manifest: Manifest, path: Path) -> dict[str, Any]:
    return {
        "file": path.name,
        "folder": str(path.parent),
        "database_id": str(manifest.database_id),
        "taken_at": manifest.taken_at.isoformat(),
        "reason": manifest.reason,
        "engine": manifest.engine,
        "revision": manifest.revision,
        "seq": manifest.seq,
        "rows": manifest.rows,
        "bytes": path.stat().st_size,
    }
