"""What the screen gives the board to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, DoctorDay, PlannedRow, WalkInRow
from clinic_desktop.ui.screens.calendar.heads import Head


@dataclass(frozen=True, slots=True)
class Picture:
    """Days with their columns and heads, and the appointments that the filters leave; ``faint`` are those a search does not mean."""

    shown: CalendarRow
    columns: Sequence[DoctorDay]
    heads: Sequence[Head]
    rows: Sequence[PlannedRow]
    walk_ins: Sequence[WalkInRow] = ()
    faint: frozenset[UUID] = field(default_factory=frozenset)
