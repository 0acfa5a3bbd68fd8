"""A lived-in demo clinic, built through the real commands in simulated time: a year of patients, weeks of visits, and today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import func, select

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.organisation.models import Hospital
from clinic_desktop.clinic.organisation.queries import holidays
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.simulation.catalogue import services
from clinic_desktop.clinic.simulation.day import Playing, Progress
from clinic_desktop.clinic.simulation.house import OWNER, STAFF, TIMEZONE, House, found_house
from clinic_desktop.clinic.simulation.register import Register
from clinic_desktop.clinic.simulation.stocking import Store
from clinic_desktop.clinic.simulation.timeline import HandClock, simulated
from clinic_desktop.kernel.clock import business_date, local_instant
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError

DEMO_PASSWORD = "sunrise-demo-2026"  # noqa: S105  (printed on purpose: every demo account has it)
_SEED = "demo"
_OPEN_FOR = timedelta(days=400)
_MOST_DAYS, _MOST_VISITS, _BOOKED_AHEAD = 15, 12, 6


class DemoNeedsEmpty(ClinicError):
    """The database holds a clinic already; a demo would mix with real records: param ``hospital``."""

    code = "demo_needs_empty"


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo clinic holds, and how to log in."""

    doctors: int
    services: int
    medicines: int
    patients: int
    visits: int
    usernames: list[str]
    password: str


def build_demo(database: Database, *, patients: int = 2000, progress: Progress = lambda done, of: None) -> DemoReport:
    """Fill a migrated, empty database; raises DemoNeedsEmpty when it holds a clinic already."""
    with database.read() as session:
        taken = session.scalar(select(Hospital.name).limit(1))
    if taken is not None:
        raise DemoNeedsEmpty(hospital=taken)
    # One hash for all accounts, and outside any transaction: each takes a tenth of a second.
    password = passwords.new(DEMO_PASSWORD, username=OWNER[0])
    now = database.clock()
    clock = HandClock(now - _OPEN_FOR)
    rng = Random(_SEED)  # noqa: S311  (chance, not secrecy)
    with simulated(database, clock):
        house = found_house(database, password, _local(now - _OPEN_FOR), _local(now))
        store = _furnished(house, rng, clock, now)
        days = _history_days(house, now, _days_wanted(patients))
        steps = _Steps(progress, patients, len(days))
        register = Register(house, rng, clock)
        last = days[0] if days else _local(now)
        register.fill(patients, _local(now - timedelta(days=365)), last - timedelta(days=1), steps.registered)
    _play_history(database, days, _visits_a_day(patients), steps)
    _play_today(database, now, _visits_a_day(patients))
    _book_ahead(database, now, _visits_a_day(patients))
    with database.read() as session:
        people, visits = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (Patient, Visit))
    usernames = [OWNER[0], *(username for username, _, _ in STAFF)]
    return DemoReport(len(house.doctors), len(services()), store.medicines, people, visits, usernames, DEMO_PASSWORD)


def _local(moment: datetime) -> date:
    return business_date(moment, TIMEZONE)


def _days_wanted(patients: int) -> int:
    return min(_MOST_DAYS, 2 + patients // 60)


def _visits_a_day(patients: int) -> int:
    return max(4, min(_MOST_VISITS, patients // 12))


class _Steps:
    """Progress over registering and playing days together."""

    def __init__(self, progress: Progress, patients: int, days: int) -> None:
        self._progress, self._patients = progress, patients
        self._weight = max(1, patients // 20)
        self._of = patients + days * self._weight

    def registered(self, done: int) -> None:
        """So many patients are registered."""
        self._progress(done, self._of)

    def played(self, days: int) -> None:
        """So many days were played."""
        self._progress(self._patients + days * self._weight, self._of)


def _furnished(house: House, rng: Random, clock: HandClock, now: datetime) -> Store:
    store = Store(house, rng, clock)
    clock.set(now - timedelta(days=380))
    store.furnish()
    store.deliver(now - timedelta(days=300), _local(now), share=1.0, scarce=0.1)
    store.deliver(now - timedelta(days=110), _local(now), share=0.55)
    return store


def _history_days(house: House, now: datetime, wanted: int) -> list[date]:
    """Working days of the last weeks, evenly spread, and those of this week; oldest first."""
    today = _local(now)
    with house.database.read() as session:
        closed = {one.day for one in holidays(session, clinic_id=house.clinic_id, first=today - timedelta(days=120), last=today)}
    days = [day for day in (today - timedelta(days=n) for n in range(1, 95)) if day.weekday() < 6 and day not in closed]
    step = len(days) / wanted
    this_week = [day for day in days if day >= today - timedelta(days=today.weekday())]
    return sorted({*this_week, *(days[int(n * step)] for n in range(wanted))})


def _play_history(database: Database, days: list[date], visits: int, steps: _Steps) -> None:
    today = _local(database.clock())
    for number, day in enumerate(days, 1):
        playing = Playing.prepare(database, day, TIMEZONE, _SEED)
        playing.counters.books_from = today
        with simulated(database, playing.clock):
            playing.play(visits, new_share=0.08)
        steps.played(number)


def _play_today(database: Database, now: datetime, visits: int) -> None:
    """The last two hours up to this moment: some are done, some are with a doctor, some wait, some come later."""
    began = max(now - timedelta(hours=2, minutes=30), local_instant(_local(now), time(0, 0, 1), TIMEZONE))
    playing = Playing.prepare(database, _local(now), TIMEZONE, _SEED, between=(began, now))
    with simulated(database, playing.clock):
        playing.play(visits * 2, new_share=0.15, until=now, visit_minutes=15.0)
        playing.fill_queue(3)


def _book_ahead(database: Database, now: datetime, visits: int) -> None:
    """Appointments of the rest of today and of the next days, of the nearest most: a calendar that people have been booking into."""
    for ahead in range(_BOOKED_AHEAD + 1):
        playing = Playing.prepare(database, _local(now) + timedelta(days=ahead), TIMEZONE, _SEED)
        with simulated(database, HandClock(now)):
            playing.book_only(max(visits * 3 - 2 * ahead, 4))
