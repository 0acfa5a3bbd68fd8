"""Who works in a clinic and where: the people as whom a simulated day runs its commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.queries import actor_of, users
from clinic_desktop.clinic.access.rules import ADMIN, SUPER_ADMIN
from clinic_desktop.clinic.frontdesk.queries import free_slots
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.organisation.queries import ClinicRow, clinics, workstations
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.staff.queries import DoctorRow, ServiceRow, doctors, services
from clinic_desktop.clinic.staff.rules import ServiceCategory
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.clinic.stock.queries import locations
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.security import Actor

EMERGENCY_HOURS = (time(10), time(13))
"""When the doctors sit on a day without working hours, such as a Sunday or a holiday."""


class SimulationNeeds(ClinicError):
    """The clinic is not set up far enough for a day: param ``what`` (a role or ``service``), or ``reason`` ``clinic`` without one."""

    code = "simulation_needs"


@dataclass(slots=True)
class Room:
    """A doctor at work: the room, the planned hours, and whether a patient is in."""

    doctor: DoctorRow
    actor: Actor
    name: str
    hours: list[tuple[datetime, datetime]] = field(default_factory=list)
    free: list[datetime] = field(default_factory=list)
    is_regular: bool = True
    is_busy: bool = False
    visit_minutes: float = 9.0


@dataclass(slots=True)
class Crew:
    """Everyone and everything that a day needs."""

    clinic: ClinicRow
    rooms: list[Room]
    reception: Actor
    nurse: Actor
    pharmacist: Actor
    cashier: Actor
    consultation: ServiceRow
    follow_up: ServiceRow
    tests: dict[str, ServiceRow]
    medicines: dict[str, UUID]
    pharmacy_id: UUID | None


def gather(session: Session, day: date, now: datetime) -> Crew:
    """The crew of the main clinic on a day; raises SimulationNeeds."""
    places = clinics(session)
    if not places:
        raise SimulationNeeds(reason="clinic")
    clinic = places[0]
    offered = services(session)
    consultations = [one for one in offered if one.category is ServiceCategory.CONSULTATION]
    by_code = {one.code: one for one in offered}
    if not consultations:
        raise SimulationNeeds(what="service")
    first = by_code.get("CONS", consultations[0])
    stores = locations(session, clinic_id=clinic.id)
    store = next((one for one in stores if "pharmacy" in one.name.casefold()), stores[0] if stores else None)
    return Crew(
        clinic=clinic,
        rooms=_rooms(session, clinic, day, now),
        reception=_person(session, clinic, "receptionist", WorkstationKind.FRONT_DESK),
        nurse=_person(session, clinic, "nurse", WorkstationKind.FRONT_DESK),
        pharmacist=_person(session, clinic, "pharmacist", WorkstationKind.PHARMACY),
        cashier=_person(session, clinic, "cashier", WorkstationKind.CASHIER),
        consultation=first,
        follow_up=by_code.get("FUP", first),
        tests={one.code: one for one in offered if one.category is not ServiceCategory.CONSULTATION},
        medicines=_medicines(session),
        pharmacy_id=store.id if store else None,
    )


def _person(session: Session, clinic: ClinicRow, role: str, kind: WorkstationKind) -> Actor:
    """The first active person of a role, else an administrator, at a workstation of the right kind."""
    for wanted in (role, ADMIN, SUPER_ADMIN):
        found = sorted(users(session, role=wanted, with_disabled=False), key=lambda user: user.username)
        if found:
            desks = workstations(session, clinic_id=clinic.id, kind=kind)
            return actor_of(session, found[0].id, clinic_id=clinic.id, workstation_id=desks[0].id if desks else None)
    raise SimulationNeeds(what=role)


def _rooms(session: Session, clinic: ClinicRow, day: date, now: datetime) -> list[Room]:
    rooms = []
    for number, doctor in enumerate(sorted(doctors(session, clinic.id), key=lambda one: one.full_name), 1):
        if not doctor.is_available:
            continue
        actor = actor_of(session, doctor.user_id, clinic_id=clinic.id)
        room = Room(doctor, actor, doctor.room or str(number))
        _plan_hours(session, clinic, room, day, now)
        rooms.append(room)
    at_work = [room for room in rooms if room.is_regular] or rooms
    if not at_work:
        raise SimulationNeeds(what="doctor")
    return at_work


def _plan_hours(session: Session, clinic: ClinicRow, room: Room, day: date, now: datetime) -> None:
    slots = free_slots(session, clinic_id=clinic.id, doctor_id=room.doctor.id, day=day, now=now, minutes=15)
    room.is_regular = bool(slots)
    room.free = [slot.start for slot in slots if slot.is_free]
    for slot in slots:
        if room.hours and slot.start - room.hours[-1][1] <= timedelta(minutes=5):
            room.hours[-1] = (room.hours[-1][0], slot.end)
        else:
            room.hours.append((slot.start, slot.end))
    if not slots:
        opens, closes = (local_instant(day, wall, clinic.timezone) for wall in EMERGENCY_HOURS)
        room.hours = [(opens, closes)]
        room.free = [start for start in (opens + timedelta(minutes=15 * n) for n in range(12)) if start > now]


def _medicines(session: Session) -> dict[str, UUID]:
    """Medicines in use by their code, and by their generic name for clinics with codes of their own."""
    found: dict[str, UUID] = {}
    rows = select(Medicine.id, Medicine.generic_name, InventoryItem.code).join(InventoryItem, InventoryItem.id == Medicine.item_id)
    for medicine_id, generic, code in session.execute(rows.where(InventoryItem.is_active).order_by(InventoryItem.code)):
        found[code] = medicine_id
        found.setdefault((generic or code).casefold(), medicine_id)
    return found


def clinic_timezone(session: Session) -> str:
    """The zone of the main clinic; raises SimulationNeeds when there is none."""
    zone = session.scalar(select(Clinic.timezone).where(Clinic.is_active).order_by(Clinic.is_main.desc()).limit(1))
    if zone is None:
        raise SimulationNeeds(reason="clinic")
    return zone
