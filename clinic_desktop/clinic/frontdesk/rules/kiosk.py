"""What a kiosk tells, lets do and refuses; pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from clinic_desktop.clinic.frontdesk.rules.display import first_sign
from clinic_desktop.clinic.frontdesk.rules.states import VisitStatus
from clinic_desktop.kernel.errors import ClinicError

MOST_MISSES = 5
"""So many failed attempts, then the kiosk waits: a birth year would be guessed in a minute otherwise."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(minutes=30)


class Coming(StrEnum):
    """What somebody who stands at a kiosk can do about a visit of today."""

    HERE = "HERE"
    EARLY = "EARLY"
    LATE = "LATE"
    WAITING = "WAITING"
    CALLED = "CALLED"
    INSIDE = "INSIDE"
    SEEN = "SEEN"
    OVER = "OVER"


class KioskRefused(ClinicError):
    """A kiosk does not do that: param ``reason`` is no_kiosk, early, late, walk_in, not_in or other_visit."""

    code = "kiosk_refused"


def coming(status: VisitStatus, planned_at: datetime, now: datetime, *, early: int, late: int) -> Coming:
    """What the patient can do about a visit; ``early`` and ``late`` are minutes around an appointment in which one may arrive."""
    if status is not VisitStatus.SCHEDULED:
        return _STANDS.get(status, Coming.OVER)
    if now < planned_at - timedelta(minutes=early):
        return Coming.EARLY
    return Coming.LATE if now > planned_at + timedelta(minutes=late) else Coming.HERE


_STANDS = {
    VisitStatus.WAITING: Coming.WAITING,
    VisitStatus.CALLED: Coming.CALLED,
    VisitStatus.IN_PROGRESS: Coming.INSIDE,
    VisitStatus.PENDING_PAYMENT: Coming.SEEN,
    VisitStatus.COMPLETED: Coming.SEEN,
}


def greeting_name(first_name: str, last_name: str | None) -> str:
    """All that a kiosk ever says of whom it recognised: the first name, and the initial of the last."""
    first = first_name.split()[0] if first_name.split() else first_name
    words = (last_name or "").split()
    return f"{first} {first_sign(words[-1])}." if words and words[-1][0].isalpha() else first


def born_in(birth: date | None, year: int, *, is_estimated: bool) -> bool:
    """Whether somebody may have been born in that year: where only the age was known, a year to either side passes."""
    return birth is not None and abs(birth.year - year) <= (1 if is_estimated else 0)


def wait_after(misses: int, missed_at: datetime, now: datetime) -> timedelta:
    """How long a kiosk that failed to recognise people still waits: a minute after five misses, twice as long after each further."""
    if misses < MOST_MISSES:
        return timedelta()
    wait = min(_FIRST_WAIT * (1 << min(misses - MOST_MISSES, 10)), _LONGEST_WAIT)
    return max(timedelta(), missed_at + wait - now)


def is_forgotten(missed_at: datetime, now: datetime) -> bool:
    """Whether misses are so long ago that they are somebody else's."""
    return now - missed_at > _FORGOTTEN_AFTER
