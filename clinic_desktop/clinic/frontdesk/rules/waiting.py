"""Whom a place that came free is offered to; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

NOON, EVENING = 12, 16
"""The hours at which the afternoon and the evening of a clinic's day begin."""


class DayPart(StrEnum):
    """When in the day a patient can come."""

    ANY = "ANY"
    MORNING = "MORNING"
    AFTERNOON = "AFTERNOON"
    EVENING = "EVENING"


class WaitingStatus(StrEnum):
    """Where an entry of the waiting list stands."""

    WAITING = "WAITING"
    OFFERED = "OFFERED"
    BOOKED = "BOOKED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


OPEN_WAITING = (WaitingStatus.WAITING, WaitingStatus.OFFERED)
"""Entries that still wish for a place."""


@dataclass(frozen=True, slots=True)
class Place:
    """A free stretch of a doctor's day, in the clinic's zone."""

    doctor_id: UUID
    start: datetime
    minutes: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an entry wishes for, and the place it was offered last: it let that one pass."""

    id: UUID
    doctor_id: UUID | None
    minutes: int
    first_day: date
    last_day: date
    day_part: DayPart
    is_urgent: bool
    offered_doctor_id: UUID | None = None
    offered_start: datetime | None = None


def day_part_of(start: datetime, timezone: str) -> DayPart:
    """The part of the clinic's day in which an instant lies."""
    hour = start.astimezone(ZoneInfo(timezone)).hour
    return DayPart.MORNING if hour < NOON else DayPart.AFTERNOON if hour < EVENING else DayPart.EVENING


def suits(entry: Waiting, place: Place) -> bool:
    """Whether a patient wishes for that place, and has not let it pass before."""
    if entry.doctor_id not in (None, place.doctor_id) or entry.minutes > place.minutes:
        return False
    if (entry.offered_doctor_id, entry.offered_start) == (place.doctor_id, place.start):
        return False
    day = place.start.astimezone(ZoneInfo(place.timezone)).date()
    is_in_days = entry.first_day <= day <= entry.last_day
    return is_in_days and entry.day_part in (DayPart.ANY, day_part_of(place.start, place.timezone))


def in_offer_order(entries: Iterable[Waiting], place: Place) -> list[Waiting]:
    """Who is offered the place, one after the other: the urgent first, then who has waited longest (ids are by time)."""
    return sorted((one for one in entries if suits(one, place)), key=lambda one: (not one.is_urgent, one.id))
