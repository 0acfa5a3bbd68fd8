"""Commands of backups: what is begun, how it ended, and what the age rules removed. The work itself is done beside (running.py)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.backups.events import BackupBegun, BackupFailedToFinish, BackupMade
from clinic_desktop.clinic.backups.models import Backup
from clinic_desktop.clinic.backups.rules import ABANDONED, BackupReason, BackupRunning, clock_times
from clinic_desktop.kernel.backup.rebuilding import RESTORED
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.journal import ChangeSet, DatabaseIdentity
from clinic_desktop.kernel.journal_secrets import prune_secrets
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.settings import Scope, setting
from clinic_desktop.kernel.text import required_line

RUN = permission("backups.run", N_("Make backups"))
RESTORE = permission("backups.restore", N_("Restore a backup"), needs_password=True)

FOLDER = setting("backups.folder", "", Scope.WORKSTATION, N_("Folder for backups"), help=N_("Best on another disk or computer."))
SECOND_FOLDER = setting("backups.second_folder", "", Scope.WORKSTATION, N_("Second folder for backups, such as a removable disk"))
TIMES = setting("backups.times", "13:00 21:00", Scope.HOSPITAL, N_("Times of the daily backups"), check=clock_times)
AT_CLOSING = setting("backups.at_closing", True, Scope.HOSPITAL, N_("Back up when the program is closed after work"))
KEEP_HOURS = setting("backups.keep_hours", 48, Scope.HOSPITAL, N_("Hours for which every backup is kept"), low=1, high=8_760)
KEEP_DAYS = setting("backups.keep_days", 14, Scope.HOSPITAL, N_("Daily backups that are kept"), low=1, high=3_660)
KEEP_WEEKS = setting("backups.keep_weeks", 8, Scope.HOSPITAL, N_("Weekly backups that are kept"), low=1, high=520)
KEEP_MONTHS = setting("backups.keep_months", 12, Scope.HOSPITAL, N_("Monthly backups that are kept"), low=1, high=240)
OVERDUE_HOURS = setting(
    "backups.overdue_hours", 26, Scope.HOSPITAL, N_("Hours without a backup after which everybody is warned"), low=1, high=720
)

SECRETS_KEPT = timedelta(days=35)
"""Longer than the window in which any second can be restored."""


@command(RUN)
def begin_backup(tx: Tx, *, folder: str, reason: BackupReason, unless_since: datetime | None = None) -> UUID:
    """Claim a folder for one backup; raises BackupRunning while another one is being made there, or was made since an instant."""
    restored = tx.session.scalar(select(ChangeSet.at).where(ChangeSet.command == RESTORED).order_by(ChangeSet.seq.desc()).limit(1))
    for running in tx.session.scalars(select(Backup).where(Backup.folder == folder, Backup.finished_at.is_(None)).with_for_update()):
        # A restored copy holds the backup that it came from, still unfinished.
        if tx.now - running.started_at < ABANDONED and (restored is None or running.started_at > restored):
            raise BackupRunning(since=running.started_at)
        running.finished_at, running.error = tx.now, "interrupted"
        tx.session.flush()
    if unless_since is not None:
        made = select(Backup.started_at).where(Backup.folder == folder, Backup.verified_at >= unless_since)
        since = tx.session.scalar(made.limit(1))
        if since is not None:
            raise BackupRunning(since=since)  # another program had seen that it was due, too
    backup = tx.add(Backup(folder=folder, reason=reason, workstation_id=tx.actor.workstation_id, started_at=tx.now))
    tx.emit(BackupBegun(backup.id))
    return backup.id


@command(RUN)
def finish_backup(tx: Tx, *, backup_id: UUID, file: str, seq: int, row_count: int, byte_count: int) -> None:
    """Record a backup that was opened again and counted."""
    backup = tx.session.get_one(Backup, backup_id, with_for_update=True)
    backup.file, backup.seq, backup.row_count, backup.byte_count = file, seq, row_count, byte_count
    backup.finished_at = backup.verified_at = tx.now
    tx.emit(BackupMade(backup_id))


@command(RUN)
def fail_backup(tx: Tx, *, backup_id: UUID, error: str) -> None:
    """Record why there is no backup."""
    backup = tx.session.get_one(Backup, backup_id, with_for_update=True)
    backup.finished_at, backup.error = tx.now, error
    tx.emit(BackupFailedToFinish(backup_id, error))


@command(RUN)
def record_removed(tx: Tx, *, folder: str, files: Collection[str]) -> None:
    """Record that the age rules removed files from a folder."""
    found = select(Backup).where(Backup.folder == folder, Backup.file.in_(files), Backup.removed_at.is_(None))
    for backup in tx.session.scalars(found.with_for_update()):
        backup.removed_at = tx.now


@command(RUN)
def forget_secrets(tx: Tx, *, through: int) -> int:
    """Forget what only a replay needed and no replay reaches any more; returns how many values."""
    return prune_secrets(tx.session.connection(), before=tx.now - SECRETS_KEPT, through=through)


@command(RESTORE)
def announce_restore(tx: Tx, *, reason: str, backup: str) -> None:
    """Note in the present database, before it is put aside, who restores what over it and why."""
    tx.reason = required_line(reason, "reason")
    identity = tx.session.scalars(select(DatabaseIdentity.database_id)).one()
    tx.note("restore_begun", DatabaseIdentity.__tablename__, identity, backup=backup)
