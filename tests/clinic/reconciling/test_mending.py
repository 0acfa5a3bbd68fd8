"""After a merge: departments put right what they can, and put the rest before somebody, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.errors import NothingToPay
from clinic_desktop.clinic.billing.models import Invoice, Payment, PaymentAllocation
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.clinical.models import PrescriptionItem
from clinic_desktop.clinic.clinical.rules import NotDispensable
from clinic_desktop.clinic.frontdesk.models import Appointment, Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier, PatientMerge
from clinic_desktop.clinic.patients.queries.likeness import COMPARED, comparable_person
from clinic_desktop.clinic.patients.rules import PatientStatus, parse_phone
from clinic_desktop.clinic.reconciling.commands import open_tasks
from clinic_desktop.clinic.reconciling.queries import open_conflicts
from clinic_desktop.kernel.checks import run_check
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.mending import Changed, ConflictKind, mend
from clinic_desktop.kernel.money import Money
from tests.clinic.billing.desk import Desk, build_at, cash, rupees
from tests.clinic.clinical.room import Room, line
from tests.clinic.frontdesk.desk import Desk as FrontDesk
from tests.clinic.frontdesk.desk import at
from tests.clinic.patients.desk import found, register
from tests.clinic.pharmacy.counter import dispense, owed
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World

Touched = Mapping[str, set[UUID]]


def merged(world: World, change: Callable[[Tx], Touched], changed: Changed = MappingProxyType({})) -> None:
    """What central does: rows become what two sites made of them, departments mend, and people get their tasks."""
    with world.db.write(world.system()) as tx:
        tx.command = "sync.push"
        touched = change(tx)
        tx.session.flush()
        open_tasks(tx, tasks=mend(tx, touched, changed))


def tasks(world: World) -> list[tuple[ConflictKind, dict[str, Any]]]:
    with world.db.read() as session:
        return [(one.kind, one.facts) for one in open_conflicts(session, world.system())]


def lies(world: World, name: str) -> tuple[str, ...]:
    with world.db.read() as session:
        return run_check(session, name).failures


def elsewhere(world: World) -> UUID:
    return world.db.run(world.system(), organisation.add_clinic, code="EAST", name="East", timezone="Asia/Kolkata")


def copied(row: Any, **other: Any) -> Any:
    """Another row like it."""
    same = {key: getattr(row, key) for key in row.__mapper__.column_attrs.keys() if key not in ("id", "row_version")}  # noqa: SIM118
    return type(row)(**{**same, **other})


def pay_again(tx: Tx, invoice_id: UUID) -> Touched:
    """Another site's payment of the same invoice, and the counters added up."""
    part = tx.session.scalars(select(PaymentAllocation).where(PaymentAllocation.invoice_id == invoice_id)).one()
    again = tx.add(copied(tx.session.get_one(Payment, part.payment_id), receipt_number="RCT-EAST-2026-00001"))
    tx.session.flush()
    tx.add(copied(part, payment_id=again.id))
    invoice = tx.session.get_one(Invoice, invoice_id)
    invoice.paid, invoice.balance = invoice.paid + part.amount, invoice.balance - part.amount
    return {"invoices": {invoice_id}}


def test_money_that_two_sites_took_stands_and_goes_back_over_the_desk(world: World) -> None:
    desk: Desk = build_at(world)
    desk.open_till()
    invoice_id = desk.issued()
    desk.pay(invoice_id, cash(50_000))
    merged(world, lambda tx: pay_again(tx, invoice_id))
    assert tasks(world) == [(ConflictKind.OVERPAID, {"number": "INV-2026-00001", "amount": 50_000})]
    merged(world, lambda _: {"invoices": {invoice_id}})
    assert len(tasks(world)) == 1  # a second look opens nothing
    assert lies(world, "M1 invoice status") == ()
    with pytest.raises(NothingToPay):
        desk.pay(invoice_id, cash(1))
    with world.db.read() as session:
        second = session.scalars(select(Payment.id).where(Payment.receipt_number == "RCT-EAST-2026-00001")).one()
    desk.do(
        billing.refund, key=new_id(), payment_id=second, amount=rupees(50_000), reason="Paid at two sites", approver=desk.actor("admin")
    )
    after = desk.invoice(invoice_id)
    assert (after.status, after.balance) == (InvoiceStatus.PAID, rupees(0))


