"""Taking a backup: one consistent copy of a running database, sealed, and only then given its name."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

from clinic_desktop import __version__
from clinic_desktop.kernel.backup.container import FORMAT, PARTIAL, Manifest, append_manifest, file_name, payload_digest
from clinic_desktop.kernel.backup.copying import copy_rows, row_counts
from clinic_desktop.kernel.backup.errors import BackupFailed
from clinic_desktop.kernel.backup.folders import BackupKey
from clinic_desktop.kernel.backup.rawforms import instant_of
from clinic_desktop.kernel.backup.sides import SqliteSide, side_of
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.backup.verifying import verify
from clinic_desktop.kernel.backup.workfiles import building, found, reading
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.durable import sync_folder
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.schema import revision

_TOLD_EVERY = 1_000
"""Instructions of the engine between two words of progress."""

_SMALL_CACHE = -4_000
"""KiB that the copy may hold back: its size on the disk is how far it is."""
_ABANDONED = 86_400
"""Seconds after which an unfinished file is nobody's any more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was opened again, checked and counted, and then got its name."""

    path: Path
    manifest: Manifest


def take(database: Database, folder: Path, key: BackupKey, *, reason: str, steps: Steps = UNWATCHED) -> Taken:
    """Write and verify a backup in a folder; raises BackupFailed, BadBackup or Cancelled, and then leaves nothing there."""
    with written_in(folder):
        _sweep(folder, database.clock())
        draft = folder / f".{uuid4().hex}{PARTIAL}"
        try:
            _copy(database, draft, key.data_key, steps)
            manifest = _described(database, draft, key, reason, steps)
            append_manifest(draft, manifest, key.slots)
            verify(draft, {key.key_id: key.data_key}, steps)
            path = _free_name(folder / file_name(manifest))
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(folder)
    return Taken(path, manifest)


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what a crash left half-written."""
    for draft in folder.glob(f".*{PARTIAL}*"):
        if now.timestamp() - draft.stat().st_mtime > _ABANDONED:
            draft.unlink(missing_ok=True)


def _free_name(path: Path) -> Path:
    number = 2
    while path.exists():
        path = path.with_name(f"{path.stem.partition('~')[0]}~{number}{path.suffix}")
        number += 1
    return path


@contextmanager
def written_in(folder: Path) -> Iterator[None]:
    """Word what a disk can refuse; raises BackupFailed."""
    if not folder.is_dir():
        raise BackupFailed(reason="folder_missing", folder=str(folder))
    try:
        yield
    except OSError as error:
        raise BackupFailed(reason=_REFUSALS.get(error.errno or 0, "folder_lost"), folder=str(folder)) from error
    except (sqlcipher.DatabaseError, psycopg.Error, DBAPIError) as error:
        raise _worded(error, folder) from error


def _worded(error: Exception, folder: Path) -> Exception:
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlcipher.DatabaseError):
        reason = next((reason for words, reason in _ENGINE_SAYS if words in str(said)), "database_damaged")
        return BackupFailed(reason=reason, folder=str(folder))
    if isinstance(said, psycopg.OperationalError):
        return DatabaseUnavailable(reason="unreachable")
    return error


_REFUSALS = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EACCES: "not_writable",
    errno.EPERM: "not_writable",
    errno.EROFS: "not_writable",
}
_ENGINE_SAYS = (
    ("disk is full", "disk_full"),
    ("readonly", "not_writable"),
    ("unable to open", "not_writable"),
    ("disk I/O", "folder_lost"),
    ("locked", "busy"),
)


def _copy(database: Database, draft: Path, data_key: bytes, steps: Steps) -> None:
    if database.address.kind == "sqlcipher":
        _copy_pages(database, draft, steps)
        return
    at = revision(database)
    assert at is not None, "an empty database has nothing to back up"
    with building(draft, data_key) as target:
        found(target, at)
        target.execute("BEGIN IMMEDIATE")
        with side_of(database) as source:
            copy_rows(source, SqliteSide(target), steps)
        target.execute("COMMIT")


def _copy_pages(database: Database, draft: Path, steps: Steps) -> None:
    """VACUUM INTO takes one read view, so that it ends under a steady writer, and writes under the same key."""
    with database.engine.connect() as opened:
        connection: Any = opened.connection.driver_connection
        pages, page_size = (int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
        size = pages * page_size
        steps.at(0, size, "copy")
        stopped: list[BaseException] = []
        (cache,) = connection.execute("PRAGMA cache_size").fetchone()
        connection.execute(f"PRAGMA cache_size = {_SMALL_CACHE}")
        connection.set_progress_handler(_watched(draft, size, steps, stopped), _TOLD_EVERY)
        try:
            connection.execute("VACUUM INTO ?", (str(draft),))
        except sqlcipher.OperationalError:
            if stopped:
                raise stopped[0] from None
            raise
        finally:
            connection.set_progress_handler(None, 0)
            connection.execute(f"PRAGMA cache_size = {cache}")
        steps.at(size, size, "copy")


def _watched(draft: Path, size: int, steps: Steps, stopped: list[BaseException]) -> Callable[[], int]:
    """A progress handler: what it returns other than 0 ends the statement."""

    def look() -> int:
        try:
            steps.at(min(draft.stat().st_size if draft.exists() else 0, size), size, "copy")
        except BaseException as error:
            stopped.append(error)
            return 1
        return 0

    return look


def _described(database: Database, draft: Path, key: BackupKey, reason: str, steps: Steps) -> Manifest:
    """The manifest of what was written, told from the copy itself."""
    with reading(draft, key.data_key) as copy:
        seq, digest, hlc = copy.execute("SELECT seq, hash, hlc FROM journal_head").fetchone()
        database_id, site_id, site_code = copy.execute("SELECT database_id, site_id, site_code FROM database_identity").fetchone()
        last = copy.execute("SELECT at FROM journal WHERE seq = ?", (seq,)).fetchone()
        (at_revision,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        tables = row_counts(SqliteSide(copy))
    return Manifest(
        format=FORMAT,
        app_version=__version__,
        database_id=UUID(database_id),
        site_id=UUID(site_id),
        site_code=site_code,
        revision=at_revision,
        engine=database.address.kind,
        reason=reason,
        taken_at=_whole_second(database.clock()),
        last_at=None if last is None else instant_of(last[0]),
        seq=seq,
        hash=bytes(digest).hex(),
        hlc=hlc,
        key_id=key.key_id,
        tables=tables,
        payload_sha256=payload_digest(draft, draft.stat().st_size, steps),
    )


def _whole_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
