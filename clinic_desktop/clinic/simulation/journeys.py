"""The patients of a day: who comes, to whom, when, and how it will end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.queries import VisitRow, day_board
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import PatientStatus, age_years
from clinic_desktop.clinic.simulation.catalogue import Case
from clinic_desktop.clinic.simulation.crew import Room
from clinic_desktop.clinic.simulation.people import Person, invent
from clinic_desktop.clinic.simulation.work import Work


class How(Enum):
    """How a patient comes to the clinic."""

    BOOKED = auto()
    FOLLOW_UP = auto()
    WALK_IN = auto()
    EMERGENCY = auto()


class Fate(Enum):
    """How the visit goes."""

    SEEN = auto()
    MISSES_CALL = auto()
    LEAVES = auto()
    CANCELS = auto()
    NO_SHOW = auto()


@dataclass(slots=True)
class Journey:
    """One patient's way through the day. ``person`` is someone new; ``arrives`` and ``slot`` are planned and real times."""

    room: Room
    how: How
    fate: Fate
    arrives: datetime
    age: int
    patient_id: UUID | None = None
    person: Person | None = None
    slot: datetime | None = None
    visit_id: UUID | None = None
    appointment_id: UUID | None = None
    has_vitals: bool = False
    has_missed: bool = False
    is_counted: bool = True
    is_resumed: bool = False
    is_confirmed: bool = False
    case: Case | None = None

    @property
    def visit(self) -> UUID:
        """The visit, once there is one."""
        assert self.visit_id is not None
        return self.visit_id

    @property
    def patient(self) -> UUID:
        """The patient, once registered."""
        assert self.patient_id is not None
        return self.patient_id


ADOPTED = (VisitStatus.SCHEDULED, VisitStatus.WAITING, VisitStatus.CALLED, VisitStatus.IN_PROGRESS, VisitStatus.PENDING_PAYMENT)
"""Visits of the day that are there already and go on."""


def plan(work: Work, patients: int, known: list[tuple[UUID, int]], new_share: float) -> list[Journey]:
    """The journeys of so many further patients; ``known`` are patients (id, age) who may come again."""
    rng = work.rng
    waiting_list = list(known)
    rng.shuffle(waiting_list)
    journeys = []
    for _ in range(patients):
        returning = waiting_list.pop() if waiting_list and rng.random() >= new_share else None
        person = None if returning else invent(rng, work.day)
        age = returning[1] if returning else person.age if person else 0
        room = _room_for(work, age)
        journey = Journey(room, How.WALK_IN, Fate.SEEN, room.hours[0][0], age, returning[0] if returning else None, person)
        _decide(journey, rng, booked_share=0.6)
        journeys.append(journey)
    return journeys


def _room_for(work: Work, age: int) -> Room:
    """Children go to a paediatrician where there is one, and nobody else does."""
    rooms = work.crew.rooms
    own = [room for room in rooms if ("paediatric" in room.doctor.specialty.casefold()) == (age < 16)]
    return work.rng.choice(own or rooms)


def _decide(journey: Journey, rng: Random, booked_share: float) -> None:
    chance = rng.random()
    if chance < 0.03:
        journey.how = How.EMERGENCY
    elif chance < booked_share and journey.room.free:
        journey.how = How.FOLLOW_UP if journey.patient_id is not None and rng.random() < 0.25 else How.BOOKED
        journey.slot = journey.room.free.pop(rng.randrange(len(journey.room.free)))
    fate = rng.random()
    if journey.slot is not None and fate < 0.08:
        journey.fate = Fate.NO_SHOW if fate < 0.045 else Fate.CANCELS
    elif 0.08 <= fate < 0.13:
        journey.fate = Fate.MISSES_CALL if fate < 0.115 else Fate.LEAVES
    start, end = rng.choice(journey.room.hours)
    span = max((end - start).total_seconds() / 60 - 15, 5)
    journey.arrives = start + timedelta(minutes=rng.uniform(-10, span))


def arrive_for_slots(work: Work, journeys: list[Journey]) -> None:
    """Who is booked comes around the booked time, most a little early."""
    for journey in journeys:
        if journey.slot is not None:
            journey.arrives = work.clock.planned(journey.slot) - timedelta(minutes=work.rng.triangular(-8, 25, 8))


def adopt(work: Work, rows: list[VisitRow]) -> Iterator[tuple[Journey, VisitStatus]]:
    """Journeys of visits that the day already holds, with where they stand."""
    rooms = {room.doctor.id: room for room in work.crew.rooms}
    for row in rows:
        room = rooms.get(row.doctor_id)
        if room is None or row.status not in ADOPTED:
            continue
        journey = Journey(
            room,
            How.WALK_IN if row.appointment_id is None else How.BOOKED,
            Fate.SEEN if row.status is not VisitStatus.SCHEDULED or work.rng.random() > 0.05 else Fate.NO_SHOW,
            max(work.clock.planned(row.planned_at), work.agenda.now),
            age_years(row.date_of_birth, work.day) if row.date_of_birth else 40,
            row.patient_id,
            slot=row.planned_at if row.status is VisitStatus.SCHEDULED else None,
            visit_id=row.visit_id,
            appointment_id=row.appointment_id,
            is_confirmed=row.appointment_status is AppointmentStatus.CONFIRMED,
        )
        yield journey, row.status


def board(work: Work) -> list[VisitRow]:
    """The visits that the day holds before it is played."""
    return [row for row in work.read(day_board, clinic_id=work.clinic_id, day=work.day) if row.status in ADOPTED]


def known_patients(session: Session, work: Work) -> list[tuple[UUID, int]]:
    """Patients who may come again on a day: active, and not there on that day yet; with their ages."""
    comes_anyway = exists().where(Visit.patient_id == Patient.id, Visit.business_date == work.day)
    wanted = (
        select(Patient.id, Patient.date_of_birth)
        .where(Patient.status == PatientStatus.ACTIVE, ~comes_anyway, Patient.created_at <= work.clock.now)
        .order_by(Patient.patient_number)
    )
    return [(row.id, age_years(row.date_of_birth, work.day) if row.date_of_birth else 40) for row in session.execute(wanted)]
