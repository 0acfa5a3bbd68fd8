"""Copies of a LAN clinic on its computers: kept, worked on while the server is away, and handed over, through real commands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.models import Invoice, Payment
from clinic_desktop.clinic.billing.rules import PaymentMethod, Tender
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.models import QueueEntry
from clinic_desktop.clinic.messages.delivery import deliver_due
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import CopySendsNothing
from clinic_desktop.clinic.messages.ways import SMS_URL
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.models import Holiday
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.models import Patient, PatientConsent, PatientIdentifier
from clinic_desktop.clinic.patients.rules import ConsentType, Gender
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.clinic.stock.models import Batch, StockMovement
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.mending import ConflictKind
from clinic_desktop.kernel.sharing import CopyOnly, NotWhileDetached
from clinic_desktop.sync import replicas, returning
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.models import THE_ONE, SyncService
from clinic_desktop.sync.replicas import NotHandedOver
from clinic_desktop.sync.standing import standing
from tests.clinic.clinical.room import line
from tests.clinic.pharmacy.counter import dispense
from tests.clinic.world import money
from tests.conftest import FrozenClock
from tests.sync.chain import state_of
from tests.sync.copied import Lan
from tests.sync.houses import ON_FILES, House, Houses, all_rows, broken, waiting

load_checks()


@pytest.fixture
def lan(houses: Houses, tmp_path: Path) -> Lan:
    """A LAN in a chain, with a service."""
    houses.main.db.vault.data_key = bytes(32)
    with houses.main.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(insert(SyncService).values(id=THE_ONE, port=8444, pin=b"pin", seen_at=houses.main.db.clock()))
    return Lan(houses, tmp_path)


@pytest.fixture
def pcs(lan: Lan, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[House, House]]:
    """Two computers with a complete copy."""
    made = [lan.house(lan.keep(monkeypatch, name)) for name in ("pc-1", "pc-2")]
    yield made[0], made[1]
    for one in made:
        one.db.close()


@pytest.fixture
def pc(lan: Lan, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A computer with a complete copy."""
    made = lan.house(lan.keep(monkeypatch, "pc-1"))
    yield made
    made.db.close()


def draft_of(house: House, visit_id: UUID) -> UUID:
    (found,) = all_rows(house.db, Invoice, Invoice.visit_id == visit_id)
    key: UUID = found.id
    return key


def open_till(house: House) -> None:
    """The cashier's drawer, with ten notes of a hundred."""
    house.run("cashier", billing.open_till, key=new_id(), clinic_id=house.room.world.clinic_id, opening_float=money(1000))


def live(house: House) -> UUID:
    """A patient comes, is seen, gets twenty tablets of the first batch, and pays."""
    visit_id = house.room.visit()
    saved = house.room.prescribe(visit_id, line(house.medicines["Paracetamol 500"]))
    house.room.sign(visit_id)
    dispense(house.room, saved.prescription_id)
    house.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=draft_of(house, visit_id))
    tender = Tender(PaymentMethod.CASH, house.read(Invoice, draft_of(house, visit_id)).total)
    house.run("cashier", billing.take_payment, key=new_id(), visit_id=visit_id, tenders=(tender,))
    return visit_id


def test_work_of_server_and_two_computers_away_from_it_comes_together(lan: Lan, pcs: tuple[House, House], clock: FrozenClock) -> None:
    main = lan.houses.main
    open_till(main)
    batches = {one.id: one.quantity_on_hand for one in all_rows(main.db, Batch)}
    for pc in pcs:
        lan.feed(pc)
        replicas.detach(pc.db, pc.room.world.actor("receptionist"))
        open_till(pc)
    clock.advance(minutes=5)
    for house in (main, *pcs, pcs[0]):
        live(house)
        clock.advance(minutes=1)
    assert [one.patient_number for one in all_rows(pcs[0].db, Patient)][-2:] == ["PAT-D1-2026-00001", "PAT-D1-2026-00002"]
    for pc in pcs:
        assert lan.hand_over(pc).parked == 0
    for pc in pcs:
        lan.feed(pc)
    lan.houses.agree()
    assert [state_of(pc.db) for pc in pcs] == [state_of(main.db)] * 2
    assert broken(main.db) == []
    numbers = [one.patient_number for one in all_rows(lan.houses.central, Patient)]
    assert {"PAT-D1-2026-00001", "PAT-D1-2026-00002", "PAT-D2-2026-00001"} <= set(numbers)
    assert len(set(numbers)) == len(numbers)
    given = sum(batches.values()) - sum(one.quantity_on_hand for one in all_rows(lan.houses.central, Batch) if one.id in batches)
    assert given == -sum(one.quantity for one in all_rows(main.db, StockMovement) if one.batch_id in batches and one.quantity < 0) == 4 * 10
    assert sorted(one.queue_number for one in all_rows(main.db, QueueEntry)) == [1, 1001, 1002, 2001]
    assert len(all_rows(lan.houses.central, Payment)) == 4


