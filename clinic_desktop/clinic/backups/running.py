"""Making backups: the one that is due or asked for, what the age rules remove, and the journal in between.

Runs beside the user's work, on a thread of its own: each step is a command or no transaction at all.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from clinic_desktop.clinic.backups.commands import begin_backup, fail_backup, finish_backup, forget_secrets, record_removed
from clinic_desktop.clinic.backups.leftovers import sweep_leftovers
from clinic_desktop.clinic.backups.queries import BackupPlan, backup_plan, last_failure, last_good_at
from clinic_desktop.clinic.backups.rules import (
    BackupReason,
    BackupRunning,
    KeptFile,
    clock_times,
    is_due,
    is_worth_closing,
    kept,
    needed_from,
)
from clinic_desktop.kernel.backup.documents import sweep_documents
from clinic_desktop.kernel.backup.errors import BackupFailed, Cancelled
from clinic_desktop.kernel.backup.folders import backups_in
from clinic_desktop.kernel.backup.routine import back_up, save_journal
from clinic_desktop.kernel.backup.segments import drop_before
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.backup.taking import Taken, written_in
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.identity import remember
from clinic_desktop.kernel.security import Actor

log = logging.getLogger(__name__)
RETRY_AFTER = timedelta(minutes=15)
"""How long after a backup that failed the next one is tried by itself."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one folder: the backup, or why there is none."""

    folder: Path
    taken: Taken | None
    error: ClinicError | None
    removed: tuple[str, ...] = ()


def plan_of(database: Database, actor: Actor, beside: Path | None = None) -> BackupPlan:
    """Where and when this workstation backs up: ``beside``, or beside the database file, when nobody has chosen a folder."""
    if beside is None and database.address.file is not None:
        beside = database.address.file.parent / "backups"
    with database.read() as session:
        return backup_plan(session, actor.workstation_id, clinic_id=actor.clinic_id, beside=beside)


def run_due(
    database: Database,
    actor: Actor,
    *,
    passphrase: str | None = None,
    closing: bool = False,
    beside: Path | None = None,
    steps: Steps = UNWATCHED,
) -> list[Outcome]:
    """Make the backups that are due here, and save the journal where none is; what goes wrong with one folder is in its outcome.

    ``closing``: the program is being closed, so that a backup is due whenever the last one is not of this hour.
    """
    plan, now = plan_of(database, actor, beside), database.clock()
    closing, outcomes = closing and plan.at_closing, []
    if database.data_key is None and passphrase is None:
        return []
    for folder in plan.folders:
        with database.read() as session:
            last = last_good_at(session, str(folder))
        refusal = None if closing else _still_refused(database, folder)
        if refusal is not None:
            outcomes.append(Outcome(folder, None, refusal))
        elif (closing and is_worth_closing(database.clock(), last)) or is_due(
            database.clock(), last, clock_times(plan.times), plan.timezone
        ):
            outcomes.append(_tried(database, actor, folder, BackupReason.SCHEDULED, passphrase, steps, unless_since=now))
        else:
            _saved(database, folder, passphrase)
    remember(database)
    return outcomes


def run_now(
    database: Database,
    actor: Actor,
    folder: Path,
    *,
    reason: BackupReason = BackupReason.MANUAL,
    passphrase: str | None = None,
    steps: Steps = UNWATCHED,
    unless_since: datetime | None = None,
) -> Outcome:
    """Make a backup into a folder now; raises what it ends with, and records it. Nothing is made where another was since an instant."""
    backup_id = database.run(actor, begin_backup, folder=str(folder), reason=reason, unless_since=unless_since)
    try:
        taken = back_up(database, folder, reason=reason, passphrase=passphrase, steps=steps)
    except ClinicError as error:
        database.run(actor, fail_backup, backup_id=backup_id, error=_code(error))
        raise
    except BaseException:
        database.run(actor, fail_backup, backup_id=backup_id, error="unexpected")
        raise
    _finish(database, actor, backup_id, taken)
    removed = _tidied(database, actor, folder, plan_of(database, actor), taken)
    sweep_leftovers(database, actor)
    return Outcome(folder, taken, None, removed)


