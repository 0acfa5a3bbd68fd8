"""What two sites do at once: the failures of SYNC.md by number, through commands of both houses, on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.errors import TakenElsewhere
from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem, Payment, Refund
from clinic_desktop.clinic.billing.rules import PaymentMethod, Tender
from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem
from clinic_desktop.clinic.clinical.rules import PrescriptionStatus
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients.models import Patient, PatientConsent, PatientDuplicate, PatientIdentifier, PatientMerge
from clinic_desktop.clinic.patients.rules import ConsentType, PatientStatus, parse_phone
from clinic_desktop.clinic.pharmacy.models import Dispensing, DispensingItem
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.staff.models import Specialty
from clinic_desktop.clinic.stock.models import Batch
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal_proof import head
from clinic_desktop.kernel.mending import ConflictKind
from tests.clinic.clinical.room import line
from tests.clinic.pharmacy.counter import dispense
from tests.clinic.world import money
from tests.conftest import FrozenClock
from tests.sync.chain import Direct, caller
from tests.sync.houses import ON_FILES, House, Houses, all_rows, row_of, waiting

load_checks()


def conflicts(houses: Houses, kind: ConflictKind) -> list[SyncConflict]:
    """What a person is asked, which is the same everywhere."""
    found = [all_rows(one.db, SyncConflict, SyncConflict.kind == kind) for one in (houses.main, houses.north)]
    assert [one.id for one in found[0]] == [one.id for one in found[1]]
    return found[0]


def known_patient(houses: Houses, **details: Any) -> UUID:
    """A patient of the main house of whom everybody knows."""
    patient_id = houses.main.register("Asha", **details)
    houses.chain.settle()
    return patient_id


@ON_FILES
def test_08_an_edit_during_a_pull_is_kept_and_sent(houses: Houses, clock: FrozenClock) -> None:
    patient_id = known_patient(houses)
    houses.main.write(Patient, patient_id, city="Pune", remarks="from main")
    houses.chain.sync("MAIN")
    clock.advance(minutes=1)
    north = houses.chain.sites["NORTH"]

    class Meanwhile(Direct):
        def ask(self, verb: str, body: bytes) -> bytes:
            answered = super().ask(verb, body)
            if verb == "pull":
                north.channel = Direct(self.central, self.site)
                houses.north.write(Patient, patient_id, remarks="from north")
            return answered

    north.channel = Meanwhile(houses.central, north.database)
    houses.chain.sync("NORTH")
    here = houses.north.read(Patient, patient_id)
    assert (here.city, here.remarks) == ("Pune", "from north")
    houses.agree()
    (conflict,) = conflicts(houses, ConflictKind.FIELD)
    assert (conflict.field, conflict.kept_value, conflict.other_value) == ("remarks", '"from north"', '"from main"')


@ON_FILES
def test_09_the_own_echo_changes_nothing(houses: Houses) -> None:
    known_patient(houses, allergies="Penicillin")
    before = [head_of(one) for one in (houses.main.db, houses.north.db, houses.central)]
    assert [(one.pushed, one.pulled) for one in houses.chain.sync()] == [(0, 0), (0, 0)]
    assert [head_of(one) for one in (houses.main.db, houses.north.db, houses.central)] == before


def head_of(database: Any) -> int:
    with database.read() as session:
        return head(session).seq


@ON_FILES
def test_10_what_was_made_and_deleted_again_comes_to_nothing(houses: Houses) -> None:
    patient_id = known_patient(houses)
    with houses.main.db.write(houses.main.room.world.system()) as tx:
        tx.command = "test.identify"
        row = tx.add(PatientIdentifier(patient_id=patient_id, system="old register", value="4711"))
    with houses.main.db.write(houses.main.room.world.system()) as tx:
        tx.command = "test.forget"
        tx.session.delete(tx.session.get_one(PatientIdentifier, row.id))
    houses.agree()
    assert houses.north.read(PatientIdentifier, row.id) is None


def test_12_rows_that_name_each_other_arrive_together(houses: Houses) -> None:
    """A family with one phone whose parts were renamed, and a merged record: keys of a table to itself, in circles of change sets."""
    mother = houses.main.register("Ila", phone="9822012345")
    child = houses.main.register("Uma", phone="9822012345", phone_owner_id=mother)
    other = houses.main.register("Ila", last_name="Roy")
    with houses.main.db.write(houses.main.room.world.system()) as tx:
        tx.command = "test.circle"
        old, young, double = (tx.session.get_one(Patient, key) for key in (mother, child, other))
        double.merged_into_id, double.status = mother, PatientStatus.MERGED
        tx.add(PatientMerge(kept_id=mother, merged_id=other, field_choices="{}", merged_at=tx.now))
        young.phone_owner_id = None
        old.phone_owner_id = None
        old.set_phone(None, None)
        tx.session.flush()
        old.phone, old.phone_typed, old.phone_tail, old.phone_owner_id = young.phone, young.phone_typed, young.phone_tail, child
    houses.agree()
    assert houses.north.read(Patient, mother).phone_owner_id == child


@ON_FILES
def test_15_different_fields_are_both_kept(houses: Houses) -> None:
    patient_id = known_patient(houses)
    houses.main.write(Patient, patient_id, city="Pune")
    houses.north.write(Patient, patient_id, allergies="Latex")
    houses.agree()
    row = houses.north.read(Patient, patient_id)
    assert (row.city, row.allergies, conflicts(houses, ConflictKind.FIELD)) == ("Pune", "Latex", [])


def test_15_what_follows_from_both_is_derived_anew(houses: Houses) -> None:
    patient_id = known_patient(houses)
    rename(houses.main, patient_id, first_name="Nisha")
    rename(houses.north, patient_id, last_name="Iyer")
    houses.agree()
    assert houses.north.read(Patient, patient_id).full_name == houses.main.read(Patient, patient_id).full_name == "Nisha Iyer"


def rename(house: House, patient_id: UUID, **names: str) -> None:
    with house.db.write(house.room.world.system()) as tx:
        tx.command = "test.rename"
        patient = tx.session.get_one(Patient, patient_id)
        for name, value in names.items():
            setattr(patient, name, value)
        patient.refresh_search(())


@pytest.mark.parametrize("order", [("MAIN", "NORTH"), ("NORTH", "MAIN")])
def test_16_one_field_twice_gives_one_winner_and_keeps_the_other(houses: Houses, clock: FrozenClock, order: tuple[str, str]) -> None:
    """The later one stands; of a birth date the first does, until somebody has looked."""
    patient_id = known_patient(houses)
    houses.main.write(Patient, patient_id, remarks="first", blood_group="A+")
    clock.advance(minutes=2)
    houses.north.write(Patient, patient_id, remarks="second", blood_group="B+")
    houses.chain.sync(*order)
    houses.agree()
    row = houses.main.read(Patient, patient_id)
    assert (row.remarks, row.blood_group) == ("second", "A+")
    found = {one.field: (one.kept_value, one.other_value) for one in conflicts(houses, ConflictKind.FIELD)}
    assert found == {"remarks": ('"second"', '"first"'), "blood_group": ('"A+"', '"B+"')}


@ON_FILES
@pytest.mark.parametrize("first", ["MAIN", "NORTH"])
def test_17_deleted_here_and_edited_there_is_a_task(houses: Houses, clock: FrozenClock, first: str) -> None:
    patient_id = known_patient(houses)
    with houses.main.db.write(houses.main.room.world.system()) as tx:
        tx.command = "test.consent"
        signed = {"type": ConsentType.TREATMENT, "template_version": "1", "signed_at": tx.now, "witness": "A. Rao"}
        consent = tx.add(PatientConsent(patient_id=patient_id, **signed))
    houses.chain.settle()
    with houses.main.db.write(houses.main.room.world.system()) as tx:
        tx.command = "test.delete"
        tx.session.delete(tx.session.get_one(PatientConsent, consent.id))
    houses.north.write(PatientConsent, consent.id, withdrawn_at=clock.now)
    houses.chain.sync(first)
    houses.agree()
    (task,) = conflicts(houses, ConflictKind.DELETED)
    assert task.entity_id == consent.id
    stays = houses.main.read(PatientConsent, consent.id)
    assert (stays is None) == (first == "MAIN")
    assert stays is None or stays.withdrawn_at == clock.now


def merge(house: House, kept: UUID, merged: UUID) -> None:
    """What merging two records writes."""
    with house.db.write(house.room.world.system()) as tx:
        tx.command = "test.merge"
        row = tx.session.get_one(Patient, merged)
        row.merged_into_id, row.status = kept, PatientStatus.MERGED
        tx.add(PatientMerge(kept_id=kept, merged_id=merged, field_choices="{}", merged_at=tx.now))


def test_18_merged_into_each_other_leaves_no_circle(houses: Houses) -> None:
    one, other = houses.main.register("Asha"), houses.main.register("Ashaa")
    houses.chain.settle()
    merge(houses.main, one, other)
    merge(houses.north, other, one)
    houses.agree()
    rows = [houses.north.read(Patient, key) for key in (one, other)]
    assert [(row.status, row.merged_into_id) for row in rows] == [(PatientStatus.ACTIVE, None), (PatientStatus.MERGED, one)]
    assert len(conflicts(houses, ConflictKind.MERGE_CYCLE)) == 1


@ON_FILES
def test_19_a_visit_of_a_merged_patient_stays_and_leads_to_the_survivor(houses: Houses) -> None:
    kept, merged = houses.main.register("Asha"), houses.main.register("Ashaa")
    houses.chain.settle()
    merge(houses.main, kept, merged)
    visit_id = houses.north.room.visit(merged)
    houses.agree()
    visit = houses.main.read(Visit, visit_id)
    assert visit.patient_id == merged
    assert houses.main.read(Patient, visit.patient_id).merged_into_id == kept


@pytest.mark.parametrize("first", ["MAIN", "NORTH"])
def test_20_one_person_registered_twice_is_two_records_and_a_pair_to_look_at(houses: Houses, first: str) -> None:
    """Both with the same number, which the record that was made first goes on owning."""
    order = [houses.main, houses.north] if first == "MAIN" else [houses.north, houses.main]
    people = [house.register("Asha", phone="9822012345") for house in order]
    houses.agree()
    (pair,) = all_rows(houses.main.db, PatientDuplicate)
    assert [pair.a_id, pair.b_id] == people
    assert [houses.main.read(Patient, key).phone_owner_id for key in people] == [None, people[0]]


def test_20_a_number_that_two_records_take_up_is_shared(houses: Houses) -> None:
    people = [known_patient(houses), known_patient(houses, last_name="Iyer")]
    for house, key in zip((houses.main, houses.north), people, strict=True):
        with house.db.write(house.room.world.system()) as tx:
            tx.command = "test.phone"
            patient = tx.session.get_one(Patient, key)
            patient.set_phone(parse_phone("9822012345", "IN"), None)
            patient.refresh_search(())
    houses.chain.sync("NORTH")  # the one with the higher id is there before
    houses.agree()
    assert [houses.north.read(Patient, key).phone_owner_id for key in people] == [None, people[0]]


def test_22_one_line_dispensed_twice_is_a_task_and_both_stand(houses: Houses) -> None:
    """Each counter hands out all that it sees owed: from its own stock, on its own day, on a bill of its own clinic."""
    medicine_id = houses.main.medicines["Paracetamol 500"]
    prescription_id = houses.main.room.active(line(medicine_id))
    houses.chain.settle()
    (item,) = all_rows(houses.main.db, PrescriptionItem, PrescriptionItem.prescription_id == prescription_id)
    given = [dispense(house.room, prescription_id) for house in (houses.main, houses.north)]
    assert [one.owed for one in given] == [0, 0]
    houses.agree()
    assert houses.north.read(PrescriptionItem, item.id).quantity_dispensed == 2 * item.quantity
    assert houses.main.read(Prescription, prescription_id).status is PrescriptionStatus.DISPENSED
    (task,) = conflicts(houses, ConflictKind.OVERDISPENSED)
    assert task.entity_id == item.id
    for house, stock, row in zip((houses.main, houses.north), (240, 100), given, strict=True):
        assert house.read(Dispensing, row.dispensing_id).clinic_id == house.room.world.clinic_id
        (handed,) = all_rows(houses.central, DispensingItem, DispensingItem.dispensing_id == row.dispensing_id)
        (charged,) = all_rows(houses.central, InvoiceItem, InvoiceItem.source_id == handed.id)
        assert row_of(houses.central, Invoice, charged.invoice_id).clinic_id == house.room.world.clinic_id
        assert row_of(houses.central, Batch, handed.batch_id).quantity_on_hand == stock - item.quantity


def test_23_two_cashiers_take_the_money_of_one_invoice(houses: Houses) -> None:
    """Each by its own till, day and number; what was too much goes back where it was taken."""
    visit_id, invoice_id = houses.bill(known_patient(houses))
    for house in (houses.main, houses.north):
        tender, key = Tender(PaymentMethod.CASH, money(600)), new_id()
        for _ in range(2):  # 24: the second click, or the request sent again
            house.run("cashier", billing.take_payment, key=key, invoice_id=invoice_id, tenders=(tender,))
    houses.agree()
    invoice = houses.north.read(Invoice, invoice_id)
    assert (invoice.paid, invoice.balance, invoice.status.value) == (money(1200), money(-600), "PAID")
    paid = {one.clinic_id: one for one in all_rows(houses.main.db, Payment)}
    assert len({one.receipt_number for one in paid.values()}) == 2
    (task,) = conflicts(houses, ConflictKind.OVERPAID)
    assert task.entity_id == invoice_id
    for house in (houses.main, houses.north):  # one person, with a till open in either house
        world = house.room.world
        with house.db.read() as session:
            till = queries.till(session, world.users["cashier"], world.clinic_id)
        assert till is not None
        assert till.cash_in == money(600)
    assert houses.north.read(Visit, visit_id).status is VisitStatus.COMPLETED
    here, there = (paid[house.room.world.clinic_id] for house in (houses.north, houses.main))
    ask = {"key": new_id(), "amount": money(600), "reason": "paid twice"}
    with pytest.raises(TakenElsewhere) as refused:
        houses.north.run("cashier", billing.refund, payment_id=there.id, **ask)
    assert refused.value.params == {"clinic": "Main Clinic"}
    houses.north.run("cashier", billing.refund, payment_id=here.id, **ask)
    houses.agree()
    assert [one.clinic_id for one in all_rows(houses.central, Refund)] == [here.clinic_id]
    assert (houses.main.read(Invoice, invoice_id).balance, houses.main.read(Visit, visit_id).status.value) == (money(0), "COMPLETED")


def test_23_two_parts_of_one_invoice_make_it_paid(houses: Houses) -> None:
    visit_id, invoice_id = houses.bill(known_patient(houses))
    for house in (houses.main, houses.north):
        tender = Tender(PaymentMethod.CASH, money(300))
        house.run("cashier", billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=(tender,))
    houses.agree()
    invoice = houses.north.read(Invoice, invoice_id)
    assert (invoice.balance, invoice.status.value) == (money(0), "PAID")
    assert houses.main.read(Visit, visit_id).status is VisitStatus.COMPLETED  # neither house saw the whole


def test_37_rows_of_another_house_are_refused_and_told(houses: Houses, clock: FrozenClock) -> None:
    patient_id = known_patient(houses)
    visit_id = houses.main.room.visit(patient_id)
    houses.chain.settle()
    houses.north.write(Visit, visit_id, planned_at=clock.now + timedelta(days=1))
    houses.chain.sync("NORTH")
    (parked,) = waiting(houses.central)
    assert (parked.reason, parked.site_id) == ("not_owner", caller(houses.north.db).site_id)
    assert row_of(houses.central, Visit, visit_id).planned_at == houses.main.read(Visit, visit_id).planned_at


def test_37_shared_data_is_refused_where_it_is_not_kept(houses: Houses) -> None:
    with houses.north.db.write(houses.north.room.world.system()) as tx:
        tx.command = "sync.forged"  # the program itself refuses it before
        tx.add(Specialty(name="Sorcery", is_active=True))
    houses.chain.sync("NORTH")
    assert [one.reason for one in waiting(houses.central)] == ["not_keeper"]
