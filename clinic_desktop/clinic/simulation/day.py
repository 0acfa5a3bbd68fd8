"""One clinic day, played through the same commands as the screens use.

The same seed, date and starting database give the same day. On a day without working hours (a Sunday, a holiday) the
clinic opens for emergencies: the doctors book with an override and its reason, everyone else walks in. A date that was
played before is played on from where it ended; money that comes in after its settlement falls on the next open day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from time import perf_counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.queries import wait_accuracy
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.simulation.counters import Counters
from clinic_desktop.clinic.simulation.crew import Crew, clinic_timezone, gather
from clinic_desktop.clinic.simulation.journeys import How, Journey, adopt, arrive_for_slots, board, known_patients, plan
from clinic_desktop.clinic.simulation.reception import Reception
from clinic_desktop.clinic.simulation.rooms import Rooms
from clinic_desktop.clinic.simulation.tills import close_till, open_till, settle
from clinic_desktop.clinic.simulation.timeline import Agenda, SimulatedClock, simulated
from clinic_desktop.clinic.simulation.work import Work
from clinic_desktop.kernel.clock import business_date, day_bounds
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import ChangeSet

Progress = Callable[[int, int], None]

_AFTER_CLOSING = timedelta(hours=3)
"""Planned time after the last session for those who still wait, pay or come back."""
_LAST_MOMENT = timedelta(minutes=2)
_MARGIN = timedelta(minutes=5)
_NEW_PATIENTS = 0.35


@dataclass(frozen=True, slots=True)
class DayReport:
    """What a simulated day was: ``completed`` visits ended paid; the figures are of commands."""

    patients: int
    completed: int
    commands: int
    seconds: float
    commands_per_second: float
    p95_ms: float
    wait_minutes: float = 0.0
    """How long patients waited to be called, on average."""
    wait_error_minutes: float = 0.0
    """How far off what they were told on arrival was, on average: the estimate's mean absolute error."""


def simulate_day(
    database: Database, *, patients: int, seed: int, day: date | None = None, progress: Progress = lambda done, of: None
) -> DayReport:
    """Let so many patients come on a day (today when None); raises SimulationNeeds when the clinic is not set up."""
    with database.read() as session:
        timezone = clinic_timezone(session)
    wanted = day or business_date(database.clock(), timezone)
    playing = Playing.prepare(database, wanted, timezone, f"{seed}")
    started = perf_counter()
    with simulated(database, playing.clock):
        playing.play(patients, progress)
    return playing.report(patients, perf_counter() - started)