def test_an_overpaid_invoice_of_which_nobody_was_told_is_a_lie(world: World) -> None:
    desk = build_at(world)
    desk.open_till()
    invoice_id = desk.issued()
    desk.pay(invoice_id, cash(50_000))
    with world.db.write(world.system()) as tx:
        tx.command = "sync.push"
        pay_again(tx, invoice_id)
    assert lies(world, "M1 invoice status") == ("INV-2026-00001 was paid 50000 minor units too much, and nobody was told",)


def items_of(tx: Tx, prescription_id: UUID) -> list[PrescriptionItem]:
    wanted = select(PrescriptionItem).where(PrescriptionItem.prescription_id == prescription_id)
    return list(tx.session.scalars(wanted.order_by(PrescriptionItem.position)))


def test_what_two_sites_handed_out_of_one_line_is_told_and_nothing_more_is_owed(world: World) -> None:
    room = Room(world, Shelf.open(world))
    medicine, item = room.shelf.medicine("Paracetamol 500")
    room.shelf.receive(item, 50)
    waiting = room.active(line(medicine), line(room.shelf.medicine("Ibuprofen 400")[0]))

    def merge(tx: Tx) -> Touched:
        first = items_of(tx, waiting)[0]
        first.quantity_dispensed += 14
        return {"prescription_items": {first.id}}

    merged(world, merge)
    assert tasks(world) == [
        (ConflictKind.OVERDISPENSED, {"number": "RX-2026-00001", "medicine": "Paracetamol 500", "quantity": 10, "dispensed": 14})
    ]
    assert owed(room, waiting) == ("PARTIALLY_DISPENSED", [0, 10])
    assert lies(world, "C1 prescription status") == ()

    def all_of_it(tx: Tx) -> Touched:
        second = items_of(tx, waiting)[1]
        second.quantity_dispensed = second.quantity
        return {"prescription_items": {second.id}}

    merged(world, all_of_it)
    assert owed(room, waiting) == ("DISPENSED", [0, 0])
    with pytest.raises(NotDispensable):
        dispense(room, waiting)


def test_a_doctor_booked_at_two_clinics_at_once_is_told_of(world: World) -> None:
    """Within one clinic the database itself refuses it."""

    people = [register(world, f"Asha{n}").id for n in range(2)]
    booked = FrontDesk(world.db, world, people, world.db.clock).book(0, at(10))
    other_clinic = elsewhere(world)

    def merge(tx: Tx, clinic_id: UUID = other_clinic) -> Touched:
        first = tx.session.get_one(Appointment, booked.appointment_id)
        again = tx.add(copied(first, clinic_id=clinic_id, patient_id=people[1], booking_id="APT-EAST-2026-00001"))
        return {"appointments": {again.id}}

    merged(world, merge)
    assert tasks(world) == [(ConflictKind.DOUBLE_BOOKING, {"number": "APT-EAST-2026-00001", "other": booked.booking_id, "who": "doctor"})]
    assert lies(world, "T1 doctor overlaps") == ()
    with pytest.raises(IntegrityError):
        merged(world, lambda tx: merge(tx, world.clinic_id))


def test_a_visit_that_sites_paid_in_parts_is_complete(world: World) -> None:
    room = Room(world, Shelf.open(world))
    visit_id = room.visit()
    room.sign(visit_id)
    with world.db.read() as session:
        invoice_id = session.scalars(select(Invoice.id).where(Invoice.visit_id == visit_id)).one()
    world.db.run(world.actor("cashier"), billing.issue_invoice, key=new_id(), invoice_id=invoice_id)

    def merge(tx: Tx) -> Touched:
        invoice = tx.session.get_one(Invoice, invoice_id)
        invoice.paid, invoice.balance, invoice.status = invoice.total, Money.zero(tx.currency), InvoiceStatus.PAID
        return {"invoices": {invoice_id}}

    merged(world, merge)
    with world.db.read() as session:
        assert session.get_one(Visit, visit_id).status is VisitStatus.COMPLETED


