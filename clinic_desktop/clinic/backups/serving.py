"""The scheduled backups of a clinic's own server: its service makes them, whoever is logged in.

While the service says that it is at it no other program does; when it falls silent, the program on that computer makes them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from clinic_desktop.clinic.backups.models import BackupService
from clinic_desktop.clinic.backups.running import Outcome, plan_of, run_due
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.security import Actor

LEASE = timedelta(minutes=15)
"""Longer than the pause between two of its turns."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A service that makes the backups: until when nobody else does, where to, and by whose settings."""

    until: datetime
    folders: tuple[Path, ...]
    workstation_id: UUID | None


def serving(session: Session, now: datetime) -> Serving | None:
    """The service that makes the backups of this database; None where none does, or it fell silent."""
    row = session.get(BackupService, BackupService.THE_ONE)
    if row is None or not now < row.until <= now + 2 * LEASE:  # a lease that is further away was taken under a wrong clock
        return None
    return Serving(row.until, tuple(Path(one) for one in msgspec.json.decode(row.folders, type=list[str])), row.workstation_id)


def run_as_service(database: Database, beside: Path, *, steps: Steps = UNWATCHED) -> list[Outcome]:
    """One turn of the service: what is due, into the folders of the computer's own workstation, or ``beside`` where none is chosen."""
    with database.read() as session:
        row = session.get(BackupService, BackupService.THE_ONE)
        actor = Actor(None, "backups", workstation_id=None if row is None else row.workstation_id, is_system=True)
    folders = plan_of(database, actor, beside).folders
    if beside in folders:
        beside.mkdir(exist_ok=True)
    database.run(actor, _hold, folders=folders)
    return run_due(database, actor, beside=beside, steps=steps)


def let_go(database: Database) -> None:
    """The service ends: the program may make backups again."""
    database.run(Actor.system("backups"), _end)


def tell_workstation(database: Database, workstation_id: UUID | None) -> None:
    """Say to the service which workstation the server's own computer is: its folders for backups are the service's."""
    with database.read() as session:
        row = session.get(BackupService, BackupService.THE_ONE)
    if row is not None and workstation_id not in (None, row.workstation_id):
        database.run(Actor.system("backups"), _belong, workstation_id=workstation_id)


def _hold(tx: Tx, *, folders: tuple[Path, ...]) -> None:
    row = tx.session.get(BackupService, BackupService.THE_ONE) or tx.add(BackupService(id=BackupService.THE_ONE, workstation_id=None))
    row.until, row.folders = tx.now + LEASE, msgspec.json.encode([str(one) for one in folders]).decode()


def _end(tx: Tx) -> None:
    row = tx.session.get(BackupService, BackupService.THE_ONE)
    if row is not None:
        row.until = tx.now


def _belong(tx: Tx, *, workstation_id: UUID) -> None:
    tx.session.get_one(BackupService, BackupService.THE_ONE).workstation_id = workstation_id
