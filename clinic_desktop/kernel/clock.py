"""Time: aware UTC instants, and the local business date of a clinic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from clinic_desktop.kernel.errors import InvalidInput

D = TypeVar("D", bound=date)
FIRST_YEAR, LAST_YEAR = 1800, 2199
Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""


def system_clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def plausible(day: D, field: str) -> D:
    """A day or an instant that somebody can mean; raises InvalidInput for a mistyped year, whose sums would leave the calendar."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput(field, "impossible_date")
    return day


def business_date(instant: datetime, timezone: str) -> date:
    """The clinic's calendar date at an instant."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def local_instant(day: date, wall_time: time, timezone: str) -> datetime:
    """The UTC instant of a wall time in a clinic's zone (the earlier one where a clock change repeats it)."""
    return datetime.combine(day, wall_time, ZoneInfo(timezone)).astimezone(UTC)


def day_bounds(day: date, timezone: str) -> tuple[datetime, datetime]:
    """First instant of a business date and of the next one, in UTC."""
    return local_instant(day, time.min, timezone), local_instant(day + timedelta(days=1), time.min, timezone)
