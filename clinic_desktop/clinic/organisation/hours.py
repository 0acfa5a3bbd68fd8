"""When a clinic is open in an ordinary week, written as one line that a person can read: ``mo 09:00-13:00 14:00-18:00; tu …``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
Span = tuple[time, time]
WeekHours = Mapping[int, Sequence[Span]]
"""The spans of each day on which the clinic is open; 0 is Monday."""

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def hours_text(hours: WeekHours) -> str:
    """The line in which a week is stored; raises InvalidInput when a day's spans overlap or end before they start."""
    days = []
    for day in sorted(hours):
        _check_spans(hours[day])
        spans = " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in hours[day])
        if spans:
            days.append(f"{DAYS[day]} {spans}")
    return "; ".join(days)


def week_hours(text: str) -> dict[int, tuple[Span, ...]]:
    """The week that a stored line says; raises InvalidInput."""
    found: dict[int, tuple[Span, ...]] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        name, *written = part.split()
        if name not in DAYS or DAYS.index(name) in found or not written:
            raise InvalidInput("working_hours", "not_working_hours", text=part)
        spans = tuple(_span(one) for one in written)
        _check_spans(spans)
        found[DAYS.index(name)] = spans
    return found


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans of a day share a minute."""
    return one[0] < other[1] and other[0] < one[1]


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise InvalidInput("working_hours", "not_working_hours", text=text)
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in found.groups())
    return time(start_hour, start_minute), time(end_hour, end_minute)


def _check_spans(spans: Sequence[Span]) -> None:
    for (start, end), following in zip(spans, [*spans[1:], None], strict=True):
        if end <= start:
            raise InvalidInput("working_hours", "ends_before_start")
        if following is not None and following[0] < end:
            raise InvalidInput("working_hours", "hours_overlap")


WORKING_HOURS = setting(
    "organisation.working_hours",
    "",
    Scope.CLINIC,
    N_("Opening hours in an ordinary week"),
    help=N_("One day after the other, such as: mo 09:00-13:00 14:00-18:00; tu 09:00-13:00"),
    words=N_("open closed week days break schedule"),
    check=week_hours,
)
"""A line of ``hours_text``; empty where nobody said so. Schedules begin with it."""
