"""A clinic with years behind it: one patient's way is gone through real commands, and its rows are copied into the past.

The copies are written past the journal: they only make tables long, so that query plans are those of a clinic at work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem, Payment, PaymentAllocation
from clinic_desktop.clinic.billing.queries import invoice
from clinic_desktop.clinic.billing.rules import PaymentMethod, Tender
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.clinical.models import Consultation, Prescription, PrescriptionItem, VitalSigns
from clinic_desktop.clinic.clinical.rules.vitals import NewVitals
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.models import Appointment, QueueEntry, Visit
from clinic_desktop.clinic.messages import commands as messages
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import Channel
from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.commands.documents import Content, Description
from clinic_desktop.clinic.patients.intake import MediaType
from clinic_desktop.clinic.patients.models import Patient, PatientConsent, PatientDocument
from clinic_desktop.clinic.patients.queries import texts_in_use
from clinic_desktop.clinic.patients.rules import DocumentCategory
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from clinic_desktop.clinic.pharmacy.models import Dispensing, DispensingItem
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.tables import Base
from tests.benchmarks.bulk import patient_rows
from tests.clinic.clinical.room import Room, line
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World, build_world, money

TODAY = date(2026, 3, 2)
_COPIES = 1_500
_A_DAY = 10

Change = Callable[[int], dict[str, Any]]
"""What makes the copy of that number different."""


@dataclass(slots=True)
class Shop:
    """What the history was built with; ``at`` binds it to a copy of the database."""

    world: World
    location_id: UUID
    medicine_id: UUID
    invoice_id: UUID
    prescription_id: UUID
    visit_id: UUID
    patient_id: UUID

    def at(self, db: Database) -> Shop:
        """The same shop in another copy of the database."""
        parts = {name: getattr(self, name) for name in Shop.__dataclass_fields__ if name != "world"}
        return Shop(self.world.at(db), **parts)

    @property
    def room(self) -> Room:
        """The doctor's room of this shop."""
        return Room(self.world, Shelf(self.world, self.location_id))

    def see_another(self) -> None:
        """One more patient of today: seen, with a prescription that waits and a bill that is not paid; and one who waits."""
        room = self.room
        room.active(line(self.medicine_id))
        world = self.world
        world.db.run(
            world.actor("receptionist"),
            frontdesk.walk_in,
            key=new_id(),
            clinic_id=world.clinic_id,
            doctor_id=world.doctor_id,
            patient_id=room.patient(),
            service_id=world.services["CONS"],
        )


def build_shop(db: Database) -> Shop:
    """A clinic of one patient whose day is over, 1 500 like him in the past, and two of today."""
    world = build_world(db)
    shelf = Shelf.open(world)
    medicine_id, item_id = shelf.medicine("Paracetamol 500")
    shelf.receive(item_id, 900_000)
    room = Room(world, shelf)
    prescription_id = room.active(line(medicine_id))
    visit_id, patient_id = next(iter(room.patient_of.items()))
    pharmacist, cashier = world.actor("pharmacist"), world.actor("cashier")
    db.run(pharmacist, pharmacy.dispense, key=new_id(), prescription_id=prescription_id, location_id=shelf.location_id)
    with db.read() as session:
        invoice_id = session.scalars(select(Invoice.id)).one()
        due = invoice(session, invoice_id).total
    db.run(cashier, billing.open_till, key=new_id(), clinic_id=world.clinic_id, opening_float=money(0))
    tender = Tender(PaymentMethod.CASH, due)
    db.run(cashier, billing.issue_and_take, key=new_id(), invoice_id=invoice_id, tenders=(tender,))
    db.run(world.actor("doctor"), clinical.record_vitals, visit_id=visit_id, reading=NewVitals(pulse=72))
    _book(world, patient_id)
    _file(world, patient_id)
    with db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(insert(Patient), list(patient_rows(world.clinic_id, _COPIES)))
        _copy_into_the_past(connection)
    shop = Shop(world, shelf.location_id, medicine_id, invoice_id, prescription_id, visit_id, patient_id)
    for _ in range(2):
        shop.see_another()
    with db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return shop


def _book(world: World, patient_id: UUID) -> None:
    """Booked, and told by telephone."""
    receptionist = world.actor("receptionist")
    booked = world.db.run(
        receptionist,
        frontdesk.book,
        key=new_id(),
        clinic_id=world.clinic_id,
        doctor_id=world.doctor_id,
        patient_id=patient_id,
        service_id=world.services["CONS"],
        start=world.db.clock() + timedelta(hours=1),
    )
    world.db.run(receptionist, messages.mark_told, appointment_id=booked.appointment_id, channel=Channel.PHONE)


