"""The clinic that tests start from, set up through the real commands."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.access.queries import actor_of
from clinic_desktop.clinic.access.rules import DEFAULT_ROLES
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.rules import TaxScope, WorkstationKind
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.rules import FeeKind, ServiceCategory
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.vouching import present_stamp

P = ParamSpec("P")
R = TypeVar("R")

TIMEZONE = "Asia/Kolkata"
CURRENCY = "INR"
OPENED = date(2026, 1, 1)
HOLIDAY = date(2026, 3, 20)
"""A Friday, declared a holiday of the clinic."""

MORNING = (time(9), time(13))
EVENING = (time(16), time(19))


ANYBODY: dict[str, Any] = {"actor": Actor.system(), "now": datetime(2026, 3, 2, 4, 0, tzinfo=UTC)}
"""Who reads clinical records in tests that are not about who may."""


def money(rupees: int) -> Money:
    """An amount in whole rupees."""
    return Money(rupees * 100, CURRENCY)


@dataclass(slots=True)
class World:
    """The ids of everything that was set up, and actors with the rights of each role."""

    db: Database
    hospital_id: UUID
    clinic_id: UUID
    timezone: str = TIMEZONE
    currency: str = CURRENCY
    workstations: dict[str, UUID] = field(default_factory=dict)
    departments: dict[str, UUID] = field(default_factory=dict)
    taxes: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    """By role code; the second doctor is ``doctor2``."""
    doctors: list[UUID] = field(default_factory=list)
    """Doctor ids (not user ids): ``doctors[0]`` belongs to ``actor("doctor")``, ``doctors[1]`` to ``actor("doctor2")``."""
    services: dict[str, UUID] = field(default_factory=dict)
    met: dict[tuple[UUID, UUID, UUID], tuple[int, Actor]] = field(default_factory=dict)
    """Who was asked for so far, as last read from this database, and at which access stamp."""

    @property
    def doctor_id(self) -> UUID:
        """The first doctor: general medicine, room 1."""
        return self.doctors[0]

    @property
    def second_doctor_id(self) -> UUID:
        """The second doctor: cardiology, room 2."""
        return self.doctors[1]

    def actor(self, role: str, *, workstation: str = "front desk") -> Actor:
        """The user of a role, with the rights that the database gives him now: read anew where any have changed since."""
        who = (self.users[role], self.clinic_id, self.workstations[workstation])
        with self.db.read() as session:
            stamp = present_stamp(session)
            if who not in self.met or self.met[who][0] != stamp:
                self.met[who] = stamp, actor_of(session, who[0], clinic_id=who[1], workstation_id=who[2])
        return self.met[who][1]

    def system(self) -> Actor:
        """The program itself, which may do everything."""
        return Actor.system(clinic_id=self.clinic_id)

    def at(self, db: Database) -> World:
        """The same world, reached through another database object (a copy of the template, another connection).

        Whoever adds to it adds to this one alone.
        """
        parts = {name: copy(getattr(self, name)) for name in World.__dataclass_fields__ if name not in ("db", "met")}
        return World(db=db, **parts)


def build_world(db: Database) -> World:
    """Set up a hospital with one clinic, staff of every role, two doctors, services and taxes."""
    do = _Setup(db)
    hospital_id = do(
        organisation.create_hospital,
        name="Sunrise Hospital",
        currency=CURRENCY,
        address="12 Lake Road, Pune 411001",
        licence_number="MH-2026-114",
        phone="+91 20 5550 0100",
        email="desk@sunrise.example",
        tax_number="27AAAAA0000A1Z5",
    )
    clinic_id = do(organisation.add_clinic, code="MAIN", name="Main Clinic", timezone=TIMEZONE, address="12 Lake Road, Pune")
    world = World(db, hospital_id, clinic_id)
    _places(do, world)
    _people(do, world)
    _doctors(do, world)
    _services(do, world)
    return world


class _Setup:
    """Runs a command as the program itself."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __call__(self, command: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self._db.run(Actor.system("set-up"), command, *args, **kwargs)


