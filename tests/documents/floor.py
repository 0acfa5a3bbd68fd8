"""A clinic whose days are gone through by the real commands, so that documents can be compared with what was done."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.commands.payments import TakenRow
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow
from clinic_desktop.clinic.billing.rules import LineKind, NewLine, PaymentMethod, Pieces, Tender
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.documents.compose import Composed
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from tests.clinic.world import OPENED, World, build_world
from tests.conftest import FrozenClock
from tests.documents.rendering import page_texts

P = ParamSpec("P")
R = TypeVar("R")

EN = Language("en")
HEAD = [
    *("Main Clinic", "Sunrise Hospital", "12 Lake Road, Pune", "+91 20 5550 0100 · desk@sunrise.example"),
    "Tax no. 27AAAAA0000A1Z5",
]
"""The head of every sheet and roll of the clinic: its own address, and of its hospital what it has not."""


def rupees(amount: str) -> Money:
    """An amount as it is written."""
    return Money.parse(amount, "INR")


def tender(method: PaymentMethod, amount: str, reference: str | None = None, *, handed: str | None = None) -> Tender:
    """One means of payment; ``handed`` is the cash that was put on the counter."""
    return Tender(method, rupees(amount), reference, rupees(handed) if handed else None)


def build_floor(db: Database) -> World:
    """The world with a second cashier, and a tax that is in the price."""
    world = build_world(db)
    second = {"username": "cashier2", "full_name": "Bina Kapadia", "roles": ("cashier",)}
    world.users["cashier2"] = db.run(world.system(), access.create_user, **second)
    included = {"rate_basis_points": 1_200, "is_inclusive": True, "valid_from": OPENED}
    world.taxes["GST 12 % incl."] = db.run(world.system(), organisation.add_tax, name="GST 12 % incl.", **included)
    return world


@dataclass(slots=True)
class Floor:
    """Short words for what happens between the door and the way out."""

    world: World
    clock: FrozenClock
    _actors: dict[str, Actor] = field(default_factory=dict)

    def run(self, role: str, act: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a command as somebody."""
        if role not in self._actors:
            self._actors[role] = self.world.actor(role)
        return self.world.db.run(self._actors[role], act, *args, **kwargs)

    def register(self, first_name: str, last_name: str, **details: Any) -> PatientRow:
        """A new patient, a woman of about forty unless told otherwise."""
        known: dict[str, Any] = {"clinic_id": self.world.clinic_id, "gender": Gender.FEMALE}
        if not {"date_of_birth", "age_years"} & details.keys():
            known["age_years"] = 40
        person = {"first_name": first_name, "last_name": last_name, **known, **details}
        return self.run("receptionist", patients.register_patient, key=new_id(), **person)

    def walk_in(self, patient_id: UUID, **more: Any) -> ArrivalRow:
        """The patient comes without appointment."""
        place = {"clinic_id": self.world.clinic_id, "doctor_id": self.world.doctor_id, "service_id": self.world.services["CONS"], **more}
        return self.run("receptionist", frontdesk.walk_in, key=new_id(), patient_id=patient_id, **place)

    def enter(self, visit_id: UUID, *, role: str = "doctor", room: str = "1") -> None:
        """The patient is called and goes in."""
        self.run(role, frontdesk.call, visit_id=visit_id, room=room)
        self.run(role, frontdesk.start_consultation, visit_id=visit_id)

    def line(self, description: str, price: str, quantity: int = 1, **parts: Any) -> NewLine:
        """A charge; ``tax`` by its name, ``discount`` as written, ``share`` of the first doctor in basis points."""
        tax, discount, share = parts.get("tax"), parts.get("discount"), parts.get("share")
        return NewLine(
            LineKind.SERVICE,
            "services",
            None,
            description,
            quantity,
            rupees(price),
            discount=rupees(discount) if discount else None,
            tax_configuration_id=self.world.taxes[tax] if tax else None,
            doctor_id=parts.get("doctor_id", self.world.doctor_id) if share is not None else None,
            doctor_share_basis_points=share or 0,
        )

    def bill(self, patient_id: UUID, *lines: NewLine) -> UUID:
        """An issued invoice."""
        ask = {"clinic_id": self.world.clinic_id, "patient_id": patient_id, "lines": lines}
        invoice_id = self.run("cashier", billing.open_invoice, key=new_id(), **ask)
        self.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=invoice_id)
        return invoice_id

    def open_till(self, amount: str, role: str = "cashier") -> None:
        """Somebody's till with the cash that lies in it."""
        self.run(role, billing.open_till, key=new_id(), clinic_id=self.world.clinic_id, opening_float=rupees(amount))

    def close_till(self, amount: str, role: str = "cashier", note: str | None = None) -> None:
        """Count a till in the smallest coin."""
        counted = (Pieces(rupees("0.01"), rupees(amount).minor),)
        self.run(role, billing.close_till, key=new_id(), clinic_id=self.world.clinic_id, counted=counted, note=note)

    def pay(self, invoice_id: UUID, *tenders: Tender, role: str = "cashier") -> TakenRow:
        """Take tenders for an issued invoice, a minute after what was before."""
        self.clock.advance(minutes=1)
        return self.run(role, billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=tenders)

    def refund(self, payment_id: UUID, amount: str, reason: str, **more: Any) -> str:
        """Give money back; returns the voucher's number."""
        self.clock.advance(minutes=1)
        return self.run("cashier", billing.refund, key=new_id(), payment_id=payment_id, amount=rupees(amount), reason=reason, **more).number

    def invoice(self, invoice_id: UUID) -> InvoiceRow:
        """The invoice as screens see it."""
        with self.world.db.read() as session:
            return queries.invoice(session, invoice_id)

    def document(self, compose: Callable[..., Composed], *, language: Language = EN, **params: Any) -> Composed:
        """A finished document of now."""
        with self.world.db.read() as session:
            return compose(session, language=language, now=self.clock.now, **params)

    def printed(self, document: Composed) -> None:
        """What the preview notes when a document goes to the printer."""
        about = {"kind": document.kind.value, "entity_type": document.entity_type, "entity_id": document.entity_id}
        self.run("receptionist", organisation.record_print, number=document.number, way="printer", **about)


def rows(document: Composed, page: int | None = None) -> list[str]:
    """The lines of a document's text, with plain spaces."""
    texts = page_texts(document.pdf)
    chosen = texts if page is None else texts[page : page + 1]
    return [" ".join(line.split()) for text in chosen for line in re.split(r"[\r\n]+", text) if line.strip()]
