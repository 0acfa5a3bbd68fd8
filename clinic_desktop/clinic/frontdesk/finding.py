"""Free places of several days and doctors, as if those that were found before were taken already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.planning import LONGEST, DoctorDay, clinic_timezone, doctor_day, taken_places
from clinic_desktop.clinic.frontdesk.rules import FREED, Span, Taken, free_place, run_from
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.kernel.clock import business_date

WITHIN_DAYS = 60
"""Further ahead nothing is proposed: a person must look."""


@dataclass(slots=True)
class _Day:
    plan: DoctorDay
    taken: list[Taken]


class FreePlaces:
    """Finds places at one clinic; each that is kept is taken for those that are looked for after it."""

    def __init__(self, session: Session, *, clinic_id: UUID, now: datetime) -> None:
        self._session, self._clinic_id, self._now = session, clinic_id, now
        self.timezone = clinic_timezone(session, clinic_id)
        self._days: dict[tuple[UUID, date], _Day] = {}
        self._busy: dict[UUID, list[Span]] = {}

    def plan(self, doctor_id: UUID, day: date) -> DoctorDay:
        """A doctor's day."""
        return self._day(doctor_id, day).plan

    def is_free(self, doctor_id: UUID, start: datetime, minutes: int) -> bool:
        """Whether a visit of so many minutes can begin there."""
        return self._place(doctor_id, start, minutes) is not None

    def is_busy(self, patient_id: UUID, start: datetime, minutes: int) -> bool:
        """Whether the patient has another appointment then."""
        return any(span.overlaps(start, start + timedelta(minutes=minutes)) for span in self._of_patient(patient_id))

    def keep(self, doctor_id: UUID, patient_id: UUID, start: datetime, minutes: int) -> None:
        """Take a free place from what is found from now on."""
        found = self._place(doctor_id, start, minutes)
        if found is not None:
            self._day(doctor_id, business_date(start, self.timezone)).taken.append(found)
            self._of_patient(patient_id).append(Span(found.start, found.end))

    def starts(self, doctor_id: UUID, day: date, minutes: int) -> Iterator[datetime]:
        """The starts of a day at which a visit of so many minutes fits."""
        for slot in self.plan(doctor_id, day).slots:
            if self.is_free(doctor_id, slot.start, minutes):
                yield slot.start

    def nearest(self, doctor_id: UUID, patient_id: UUID, wanted: datetime, minutes: int, *, within: int = WITHIN_DAYS) -> datetime | None:
        """The free start nearest to a wanted one on its day, else on the next day that has any at which the patient is free."""
        zone = wanted.astimezone(self._zone())
        for offset in range(within):
            there = (zone + timedelta(days=offset)).astimezone(wanted.tzinfo)
            day = zone.date() + timedelta(days=offset)
            free = (one for one in self.starts(doctor_id, day, minutes) if not self.is_busy(patient_id, one, minutes))
            found = min(free, key=lambda one: (abs(one - there), one), default=None)
            if found is not None:
                return found
        return None

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def _place(self, doctor_id: UUID, start: datetime, minutes: int) -> Taken | None:
        if start < self._now:
            return None
        day = self._day(doctor_id, business_date(start, self.timezone))
        run = run_from(day.plan.slots, start, minutes)
        place = None if run is None else free_place(day.taken, start, *run)
        return None if run is None or place is None else Taken(start, run[0], place)

    def _day(self, doctor_id: UUID, day: date) -> _Day:
        key = (doctor_id, day)
        if key not in self._days:
            plan = doctor_day(self._session, clinic_id=self._clinic_id, doctor_id=doctor_id, day=day, timezone=self.timezone)
            taken: list[Taken] = []
            if plan.slots:
                last = max(slot.end for slot in plan.slots)
                taken = taken_places(self._session, doctor_id=doctor_id, start=plan.slots[0].start, end=last)
            self._days[key] = _Day(plan, taken)
        return self._days[key]

    def _of_patient(self, patient_id: UUID) -> list[Span]:
        if patient_id not in self._busy:
            people = person_ids(self._session, patient_id)
            held = (Appointment.patient_id.in_(people), Appointment.start_time > self._now - LONGEST, Appointment.status.not_in(FREED))
            found = self._session.execute(select(Appointment.start_time, Appointment.end_time).where(*held))
            spans = [Span(row.start_time, row.end_time) for row in found]
            self._busy |= dict.fromkeys((patient_id, *people), spans)  # one list: what is kept for one record is kept for all
        return self._busy[patient_id]
