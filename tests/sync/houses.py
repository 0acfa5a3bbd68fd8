"""Two houses of one hospital, each with a database of its own, that know each other through a central server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.models import Clinic, Site
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.stock.models import Medicine
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.sync.models import SyncParked
from tests.clinic.clinical.room import Room
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import OPENED, TIMEZONE, World, build_world, money
from tests.databases import address_of, copy_of, fresh
from tests.sharing import PLACE
from tests.sync.chain import Chain, Clock, Direct, caller, renewed

ON_FILES = pytest.mark.parametrize("engine_name", ["sqlite"])
"""For what asks nothing of the engine: once is enough, and files are cheaper."""
NEEDED: dict[str, dict[str, Any]] = {"Paracetamol 500": {}, "Amoxicillin 250": {}}


@dataclass(slots=True)
class House:
    """One house: its database, its clinic, and its people at work there."""

    code: str
    room: Room
    """Front desk, consulting room and pharmacy, as the departments' own tests use them."""
    medicines: dict[str, UUID]

    @property
    def db(self) -> Database:
        """Its database."""
        return self.room.world.db

    def run(self, role: str, command: Any, /, **details: Any) -> Any:
        """Somebody of a role does something here."""
        return self.db.run(self.room.world.actor(role), command, **details)

    def register(self, first: str, **details: Any) -> UUID:
        """A new patient comes."""
        values = {"last_name": "Rao", "gender": Gender.FEMALE, "date_of_birth": date(1990, 5, 17), **details}
        clinic_id = self.room.world.clinic_id
        row = self.run("receptionist", patients.register_patient, key=new_id(), clinic_id=clinic_id, first_name=first, **values)
        found: UUID = row.id
        return found

    def write(self, table: type[Any], key: UUID, **values: Any) -> None:
        """The smallest edit of a row."""
        with self.db.write(self.room.world.system()) as tx:
            tx.command = "test.edit"
            row = tx.session.get_one(table, key)
            for name, value in values.items():
                setattr(row, name, value)

    def read(self, table: type[Any], key: UUID) -> Any:
        """A row as it is here."""
        return row_of(self.db, table, key)


def row_of(database: Database, table: type[Any], key: UUID) -> Any:
    """A row, or None."""
    with database.read() as session:
        return session.get(table, key)


def all_rows(database: Database, table: type[Any], *where: Any) -> list[Any]:
    """Rows of a table."""
    with database.read() as session:
        return list(session.scalars(select(table).where(*where).order_by(table.id)))


def waiting(database: Database) -> list[SyncParked]:
    """What waits there for a person."""
    return all_rows(database, SyncParked, SyncParked.resolved_at.is_(None))


def broken(database: Database) -> list[str]:
    """What is not as it must be: the journal's chain, or any check."""
    with database.read() as session:
        found = [str(verify(session).broken)] if verify(session).broken else []
        return found + [f"{one.name}: {one.failures[:3]}" for one in run_checks(session) if not one.ok]


@dataclass(slots=True)
class Houses:
    """Both houses and their chain."""

    chain: Chain
    main: House
    north: House
    folder: Path

    @property
    def central(self) -> Database:
        """The central server's database."""
        return self.chain.central

    def sync(self, *codes: str) -> None:
        """Rounds in order; then everything, until nothing moves."""
        self.chain.sync(*codes)
        if not codes:
            self.chain.settle()

    def agree(self, *, parked: int = 0, but: str = "\n") -> None:
        """All is sent and read, every database holds the same, and each is sound by itself (``but`` for what a check says)."""
        self.chain.settle()
        different = self.chain.differences()
        assert not different, different
        asked = [f"{one.reason}: {one.detail}" for one in waiting(self.central)]
        assert len(asked) == parked, asked
        # The others hold the same rows: of them only the journal is their own.
        wrong = [one for one in broken(self.central) if but not in one]
        for site in self.chain.sites.values():
            with site.database.read() as session:
                wrong += [str(found) for found in [verify(session).broken] if found is not None]
        assert not wrong, wrong

    def bill(self, patient_id: UUID) -> tuple[UUID, UUID]:
        """A visit of the main house and its invoice over 600, of which all know; it waits for the money. Both cashiers have a till."""
        main = self.main
        visit_id = main.room.visit(patient_id)
        main.room.sign(visit_id)
        (drafted,) = all_rows(main.db, Invoice, Invoice.visit_id == visit_id)
        main.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=drafted.id)
        self.chain.settle()
        for house in (main, self.north):
            till = {"clinic_id": house.room.world.clinic_id, "opening_float": money(1000)}
            house.run("cashier", billing.open_till, key=new_id(), **till)
        return visit_id, drafted.id

    def replace(self, house: House, database: Database) -> None:
        """Another database stands in a house from now on."""
        world = house.room.world.at(database)
        house.room = Room(world, Shelf(world, house.room.shelf.location_id))
        self.chain.sites[house.code].database = database
        self.chain.sites[house.code] = type(self.chain.sites[house.code])(database, Direct(self.central, database))


