"""The week of ten doctors in the calendar: read beside a long history, and painted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.frontdesk import queries
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.ids import new_id
from tests.benchmarks.bench import SQLITE, Bench, statements
from tests.benchmarks.bulk import patient_rows, writing
from tests.benchmarks.loading import Raw, bare, load
from tests.benchmarks.measuring import Figure, alternate
from tests.benchmarks.people import People, at_work, standing
from tests.benchmarks.starting import child_settings
from tests.clinic.world import EVENING, MORNING, OPENED, TIMEZONE, money
from tests.conftest import START

_DOCTORS, _A_DAY = 10, 28
_PLACES = _DOCTORS * _A_DAY
_PEOPLE = 500
_MONDAY = START.date() - timedelta(days=START.weekday())
_TABLES = (Appointment.__tablename__, Visit.__tablename__)
_FLOOR = """SELECT a.id, a.booking_id, a.doctor_id, a.start_time, a.end_time, a.status, p.full_name, p.patient_number, s.name, v.status
FROM appointments a JOIN visits v ON v.appointment_id = a.id JOIN patients p ON p.id = a.patient_id JOIN services s ON s.id = a.service_id
WHERE a.clinic_id = {mark} AND a.business_date BETWEEN {mark} AND {mark} ORDER BY a.start_time, a.id"""


def week(bench: Bench) -> Iterator[Figure]:
    """Ten doctors with 28 appointments a day, beside as many past appointments as the register has patients."""
    for engine in bench.engines:
        with at_work(bench, engine) as people:
            doctors = _staff(people)
            with writing(people.db) as connection:
                connection.execute(insert(Patient), list(patient_rows(people.world.clinic_id, _PEOPLE)))
            _fill(people, doctors, ((_MONDAY + timedelta(days=ahead), 0) for ahead in range(6)), 6 * _PLACES)
            for size in bench.patients:
                _fill(people, doctors, ((START.date() - timedelta(days=8 + back), 1) for back in range(10_000)), size)
                with statements(people.db) as sent:
                    _ours(people)
                ours, floor = _read(bench, people, engine)
                yield Figure("calendar", "calendar: week of ten doctors, read", engine, ours, floor, size=size, statements=len(sent))
                if engine == SQLITE:
                    yield from _painted(bench, people, size)


def _staff(people: People) -> list[UUID]:
    """The two doctors of the world and eight more with the same hours."""
    with people.db.read() as session:
        some = queries.calendar(session, clinic_id=people.world.clinic_id, first=_MONDAY, now=standing()).doctors
    made, do = list(people.world.doctors), people.db.run
    for number in range(len(made), _DOCTORS):
        user = do(people.world.system(), access.create_user, username=f"doctor{number}x", full_name=f"Doctor {number}", roles=("doctor",))
        doctor = do(
            people.world.system(),
            staff.register_doctor,
            user_id=user,
            specialty_id=some[0].specialty_id,
            license_number=f"B-{number}",
            share_basis_points=4000,
            room=f"B{number}",
        )
        for start, end in (MORNING, EVENING):
            wish = {"weekdays": range(6), "start": start, "end": end, "slot_minutes": 15, "valid_from": OPENED}
            do(people.world.system(), staff.add_schedule, doctor_id=doctor, clinic_id=people.world.clinic_id, **wish)
        made.append(doctor)
    return made


def _fill(people: People, doctors: list[UUID], days: Iterator[tuple[date, int]], wanted: int) -> None:
    """So many appointments on these days, each slot of each doctor once; those of the past are over."""
    with people.db.read() as session:
        patients = list(session.scalars(select(Patient.id)))
        held = session.scalar(select(func.count()).where(Appointment.business_date < _MONDAY)) or 0
    slots = ((day, doctors[place % _DOCTORS], place // _DOCTORS, bool(is_past)) for day, is_past in days for place in range(_PLACES))
    rows = (
        _booked(people, number, slot, patients[7 * number % len(patients)])
        for number, slot in enumerate(islice(slots, wanted))
        if not slot[3] or number >= held
    )
    with writing(people.db) as connection, bare(connection, *_TABLES):
        while batch := list(islice(rows, 20_000)):
            for table, part in zip(_TABLES, zip(*batch, strict=True), strict=True):
                load(connection, table, part)


def _booked(people: People, number: int, slot: tuple[date, UUID, int, bool], patient: UUID) -> tuple[Raw, Raw]:
    """An appointment and its visit."""
    day, doctor, place, is_past = slot
    start, end = _times(day, place)
    same = _same(people.world.clinic_id, people.world.services["CONS"], is_past)
    whose = {"doctor_id": doctor.hex, "patient_id": patient.hex, "business_date": day.isoformat()}
    key = new_id().hex
    times = {"start_time": start, "end_time": end}
    appointment = {**same[0], **whose, **times, "id": key, "booking_id": f"B-{is_past}-{number}"}
    return appointment, {**same[1], **whose, "id": new_id().hex, "appointment_id": key, "planned_at": start}


@lru_cache
def _same(clinic_id: UUID, service_id: UUID, is_past: bool) -> tuple[Raw, Raw]:
    """What all of them have."""
    stamps = {"created_at": _spelt(START), "updated_at": _spelt(START), "row_version": 1}
    shared = {**stamps, "clinic_id": clinic_id.hex, "service_id": service_id.hex}
    kinds = {"type": "REGULAR", "booking_source": "PHONE", "fee": money(600).minor, "slot_place": 1}
    asked = {"confirmation_sent": 0, "contact_attempts": 0, "status": "COMPLETED" if is_past else "CONFIRMED"}
    return {**shared, **kinds, **asked}, {**shared, "visit_type": "SCHEDULED", "status": "COMPLETED" if is_past else "SCHEDULED"}


@lru_cache(maxsize=1000)
def _times(day: date, place: int) -> tuple[str, str]:
    opens = MORNING[0] if place < 16 else EVENING[0]
    start = local_instant(day, opens, TIMEZONE) + timedelta(minutes=15 * (place if place < 16 else place - 16))
    return _spelt(start), _spelt(start + timedelta(minutes=15))


def _spelt(instant: datetime) -> str:
    return instant.replace(tzinfo=None).isoformat(" ", "microseconds")


def _ours(people: People) -> int:
    with people.db.read() as session:
        found = queries.calendar(session, clinic_id=people.world.clinic_id, first=_MONDAY, count=7, now=standing())
    return sum(len(cell.appointments) for cell in found.cells.values())


def _read(bench: Bench, people: People, engine: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    pooled = people.db.engine.raw_connection()
    cursor: Any = pooled.driver_connection.cursor()  # type: ignore[union-attr]
    is_sqlite, clinic, days = engine == SQLITE, people.world.clinic_id, (_MONDAY, _MONDAY + timedelta(days=6))
    wanted = _FLOOR.format(mark="?" if is_sqlite else "%s")
    bound = (clinic.hex, *(day.isoformat() for day in days)) if is_sqlite else (clinic, *days)

    def floor() -> None:
        cursor.execute(wanted, bound)
        assert len(cursor.fetchall()) == 6 * _PLACES
        if not is_sqlite:
            cursor.connection.rollback()

    try:
        return alternate(min(bench.rounds, 20), lambda _round: (lambda: _ours(people), floor))
    finally:
        pooled.close()


def _painted(bench: Bench, people: People, size: int) -> Iterator[Figure]:
    """In a process of its own, on a screen that nobody sees; the floor paints as many bare blocks with a text each."""
    command = [sys.executable, "-m", "tests.benchmarks.calendar_child", str(people.db.address.url), str(min(bench.rounds, 30))]
    said = subprocess.run(command, check=True, capture_output=True, **child_settings())
    works = {
        "first paint": "calendar: week of ten doctors, from the rows to the first paint",
        "day paint": "calendar: day of ten doctors, from the rows to the first paint",
        "calendar stall": "calendar: longest standstill of the UI thread while the week is read",
        "scroll paint": "calendar: day of ten doctors, scrolled",
    }
    for name, (ours, floor) in json.loads(said.stdout.splitlines()[-1]).items():
        yield Figure(name, works[name], SQLITE, tuple(ours), tuple(floor), size=size)
