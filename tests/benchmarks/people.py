"""The benchmark's clinic at work: the world of the tests, with everyone logged in and a shelf of medicines."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from tests.benchmarks.bench import Bench
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import HOLIDAY, TIMEZONE, World, build_world, money
from tests.conftest import START

_MORNING = [time(9 + quarter // 4, quarter % 4 * 15) for quarter in range(16)]
_FIRST_NAMES = ("Asha", "Ravi", "Farah", "Om", "Lakshmi", "Kiran", "Zoya", "Imran", "Meera", "Joseph")
_LAST_NAMES = ("Rao", "Kulkarni", "Ansari", "Menon", "Fernandes", "Deshpande", "Khan", "Iyer", "Patil")


@dataclass(slots=True)
class People:
    """Short words for what people do, with the actors read once as the screens hold them."""

    db: Database
    world: World
    _actors: dict[str, Actor] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _places: Iterator[tuple[UUID, datetime]] | None = None

    def actor(self, role: str) -> Actor:
        """Somebody at work."""
        if role not in self._actors:
            self._actors[role] = self.world.actor(role)
        return self._actors[role]

    def run(self, role: str, command: Any, **params: Any) -> Any:
        """Run a command as somebody; a new key where it needs one."""
        if command.idempotent:
            params["key"] = new_id()
        return self.db.run(self.actor(role), command, **params)

    def form(self) -> dict[str, Any]:
        """A registration form as the desk fills it in."""
        number = next(self._numbers)
        return {
            "clinic_id": self.world.clinic_id,
            "first_name": _FIRST_NAMES[number % 10],
            "last_name": _LAST_NAMES[number % 9],
            "gender": Gender.FEMALE,
            "date_of_birth": date(1950, 1, 1) + timedelta(days=number % 20_000),
            "phone": f"98{number:08d}",
            "address": f"{number} Lake Road",
            "city": "Pune",
        }

    def patient(self) -> UUID:
        """A new patient."""
        found: UUID = self.run("receptionist", patients.register_patient, **self.form()).id
        return found

    def wish(self) -> dict[str, Any]:
        """A free place of some doctor for a new patient."""
        if self._places is None:
            self._places = self._free_places()
        doctor_id, start = next(self._places)
        return {
            "clinic_id": self.world.clinic_id,
            "doctor_id": doctor_id,
            "patient_id": self.patient(),
            "service_id": self.world.services["CONS"],
            "start": start,
        }

    def _free_places(self) -> Iterator[tuple[UUID, datetime]]:
        first = START.date()
        for day in (first + timedelta(days=ahead) for ahead in itertools.count()):
            if day.weekday() < 6 and day != HOLIDAY:
                for wall, doctor_id in itertools.product(_MORNING, self.world.doctors):
                    if (start := local_instant(day, wall, TIMEZONE)) > START:
                        yield doctor_id, start

    def walk_in(self) -> UUID:
        """The visit of a new patient without appointment."""
        arrived = self.run(
            "receptionist",
            frontdesk.walk_in,
            clinic_id=self.world.clinic_id,
            doctor_id=self.world.doctor_id,
            patient_id=self.patient(),
            service_id=self.world.services["CONS"],
        )
        visit_id: UUID = arrived.visit_id
        return visit_id

    def in_room(self) -> UUID:
        """A visit whose patient sits with the doctor and whose consultation is written."""
        visit_id = self.walk_in()
        self.run("doctor", frontdesk.call, visit_id=visit_id, room="1")
        self.run("doctor", frontdesk.start_consultation, visit_id=visit_id)
        self.run("doctor", clinical.save_consultation, visit_id=visit_id, complaint="Fever for two days")
        return visit_id

    def stock(self, units: int = 900_000) -> tuple[Shelf, tuple[UUID, ...]]:
        """A shelf with three medicines in two batches each."""
        shelf, medicines = Shelf.open(self.world), []
        for name in ("Paracetamol 500", "Amoxicillin 250", "Cetirizine 10"):
            medicine_id, item_id = shelf.medicine(name, tax_configuration_id=self.world.taxes["GST 5 %"])
            for number, expiry in (("B1", date(2027, 6, 30)), ("B2", date(2027, 1, 31))):
                shelf.receive(item_id, units, number=number, expiry=expiry)
            medicines.append(medicine_id)
        return shelf, tuple(medicines)

    def open_till(self) -> None:
        """The cashier begins."""
        self.run("cashier", billing.open_till, clinic_id=self.world.clinic_id, opening_float=money(1000))


def standing(moment: datetime = START) -> datetime:
    """The benchmark's clock: every run happens on one Monday morning."""
    return moment


@contextmanager
def at_work(bench: Bench, engine: str) -> Iterator[People]:
    """A fresh clinic on an engine, gone afterwards."""
    with bench.built(engine, standing, build_world) as world:
        yield People(world.db, world)
