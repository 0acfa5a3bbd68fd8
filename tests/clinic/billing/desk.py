"""A cashier's desk to test at: the world, patients, and short words for what a cashier does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.commands.payments import TakenRow
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow
from clinic_desktop.clinic.billing.rules import LineKind, NewLine, PaymentMethod, Tender
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus, VisitType
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.checks import declared_checks, run_check
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor, permission
from tests.clinic.world import TIMEZONE, World, build_world

P = ParamSpec("P")
R = TypeVar("R")

load_checks()
STAND_IN = permission("test.billing_steps", "Run billing's steps from a test")


def rupees(minor: int) -> Money:
    """An amount in paise."""
    return Money(minor, "INR")


def cash(minor: int, tendered: int | None = None) -> Tender:
    """A cash tender."""
    return Tender(PaymentMethod.CASH, rupees(minor), tendered=None if tendered is None else rupees(tendered))


def card(minor: int, transaction_id: str | None = None) -> Tender:
    """A card tender."""
    return Tender(PaymentMethod.CARD, rupees(minor), transaction_id)


@command(STAND_IN)
def make_visit(tx: Tx, *, clinic_id: UUID, doctor_id: UUID, patient_id: UUID, service_id: UUID, line: NewLine) -> UUID:
    """A walk-in's visit with its draft, as the front desk makes it."""
    visit = tx.add(
        Visit(
            clinic_id=clinic_id,
            doctor_id=doctor_id,
            patient_id=patient_id,
            service_id=service_id,
            visit_type=VisitType.WALK_IN,
            status=VisitStatus.IN_PROGRESS,
            business_date=business_date(tx.now, TIMEZONE),
            planned_at=tx.now,
            start_time=tx.now,
        )
    )
    tx.session.flush()
    billing.open_visit_invoice(tx, clinic_id=clinic_id, patient_id=patient_id, visit_id=visit.id, lines=[line])
    return visit.id


@command(STAND_IN)
def charge_visit(tx: Tx, *, visit_id: UUID, line: NewLine) -> UUID:
    """A further line of a visit, as the pharmacy adds it."""
    return billing.add_visit_line(tx, visit_id=visit_id, line=line)


@command(STAND_IN)
def drop_visit_draft(tx: Tx, *, visit_id: UUID) -> None:
    """A cancelled visit, as the front desk cancels its draft."""
    billing.cancel_visit_draft(tx, visit_id=visit_id, reason="visit cancelled")


@dataclass(slots=True)
class Desk:
    """Short words for what happens at the cashier's desk."""

    world: World
    patient_id: UUID
    _actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def db(self) -> Database:
        """The database of this test."""
        return self.world.db

    @property
    def clinic_id(self) -> UUID:
        """The one clinic."""
        return self.world.clinic_id

    def actor(self, role: str = "cashier") -> Actor:
        """Someone at work."""
        if role not in self._actors:
            self._actors[role] = self.world.actor(role)
        return self._actors[role]

    def do(self, act: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a command as the cashier."""
        return self.db.run(self.actor(), act, *args, **kwargs)

    def line(self, price: int = 50_000, **parts: Any) -> NewLine:
        """A line; a doctor's consultation unless said otherwise."""
        known: dict[str, Any] = {
            "kind": LineKind.CONSULTATION,
            "source_type": "services",
            "source_id": None,
            "description": "Consultation",
            "quantity": 1,
            "unit_price": rupees(price),
            "doctor_id": self.world.doctor_id,
            "doctor_share_basis_points": 6_000,
        }
        return NewLine(**{**known, **parts})

    def draft(self, *lines: NewLine) -> UUID:
        """A draft outside any visit."""
        wanted = lines or (self.line(),)
        return self.do(billing.open_invoice, key=new_id(), clinic_id=self.clinic_id, patient_id=self.patient_id, lines=wanted)

    def issued(self, *lines: NewLine) -> UUID:
        """An issued invoice outside any visit."""
        invoice_id = self.draft(*lines)
        self.do(billing.issue_invoice, key=new_id(), invoice_id=invoice_id)
        return invoice_id

    def visit(self, line: NewLine | None = None) -> UUID:
        """A visit with its draft."""
        return self.db.run(
            self.world.system(),
            make_visit,
            clinic_id=self.clinic_id,
            doctor_id=self.world.doctor_id,
            patient_id=self.patient_id,
            service_id=self.world.services["CONS"],
            line=line or self.line(),
        )

    def open_till(self, float_minor: int = 100_000, role: str = "cashier") -> UUID:
        """An open till of someone."""
        return self.db.run(self.actor(role), billing.open_till, key=new_id(), clinic_id=self.clinic_id, opening_float=rupees(float_minor))

    def pay(self, invoice_id: UUID, *tenders: Tender) -> TakenRow:
        """Take tenders for an invoice."""
        return self.do(billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=tenders)

    def invoice(self, invoice_id: UUID) -> InvoiceRow:
        """The invoice as screens see it."""
        with self.db.read() as session:
            return queries.invoice(session, invoice_id)

    def set(self, key: str, value: object) -> None:
        """Change a setting of the hospital."""
        self.db.run(self.world.system(), organisation.set_setting, key=key, value=value)

    def lies(self) -> list[str]:
        """Everything that the checks of money and of the journal find wrong with the rows."""
        with self.db.read() as session:
            results = [run_check(session, name) for name in declared_checks() if name[0] in "MJ"]
        assert {"M1", "M3", "M4", "M7", "M8", "M9"} <= {result.name[:2] for result in results}
        return [failure for result in results for failure in result.failures]


def build_desk(db: Database) -> Desk:
    """The world with a patient and a second cashier, who may also approve."""
    return build_at(build_world(db))


def build_at(world: World) -> Desk:
    """The same, in a world that is there already."""
    db = world.db
    world.users["cashier2"] = db.run(world.system(), access.create_user, username="cashier2", full_name="Cashier Two", roles=("cashier",))
    patient = db.run(
        world.system(),
        register_patient,
        key=new_id(),
        clinic_id=world.clinic_id,
        first_name="Asha",
        last_name="Rao",
        gender=Gender.FEMALE,
        age_years=34,
    )
    return Desk(world, patient.id)