def test_more_given_out_than_there_was_is_counted_right_and_a_task(lan: Lan, pc: House, clock: FrozenClock) -> None:
    main = lan.houses.main
    medicine_id = main.medicines["Paracetamol 500"]
    lan.feed(pc)
    replicas.detach(pc.db, pc.room.world.actor("pharmacist"))
    for house, days in ((main, 110), (pc, 20), (pc, 5)):  # 220 and 50 of 240
        clock.advance(minutes=1)
        dispense(house.room, house.room.active(line(medicine_id, duration_days=days), override_reason="all of it"))
    lan.hand_over(pc)
    lan.feed(pc)
    lan.houses.agree()
    assert state_of(pc.db) == state_of(main.db)
    (task,) = all_rows(main.db, SyncConflict, SyncConflict.kind == ConflictKind.OVERSOLD)
    assert '"missing":30' in task.kept_value
    batch = main.read(Batch, task.entity_id)
    moved = [one.quantity for one in all_rows(main.db, StockMovement, StockMovement.batch_id == batch.id)]
    assert (batch.quantity_on_hand, sum(moved), moved[-1]) == (0, 0, 30)


@ON_FILES
def test_nobody_works_on_a_copy_before_it_is_detached_nor_does_what_is_the_servers(lan: Lan, pc: House) -> None:
    main = lan.houses.main
    clinic_id = main.room.world.clinic_id
    with pytest.raises(CopyOnly):
        pc.register("Asha")
    replicas.detach(pc.db, pc.room.world.actor("receptionist"))
    pc.register("Asha")
    day = {"clinic_id": clinic_id, "day": main.db.clock().date(), "name": "Strike"}
    with pytest.raises(NotWhileDetached) as refused:
        pc.run("admin", organisation.add_holiday, **day)
    assert refused.value.params == {"table": Holiday.__tablename__}
    item_id = all_rows(pc.db, Batch)[0].item_id
    with pytest.raises(NotWhileDetached):
        pc.room.shelf.receive(item_id, 5, number="B1")
    with pytest.raises(NotWhileDetached), pc.db.write(pc.room.world.system()) as tx:
        tx.command = "test.price"
        tx.session.get_one(Batch, all_rows(pc.db, Batch)[0].id).status_reason = "mine"
    with pytest.raises(NotHandedOver):
        returning.attach(pc.db)
    lan.hand_over(pc)
    with pytest.raises(CopyOnly):
        pc.register("Usha")
    assert replicas.replica_for(f"sqlite:///{main.db.address.file}") is not None


@ON_FILES
def test_a_load_that_was_cut_goes_on_and_a_copy_that_is_turned_off_is_refused(
    lan: Lan, monkeypatch: pytest.MonkeyPatch, clock: FrozenClock
) -> None:
    """Whoever shares a telephone comes in the same page as the one whose it is."""
    main, stop, seen = lan.houses.main, Event(), []
    mother = main.register("Asha", phone="9876543210")
    main.register("Ravi", phone="9876543210", phone_owner_id=mother)

    def cut(progress: Any) -> None:
        seen.append(progress.tables)
        if progress.tables >= 30:
            stop.set()

    with pytest.raises(Offline):
        lan.keep(monkeypatch, "pc-1", told=cut, ended=stop)
    half = replicas.kept(lan.db)
    assert half is not None
    assert (half.code, half.is_complete) == ("D1", False)
    told: list[int] = []
    kept = lan.keep(monkeypatch, "pc-1", told=lambda progress: told.append(progress.rows))
    assert kept.is_complete
    assert kept.since == half.since
    assert kept.size > 100_000
    pc = lan.house(kept)
    replicas.detach(pc.db, pc.room.world.actor("receptionist"))
    pc.register("Asha")
    assert standing(pc.db).unsent == 2
    pc.db.close()
    with pytest.raises(NotHandedOver):
        replicas.forget(lan.db, lan.boss, kept=kept)
    pc = lan.house(kept)
    replicas.forget(lan.db, lan.boss, kept=kept, anyway=True)
    assert replicas.kept(lan.db) is None
    with pytest.raises(Refused, match="revoked"):
        lan.feed(pc)
    pc.db.close()
    assert lan.keep(monkeypatch, "pc-1").code == "D2"


@ON_FILES
def test_who_was_at_work_goes_on_without_a_password(lan: Lan, pc: House) -> None:
    who = lan.houses.main.room.world.actor("receptionist")
    assert who.user_id is not None
    replicas.detach(pc.db, who)
    assert replicas.go_on(pc.db, who) is None  # a first password has to be chosen
    lan.houses.main.write(User, who.user_id, must_change_password=False)
    lan.feed(pc)
    actor = replicas.go_on(pc.db, who)
    assert actor is not None
    assert (actor.user_id, actor.permissions, actor.clinic_id) == (who.user_id, who.permissions, who.clinic_id)
    with pytest.raises(ClinicError):
        log_in(pc.db, "receptionist", "wrong", clinic_id=who.clinic_id, workstation_id=None)