def run_all(database: Database, actor: Actor, *, steps: Steps = UNWATCHED) -> list[Outcome]:
    """Make a backup into every folder of this workstation now; what goes wrong with one is in its outcome. Raises Cancelled."""
    outcomes = []
    for folder in plan_of(database, actor).folders:
        outcome = _tried(database, actor, folder, BackupReason.MANUAL, None, steps)
        if isinstance(outcome.error, Cancelled):
            raise outcome.error
        if outcome.error is None:
            _saved(database, folder, None)  # the record of the backup itself came after it
        outcomes.append(outcome)
    remember(database)
    return outcomes


def _still_refused(database: Database, folder: Path) -> BackupFailed | None:
    """The refusal of the last try, while another would end the same: a record each minute of a disk in a drawer helps nobody."""
    with database.read() as session:
        failed = last_failure(session, str(folder))
    if failed is None:
        return None
    code, _, reason = (failed.error or "").partition(":")
    error = BackupFailed(**({"reason": reason} if reason and code == BackupFailed.code else {}), folder=str(folder))
    if reason == "folder_missing":
        return None if folder.is_dir() else error
    return error if timedelta() <= database.clock() - failed.finished_at < RETRY_AFTER else None


def _tried(
    database: Database,
    actor: Actor,
    folder: Path,
    reason: BackupReason,
    passphrase: str | None,
    steps: Steps,
    *,
    unless_since: datetime | None = None,
) -> Outcome:
    file = database.address.file
    if file is not None and folder == file.parent / "backups":
        folder.mkdir(exist_ok=True)
    try:
        return run_now(database, actor, folder, reason=reason, passphrase=passphrase, steps=steps, unless_since=unless_since)
    except ClinicError as error:
        log.log(logging.INFO if isinstance(error, (BackupRunning, Cancelled)) else logging.ERROR, "no backup: %s", _code(error))
        return Outcome(folder, None, error)


def _saved(database: Database, folder: Path, passphrase: str | None) -> None:
    try:
        save_journal(database, folder, passphrase=passphrase)
    except BackupFailed as error:
        log.info("the journal was not saved: %s", _code(error))  # the next whole backup says it to everybody


def _finish(database: Database, actor: Actor, backup_id: UUID, taken: Taken) -> None:
    database.run(
        actor,
        finish_backup,
        backup_id=backup_id,
        file=taken.path.name,
        seq=taken.manifest.seq,
        row_count=taken.manifest.rows,
        byte_count=taken.path.stat().st_size,
    )


def _tidied(database: Database, actor: Actor, folder: Path, plan: BackupPlan, taken: Taken) -> tuple[str, ...]:
    """Remove what the age rules let go, and forget what no replay reaches any more; returns the names of the files."""
    whose, now = taken.manifest.database_id, database.clock()
    with written_in(folder):
        files = files_in(folder, whose)
        stay = kept(files, now, plan.keep, plan.timezone)
        removed = tuple(one.name for one in files if one.name not in stay)
        for name in removed:
            (folder / name).unlink(missing_ok=True)
        left = [one for one in files if one.name in stay]
        drop_before(folder, whose, needed_from(left, now, plan.keep))
        sweep_documents(database, folder, taken.manifest.site_id, min(one.taken_at for one in left))
    if removed:
        database.run(actor, record_removed, folder=str(folder), files=removed)
    database.run(actor, forget_secrets, through=taken.manifest.seq)
    return removed


def files_in(folder: Path, database_id: UUID) -> list[KeptFile]:
    """The backups of a database in a folder, oldest first."""
    mine = (one for one in backups_in(folder) if one.manifest.database_id == database_id)
    return [KeptFile(one.path.name, one.manifest.taken_at, one.manifest.seq) for one in mine]


def _code(error: ClinicError) -> str:
    reason = error.params.get("reason")
    return error.code if reason is None else f"{error.code}:{reason}"