def test_one_person_registered_at_two_clinics_is_put_before_somebody_once(world: World) -> None:
    person = {"date_of_birth": date(1986, 4, 9), "national_id": "4211 0937 5518"}
    here = register(world, "Sunita", "Deshpande", phone="9822012345", **person)
    there = register(world, "Sunita", "Deshpande", clinic_id=elsewhere(world), **person)
    for _ in range(2):
        merged(world, lambda _tx: {"patients": {there.id}})
    with world.db.read() as session:
        (pair,) = patients.duplicates(session)
    assert {pair.a_id, pair.b_id} == {here.id, there.id}
    assert tasks(world) == []  # pairs have their own list


def test_only_a_change_that_makes_records_more_alike_compares_them(world: World) -> None:
    person = {"date_of_birth": date(1986, 4, 9), "national_id": "4211 0937 5518"}
    register(world, "Sunita", "Deshpande", phone="9822012345", **person)
    there = register(world, "Sunita", "Deshpande", clinic_id=elsewhere(world), **person)
    found_after = []
    for column in ("remarks", "national_id"):
        merged(world, lambda _tx: {"patients": {there.id}}, {"patients": {there.id: {column, "row_version"}}})
        with world.db.read() as session:
            found_after.append(len(patients.duplicates(session)))
    assert found_after == [0, 1]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_whoever_compares_records_looks_at_no_other_columns(world: World) -> None:
    row = register(world, "Sunita", "Deshpande", phone="9822012345", date_of_birth=date(1986, 4, 9))
    others: dict[str, Any] = {one.name: object() for one in fields(row) if one.name not in COMPARED}
    assert "remarks" in others
    assert comparable_person(replace(row, **others)) == comparable_person(row)


def test_records_merged_into_each_other_are_opened_at_the_oldest(world: World) -> None:
    first, second, third = (register(world, name) for name in ("Asha", "Usha", "Nisha"))

    def merge(tx: Tx) -> Touched:
        merges = set()
        for one, into in ((first, second), (second, third), (third, first)):
            row = tx.session.get_one(Patient, one.id)
            row.status, row.merged_into_id = PatientStatus.MERGED, into.id
            merges.add(tx.add(PatientMerge(kept_id=into.id, merged_id=one.id, field_choices="{}", merged_at=tx.now)).id)
        return {"patient_merges": merges}

    merged(world, merge)
    assert [kind for kind, _ in tasks(world)] == [ConflictKind.MERGE_CYCLE]
    with world.db.read() as session:
        rows = {one.id: (one.status, one.merged_into_id) for one in session.scalars(select(Patient))}
    assert rows[first.id] == (PatientStatus.ACTIVE, None)
    assert (rows[second.id][1], rows[third.id][1]) == (third.id, first.id)
    assert lies(world, "C3 merged patients") == ()


def test_a_shared_number_has_one_owner_and_every_number_is_found(world: World) -> None:
    """The owner took another number at one site while a relative shared it at another."""
    mother = register(world, "Ila", phone="9822012345")
    children = [register(world, name, phone="9822012345", phone_owner_id=mother.id) for name in ("Uma", "Jaya")]

    def merge(tx: Tx) -> Touched:
        owner = tx.session.get_one(Patient, mother.id)
        owner.set_phone(parse_phone("9822099999", "IN"), None)
        identifier = tx.add(PatientIdentifier(patient_id=mother.id, system="old", value="OLD-4711"))
        return {"patients": {owner.id}, "patient_identifiers": {identifier.id}}

    merged(world, merge)
    assert lies(world, "P2 shared phones") == ()
    assert lies(world, "P1 patient search columns") == ()
    assert found(world, "OLD-4711") == ["Ila Rao"]
    with world.db.read() as session:
        owners = {one.id: one.phone_owner_id for one in session.scalars(select(Patient).where(Patient.id != mother.id))}
    assert owners == {children[0].id: None, children[1].id: children[0].id}
