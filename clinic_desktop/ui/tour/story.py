"""What the steps of a tour tell each other, and how they are put together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from clinic_desktop.kernel.clock import system_clock

if TYPE_CHECKING:
    from clinic_desktop.ui.tour.driver import Driver

Step = Callable[["Driver"], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What one person does; the steps follow each other, and after a failed one the next part begins."""

    name: str
    person: str | None
    steps: Sequence[Step]


@dataclass(slots=True)
class Story:
    """The one patient who is followed through the day."""

    language: str
    patient_id: UUID | None = None
    visit_id: UUID | None = None
    registration_keys: int = 0
    facts: dict[str, str] = field(default_factory=dict)


class DayClock:
    """Runs like a clock from the moment at which it is set, and jumps ahead when the tour says that time has passed."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began, self._jumped = start, time.monotonic(), timedelta()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began) + self._jumped

    def pass_by(self, minutes: float) -> None:
        """Let some minutes pass."""
        self._jumped += timedelta(minutes=minutes)


class RealClock:
    """The clock of a database that was there before: it goes as it goes."""

    def __call__(self) -> datetime:
        return system_clock()

    def pass_by(self, minutes: float) -> None:
        """Time cannot be pushed."""
