"""Whether an appointment could stand where it is held, by the rules of the core; the core looks again when it is let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from clinic_desktop.clinic.frontdesk.queries import DoctorDay
from clinic_desktop.clinic.frontdesk.rules import free_place, problem_of, run_from


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where it would end, and why not: ``problem`` past, holiday, leave or outside_hours can be overridden with a reason, full cannot."""

    end: datetime
    problem: str | None
    can_be_overridden: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether it cannot be let go here."""
        return self.problem is not None and not self.can_be_overridden


def judge(
    cell: DoctorDay,
    start: datetime,
    minutes: int,
    now: datetime,
    *,
    may_override: bool,
    but: UUID | None = None,
    upcoming: datetime | None = None,
) -> Verdict:
    """What the core would say of ``minutes`` from ``start``; ``but`` is the appointment itself, whose own place is free for it."""
    slots = cell.places
    run = run_from(slots, start, minutes)
    end, capacity = run if run is not None else (start + timedelta(minutes=minutes), 1)
    if free_place(cell.taken(but=but), start, end, capacity) is None:
        return Verdict(end, "full")
    problem = problem_of(slots, cell.leaves, start, minutes, now, is_holiday=cell.is_holiday, upcoming=upcoming)
    return Verdict(end, problem, may_override and problem is not None)
