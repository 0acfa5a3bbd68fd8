"""Restoring a backup from the first page. Imported on the background thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from clinic_desktop.clinic.backups.previews import undone_erasures
from clinic_desktop.kernel.backup.planning import Plan, Preview, plan_restore, preview
from clinic_desktop.kernel.backup.restoring import Restored
from clinic_desktop.kernel.backup.restoring import restore as put_in_place
from clinic_desktop.kernel.backup.steps import Steps
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import Passphrase, RecoveryKey, Secret, UserPassword
from clinic_desktop.ui.address import file_of


@dataclass(frozen=True, slots=True)
class Found:
    """A backup that a secret opens, and what it would bring."""

    plan: Plan
    secret: Secret = field(repr=False)
    taken_at: datetime
    last_at: datetime | None
    last_by: str
    rows: Mapping[str, int]
    replayed: int
    clock_set_back: bool
    lost: int | None
    """Change sets of the present database that would not be there; None where there is none."""
    undone_erasures: Sequence[str]
    """Numbers of erasures that would have to be repeated, and of whom."""


def look(place: str, kind: str, name: str, text: str, at: datetime | None, *, present: Database | None, progress: Any) -> Found:
    """Open a backup and see what it would bring; raises BadBackup, RestoreRefused, WrongPassphrase or InvalidInput."""
    secret = _secret(kind, name, text)
    plan = plan_restore(Path(place).expanduser(), secret, system_clock(), at=at)
    seen: Preview = preview(plan, present, Steps(progress.report))
    manifest = plan.backup.manifest
    last = seen.last
    return Found(
        plan=plan,
        secret=secret,
        taken_at=manifest.taken_at,
        last_at=last.at if last is not None else manifest.last_at,
        last_by=last.actor_name if last is not None else "",
        rows=seen.tables,
        replayed=seen.change_sets,
        clock_set_back=seen.clock_set_back,
        lost=seen.lost.change_sets if seen.lost is not None else None,
        undone_erasures=undone_erasures(seen, present),
    )


def restore(found: Found, url: str, *, present: Database | None, progress: Any) -> Restored:
    """Build the restored database beside the present one, check it, and put it in place; what was there is kept."""
    file = file_of(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    return put_in_place(found.plan, url, found.secret, present=present, steps=Steps(progress.report))


def _secret(kind: str, name: str, text: str) -> Secret:
    match kind:
        case "user":
            return UserPassword(name, text)
        case "recovery":
            return RecoveryKey(text)
        case _:
            return Passphrase(text)
