"""The dates of a series before it is booked: what is free, what is in the way, and what could be had instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.finding import FreePlaces
from clinic_desktop.clinic.frontdesk.rules import run_from
from clinic_desktop.kernel.clock import local_instant

_LOOK_ON_DAYS = 8
"""Beyond a week the next appointment of the series is nearer."""


@dataclass(frozen=True, slots=True)
class SeriesDayRow:
    """A day of a series: ``problem`` is past, holiday, leave, no_hours, patient_busy, taken or outside_hours; None: it is free.

    ``start`` is the place to be booked: the wanted one, else the nearest free one; None where there is none within a week.
    """

    day: date
    wanted: datetime
    problem: str | None
    start: datetime | None


def series_plan(
    session: Session, *, clinic_id: UUID, doctor_id: UUID, patient_id: UUID, minutes: int, days: Iterable[date], at: time, now: datetime
) -> list[SeriesDayRow]:
    """Each day of a series with its place; no two of them are the same."""
    places = FreePlaces(session, clinic_id=clinic_id, now=now)
    rows = []
    for day in days:
        wanted = local_instant(day, at, places.timezone)
        problem = _problem(places, doctor_id, patient_id, wanted, minutes, now)
        start: datetime | None = wanted
        if problem is not None:
            start = places.nearest(doctor_id, patient_id, max(wanted, now), minutes, within=_LOOK_ON_DAYS)
        if start is not None:
            places.keep(doctor_id, patient_id, start, minutes)
        rows.append(SeriesDayRow(day, wanted, problem, start))
    return rows


def _problem(places: FreePlaces, doctor_id: UUID, patient_id: UUID, wanted: datetime, minutes: int, now: datetime) -> str | None:
    if wanted < now:
        return "past"
    if places.is_free(doctor_id, wanted, minutes):
        return "patient_busy" if places.is_busy(patient_id, wanted, minutes) else None
    plan = places.plan(doctor_id, wanted.astimezone(ZoneInfo(places.timezone)).date())
    if plan.closed() is not None:
        return plan.closed()
    if any(leave.overlaps(wanted, wanted + timedelta(minutes=minutes)) for leave in plan.leaves):
        return "leave"
    return "taken" if run_from(plan.slots, wanted, minutes) is not None else "outside_hours"
