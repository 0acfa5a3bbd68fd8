"""A front desk for tests: the world with patients, and short words for what people do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, select

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rules import OPEN_STATUSES, PaymentMethod, Tender
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow, BookingRow, TicketRow
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor, permission
from clinic_desktop.kernel.tables import Base
from tests.clinic.world import TIMEZONE, World, build_world

P = ParamSpec("P")
R = TypeVar("R")

TODAY = date(2026, 3, 2)
PATIENTS = 24
_SIGNING = permission("tests.frontdesk.sign", "Finish consultations in these tests")


@command(_SIGNING)
def sign(tx: Tx, *, visit_id: UUID) -> None:
    """What the doctor's signature does to the visit."""
    commands.finish_consultation(tx, visit_id=visit_id)


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    """A wall time of the clinic as an instant."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(TIMEZONE)).astimezone(UTC)


def build_desk(db: Database) -> tuple[World, list[UUID]]:
    """The world and its patients; one of them is old."""
    world = build_world(db)
    people = []
    for number in range(PATIENTS):
        row = db.run(
            world.system(),
            register_patient,
            key=new_id(),
            clinic_id=world.clinic_id,
            first_name=f"Patient {number}",
            gender=Gender.FEMALE,
            date_of_birth=date(1950, 1, 1) if number == PATIENTS - 1 else date(1990, 1, 1),
        )
        people.append(row.id)
    return world, people


@dataclass(slots=True)
class Desk:
    """The world of one test, with everyone's commands at hand."""

    db: Database
    world: World
    patients: list[UUID]
    clock: Any

    @property
    def clinic_id(self) -> UUID:
        return self.world.clinic_id

    @property
    def doctor(self) -> UUID:
        return self.world.doctor_id

    @property
    def elder(self) -> UUID:
        return self.patients[-1]

    def run(self, role: str, command: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a command as the person of a role."""
        return self.db.run(self.world.actor(role), command, *args, **kwargs)

    def booking(self, patient: int = 0, start: datetime | None = None, **more: Any) -> dict[str, Any]:
        """The parameters of a booking."""
        return {
            "key": new_id(),
            "clinic_id": self.clinic_id,
            "doctor_id": self.doctor,
            "patient_id": self.patients[patient],
            "service_id": self.world.services["CONS"],
            "start": start or at(10),
            **more,
        }

    def book(self, patient: int = 0, start: datetime | None = None, role: str = "receptionist", **more: Any) -> BookingRow:
        return self.run(role, commands.book, **self.booking(patient, start, **more))

    def walk_in(self, patient: int = 0, **more: Any) -> ArrivalRow:
        arrival = {k: v for k, v in self.booking(patient, **more).items() if k != "start"}
        return self.run("receptionist", commands.walk_in, **arrival)

    def check_in(self, visit_id: UUID, **more: Any) -> ArrivalRow:
        return self.run("receptionist", commands.check_in, visit_id=visit_id, **more)

    def call_next(self, room: str = "1", doctor_id: UUID | None = None) -> TicketRow:
        return self.run("doctor", commands.call_next, clinic_id=self.clinic_id, doctor_id=doctor_id or self.doctor, room=room)

    def see(self, visit_id: UUID, minutes: int = 10) -> None:
        """A called patient goes in and comes out."""
        self.run("doctor", commands.start_consultation, visit_id=visit_id)
        self.clock.advance(minutes=minutes)
        self.see_out(visit_id)

    def see_out(self, visit_id: UUID) -> None:
        """The doctor signs."""
        self.db.run(Actor.system(), sign, visit_id=visit_id)

    def pay(self, visit_id: UUID) -> None:
        """The cashier issues and is paid everything that is open."""
        with self.db.read() as session:
            wanted = select(Invoice.id, Invoice.total).where(Invoice.visit_id == visit_id, Invoice.status.in_(OPEN_STATUSES))
            invoices = [(row.id, row.total) for row in session.execute(wanted)]
        for invoice_id, total in invoices:
            self.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=invoice_id)
            tender = Tender(PaymentMethod.CASH, total)
            self.run("cashier", billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=[tender])

    def open_till(self) -> None:
        self.run("cashier", billing.open_till, key=new_id(), clinic_id=self.clinic_id, opening_float=Money(0, "INR"))

    def visit(self, visit_id: UUID) -> VisitRow:
        with self.db.read() as session:
            return queries.visit(session, visit_id)

    def free(self, hour: int, minute: int = 0, day: date = TODAY) -> bool:
        """Whether the booking screen offers a slot."""
        with self.db.read() as session:
            slots = queries.free_slots(session, clinic_id=self.clinic_id, doctor_id=self.doctor, day=day, now=self.clock.now)
        return any(slot.is_free for slot in slots if slot.start == at(hour, minute, day))

    def rows(self) -> dict[str, int]:
        """How many rows each table has: what must be the same after a refusal."""
        with self.db.read() as session:
            return {name: self._count(session, table) for name, table in Base.metadata.tables.items()}

    @staticmethod
    def _count(session: Any, table: Table) -> int:
        return int(session.scalar(select(func.count()).select_from(table)))
