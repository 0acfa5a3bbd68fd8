"""What the duplicates screen reads, and what it lets run behind itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.patients.looking import look_for_duplicates
from clinic_desktop.clinic.patients.queries import DuplicateRow, MergeRow, duplicates, merges, open_duplicates
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.progress import Progress


@dataclass(frozen=True, slots=True)
class Review:
    """The pairs that wait, how many there are in all, and what was merged."""

    pairs: list[DuplicateRow]
    waiting: int
    merges: list[MergeRow]


def review(session: Any) -> Review:
    """All that the screen lists."""
    return Review(duplicates(session), open_duplicates(session), merges(session))


def count_open(db: Database, *, clinic_id: UUID, workstation_id: UUID | None) -> int:
    """How many pairs wait, for the rail."""
    with db.read() as session:
        return open_duplicates(session)


def look(db: Database, *, actor: Actor, progress: Progress) -> int:
    """Look the whole register over; returns how many pairs are new."""
    return look_for_duplicates(db, actor, lambda percent: progress.report(percent, 100))