class Playing:
    """A day that is being played: who does what, and the journeys of its patients."""

    def __init__(self, work: Work, opens: datetime, closes: datetime) -> None:
        self.work = work
        self.clock = work.clock
        self._opens, self._closes = opens, closes
        counters = Counters(work)
        self.counters = counters
        self._rooms = Rooms(work, counters)
        self._reception = Reception(work, self._rooms)
        self.journeys: list[Journey] = []

    @classmethod
    def prepare(
        cls, database: Database, day: date, timezone: str, seed: str, *, between: tuple[datetime, datetime] | None = None
    ) -> Playing:
        """Gather the crew of a day and set its clock: it goes on after whatever happened on that date already.

        ``between`` plays a part of the day around the present moment instead, whatever the doctors' hours are.
        """
        first, next_day = day_bounds(day, timezone)
        with database.read() as session:
            happened = _last_moment(session, first, next_day)
            crew = gather(session, day, happened + _MARGIN if happened else first)
            played = session.scalar(select(func.count()).select_from(Visit).where(Visit.business_date == day, Visit.created_at >= first))
        last = next_day - _LAST_MOMENT
        rng = Random(f"{seed}|{day}|{played}")  # noqa: S311  (chance, not secrecy)
        if between is not None:
            return cls._around(database, crew, rng, day, between)
        opens = min(start for room in crew.rooms for start, _ in room.hours) - timedelta(minutes=30)
        closes = max(end for room in crew.rooms for _, end in room.hours)
        begins = max(opens, happened + timedelta(seconds=1)) if happened else opens
        clock = SimulatedClock(opens, min(begins, last), closes + _AFTER_CLOSING, last)
        return cls(Work(database, clock, Agenda(clock, opens), rng, crew, day), opens, closes)

    @classmethod
    def _around(cls, database: Database, crew: Crew, rng: Random, day: date, between: tuple[datetime, datetime]) -> Playing:
        """A part of a day that ends now: the doctors sit from its beginning until a little later."""
        begins, ends = between
        opens = ends - timedelta(hours=2, minutes=30)
        clock = SimulatedClock(opens, begins, ends, ends)
        for room in crew.rooms:
            room.hours = [(opens + timedelta(minutes=5), ends + timedelta(minutes=25))]
            room.free = [slot for slot in room.free if slot > ends]
        return cls(Work(database, clock, Agenda(clock, opens), rng, crew, day), opens, ends)

    def play(
        self,
        patients: int,
        progress: Progress = lambda done, of: None,
        *,
        new_share: float = _NEW_PATIENTS,
        until: datetime | None = None,
        visit_minutes: float | None = None,
    ) -> None:
        """Book what is booked ahead, open the doors, and (unless it stops early) close the till and settle."""
        work = self.work
        rows = board(work)[:patients]
        going_on = [*adopt(work, rows)]
        with work.database.read() as session:
            known = known_patients(session, work)
        fresh = plan(work, patients - len(going_on), known, new_share)
        self.journeys = [journey for journey, _ in going_on] + fresh
        self._set_pace(visit_minutes)
        self._book_ahead(fresh)
        arrive_for_slots(work, [journey for journey in self.journeys if journey.slot])
        self._open(going_on, fresh)
        self._watch(progress, patients)
        work.agenda.run(until)
        if until is None:
            close_till(work)
            settle(work)
        progress(patients, patients)

    def book_only(self, patients: int) -> None:
        """Book places of a day that is still to come."""
        with self.work.database.read() as session:
            known = known_patients(session, self.work)
        for journey in plan(self.work, patients, known, new_share=0.0):
            if journey.slot is not None:
                self._reception.book(journey)

    def fill_queue(self, patients: int) -> None:
        """Let a few come without appointment at this very moment."""
        with self.work.database.read() as session:
            known = known_patients(session, self.work)
        for journey in plan(self.work, patients, known, new_share=0.0):
            journey.how, journey.slot = How.WALK_IN, None
            self._reception.take_walk_in(journey)

    def _set_pace(self, visit_minutes: float | None) -> None:
        """So many minutes a patient that everyone of a room is seen in its hours, unless they are given."""
        for room in self.work.crew.rooms:
            load = sum(journey.room is room for journey in self.journeys)
            minutes = sum((end - start).total_seconds() / 60 for start, end in room.hours)
            room.visit_minutes = visit_minutes or max(0.02, min(9.0, 0.75 * minutes / max(load, 1)))

    def _book_ahead(self, journeys: list[Journey]) -> None:
        """Bookings were made the day before, unless something happened since then."""
        booked = [journey for journey in journeys if journey.slot is not None]
        with self.work.database.read() as session:
            latest = session.scalar(select(func.max(ChangeSet.at)).where(ChangeSet.at < self.clock.now))
        begin, calling = self.clock.now, self._opens - timedelta(hours=16)
        first = self.clock.now = min(begin, max(calling, latest or calling))
        for number, journey in enumerate(booked):
            self.clock.now = max(self.clock.now, first + (begin - first) * number / len(booked))
            self._reception.book(journey)
        self.clock.now = max(begin, self.clock.now)

    def _open(self, going_on: list[tuple[Journey, VisitStatus]], fresh: list[Journey]) -> None:
        work = self.work
        work.agenda.at(self._opens, lambda: open_till(work))
        self._rooms.open()
        for journey in fresh:
            self._reception.expect(journey)
        for journey, status in going_on:
            if status is VisitStatus.SCHEDULED:
                self._reception.expect(journey)
            elif status is VisitStatus.WAITING:
                self._rooms.receive(journey)
            elif status is VisitStatus.PENDING_PAYMENT:
                self.counters.pay_only(journey)
            else:
                self._rooms.resume(journey, is_inside=status is VisitStatus.IN_PROGRESS)

    def _watch(self, progress: Progress, patients: int) -> None:
        """Tell how far the day is, by the patients who have come."""
        arrivals = sorted(journey.arrives for journey in self.journeys)
        for done, moment in enumerate(arrivals):
            if done % max(1, patients // 100) == 0:
                self.work.agenda.at(moment, lambda done=done: progress(done, patients))  # type: ignore[misc]

    def report(self, patients: int, seconds: float) -> DayReport:
        """What the day was."""
        durations = sorted(self.work.durations)
        visits = [journey.visit_id for journey in self.journeys if journey.visit_id is not None and journey.is_counted]
        with self.work.database.read() as session:
            statuses = select(Visit.id).where(Visit.business_date == self.work.day, Visit.status == VisitStatus.COMPLETED)
            completed = len(set(session.scalars(statuses)) & set(visits))
            waits = wait_accuracy(session, clinic_id=self.work.clinic_id, day=self.work.day)
        p95 = durations[min(len(durations) - 1, int(len(durations) * 0.95))] if durations else 0.0
        rate = len(durations) / seconds if seconds else 0.0
        speed = (len(durations), round(seconds, 3), round(rate, 1), round(p95 * 1000, 2))
        return DayReport(patients, completed, *speed, round(waits.mean_wait, 1), round(waits.mean_error, 1))


def _last_moment(session: Session, first: datetime, next_day: datetime) -> datetime | None:
    """When something was last done on a date."""
    return session.scalar(select(func.max(ChangeSet.at)).where(ChangeSet.at >= first, ChangeSet.at < next_day))
