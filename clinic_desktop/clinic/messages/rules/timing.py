"""When patients may be written to: leads before a visit, and the clinic's quiet hours (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.errors import InvalidInput

OF_USE = timedelta(hours=1)
"""A reminder that comes later than this before the visit helps nobody to come."""
BEFORE_QUIET = timedelta(minutes=15)
"""What would come too late in the morning leaves this long before the quiet begins."""

_WALL_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def wall_time(text: str, field: str = "time") -> time:
    """A time of the day as settings keep it: ``21:00``."""
    found = _WALL_TIME.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(field, "not_a_wall_time")
    return time(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the clinic's wall clock in which nobody is written to; none where both ends are one."""

    begins: time
    ends: time
    timezone: str

    def span(self, instant: datetime) -> tuple[datetime, datetime] | None:
        """The quiet that an instant lies in: its first instant and the first after it; by the wall clock, so also where that is changed."""
        if self.begins == self.ends:
            return None
        local = instant.astimezone(ZoneInfo(self.timezone))
        for day in (local.date() - timedelta(days=1), local.date()):
            last = day + timedelta(days=1) if self.ends <= self.begins else day
            begins, ends = local_instant(day, self.begins, self.timezone), local_instant(last, self.ends, self.timezone)
            if begins <= instant < ends:
                return begins, ends
        return None

    def next_allowed(self, instant: datetime) -> datetime:
        """The instant itself, or the end of the quiet that it lies in."""
        span = self.span(instant)
        return instant if span is None else span[1]


def reminder_time(start: datetime, lead: timedelta, quiet: Quiet) -> datetime:
    """When a reminder leaves. One that falls into the quiet waits for the morning; where that is too late it leaves before the quiet."""
    due = start - lead
    span = quiet.span(due)
    if span is not None:
        due = span[1] if start - span[1] >= min(OF_USE, lead) else span[0] - BEFORE_QUIET
    return due.astimezone(UTC)


def news_time(start: datetime, now: datetime, quiet: Quiet) -> datetime | None:
    """When news leaves: at once or when the quiet ends; None when the visit would be over by then."""
    due = quiet.next_allowed(now)
    return due.astimezone(UTC) if due < start else None
