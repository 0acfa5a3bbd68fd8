"""What the board reads: one trip to the database for everything on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk import queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.patients.names import name_key
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.clinic.staff.queries import DoctorRow


@dataclass(frozen=True, slots=True)
class Board:
    """Who waits in call order, who is in or called to a room, and which of them share a name."""

    waiting: tuple[VisitRow, ...]
    rooms: tuple[VisitRow, ...]
    same_name: frozenset[UUID]
    badge: int
    held: tuple[VisitRow, ...] = ()
    forgotten: int = 0
    """How many of earlier days still stand in the queue."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room and the doctors who see patients in it."""

    name: str
    doctor_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ServiceRoom:
    """A room without a doctor, with a queue of its own."""

    name: str


@dataclass(frozen=True, slots=True)
class Doctors:
    """The clinic's doctors, the one who is logged in, and the rooms without one."""

    rows: tuple[DoctorRow, ...]
    me: DoctorRow | None
    service_rooms: tuple[str, ...] = ()

    @property
    def shared_rooms(self) -> tuple[Room, ...]:
        """Rooms in which several doctors sit: they can be called for together."""
        names = sorted({row.room for row in self.rows if row.room})
        found = (Room(name, tuple(row.id for row in self.rows if row.room == name)) for name in names)
        return tuple(one for one in found if len(one.doctor_ids) > 1)

    def room_of(self, doctor_id: UUID) -> str | None:
        """The room where a doctor sees patients."""
        return next((row.room for row in self.rows if row.id == doctor_id), None)


def doctors(session: Any, *, clinic_id: UUID, user_id: UUID | None) -> Doctors:
    """Who sees patients here, and where else they are sent."""
    me = staff.doctor_of_user(session, user_id) if user_id is not None else None
    return Doctors(tuple(staff.doctors(session, clinic_id)), me, queries.rooms_to_send_to(session, clinic_id=clinic_id))


Chosen = UUID | Room | ServiceRoom | None
"""Whose queue is looked at; None: everybody's."""


def board(session: Any, *, clinic_id: UUID, chosen: Chosen, me: UUID | None, day: date, now: datetime) -> Board:
    """The board of a queue, or of all; the badge counts who waits for ``me``, else everyone."""
    doctor_ids = doctors_of(chosen)
    everyone = waiting = queries.waiting(session, clinic_id=clinic_id, day=day, now=now)
    if doctor_ids:
        waiting = queries.waiting(session, clinic_id=clinic_id, doctor_ids=doctor_ids, day=day, now=now)
    sent = queries.waiting_for_rooms(session, clinic_id=clinic_id, day=day)
    rooms = queries.in_room(session, clinic_id=clinic_id, day=day)
    on_hold = queries.on_hold(session, clinic_id=clinic_id, day=day)
    held = [row for row in on_hold if is_of(row, chosen)]
    here = [*everyone, *sent, *rooms, *on_hold]
    keys = {row.visit_id: name_key(row.patient_name) for row in here}
    people = Counter(key for key, _patient in {(keys[row.visit_id], row.patient_id) for row in here})
    return Board(
        (*(() if isinstance(chosen, ServiceRoom) else waiting), *(row for row in sent if is_of(row, chosen))),
        tuple(row for row in rooms if is_of(row, chosen)),
        frozenset(row.visit_id for row in here if people[keys[row.visit_id]] > 1),
        sum(me is None or row.doctor_id == me for row in (everyone if me is not None else [*everyone, *sent])),
        tuple(held),
        len(queries.left_open(session, clinic_id=clinic_id, day=day - timedelta(days=1))),
    )


def is_of(row: VisitRow, chosen: Chosen) -> bool:
    """Whether a visit belongs to a queue: whoever was sent to a room is still a patient of the doctor."""
    if isinstance(chosen, ServiceRoom):
        return row.service_room == chosen.name
    wanted = doctors_of(chosen)
    return not wanted or row.doctor_id in wanted


def doctors_of(chosen: Chosen) -> tuple[UUID, ...]:
    """The doctors of a queue: none for everybody's, and for a room without one."""
    if isinstance(chosen, Room):
        return chosen.doctor_ids
    return () if chosen is None or isinstance(chosen, ServiceRoom) else (chosen,)
