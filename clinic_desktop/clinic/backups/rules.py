"""Kinds and pure rules of backups: when the next is due, and which are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from clinic_desktop.kernel.clock import business_date, local_instant
from clinic_desktop.kernel.errors import ClinicError, InvalidInput

_CLOCK_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
ABANDONED = timedelta(hours=6)
"""After so long an unfinished backup is one whose program ended."""


class BackupReason(StrEnum):
    """Why a backup was taken."""

    SCHEDULED = "SCHEDULED"
    MANUAL = "MANUAL"
    BEFORE_RESTORE = "BEFORE_RESTORE"
    BEFORE_MIGRATION = "BEFORE_MIGRATION"


class BackupRunning(ClinicError):
    """Another backup into the same folder is being made: param ``since``."""

    code = "backup_running"


class BackupOverdue(ClinicError):
    """The last good backup is too old: param ``at``, or ``reason`` never where there is none."""

    code = "backup_overdue"


@dataclass(frozen=True, slots=True)
class KeepRules:
    """How long backups are kept."""

    hours: int = 48
    """All of them."""
    days: int = 14
    """The last one of each day."""
    weeks: int = 8
    """The last one of each ISO week."""
    months: int = 12
    """The last one of each month."""
    window_days: int = 30
    """Any second of so many days can be restored."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A backup as the age rules see it."""

    name: str
    taken_at: datetime
    seq: int
    is_verified: bool = True


def clock_times(text: str) -> tuple[time, ...]:
    """Times of day such as ``13:00 21:00``; none when there is nothing. Raises InvalidInput."""
    words = text.replace(",", " ").split()
    found = [_CLOCK_TIME.fullmatch(word) for word in words]
    if None in found:
        raise InvalidInput("backups.times", "not_clock_times", text=text)
    return tuple(sorted({time(int(one[1]), int(one[2])) for one in found if one is not None}))


def last_planned(now: datetime, times: Iterable[time], timezone: str) -> datetime | None:
    """The newest planned instant that is not in the future; None without a plan."""
    today = business_date(now, timezone)
    planned = (local_instant(day, at, timezone) for day in (today, today - timedelta(days=1)) for at in times)
    return max((instant for instant in planned if instant <= now), default=None)


def next_planned(now: datetime, times: Iterable[time], timezone: str) -> datetime | None:
    """The first planned instant that is in the future; None without a plan."""
    today = business_date(now, timezone)
    planned = (local_instant(day, at, timezone) for day in (today, today + timedelta(days=1)) for at in times)
    return min((instant for instant in planned if instant > now), default=None)


def is_due(now: datetime, last: datetime | None, times: Sequence[time], timezone: str) -> bool:
    """Whether a planned instant has passed since the last good backup; one that was missed is due at once.

    A last one in the future was taken under a wrong clock and does not count.
    """
    if last is None or last > now:
        return bool(times)
    planned = last_planned(now, times, timezone)
    return planned is not None and last < planned


def is_worth_closing(now: datetime, last: datetime | None) -> bool:
    """Whether closing the program is a reason for a backup: not when one was made just now."""
    return last is None or not timedelta() <= now - last < timedelta(hours=1)


def kept(files: Sequence[KeptFile], now: datetime, rules: KeepRules, timezone: str) -> frozenset[str]:
    """Names of the backups that stay.

    The newest verified one always does, and the newest one from before the window, which any second in it is restored from.
    """
    good = sorted((one for one in files if one.is_verified), key=lambda one: (one.taken_at, one.seq))
    stay = {one.name for one in files if now - one.taken_at <= timedelta(hours=rules.hours)}
    stay |= {one.name for one in good[-1:]}
    stay |= {one.name for one in [one for one in good if now - one.taken_at >= timedelta(days=rules.window_days)][-1:]}
    zone = ZoneInfo(timezone)
    local = [(one, one.taken_at.astimezone(zone).date()) for one in good]
    stay |= _last_of_each(((one.name, day.toordinal()) for one, day in local), rules.days)
    stay |= _last_of_each(((one.name, day.isocalendar()[:2]) for one, day in local), rules.weeks)
    stay |= _last_of_each(((one.name, (day.year, day.month)) for one, day in local), rules.months)
    return frozenset(stay)


def _last_of_each(named: Iterable[tuple[str, object]], periods: int) -> set[str]:
    """The last backup of each of the newest periods that have any."""
    by_period = {period: name for name, period in named}
    return set(list(by_period.values())[-periods:]) if periods > 0 else set()


def needed_from(files: Sequence[KeptFile], now: datetime, rules: KeepRules) -> int:
    """The sequence after which the journal must be kept, so that any second of the window can be restored."""
    before = [one.seq for one in files if one.is_verified and now - one.taken_at >= timedelta(days=rules.window_days)]
    return max(before) if before else min((one.seq for one in files if one.is_verified), default=0)


def is_overdue(now: datetime, last: datetime | None, hours: int) -> bool:
    """Whether the last good backup is too old to sleep well."""
    return last is None or now - last > timedelta(hours=hours)