_WORKSTATIONS = (
    ("front desk", WorkstationKind.FRONT_DESK, None),
    ("room 1", WorkstationKind.CONSULTING_ROOM, "1"),
    ("room 2", WorkstationKind.CONSULTING_ROOM, "2"),
    ("pharmacy", WorkstationKind.PHARMACY, None),
    ("cashier", WorkstationKind.CASHIER, None),
    ("display", WorkstationKind.DISPLAY, None),
)


def _places(do: _Setup, world: World) -> None:
    for name, kind, room in _WORKSTATIONS:
        world.workstations[name] = do(organisation.add_workstation, clinic_id=world.clinic_id, name=name, kind=kind, room=room)
    for name in ("General Medicine", "Cardiology"):
        world.departments[name] = do(organisation.add_department, name=name)
    for name, rate, scope in (("GST 5 %", 500, TaxScope.ALL), ("GST 18 %", 1800, TaxScope.ALL)):
        world.taxes[name] = do(
            organisation.add_tax, name=name, rate_basis_points=rate, is_inclusive=False, applies_to=scope, valid_from=OPENED
        )
    do(organisation.add_holiday, day=HOLIDAY, name="Eid al-Fitr", clinic_id=world.clinic_id)


def _people(do: _Setup, world: World) -> None:
    do(access.sync_permissions)
    for code, title in DEFAULT_ROLES.items():
        world.users[code] = do(access.create_user, username=code, full_name=f"{title} One", roles=(code,))
    world.users["doctor2"] = do(access.create_user, username="doctor2", full_name="Farah Ansari", roles=("doctor",))


def _doctors(do: _Setup, world: World) -> None:
    for user, specialty, department, licence, room, share in (
        ("doctor", "General Physician", "General Medicine", "MMC-1001", "1", 4000),
        ("doctor2", "Cardiologist", "Cardiology", "MMC-1002", "2", 5000),
    ):
        doctor_id = do(
            staff.register_doctor,
            user_id=world.users[user],
            specialty_id=do(staff.add_specialty, name=specialty),
            department_id=world.departments[department],
            license_number=licence,
            qualification="MBBS, MD",
            experience_years=12,
            default_fee=money(500),
            share_basis_points=share,
            room=room,
        )
        world.doctors.append(doctor_id)
        _fees_and_hours(do, world, doctor_id)


def _fees_and_hours(do: _Setup, world: World, doctor_id: UUID) -> None:
    for kind, rupees, window in ((FeeKind.OPD, 600, 7), (FeeKind.FOLLOW_UP, 300, 0), (FeeKind.EMERGENCY, 1200, 0)):
        do(staff.set_fee, doctor_id=doctor_id, visit_type=kind, amount=money(rupees), valid_from=OPENED, follow_up_days=window)
    for start, end in (MORNING, EVENING):
        do(
            staff.add_schedule,
            doctor_id=doctor_id,
            clinic_id=world.clinic_id,
            weekdays=range(6),
            start=start,
            end=end,
            slot_minutes=15,
            valid_from=OPENED,
        )


_SERVICES = (
    ("CONS", "Consultation", ServiceCategory.CONSULTATION, 500, 15, None, None),
    ("FUP", "Follow-up consultation", ServiceCategory.CONSULTATION, 300, 15, None, None),
    ("ECG", "ECG", ServiceCategory.PROCEDURE, 350, 15, "GST 18 %", 2000),
    ("DRESS", "Wound dressing", ServiceCategory.PROCEDURE, 200, 20, "GST 5 %", 3000),
    ("XRAY", "X-ray chest", ServiceCategory.IMAGING, 450, 20, "GST 18 %", 1000),
    ("GLUC", "Blood sugar", ServiceCategory.LAB, 80, 10, "GST 5 %", 0),
    ("NEB", "Nebulisation", ServiceCategory.PROCEDURE, 150, 15, "GST 5 %", 2000),
    ("VACC", "Vaccination", ServiceCategory.PROCEDURE, 250, 10, None, 1500),
)


def _services(do: _Setup, world: World) -> None:
    for code, name, category, rupees, minutes, tax, share in _SERVICES:
        world.services[code] = do(
            staff.add_service,
            code=code,
            name=name,
            category=category,
            price=money(rupees),
            duration_minutes=minutes,
            uses_doctor_fee=category is ServiceCategory.CONSULTATION,
            tax_configuration_id=None if tax is None else world.taxes[tax],
            doctor_share_basis_points=share,
        )
