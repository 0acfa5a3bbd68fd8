"""What the reconcile screen reads, in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.patients.queries import DuplicateRow, duplicates
from clinic_desktop.clinic.reconciling.queries import ConflictRow, open_conflicts, settled_conflicts
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.aside import AsideRow, waiting_here
from clinic_desktop.sync.overview import counts


@dataclass(frozen=True, slots=True)
class Everything:
    """What waits for a person, and what was settled."""

    open: list[ConflictRow]
    aside: list[AsideRow]
    alike: list[DuplicateRow]
    settled: list[ConflictRow]

    @property
    def waiting(self) -> tuple[int, int, int]:
        """How much waits in each of the lists that wait for somebody."""
        return len(self.open), len(self.aside), len(self.alike)


def everything(session: Any, *, actor: Actor) -> Everything:
    """All that the screen shows."""
    return Everything(open_conflicts(session, actor), waiting_here(session, actor), duplicates(session), settled_conflicts(session, actor))


def count_open(db: Database, *, clinic_id: UUID, workstation_id: UUID | None) -> int:
    """How much waits, for the rail."""
    with db.read() as session:
        found = counts(session, db.clock())
    return found.conflicts + found.parked
