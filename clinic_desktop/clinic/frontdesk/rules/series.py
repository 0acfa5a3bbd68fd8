"""The days of appointments that repeat; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice, takewhile

from clinic_desktop.kernel.clock import plausible
from clinic_desktop.kernel.errors import InvalidInput

MOST = 52
"""A longer series is a typing mistake more often than a wish."""
LONGEST_DAYS = 366


class Every(StrEnum):
    """The step from one appointment of a series to the next."""

    DAY = "DAY"
    WEEK = "WEEK"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every ``step`` days or weeks, in weeks on these weekdays (0 is Monday; none: the first day's); so often, or until a day."""

    every: Every
    step: int = 1
    weekdays: frozenset[int] = frozenset()
    count: int | None = None
    until: date | None = None


def series_days(first: date, repeat: Repeat) -> list[date]:
    """The days of a series from its first day on, at most ``MOST`` in a year."""
    if not 1 <= repeat.step <= LONGEST_DAYS:
        raise InvalidInput("step", "out_of_range", low=1, high=LONGEST_DAYS)
    if repeat.count is not None and not 1 <= repeat.count <= MOST:
        raise InvalidInput("count", "out_of_range", low=1, high=MOST)
    if repeat.count is None and repeat.until is None:
        raise InvalidInput("count", "required")
    last = plausible(first, "first") + timedelta(days=LONGEST_DAYS)
    if repeat.until is not None:
        if repeat.until < first:
            raise InvalidInput("until", "ends_before_start")
        last = min(last, repeat.until)
    days = takewhile(lambda day: day <= last, _days(first, repeat))
    return list(islice(days, MOST if repeat.count is None else repeat.count))


def _days(first: date, repeat: Repeat) -> Iterator[date]:
    if repeat.every is Every.DAY:
        yield from (first + timedelta(days=repeat.step * number) for number in range(LONGEST_DAYS + 1))
        return
    weekdays = sorted(repeat.weekdays or {first.weekday()})
    monday = first - timedelta(days=first.weekday())
    for number in range(LONGEST_DAYS):
        yield from _of_week(monday + timedelta(weeks=repeat.step * number), weekdays, first)


def _of_week(monday: date, weekdays: Iterable[int], first: date) -> Iterator[date]:
    days = (monday + timedelta(days=weekday) for weekday in weekdays)
    return (day for day in days if day >= first)