def furnished_houses(engine: str, folder: Path, clock: Clock) -> Houses:
    """Copies of two houses that have spoken to central and agree."""
    central, built = fresh(engine, folder, clock, recipe="houses-central", build=lambda made: _build(engine, clock, made))
    chain, houses = Chain(central), []
    for code, (address, world, location_id, medicines) in built.items():
        database = copy_of(address, folder, clock)
        here = world.at(database)
        houses.append(House(code, Room(here, Shelf(here, location_id)), medicines))
        chain.add(code, database)
    return Houses(chain, houses[0], houses[1], folder)


Built = dict[str, tuple[str, World, UUID, dict[str, UUID]]]


def _build(engine: str, clock: Clock, central: Database) -> Built:
    folder = Path(os.environ[PLACE])
    main, _ = fresh(engine, folder, clock)
    north, _ = fresh(engine, folder, clock)
    for one in (central, main, north):
        renewed(one)
    world = build_world(main)
    shelf = Shelf.open(world)
    medicines = shelf.stocked(NEEDED)
    second = second_house(world)
    branch = Shelf.open(second, "Pharmacy North")
    _give_away(world, second, caller(main).site_id, caller(north).site_id)
    chain = Chain(central)
    chain.join("MAIN", main, keeps_shared_data=True)
    chain.join("NORTH", north)
    chain.settle()
    there = second.at(north)
    north.run(there.system(), access.sync_permissions)  # as every program does that is started
    for medicine_id in medicines.values():
        with north.read() as session:
            item_id = session.get_one(Medicine, medicine_id).item_id
        Shelf(there, branch.location_id).receive(item_id, 100, number="N1")
    chain.settle()
    main.close()
    north.close()
    return {
        "MAIN": (address_of(main), world, shelf.location_id, medicines),
        "NORTH": (address_of(north), there, branch.location_id, medicines),
    }


def second_house(world: World) -> World:
    """A second clinic with the same doctors."""
    do, system = world.db.run, world.system()
    clinic_id = do(system, organisation.add_clinic, code="NTH", name="North Clinic", timezone=TIMEZONE)
    places = {}
    for name, kind, number in (("front desk", WorkstationKind.FRONT_DESK, None), ("room 1", WorkstationKind.CONSULTING_ROOM, "1")):
        places[name] = do(system, organisation.add_workstation, clinic_id=clinic_id, name=name, kind=kind, room=number)
    for doctor_id in world.doctors:
        for start, end in ((time(13), time(16)), (time(19), time(21))):
            hours: dict[str, Any] = {"weekdays": range(6), "start": start, "end": end, "valid_from": OPENED}
            do(system, staff.add_schedule, doctor_id=doctor_id, clinic_id=clinic_id, slot_minutes=15, **hours)
    there = world.at(world.db)
    there.clinic_id, there.workstations = clinic_id, places
    return there


def _give_away(world: World, second: World, main_id: UUID, north_id: UUID) -> None:
    """From here on each clinic's rows are written in its own house."""
    with world.db.write(world.system()) as tx:
        tx.command = "test.sites"
        for site_id, code, clinic_id in ((main_id, "MAIN", world.clinic_id), (north_id, "NORTH", second.clinic_id)):
            tx.add(Site(id=site_id, code=code, name=code.title(), keeps_shared_data=code == "MAIN", is_active=True))
            tx.session.get_one(Clinic, clinic_id).site_id = site_id
