"""What screens and the command line ask about backups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.backups.commands import (
    AT_CLOSING,
    FOLDER,
    KEEP_DAYS,
    KEEP_HOURS,
    KEEP_MONTHS,
    KEEP_WEEKS,
    OVERDUE_HOURS,
    SECOND_FOLDER,
    TIMES,
)
from clinic_desktop.clinic.backups.models import Backup
from clinic_desktop.clinic.backups.rules import BackupReason, KeepRules, clock_times, is_overdue, next_planned
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.backup.errors import Cancelled
from clinic_desktop.kernel.backup.rebuilding import RESTORED
from clinic_desktop.kernel.identity import ACCEPTED
from clinic_desktop.kernel.journal import ChangeSet


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One backup that was begun."""

    id: UUID
    folder: str
    file: str | None
    reason: BackupReason
    workstation_id: UUID | None
    started_at: datetime
    finished_at: datetime | None
    verified_at: datetime | None
    seq: int | None
    row_count: int | None
    byte_count: int | None
    error: str | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class BackupStateRow:
    """Whether one may sleep well: the last good backup, what went wrong since, and what is planned."""

    last_good_at: datetime | None
    last_good_folder: str | None
    failed_at: datetime | None
    """Of a backup after the last good one."""
    error: str | None
    failed_folder: str | None
    is_running: bool
    is_overdue: bool
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """Where and when this workstation backs up, and what is kept."""

    folders: tuple[Path, ...]
    times: str
    at_closing: bool
    timezone: str
    keep: KeepRules


def backups(session: Session, *, limit: int = 200) -> list[BackupRow]:
    """The newest backups, newest first, with those that failed."""
    names = tuple(BackupRow.__dataclass_fields__)
    statement = select(*(getattr(Backup, name) for name in names)).order_by(Backup.started_at.desc(), Backup.id.desc()).limit(limit)
    return [BackupRow(**row._mapping) for row in session.execute(statement)]


def backup_state(session: Session, now: datetime) -> BackupStateRow:
    """The state of backups at an instant."""
    good = select(Backup.verified_at, Backup.folder).where(Backup.verified_at.is_not(None), Backup.removed_at.is_(None))
    last = session.execute(good.order_by(Backup.verified_at.desc()).limit(1)).one_or_none()
    failed = select(Backup.finished_at, Backup.error, Backup.folder).where(Backup.error.is_not(None), Backup.error != Cancelled.code)
    if last is not None:
        failed = failed.where(Backup.finished_at > last.verified_at)
    worst = session.execute(failed.order_by(Backup.finished_at.desc()).limit(1)).one_or_none()
    last_at = None if last is None else last.verified_at
    plan = backup_plan(session, None)
    return BackupStateRow(
        last_good_at=last_at,
        last_good_folder=None if last is None else last.folder,
        failed_at=None if worst is None else worst.finished_at,
        error=None if worst is None else worst.error,
        failed_folder=None if worst is None else worst.folder,
        is_running=bool(session.scalar(select(func.count()).select_from(Backup).where(Backup.finished_at.is_(None)))),
        is_overdue=is_overdue(now, last_at, setting_value(session, OVERDUE_HOURS)),
        next_at=next_planned(now, clock_times(plan.times), plan.timezone),
    )


@dataclass(frozen=True, slots=True)
class FailureRow:
    """A backup that failed."""

    finished_at: datetime
    error: str


def last_failure(session: Session, folder: str) -> FailureRow | None:
    """The newest backup into a folder, where it failed; what a person stopped is no failure."""
    newest = select(Backup.finished_at, Backup.error).where(Backup.folder == folder, Backup.finished_at.is_not(None))
    found = session.execute(newest.order_by(Backup.finished_at.desc(), Backup.id.desc()).limit(1)).one_or_none()
    if found is None or found.error in (None, Cancelled.code) or found.finished_at is None:
        return None
    return FailureRow(found.finished_at, found.error)


def last_good_at(session: Session, folder: str) -> datetime | None:
    """When the last good backup of this database into a folder was begun; those of the one that it was restored from do not count."""
    begun = select(func.max(Backup.started_at)).where(Backup.folder == folder, Backup.verified_at.is_not(None))
    renamed = session.scalar(select(func.max(ChangeSet.at)).where(ChangeSet.command.in_((RESTORED, ACCEPTED))))
    return session.scalar(begun if renamed is None else begun.where(Backup.started_at > renamed))


def failing(rows: Sequence[BackupRow], folders: Collection[str]) -> list[BackupRow]:
    """Of each of these folders the newest of these rows (newest first), where that is a failure; what a person stopped is none."""
    newest: dict[str, BackupRow] = {}
    for row in rows:
        if row.folder in folders and row.finished_at is not None and row.error != Cancelled.code:
            newest.setdefault(row.folder, row)
    return [row for row in newest.values() if row.error is not None]


def backup_plan(session: Session, workstation_id: UUID | None, *, clinic_id: UUID | None = None, beside: Path | None = None) -> BackupPlan:
    """The plan of a workstation; ``beside`` is the folder for one that chose none."""
    chosen = [setting_value(session, one, clinic_id=clinic_id, workstation_id=workstation_id) for one in (FOLDER, SECOND_FOLDER)]
    folders = [Path(text) for text in chosen if text.strip()]
    keep = KeepRules(
        hours=setting_value(session, KEEP_HOURS),
        days=setting_value(session, KEEP_DAYS),
        weeks=setting_value(session, KEEP_WEEKS),
        months=setting_value(session, KEEP_MONTHS),
    )
    timezone = session.scalar(select(Clinic.timezone).order_by(Clinic.is_main.desc(), Clinic.code).limit(1)) or "UTC"
    return BackupPlan(
        folders=tuple(folders or ([beside] if beside is not None else [])),
        times=setting_value(session, TIMES),
        at_closing=setting_value(session, AT_CLOSING),
        timezone=timezone,
        keep=keep,
    )
