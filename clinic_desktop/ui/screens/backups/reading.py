"""What the screen of backups asks for, each on the second thread; and the settings, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.backups import commands
from clinic_desktop.clinic.backups.looking import FolderRow, Looked, look_around, look_at
from clinic_desktop.clinic.backups.previews import RestorePreviewRow, told
from clinic_desktop.clinic.backups.running import Outcome, run_all
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.backup.errors import RestoreRefused
from clinic_desktop.kernel.backup.planning import Plan, plan_restore, preview
from clinic_desktop.kernel.backup.restoring import Restored
from clinic_desktop.kernel.backup.restoring import restore as put_in_place
from clinic_desktop.kernel.backup.steps import Steps
from clinic_desktop.kernel.backup.verifying import Verified
from clinic_desktop.kernel.backup.verifying import verify as verify_file
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import DataKey, WrongPassphrase
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.settings import Scope, Setting
from clinic_desktop.ui.progress import Progress

SETTINGS: tuple[Setting[Any], ...] = (
    commands.FOLDER,
    commands.SECOND_FOLDER,
    commands.TIMES,
    commands.AT_CLOSING,
    commands.KEEP_HOURS,
    commands.KEEP_DAYS,
    commands.KEEP_WEEKS,
    commands.KEEP_MONTHS,
    commands.OVERDUE_HOURS,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A restore as it was chosen and looked at."""

    plan: Plan
    shown: RestorePreviewRow


def watched(progress: Progress) -> Steps:
    """Steps that a person sees and may stop: what was begun ends as a refusal, so that the record says who ended it."""
    return Steps(progress.report, lambda: progress.is_cancelled)


def overview(*, db: Database, actor: Actor) -> Looked:
    """The folders and what is on record."""
    return look_around(db, actor)


def folder(*, db: Database, path: Path) -> FolderRow:
    """A folder that is being typed."""
    return look_at(path, db.address.file)


def backed_up(*, progress: Progress, db: Database, actor: Actor) -> list[Outcome]:
    """Make backups now."""
    return run_all(db, actor, steps=watched(progress))


def verified(*, progress: Progress, db: Database, path: Path) -> Verified:
    """Open a backup again, check and count it."""
    return verify_file(path, db.vault.keys(), watched(progress))


def looked_into(*, progress: Progress, db: Database, path: Path, at: datetime | None) -> Wanted:
    """What a restore would bring: exactly that backup, or with ``at`` the state of that instant, from the folder it lies in."""
    keys = db.vault.keys()
    plan = replace(plan_restore(path, DataKey(next(iter(keys.values()))), db.clock(), at=at), keys=keys)
    try:
        return Wanted(plan, told(preview(plan, db, watched(progress)), db))
    except WrongPassphrase as error:
        raise RestoreRefused(reason="other_key", path=plan.backup.path.name) from error


def brought_back(*, progress: Progress, db: Database, wanted: Wanted, by: str) -> Restored:
    """Build the restored database beside the present one, check it, and put it in place; what was there is kept."""
    url = db.address.url.render_as_string(hide_password=False)
    return put_in_place(wanted.plan, url, DataKey(wanted.plan.data_key), by=by, present=db, clock=db.clock, steps=watched(progress))


def settings_here(session: Any, *, clinic_id: UUID, workstation_id: UUID | None) -> dict[str, Any]:
    """The values in force at this workstation, by key."""
    return {one.key: setting_value(session, one, clinic_id=clinic_id, workstation_id=workstation_id) for one in SETTINGS}


def save_settings(tx: Any, *, changed: Mapping[str, Any], workstation_id: UUID | None) -> None:
    """Set all that was changed or nothing; what belongs to a computer is set for this one, where it has a name."""
    for one in SETTINGS:
        if one.key in changed:
            is_here = one.scope is Scope.WORKSTATION and workstation_id is not None
            set_setting(tx, key=one.key, value=changed[one.key], workstation_id=workstation_id if is_here else None)