def _file(world: World, patient_id: UUID) -> None:
    """A file and a consent in the patient's folder."""
    desk, content = world.actor("receptionist"), Content("f" * 64, 10, MediaType.PNG, "scan.png", {})
    described = Description(DocumentCategory.FORMS_DOCUMENTS)
    world.db.run(desk, patients.attach_document, key=new_id(), patient_id=patient_id, content=content, described=described)
    world.db.run(world.actor("admin"), patients.add_drafted_texts, clinic_id=world.clinic_id)
    with world.db.read() as session:
        (text, *_others) = texts_in_use(session, today=TODAY)
    signing = {"clinic_id": world.clinic_id, "patient_id": patient_id, "template_id": text.id, "witness": "Nurse One"}
    world.db.run(desk, patients.sign_consent, key=new_id(), **signing)


def _copy_into_the_past(connection: Connection) -> None:
    people = list(connection.scalars(select(Patient.id)))
    appointments, visits, invoices, payments, prescriptions, handed_out = ([new_id() for _ in range(_COPIES)] for _ in range(6))
    days = [TODAY - timedelta(days=1 + number // _A_DAY) for number in range(_COPIES)]

    def of_day(number: int, ids: list[UUID]) -> dict[str, Any]:
        return {"id": ids[number], "business_date": days[number], "patient_id": people[number % len(people)]}

    def timed(number: int) -> dict[str, Any]:
        back = TODAY - days[number]
        from_booking = {"appointment_id": appointments[number]}
        return {
            **of_day(number, visits),
            **from_booking,
            **{name: seen[name] - back for name in ("planned_at", "check_in_time", "start_time", "end_time")},
        }

    def planned(number: int) -> dict[str, Any]:
        back = TODAY - days[number] + timedelta(hours=number % _A_DAY)
        times = {name: booked[name] - back for name in ("start_time", "end_time")}
        return {**of_day(number, appointments), **times, "booking_id": f"APT-2025-{number:05d}", "status": "CANCELLED"}

    def told(number: int) -> dict[str, Any]:
        return {"appointment_id": appointments[number], "patient_id": of_day(number, visits)["patient_id"]}

    seen, booked = _only(connection, Visit), _only(connection, Appointment)
    _copy(connection, Appointment, planned)
    _copy(connection, Visit, timed)
    _copy(connection, QueuedMessage, lambda n: {**told(n), "id": new_id(), "idempotency_key": f"told:{n}"})
    _copy(connection, QueueEntry, lambda n: {**of_day(n, visits), "id": new_id(), "visit_id": visits[n], "queue_number": n + 1})
    _copy(connection, Consultation, lambda n: {**of_day(n, visits), "id": new_id(), "visit_id": visits[n]})
    _copy(connection, VitalSigns, lambda n: {"id": new_id(), "visit_id": visits[n], "patient_id": of_day(n, visits)["patient_id"]})
    _copy(connection, Invoice, lambda n: {**of_day(n, invoices), "visit_id": visits[n], "number": f"INV-2025-{n:05d}"})
    _copy(connection, InvoiceItem, lambda n: {"id": new_id(), "invoice_id": invoices[n]})
    _copy(connection, Payment, lambda n: {**of_day(n, payments), "receipt_number": f"RCP-2025-{n:05d}"})
    _copy(connection, PaymentAllocation, lambda n: {"id": new_id(), "payment_id": payments[n], "invoice_id": invoices[n]})
    _copy_prescriptions(connection, lambda n: {**of_day(n, prescriptions), "visit_id": visits[n]}, prescriptions)
    _copy(connection, Dispensing, lambda n: {**of_day(n, handed_out), "prescription_id": prescriptions[n], "visit_id": visits[n]})
    files = [new_id() for _ in range(_COPIES)]
    _copy(connection, Document, lambda n: {"id": files[n], "sha256": f"{n:064x}"})
    _copy(connection, PatientDocument, lambda n: {"id": new_id(), "document_id": files[n], "patient_id": people[n % len(people)]})
    _copy(connection, PatientConsent, lambda n: {"id": new_id(), "patient_id": people[n % len(people)]})
    _copy(connection, DispensingItem, lambda n: {"id": new_id(), "dispensing_id": handed_out[n]})


def _copy_prescriptions(connection: Connection, change: Change, ids: list[UUID]) -> None:
    """Items go into drafts only; then all are dispensed, those of the last weeks too."""
    _copy(connection, Prescription, lambda n: {**change(n), "number": f"RX-2025-{n:05d}", "status": "DRAFT"})
    _copy(connection, PrescriptionItem, lambda n: {"id": new_id(), "prescription_id": ids[n]})
    connection.exec_driver_sql("UPDATE prescriptions SET status = 'DISPENSED' WHERE status = 'DRAFT'")


def _copy(connection: Connection, model: type[Base], change: Change) -> None:
    """Rows like the first of a table, each with changes."""
    first = _only(connection, model)
    connection.execute(insert(model), [{**first, **change(number)} for number in range(_COPIES)])


def _only(connection: Connection, model: type[Base]) -> dict[str, Any]:
    table = model.__table__
    assert isinstance(table, Table)
    return dict(connection.execute(select(table).order_by(table.c.id).limit(1)).mappings().one())