@ON_FILES
def test_what_both_edited_or_one_deleted_meanwhile_is_a_task_and_the_chain_hears_of_all(lan: Lan, pc: House) -> None:
    """A copy's edits are the LAN's own towards central, and central's word on them comes back as far as the copy."""
    main = lan.houses.main
    patient_id = main.register("Asha")
    with main.db.write(main.room.world.system()) as tx:
        tx.command = "test.identify"
        row = tx.add(PatientIdentifier(patient_id=patient_id, system="old register", value="4711"))
        signed = {"type": ConsentType.TREATMENT, "template_version": "1", "signed_at": tx.now, "witness": "Ila Rao"}
        consent = tx.add(PatientConsent(patient_id=patient_id, **signed))
    lan.houses.sync()
    lan.feed(pc)
    replicas.detach(pc.db, pc.room.world.actor("receptionist"))
    pc.write(PatientIdentifier, row.id, value="4712")
    pc.write(PatientConsent, consent.id, withdrawn_at=pc.db.clock())  # nothing else of what was signed can change
    pc.write(Patient, patient_id, remarks="from the copy", city="Pune")
    main.write(Patient, patient_id, remarks="from the server")
    lan.houses.north.write(Patient, patient_id, city="Nashik")
    with main.db.write(main.room.world.system()) as tx:
        tx.command = "test.forget"
        for kind, key in ((PatientIdentifier, row.id), (PatientConsent, consent.id)):
            tx.session.delete(tx.session.get_one(kind, key))
    lan.houses.chain.sync("NORTH")
    assert lan.hand_over(pc).parked == 0
    lan.houses.agree()
    lan.feed(pc)
    assert state_of(pc.db) == state_of(main.db)
    assert main.read(PatientIdentifier, row.id) is None
    asked = {(one.kind, one.field or one.entity_type) for one in all_rows(lan.houses.north.db, SyncConflict)}
    assert asked == {(ConflictKind.FIELD, "remarks"), (ConflictKind.FIELD, "city"), (ConflictKind.DELETED, "patient_consents")}
    assert {one.owner_site_id for one in all_rows(main.db, SyncConflict)} == {None}
    assert waiting(main.db) == waiting(pc.db) == []


def test_patients_are_told_once_by_the_server_of_what_was_done_away_from_it(lan: Lan, pc: House, clock: FrozenClock) -> None:
    main, received = lan.houses.main, list[str]()
    main.db.run(main.room.world.system(), set_setting, key=SMS_URL.key, value="https://texts.example/send")
    known = main.run("receptionist", register_patient, key=new_id(), clinic_id=main.room.world.clinic_id, **_with_phone("Asha"))
    at_main = _book(main, known.id, days=3)
    phone = SimpleNamespace(send=lambda message: received.append(message.body) or "taken")
    assert deliver_due(main.db, phone).sent == 1
    lan.feed(pc)
    replicas.detach(pc.db, pc.room.world.actor("receptionist"))
    clock.advance(minutes=5)
    moved = pc.room.world.db.clock() + timedelta(days=4)
    pc.run("receptionist", frontdesk.move, appointment_id=at_main, start=moved.replace(hour=6, minute=0, second=0, microsecond=0))
    new = pc.run("receptionist", register_patient, key=new_id(), clinic_id=pc.room.world.clinic_id, **_with_phone("Ravi"))
    _book(pc, new.id, days=3)
    with pytest.raises(CopySendsNothing):
        deliver_due(pc.db, phone)
    assert all_rows(pc.db, QueuedMessage) == []
    for _again in range(2):
        lan.hand_over(pc)
        deliver_due(main.db, phone)
    assert [said.partition(":")[2].split(" on ")[0] for said in received] == [
        " Asha has an appointment",
        " the appointment of Asha is now",
        " Ravi has an appointment",
    ]


def _with_phone(name: str) -> dict[str, Any]:
    return {"first_name": name, "gender": Gender.FEMALE, "date_of_birth": date(1990, 1, 1), "phone": f"98765 {sum(map(ord, name)):05}"}


def _book(house: House, patient_id: UUID, *, days: int) -> UUID:
    world = house.room.world
    start = (world.db.clock() + timedelta(days=days)).replace(hour=5, minute=0, second=0, microsecond=0)
    wish = {"clinic_id": world.clinic_id, "doctor_id": world.doctor_id, "service_id": world.services["CONS"], "patient_id": patient_id}
    booked = house.run("receptionist", frontdesk.book, key=new_id(), start=start, **wish)
    key: UUID = booked.appointment_id
    return key
