"""What lies in the backup folders of this computer, how far the journal is saved there, and what needs somebody."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.backups.queries import BackupRow, BackupStateRow, backup_state, backups, failing
from clinic_desktop.clinic.backups.rules import BackupOverdue, BackupReason
from clinic_desktop.clinic.backups.running import plan_of
from clinic_desktop.clinic.backups.serving import serving
from clinic_desktop.kernel.backup.container import ENDING, Sealed, read_sealed
from clinic_desktop.kernel.backup.errors import BackupFailed, BadBackup
from clinic_desktop.kernel.backup.routine import identity_of
from clinic_desktop.kernel.backup.segments import reaches
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.security import Actor

Files = dict[Path, Sealed | BadBackup]
_EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""What cannot say when it was made is shown first."""
_REFUSALS = {one.code: one for one in (BackupFailed, BadBackup, DatabaseUnavailable)}


class FileState(StrEnum):
    """What a person can do with a backup: restore it, or why not."""

    READY = "READY"
    LOCKED = "LOCKED"
    """Encrypted with a key that is not at hand: another clinic's, mostly."""
    DAMAGED = "DAMAGED"
    MISSING = "MISSING"
    """It was here and is gone."""
    AWAY = "AWAY"
    """In a folder that is not there now: a disk that is not plugged in, or another computer's."""


@dataclass(frozen=True, slots=True)
class FoundBackup:
    """One backup, as its file says or, where there is none, as it is on record; ``seq`` is the last change set in it."""

    path: Path
    state: FileState
    taken_at: datetime | None
    last_at: datetime | None
    reason: BackupReason | None
    byte_count: int | None
    seq: int | None
    rows: int | None
    verified_at: datetime | None
    problem: ClinicError | None = None


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder for backups: ``free`` bytes; whether it stands on the database's own disk."""

    path: Path
    is_there: bool
    free: int | None
    is_same_disk: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """All that is told about backups at one time."""

    is_plain: bool
    """A development database without a key: nothing is backed up by itself."""
    has_key: bool
    state: BackupStateRow
    last_good: BackupRow | None
    failing: tuple[BackupRow, ...]
    folders: tuple[FolderRow, ...]
    backups: tuple[FoundBackup, ...]
    unsaved: int | None
    """Change sets that are in no folder; None before the first backup."""
    unsaved_since: datetime | None


def look_around(database: Database, actor: Actor) -> Looked:
    """Read the folders and what is on record of them; slow disks included, so never where somebody waits."""
    file, now = database.address.file, database.clock()
    paths = plan_of(database, actor).folders
    with database.read() as session:
        rows, state, service = backups(session), backup_state(session, now), serving(session, now)
    elsewhere = service.folders if service is not None else ()
    folders = tuple(look_at(path, file) for path in paths)
    files = {one.path: _files_of(one.path) for one in folders if one.is_there}
    unsaved, since = _unsaved(database, files)
    return Looked(
        is_plain=database.address.kind == "sqlite",
        has_key=database.data_key is not None,
        state=state,
        last_good=next((row for row in rows if _is_expected(row)), None),
        failing=tuple(failing(rows, {str(path) for path in (*paths, *elsewhere)})),
        folders=folders,
        backups=_told(database, files, rows),
        unsaved=unsaved,
        unsaved_since=since,
    )


def look_at(path: Path, database_file: Path | None) -> FolderRow:
    """A folder, there or not."""
    try:
        is_there = path.is_dir()
        free = shutil.disk_usage(path).free if is_there else None
    except OSError:
        return FolderRow(path, is_there=False, free=None, is_same_disk=False)
    return FolderRow(path, is_there, free, is_there and is_on_disk_of(path, database_file))


def is_on_disk_of(folder: Path, database_file: Path | None) -> bool:
    """Whether a folder that is there would be lost with the database's disk."""
    if database_file is None or not database_file.exists():
        return False
    return folder.stat().st_dev == database_file.stat().st_dev


def past_refusal(error: str, folder: str) -> ClinicError:
    """A failure that is on record, as it was raised."""
    code, _, reason = error.partition(":")
    return _REFUSALS.get(code, BackupFailed)(reason=reason or code, folder=folder, path=folder)


