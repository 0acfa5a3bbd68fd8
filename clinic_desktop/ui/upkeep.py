"""What the open program does beside the work: messages, backups, the clock, who never came. Imported on the background thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.backups.looking import trouble_of
from clinic_desktop.clinic.backups.queries import last_good_at
from clinic_desktop.clinic.backups.rules import is_worth_closing
from clinic_desktop.clinic.backups.running import plan_of, run_due
from clinic_desktop.clinic.backups.serving import serving, tell_workstation
from clinic_desktop.clinic.doctor.contents import clock_beside_journal
from clinic_desktop.clinic.doctor.finding import Finding, Health
from clinic_desktop.clinic.frontdesk.sweeping import sweep_day as sweep_day
from clinic_desktop.clinic.messages.delivery import deliver_in_background
from clinic_desktop.kernel.backup.errors import Cancelled
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.lan.backing import backup_source
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a turn found: the first thing that went wrong, and whether closing the program is a reason for a backup."""

    error: ClinicError | None
    is_worth_closing: bool


def send_messages(db: Database) -> ClinicError | None:
    """Hand over the messages that are due; why nothing left by a way by which something should have."""
    return deliver_in_background(db).stuck


def look_at_clock(db: Database) -> Finding | None:
    """What is wrong with this computer's clock."""
    with db.read() as session:
        found = clock_beside_journal(session, db.clock())
    return found if found.health is Health.BAD else None


def back_up(db: Database, clinic_id: UUID, workstation_id: UUID | None, *, closing: bool = False, progress: Any | None = None) -> BackedUp:
    """Make the backups that are due here. A plain development database has none; those of a server are made where it runs.

    Where the server's service makes them, this program tells it whose folders to take, and everybody how it goes.
    """
    actor = Actor(None, "backups", clinic_id=clinic_id, workstation_id=workstation_id, is_system=True)
    with db.read() as session:
        is_served = serving(session, db.clock()) is not None
    if db.data_key is None and not is_served:
        return BackedUp(None, is_worth_closing=False)
    with backup_source(db) as source:
        if is_served:
            if source is not None:
                tell_workstation(source, workstation_id)
            return BackedUp(trouble_of(db, clinic_id=clinic_id, workstation_id=workstation_id), is_worth_closing=False)
        return BackedUp(None, is_worth_closing=False) if source is None else _back_up(source, actor, closing, progress)


def _back_up(db: Database, actor: Actor, closing: bool, progress: Any | None) -> BackedUp:
    steps = UNWATCHED if progress is None else Steps(progress.report, lambda: progress.is_cancelled)
    outcomes = run_due(db, actor, closing=closing, steps=steps)
    error = next((one.error for one in outcomes if one.error is not None), None)
    if progress is not None and isinstance(error, Cancelled):
        progress.report(1, 1)  # whoever has cancelled does not wait for an answer any more
    error = error or trouble_of(db, clinic_id=actor.clinic_id, workstation_id=actor.workstation_id)
    return BackedUp(error, is_worth_closing=_is_worth_closing(db, actor))


def _is_worth_closing(db: Database, actor: Actor) -> bool:
    plan = plan_of(db, actor)
    if not plan.at_closing or not plan.folders:
        return False
    with db.read() as session:
        return any(is_worth_closing(db.clock(), last_good_at(session, str(folder))) for folder in plan.folders)
