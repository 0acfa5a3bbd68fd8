"""What two sites do at once: the failures of SYNC.md by number, through commands of both houses, on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.models import Invoice, Payment
from clinic_desktop.clinic.billing.rules import LineKind, NewLine, PaymentMethod, Tender
from clinic_desktop.clinic.clinical.models import PrescriptionItem
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.patients.models import Patient, PatientConsent, PatientDuplicate, PatientIdentifier, PatientMerge
from clinic_desktop.clinic.patients.rules import ConsentType, PatientStatus, parse_phone
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.staff.models import Specialty
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import head
from clinic_desktop.kernel.mending import ConflictKind
from clinic_desktop.kernel.money import Money
from tests.clinic.clinical.room import line
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
    medicine_id = next(iter(houses.main.medicines.values()))
    prescription_id = houses.main.room.active(line(medicine_id))
    houses.chain.settle()
    (item,) = all_rows(houses.main.db, PrescriptionItem, PrescriptionItem.prescription_id == prescription_id)
    for house in (houses.main, houses.north):
        house.write(PrescriptionItem, item.id, quantity_dispensed=item.quantity)
    houses.agree(but="0 handed out")  # a pharmacy serves its own clinic's prescriptions: here is only what it counts
    assert houses.north.read(PrescriptionItem, item.id).quantity_dispensed == 2 * item.quantity
    (task,) = conflicts(houses, ConflictKind.OVERDISPENSED)
    assert task.entity_id == item.id


def rupees(amount: int) -> Money:
    return Money(amount * 100, "INR")


def test_23_two_cashiers_take_the_money_of_one_invoice(houses: Houses) -> None:
    patient_id = known_patient(houses)
    main, clinic_id = houses.main, houses.main.room.world.clinic_id
    sold = NewLine(LineKind.SERVICE, "services", None, "Dressing", 1, rupees(200))
    invoice_id = main.run("cashier", billing.open_invoice, key=new_id(), clinic_id=clinic_id, patient_id=patient_id, lines=(sold,))
    main.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=invoice_id)
    houses.chain.settle()
    for house in (houses.main, houses.north):
        till = {"clinic_id": house.room.world.clinic_id, "opening_float": rupees(100)}
        house.run("cashier", billing.open_till, key=new_id(), **till)
        tender = Tender(PaymentMethod.CASH, rupees(200))
        key = new_id()
        for _ in range(2):  # 24: the second click, or the request sent again
            house.run("cashier", billing.take_payment, key=key, invoice_id=invoice_id, tenders=(tender,))
    houses.agree()
    invoice = houses.north.read(Invoice, invoice_id)
    assert (invoice.paid, invoice.balance, invoice.status.value) == (rupees(400), rupees(-200), "PAID")
    assert len({one.receipt_number for one in all_rows(houses.main.db, Payment)}) == 2
    (task,) = conflicts(houses, ConflictKind.OVERPAID)
    assert task.entity_id == invoice_id


def test_23_two_parts_of_one_invoice_make_it_paid(houses: Houses) -> None:
    patient_id = known_patient(houses)
    main, clinic_id = houses.main, houses.main.room.world.clinic_id
    sold = NewLine(LineKind.SERVICE, "services", None, "Dressing", 1, rupees(200))
    invoice_id = main.run("cashier", billing.open_invoice, key=new_id(), clinic_id=clinic_id, patient_id=patient_id, lines=(sold,))
    main.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=invoice_id)
    houses.chain.settle()
    for house in (houses.main, houses.north):
        house.run("cashier", billing.open_till, key=new_id(), clinic_id=house.room.world.clinic_id, opening_float=rupees(100))
        house.run("cashier", billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=(Tender(PaymentMethod.CASH, rupees(100)),))
    houses.agree()
    invoice = houses.north.read(Invoice, invoice_id)
    assert (invoice.balance, invoice.status.value) == (rupees(0), "PAID")


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
