"""Time: aware UTC instants, and the local business date of a clinic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""


def system_clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def business_date(instant: datetime, timezone: str) -> date:
    """The clinic's calendar date at an instant."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def local_instant(day: date, wall_time: time, timezone: str) -> datetime:
    """The UTC instant of a wall time in a clinic's zone (the earlier one where a clock change repeats it)."""
    return datetime.combine(day, wall_time, ZoneInfo(timezone)).astimezone(UTC)


def day_bounds(day: date, timezone: str) -> tuple[datetime, datetime]:
    """First instant of a business date and of the next one, in UTC."""
    return local_instant(day, time.min, timezone), local_instant(day + timedelta(days=1), time.min, timezone)
