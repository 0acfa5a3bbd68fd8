"""The demo clinic's house: hospital, clinic, rooms, staff, doctors with hours and fees, services, taxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.access.passwords import HashedPassword
from clinic_desktop.clinic.access.queries import actor_of
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.rules import TaxScope, WorkstationKind
from clinic_desktop.clinic.simulation.catalogue import services
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.rules import FeeKind, ServiceCategory
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor

P = ParamSpec("P")
R = TypeVar("R")

TIMEZONE, CURRENCY = "Asia/Kolkata", "INR"

STAFF: tuple[tuple[str, str, str], ...] = (
    ("admin", "Sunita Kulkarni", "admin"),
    ("reception", "Priya Shinde", "receptionist"),
    ("nurse", "Mary Fernandes", "nurse"),
    ("anjali", "Dr. Anjali Deshmukh", "doctor"),
    ("imran", "Dr. Imran Qureshi", "doctor"),
    ("meera", "Dr. Meera Krishnan", "doctor"),
    ("dentist", "Dr. Rohan Mehta", "dentist"),
    ("optician", "Farida Shaikh", "optician"),
    ("pharmacy", "Ganesh Pawar", "pharmacist"),
    ("lab", "Deepa Nair", "lab_technician"),
    ("cashier", "Ramesh Joshi", "cashier"),
    ("store", "Balwinder Singh", "inventory_manager"),
    ("auditor", "Thomas D'Souza", "auditor"),
)
OWNER = ("owner", "Vidya Rao", "super_admin")

_WORKSTATIONS = (
    ("Front desk", WorkstationKind.FRONT_DESK, None),
    ("Room 1", WorkstationKind.CONSULTING_ROOM, "1"),
    ("Room 2", WorkstationKind.CONSULTING_ROOM, "2"),
    ("Room 3", WorkstationKind.CONSULTING_ROOM, "3"),
    ("Pharmacy", WorkstationKind.PHARMACY, None),
    ("Cashier", WorkstationKind.CASHIER, None),
    ("Waiting room display", WorkstationKind.DISPLAY, None),
    ("Kiosk in the hall", WorkstationKind.KIOSK, None),
)
_SETTINGS = (("queue.service_rooms", "Measuring, ECG"), ("kiosk.walk_ins", True))
_DEPARTMENTS = ("General Medicine", "Cardiology", "Paediatrics", "Dental", "Optical", "Laboratory", "Pharmacy")
_DEPARTMENT_OF = {"GEN": "General Medicine", "CARD": "Cardiology", "PAED": "Paediatrics"}
_TAXES = (
    ("GST 5 %", 500, True, TaxScope.MEDICINES),  # the printed maximum price of a medicine includes it
    ("GST 18 %", 1800, False, TaxScope.ALL),
)
_HOLIDAYS = (
    (1, 26, "Republic Day"),
    (5, 1, "Maharashtra Day"),
    (8, 15, "Independence Day"),
    (10, 2, "Gandhi Jayanti"),
    (12, 25, "Christmas"),
)


@dataclass(frozen=True, slots=True)
class _DoctorPlan:
    username: str
    specialty: str
    department: str
    licence: str
    qualification: str
    years: int
    room: str
    share: int
    fees: tuple[int, int, int]
    hours: tuple[tuple[range, time, time, int], ...]


_DOCTORS = (
    _DoctorPlan(
        *("anjali", "General Medicine", "General Medicine", "MMC 2009/04/1187", "MBBS, MD (Medicine)", 16, "1", 4500, (600, 300, 1200)),
        ((range(6), time(9), time(13), 2), (range(6), time(17), time(20), 1), (range(6, 7), time(10), time(13), 1)),
    ),
    _DoctorPlan(
        *("imran", "Paediatrics", "Paediatrics", "MMC 2012/08/2451", "MBBS, DCH, DNB (Paediatrics)", 12, "2", 5000, (700, 350, 1400)),
        ((range(6), time(9, 30), time(13), 1), (range(6), time(16), time(19), 1)),
    ),
    _DoctorPlan(
        *("meera", "Cardiology", "Cardiology", "MMC 2006/11/0932", "MBBS, MD, DM (Cardiology)", 19, "3", 5500, (1000, 500, 2000)),
        ((range(5), time(10), time(14), 1), (range(5, 6), time(10), time(13), 1)),
    ),
)


@dataclass(slots=True)
class House:
    """The demo clinic as it grows: ids and the people who work there."""

    database: Database
    clinic_id: UUID
    owner: Actor
    users: dict[str, UUID] = field(default_factory=dict)
    taxes: dict[str, UUID] = field(default_factory=dict)
    departments: dict[str, UUID] = field(default_factory=dict)
    doctors: list[UUID] = field(default_factory=list)

    def do(self, command: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a set-up command as the owner."""
        return self.database.run(self.owner, command, *args, **kwargs)

    def actor(self, username: str) -> Actor:
        """A member of staff with the rights of now."""
        with self.database.read() as session:
            return actor_of(session, self.users[username], clinic_id=self.clinic_id)


