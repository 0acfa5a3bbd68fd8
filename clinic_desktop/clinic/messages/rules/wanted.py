"""Which messages about an appointment should be waiting, given what the patient was told already (pure).

There is one answer for each state of things, whatever led to it: who changes an appointment asks again, and what waits is made so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from clinic_desktop.clinic.messages.rules.notices import NEWS, Notice
from clinic_desktop.clinic.messages.rules.timing import Quiet, news_time, reminder_time
from clinic_desktop.kernel.clock import local_instant

CATCHING_UP = timedelta(hours=2)
"""Who is expected later than this after a late doctor goes on is not told: the delay is made good by then, or said anew."""
JUST_TOLD = timedelta(minutes=10)
"""Who arrived as lately as this was told at the desk how many are before."""
LATELY = timedelta(minutes=15)
"""That a turn is near is of no use any more so long after it was."""
FOLLOW_UP_HOUR = time(10)
"""By the clinic's clock: when one can call and book."""
_DAY = timedelta(days=1)
CALLED_OFF = "off"
"""What is said of an appointment that was cancelled, instead of its time and doctor."""


def about_visit(start: datetime, doctor_id: UUID) -> str:
    """What is said of an appointment that is held."""
    return f"{start.astimezone(UTC):%Y-%m-%dT%H:%MZ}|{doctor_id}"


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment as messages see it: ``about`` is its time and doctor, or that it was called off; empty when it is neither."""

    start: datetime
    about: str
    is_held: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was said, or is being said right now."""

    notice: Notice
    about: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How the clinic wants it: how long before a visit it reminds, and when it is quiet."""

    leads: tuple[tuple[Notice, timedelta], ...]
    quiet: Quiet
    follow_up_lead: timedelta = timedelta()
    """How long before the day on which a doctor wishes to see somebody again; nothing: that is not told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One message that should be waiting; ``turn`` tells apart what is said twice because something else was said between."""

    notice: Notice
    about: str
    turn: int
    not_before: datetime
    not_after: datetime
    minutes: str = ""
    """Of a doctor who is late."""
    ahead: str = ""
    """Of a turn that is near: how many are before."""


def wanted(
    planned: Planned, told: Sequence[Told], waiting: Collection[Told], rules: Rules, now: datetime, *, is_news: bool = False
) -> list[Wanted]:
    """What should be waiting. ``told`` in its order; ``waiting``: what was planned before, whose time may have come by now.

    That there is an appointment is told only while it ``is_news``, or waits to be told.
    """
    if planned.start <= now or not planned.about:
        return []
    turn = sum(one.notice in NEWS for one in told)
    found = []
    notice = _news(planned, told, is_news or any(one.notice is Notice.BOOKED for one in waiting))
    due = None if notice is None else news_time(planned.start, now, rules.quiet)
    if notice is not None and due is not None:
        found.append(Wanted(notice, planned.about, turn, due, planned.start))
    return [*found, *_reminders(planned, told, waiting, rules, now, news_at=due)]


def _news(planned: Planned, told: Sequence[Told], is_news: bool) -> Notice | None:
    known = told[-1].about if told else None
    if known == planned.about:
        return None
    if known is None:
        return Notice.BOOKED if planned.is_held and is_news else None
    if not planned.is_held:
        return Notice.CANCELLED
    return Notice.BOOKED if known == CALLED_OFF else Notice.MOVED


def _reminders(
    planned: Planned, told: Sequence[Told], waiting: Collection[Told], rules: Rules, now: datetime, *, news_at: datetime | None
) -> list[Wanted]:
    """The reminders that are to come: none that was said already, and none together with the news itself."""
    if not planned.is_held:
        return []
    said = {one.notice for one in told if one.about == planned.about}
    times: list[tuple[Notice, datetime]] = []
    for notice, lead in sorted(rules.leads, key=lambda one: -one[1]):
        at = None if notice in said else reminder_time(planned.start, lead, rules.quiet)
        if at is not None and at <= now:
            at = rules.quiet.next_allowed(now) if Told(notice, planned.about) in waiting else None
        if at is not None and (news_at is None or at > news_at):
            times.append((notice, at))
    ends = [*(at for _notice, at in times[1:]), planned.start]
    return [Wanted(notice, planned.about, 0, at, end) for (notice, at), end in zip(times, ends, strict=False) if at < end]


def late_wanted(planned: Planned, told: Sequence[Told], minutes: int, rules: Rules, now: datetime) -> list[Wanted]:
    """That the doctor is late, for who is still to come: once for each delay, and not where that was the last said of it."""
    about = f"{planned.about}|{minutes}"
    if not minutes or not planned.is_held or planned.start <= now or (told and told[-1].about == about):
        return []
    due = news_time(planned.start, now, rules.quiet)
    return [] if due is None else [Wanted(Notice.DOCTOR_LATE, about, len(told), due, planned.start, str(minutes))]


def offer_wanted(told: Sequence[Told], about: str, until: datetime, rules: Rules, now: datetime) -> Wanted | None:
    """That a place is offered: once, and only while it can be answered."""
    due = news_time(until, now, rules.quiet) if until > now else None
    if due is None or (told and told[-1].about == about):
        return None
    return Wanted(Notice.PLACE_OFFERED, about, len(told), due, until)


def turn_wanted(told: Sequence[Told], about: str, ahead: int, within: int, arrived: datetime, rules: Rules, now: datetime) -> Wanted | None:
    """That few are before a waiting patient: once, not to who came in a moment ago, and never at night."""
    if not 0 <= ahead <= within or not within or told or now - arrived < JUST_TOLD or rules.quiet.span(now) is not None:
        return None
    return Wanted(Notice.TURN_NEAR, about, 0, now, now + LATELY, ahead=str(ahead))


def follow_up_wanted(told: Sequence[Told], about: str, due: date, signed: datetime, rules: Rules, now: datetime) -> Wanted | None:
    """That a doctor wishes to see a patient again: once, some days before; not where the patient left the doctor after that."""
    morning, over = (local_instant(day, FOLLOW_UP_HOUR, rules.quiet.timezone) for day in (due - rules.follow_up_lead, due + _DAY))
    at = rules.quiet.next_allowed(morning.astimezone(UTC)).astimezone(UTC)
    if not rules.follow_up_lead or told or at <= signed or now >= over or at >= over:
        return None
    return Wanted(Notice.FOLLOW_UP_DUE, about, 0, rules.quiet.next_allowed(now) if at < now else at, over.astimezone(UTC))