def trouble_of(db: Database, *, clinic_id: UUID | None, workstation_id: UUID | None) -> ClinicError | None:
    """What somebody must see to: a backup that failed here and none since, or that the last one is too old; told from the records."""
    if db.address.kind == "sqlite":
        return None
    folders = plan_of(db, Actor(None, "backups", clinic_id=clinic_id, workstation_id=workstation_id, is_system=True)).folders
    with db.read() as session:
        rows, state, service = backups(session), backup_state(session, db.clock()), serving(session, db.clock())
    for row in failing(rows, {str(path) for path in (*folders, *(service.folders if service is not None else ()))}):
        return past_refusal(row.error or "", row.folder)
    if not state.is_overdue:
        return None
    return BackupOverdue(reason="never") if state.last_good_at is None else BackupOverdue(at=state.last_good_at)


def count_troubles(db: Database, *, clinic_id: UUID | None, workstation_id: UUID | None) -> int:
    """Their number, for a badge."""
    return int(trouble_of(db, clinic_id=clinic_id, workstation_id=workstation_id) is not None)


def _is_expected(row: BackupRow) -> bool:
    return row.verified_at is not None and row.removed_at is None


def _path_of(row: BackupRow) -> Path:
    return Path(row.folder, row.file or "")


def _files_of(folder: Path) -> Files:
    found: Files = {}
    for path in folder.glob(f"*{ENDING}"):
        try:
            found[path] = read_sealed(path)
        except BadBackup as error:
            found[path] = BadBackup(**error.params)  # without the frames that led to it
    return found


def _told(database: Database, files: Mapping[Path, Files], rows: Sequence[BackupRow]) -> tuple[FoundBackup, ...]:
    """The files and, where there is none any more, the records; the newest first."""
    known = set() if database.data_key is None else set(database.vault.keys())
    verified = {_path_of(row): row.verified_at for row in rows}
    here, found = {str(folder) for folder in files}, []
    for path, content in (one for inside in files.values() for one in inside.items()):
        found.append(_broken(path, content) if isinstance(content, BadBackup) else _described(content, known, verified.get(path)))
    seen = {one.path for one in found}
    found += [_on_record(row, here) for row in rows if _is_expected(row) and _path_of(row) not in seen]
    return tuple(sorted(found, key=lambda one: (one.taken_at or _EVER, one.path.name), reverse=True))


def _described(sealed: Sealed, known: Collection[str], verified_at: datetime | None) -> FoundBackup:
    manifest, path = sealed.manifest, sealed.path
    is_ours = manifest.key_id in known
    return FoundBackup(
        path=path,
        state=FileState.READY if is_ours else FileState.LOCKED,
        taken_at=manifest.taken_at,
        last_at=manifest.last_at,
        reason=BackupReason(manifest.reason) if manifest.reason in BackupReason.__members__ else None,
        byte_count=path.stat().st_size,
        seq=manifest.seq,
        rows=manifest.rows,
        verified_at=verified_at or (manifest.taken_at if is_ours else None),  # none gets its name before it was verified
    )


def _broken(path: Path, error: BadBackup) -> FoundBackup:
    size = path.stat().st_size if path.exists() else None
    return FoundBackup(path, FileState.DAMAGED, None, None, None, size, None, None, None, error)


def _on_record(row: BackupRow, here: Collection[str]) -> FoundBackup:
    return FoundBackup(
        path=_path_of(row),
        state=FileState.MISSING if row.folder in here else FileState.AWAY,
        taken_at=row.started_at,
        last_at=None,
        reason=row.reason,
        byte_count=row.byte_count,
        seq=row.seq,
        rows=row.row_count,
        verified_at=row.verified_at,
    )


def _unsaved(database: Database, files: Mapping[Path, Files]) -> tuple[int | None, datetime | None]:
    """How many change sets are in no folder, and since when."""
    whose, furthest = identity_of(database).database_id, -1
    for folder, inside in files.items():
        sealed = (one.manifest for one in inside.values() if isinstance(one, Sealed))
        mine = [one.seq for one in sealed if one.database_id == whose]
        if mine:
            furthest = max(furthest, reaches(folder, whose, max(mine)))
    if furthest < 0:
        return None, None
    with database.read() as session:
        count, since = session.execute(select(func.count(), func.min(ChangeSet.at)).where(ChangeSet.seq > furthest)).one()
    return count, since
