"""What is done again and again: a whole backup, and between two of them the journal since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.kernel.backup.changes import changes_of
from clinic_desktop.kernel.backup.documents import copy_documents
from clinic_desktop.kernel.backup.errors import BackupFailed
from clinic_desktop.kernel.backup.folders import BackupKey, backups_in, keep_slots, key_for
from clinic_desktop.kernel.backup.segments import append, records_of
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.backup.taking import Taken, take, written_in
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import for_reading
from clinic_desktop.kernel.journal import DatabaseIdentity, JournalHead


@dataclass(frozen=True, slots=True)
class Identity:
    """Which database this is."""

    database_id: UUID
    site_id: UUID


@dataclass(frozen=True, slots=True)
class Segment:
    """What was added to the journal in a backup folder: how many change sets, and the last one that is there now."""

    change_sets: int
    through: int


def identity_of(database: Database) -> Identity:
    """Which database this is, asked of its rows."""
    with database.engine.connect() as connection:
        found = connection.execute(select(DatabaseIdentity.database_id, DatabaseIdentity.site_id)).one()
    return Identity(found.database_id, found.site_id)


def back_up(database: Database, folder: Path, *, reason: str, passphrase: str | None = None, steps: Steps = UNWATCHED) -> Taken:
    """Take, verify and name a backup, with slots and documents beside it. ``passphrase`` is for a database without a data key.

    Raises BackupFailed, BadBackup (it could not be read back) or Cancelled, and then leaves no backup.
    """
    with written_in(folder):
        identity, key = _opened(database, folder, passphrase)
        keep_slots(folder, identity.database_id, key)
        copy_documents(database, folder, identity.site_id, key.data_key, steps)
        return take(database, folder, key, reason=reason, steps=steps)


def save_journal(database: Database, folder: Path, *, passphrase: str | None = None) -> Segment:
    """Append to a backup folder what was committed since; raises BackupFailed, with ``no_backup`` before the first backup."""
    with written_in(folder):
        identity, key = _opened(database, folder, passphrase)
        records = records_of(folder, identity.database_id)
        mine = [one.manifest.seq for one in backups_in(folder) if one.manifest.database_id == identity.database_id]
        if not mine:
            raise BackupFailed(reason="no_backup", folder=str(folder))
        after = max((record.last for record in records), default=min(mine))
        with for_reading(database.engine).connect() as connection, connection.begin():
            head = connection.scalar(select(JournalHead.seq)) or 0
            if head <= after:
                return Segment(0, after)
            keep_slots(folder, identity.database_id, key)
            changes = changes_of(connection, after)
            written = append(folder, identity.database_id, key.data_key, key.key_id, changes, database.clock())
        return Segment(written, head if written else after)


def _opened(database: Database, folder: Path, passphrase: str | None) -> tuple[Identity, BackupKey]:
    identity = identity_of(database)
    return identity, key_for(database, folder, identity.database_id, passphrase)
