"""Whether this is the database that this computer knows, and whether there is a backup of it that one could rely on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clinic_desktop.clinic.backups.looking import is_on_disk_of, past_refusal
from clinic_desktop.clinic.backups.queries import BackupRow, backup_plan, backup_state, backups, failing
from clinic_desktop.clinic.doctor.finding import Finding, bad, good, warn
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.identity import Diverged, Fresh, Older, Other, Restored, check_identity
from clinic_desktop.kernel.schema import is_current

IDENTITY, BACKUPS = "identity", "backups"


def examine_safety(database: Database) -> Iterator[Finding]:
    """Compare the database with what was last seen at its place, and look at its backups."""
    if is_current(database):
        yield _identity(database)
        yield from _backups(database)


def _identity(database: Database) -> Finding:
    match check_identity(database):
        case Older(missing):
            return bad(IDENTITY, "identity_older", missing=missing)
        case Diverged(since):
            return bad(IDENTITY, "identity_diverged", since=since)
        case Other():
            return warn(IDENTITY, "identity_other")
        case Restored():
            return good(IDENTITY, "identity_restored")
        case Fresh():
            return good(IDENTITY, "identity_new")
        case _:
            return good(IDENTITY, "identity_same")


def _backups(database: Database) -> Iterator[Finding]:
    with database.read() as session:
        rows, state = backups(session), backup_state(session, database.clock())
        plan = backup_plan(session, None)
    if state.last_good_at is None:
        yield warn(BACKUPS, "backup_none")
    elif state.is_overdue:
        yield bad(BACKUPS, "backup_overdue", at=state.last_good_at)
    else:
        yield good(BACKUPS, "backup_recent", at=state.last_good_at)
    folders = _folders(rows, plan.folders)
    for row in failing(rows, {str(path) for path in folders}):
        yield bad(BACKUPS, "backup_failed", reason=past_refusal(row.error or "", row.folder))
    if database.address.file is not None:  # of a server's folders other computers may have each their own
        yield from _places(folders, database.address.file)


def _folders(rows: list[BackupRow], chosen: tuple[Path, ...]) -> list[Path]:
    """The folders in use: those chosen for all, and the one of the newest backup, which a workstation may have for itself."""
    newest = [Path(row.folder) for row in rows[:1]]
    return list(dict.fromkeys([*chosen, *newest]))


def _places(folders: list[Path], file: Path) -> Iterator[Finding]:
    there = [path for path in folders if path.is_dir()]
    for path in folders:
        if path not in there:
            yield warn(BACKUPS, "backup_folder_missing", path=str(path))
    if there and all(is_on_disk_of(path, file) for path in there):
        yield warn(BACKUPS, "backup_same_disk")