def found_house(database: Database, password: HashedPassword, opened: date, today: date) -> House:
    """Found hospital and clinic, let the owner in, and set up the rest in the owner's name."""
    program = Actor.system("demo")
    clinic_id = _founded(database, program)
    database.run(program, access.sync_permissions)
    username, name, role = OWNER
    owner_id = database.run(
        program, access.create_user, username=username, full_name=name, roles=(role,), password=password, must_change_password=False
    )
    with database.read() as session:
        house = House(database, clinic_id, actor_of(session, owner_id, clinic_id=clinic_id), {username: owner_id})
    _places(house, opened, today)
    _people(house, password)
    _services(house)
    for plan in _DOCTORS:
        _doctor(house, plan, opened)
    return house


def _founded(database: Database, program: Actor) -> UUID:
    database.run(
        program,
        organisation.create_hospital,
        name="Sunrise Multispeciality Clinic",
        currency=CURRENCY,
        address="12 Lake Road, Shivajinagar, Pune 411005",
        licence_number="MH/PNE/2019/0482",
        phone="+91 20 2553 0142",
        email="desk@sunrise-clinic.example",
        tax_number="27AABCS1429B1Z5",
    )
    return database.run(
        program, organisation.add_clinic, code="PUNE", name="Sunrise Clinic, Shivajinagar", timezone=TIMEZONE,
        address="12 Lake Road, Shivajinagar, Pune 411005", phone="+91 20 2553 0142",
    )  # fmt: skip


def _places(house: House, opened: date, today: date) -> None:
    for name, kind, room in _WORKSTATIONS:
        house.do(organisation.add_workstation, clinic_id=house.clinic_id, name=name, kind=kind, room=room)
    for key, value in _SETTINGS:
        house.do(organisation.set_setting, key=key, value=value, clinic_id=house.clinic_id)
    for name in _DEPARTMENTS:
        house.departments[name] = house.do(organisation.add_department, name=name)
    for name, rate, inclusive, scope in _TAXES:
        house.taxes[name] = house.do(
            organisation.add_tax, name=name, rate_basis_points=rate, is_inclusive=inclusive, applies_to=scope, valid_from=opened
        )
    for year in range(opened.year, today.year + 2):
        for month, day, name in _HOLIDAYS:
            if opened <= date(year, month, day) != today:  # the demo's own day is a working day
                house.do(organisation.add_holiday, day=date(year, month, day), name=name)


def _people(house: House, password: HashedPassword) -> None:
    for username, name, role in STAFF:
        house.users[username] = house.do(
            access.create_user, username=username, full_name=name, roles=(role,), password=password, must_change_password=False
        )


def rupees(amount: int) -> Money:
    """An amount in whole rupees."""
    return Money(amount * 100, CURRENCY)


def _services(house: House) -> None:
    for line in services():
        house.do(
            staff.add_service,
            code=line.code,
            name=line.name,
            category=line.category,
            price=Money(int(line.price * 100), CURRENCY),
            duration_minutes=line.minutes,
            uses_doctor_fee=line.category is ServiceCategory.CONSULTATION,
            tax_configuration_id=house.taxes[line.tax] if line.tax else None,
            department_id=house.departments["Laboratory" if line.category is ServiceCategory.LAB else _DEPARTMENT_OF[line.department]],
            doctor_share_basis_points=None if line.category is ServiceCategory.CONSULTATION else 1500,
        )


def _doctor(house: House, plan: _DoctorPlan, opened: date) -> None:
    doctor_id = house.do(
        staff.register_doctor,
        user_id=house.users[plan.username],
        specialty_id=house.do(staff.add_specialty, name=plan.specialty),
        department_id=house.departments[plan.department],
        license_number=plan.licence,
        qualification=plan.qualification,
        experience_years=plan.years,
        default_fee=rupees(plan.fees[0]),
        share_basis_points=plan.share,
        room=plan.room,
    )
    house.doctors.append(doctor_id)
    kinds = (FeeKind.OPD, FeeKind.FOLLOW_UP, FeeKind.EMERGENCY)
    for kind, amount in zip(kinds, plan.fees, strict=True):
        window = 7 if kind is FeeKind.OPD else 0
        house.do(staff.set_fee, doctor_id=doctor_id, visit_type=kind, amount=rupees(amount), valid_from=opened, follow_up_days=window)
    for weekdays, start, end, places in plan.hours:
        house.do(
            staff.add_schedule,
            doctor_id=doctor_id,
            clinic_id=house.clinic_id,
            weekdays=weekdays,
            start=start,
            end=end,
            valid_from=opened,
            slot_minutes=15,
            max_patients=places,
        )
