"""Dispensing on both engines: FEFO, what is still owed, the invoice, and two pharmacists at once."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from sqlalchemy import event

from clinic_desktop.clinic.clinical.commands import expire_prescriptions
from clinic_desktop.clinic.clinical.queries import prescription
from clinic_desktop.clinic.clinical.rules import NotDispensable, OverDispensed, PrescriptionWarned
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.pharmacy import commands, queries
from clinic_desktop.clinic.pharmacy.rules import BatchReasonNeeded, DispenseLine, StockStatus
from clinic_desktop.clinic.stock import commands as stock
from clinic_desktop.clinic.stock.rules import BatchNotUsable, OutOfStock
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import Room, line
from tests.clinic.pharmacy.counter import dispense, item_ids, medicine_lines, owed
from tests.clinic.stock.shelf import Shelf, check_ledger, paise
from tests.clinic.stock.together import at_once
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.history import entity_history

TODAY = date(2026, 3, 2)


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


def test_all_that_is_owed_goes_out_by_expiry_and_onto_the_invoice(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500", tax_configuration_id=room.world.taxes["GST 5 %"])
    soon = room.shelf.receive(item, 4, number="SOON", expiry=date(2026, 5, 31), price=paise(300))
    late = room.shelf.receive(item, 50, number="LATE")
    waiting = room.active(line(medicine))
    with room.world.db.read() as session:
        (work,) = queries.worklist(session, room.world.clinic_id, TODAY)
        (plan,) = queries.pick_plan(session, waiting, room.shelf.location_id, now=room.world.db.clock())
        assert queries.usual_location(session, clinic_id=room.world.clinic_id) is None
    assert (work.prescription.id, work.owed, work.stock) == (waiting, 10, StockStatus.FULL)
    assert ([(pick.batch_id, pick.quantity) for pick in plan.picks], plan.missing) == ([(soon, 4), (late, 6)], 0)
    row = dispense(room, waiting)
    assert (row.total, row.owed, row.status) == (paise(4 * 300 + 6 * 250), 0, "DISPENSED")
    assert (room.shelf.on_hand(soon), room.shelf.on_hand(late)) == (0, 44)
    assert medicine_lines(room) == [("Paracetamol 500 [SOON]", 4, 300, 60, 1260), ("Paracetamol 500 [LATE]", 6, 250, 75, 1575)]
    with room.world.db.read() as session:
        assert queries.worklist(session, room.world.clinic_id, TODAY) == []
        (document,) = queries.dispensings(session, prescription_id=waiting)
        assert queries.usual_location(session, clinic_id=room.world.clinic_id) == room.shelf.location_id
    assert [(one.batch_number, one.quantity) for one in document.lines] == [("SOON", 4), ("LATE", 6)]
    check_ledger(room.world.db)


def test_a_part_keeps_what_is_still_owed(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    room.shelf.receive(item, 4)
    waiting = room.active(line(medicine))
    with pytest.raises(OutOfStock) as refusal:
        dispense(room, waiting)
    assert refusal.value.params["available"] == 4
    assert owed(room, waiting) == ("ACTIVE", [10])
    with room.world.db.read() as session:
        (work,) = queries.worklist(session, room.world.clinic_id, TODAY)
        (plan,) = queries.pick_plan(session, waiting, room.shelf.location_id, now=room.world.db.clock())
    assert (work.stock, plan.missing) == (StockStatus.PARTIAL, 6)
    (item_id,) = item_ids(room, waiting)
    assert dispense(room, waiting, DispenseLine(item_id, 4)).owed == 6
    assert owed(room, waiting) == ("PARTIALLY_DISPENSED", [6])
    room.shelf.receive(item, 20)
    assert dispense(room, waiting).owed == 0
    assert owed(room, waiting) == ("DISPENSED", [0])
    with pytest.raises(NotDispensable):
        dispense(room, waiting)


def test_more_than_is_owed_is_refused_also_in_pieces(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    batch = room.shelf.receive(item, 50)
    waiting = room.active(line(medicine))
    (item_id,) = item_ids(room, waiting)
    with pytest.raises(OverDispensed):
        dispense(room, waiting, DispenseLine(item_id, 11))
    with pytest.raises(OverDispensed):
        dispense(room, waiting, DispenseLine(item_id, 6), DispenseLine(item_id, 5))
    with pytest.raises(OverDispensed):
        dispense(room, waiting, DispenseLine(new_id(), 1))
    with pytest.raises(InvalidInput):
        dispense(room, waiting, DispenseLine(item_id, 0))
    assert room.shelf.on_hand(batch) == 50


def test_nothing_goes_out_when_one_item_is_missing(room: Room) -> None:
    (there, item), (missing, _) = room.shelf.medicine("Paracetamol 500"), room.shelf.medicine("Cetirizine 10")
    batch = room.shelf.receive(item, 50)
    waiting = room.active(line(there), line(missing))
    with pytest.raises(OutOfStock):
        dispense(room, waiting)
    assert room.shelf.on_hand(batch) == 50
    assert medicine_lines(room) == []
    assert owed(room, waiting) == ("ACTIVE", [10, 10])


def test_a_double_click_dispenses_once(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    batch = room.shelf.receive(item, 50)
    waiting = room.active(line(medicine))
    (item_id,) = item_ids(room, waiting)
    key, part = new_id(), DispenseLine(item_id, 3)
    assert dispense(room, waiting, part, key=key) == dispense(room, waiting, part, key=key)
    together = new_id()
    results = at_once([lambda: dispense(room, waiting, part, key=together)] * 3)
    assert len({getattr(result, "dispensing_id", result) for result in results}) == 1
    assert room.shelf.on_hand(batch) == 44
    assert len(medicine_lines(room)) == 2


def test_another_batch_than_fefo_needs_a_reason(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    room.shelf.receive(item, 50, number="SOON", expiry=date(2026, 5, 31))
    late = room.shelf.receive(item, 50, number="LATE")
    waiting = room.active(line(medicine))
    (item_id,) = item_ids(room, waiting)
    with pytest.raises(BatchReasonNeeded):
        dispense(room, waiting, DispenseLine(item_id, 5, late))
    dispense(room, waiting, DispenseLine(item_id, 5, late, "Long journey"), DispenseLine(item_id, 1))
    assert room.shelf.on_hand(late) == 45
    stopped = room.world.actor("pharmacist")
    room.world.db.run(stopped, stock.quarantine_batch, batch_id=late, reason="Doubt")
    with pytest.raises(BatchNotUsable):
        dispense(room, waiting, DispenseLine(item_id, 1, late, "Long journey"))


def test_stock_that_expires_at_midnight_is_not_dispensed_after_it(room: Room, clock: FrozenClock) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    batch = room.shelf.receive(item, 50, expiry=TODAY)
    waiting = room.active(line(medicine))
    (item_id,) = item_ids(room, waiting)
    clock.advance(hours=14, minutes=59)
    dispense(room, waiting, DispenseLine(item_id, 1))
    clock.advance(minutes=1)
    with pytest.raises(OutOfStock):
        dispense(room, waiting, DispenseLine(item_id, 1))
    assert room.shelf.on_hand(batch) == 49


def test_a_prescription_runs_out_after_its_days(room: Room, clock: FrozenClock) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    room.shelf.receive(item, 50)
    waiting = room.active(line(medicine))
    clock.advance(days=30)
    (item_id,) = item_ids(room, waiting)
    dispense(room, waiting, DispenseLine(item_id, 1))
    clock.advance(days=1)
    with pytest.raises(NotDispensable) as refusal:
        dispense(room, waiting)
    assert refusal.value.params["status"] == "EXPIRED"
    with room.world.db.read() as session:
        assert queries.worklist(session, room.world.clinic_id, date(2026, 4, 2)) == []
    for closed in (1, 0):
        assert room.world.db.run(room.world.actor("pharmacist"), expire_prescriptions, clinic_id=room.world.clinic_id) == closed
    assert owed(room, waiting) == ("EXPIRED", [9])


def test_the_worklist_asks_the_same_few_questions_however_long_it_is(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    room.shelf.receive(item, 15)

    def asked() -> tuple[int, list[StockStatus]]:
        statements: list[str] = []
        event.listen(room.world.db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        with room.world.db.read() as session:
            rows = queries.worklist(session, room.world.clinic_id, TODAY)
        return len([one for one in statements if one.startswith("SELECT")]), [row.stock for row in rows]

    room.active(line(medicine))
    assert asked() == (3, [StockStatus.FULL])
    room.active(line(medicine, duration_days=10))
    room.active(line(medicine))
    assert asked()[0] == 3
    assert asked()[1] == [StockStatus.FULL, StockStatus.PARTIAL, StockStatus.FULL]


def test_a_draft_is_not_dispensed(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    room.shelf.receive(item, 50)
    saved = room.prescribe(room.visit(), line(medicine))
    with pytest.raises(NotDispensable):
        dispense(room, saved.prescription_id)
    with room.world.db.read() as session:
        assert queries.worklist(session, room.world.clinic_id, TODAY) == []


def test_an_allergy_is_checked_again_at_the_counter_and_its_override_logged(room: Room) -> None:
    medicine, item = room.shelf.medicine("Amoxicillin 500")
    room.shelf.receive(item, 50)
    waiting = room.active(line(medicine))
    with room.world.db.read() as session:
        patient_id = prescription(session, waiting).patient_id
    with room.world.db.write(room.world.system()) as tx:
        tx.command = "tests.set_allergies"
        tx.session.get_one(Patient, patient_id).allergies = "penicillin"
    with pytest.raises(PrescriptionWarned):
        dispense(room, waiting)
    dispense(room, waiting, override_reason="Asked the doctor: tolerated before")
    with room.world.db.read() as session:
        notes = [row for row in entity_history(session, "prescriptions", waiting) if row.operation == "N"]
    assert [(note.command, note.changes["reason"]) for note in notes] == [("pharmacy.dispense", "Asked the doctor: tolerated before")]


def test_only_pharmacists_dispense(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    batch = room.shelf.receive(item, 50)
    waiting, db = room.active(line(medicine)), room.world.db
    for role in ("doctor", "cashier", "receptionist"):
        with pytest.raises(PermissionDenied):
            where = room.shelf.location_id
            db.run(room.world.actor(role), commands.dispense, key=new_id(), prescription_id=waiting, location_id=where)
    assert room.shelf.on_hand(batch) == 50


def test_two_pharmacists_and_the_last_stock(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    for number in range(3):
        batch = room.shelf.receive(item, 10, number=f"B{number}")
        rivals = [room.active(line(medicine)) for _ in range(2)]
        results = at_once([partial(dispense, room, rival) for rival in rivals])
        assert [type(result) for result in results if isinstance(result, Exception)] == [OutOfStock]
        assert room.shelf.on_hand(batch) == 0
        assert sorted(owed(room, rival)[1] for rival in rivals) == [[0], [10]]
    assert sum(quantity for _, quantity, *_ in medicine_lines(room)) == 30
    check_ledger(room.world.db)


def test_one_prescription_dispensed_by_several_at_once_never_exceeds_what_is_owed(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    batch = room.shelf.receive(item, 100)
    waiting = room.active(line(medicine))
    (item_id,) = item_ids(room, waiting)
    results = at_once([lambda: dispense(room, waiting, DispenseLine(item_id, 4))] * 4)
    losers = [type(result) for result in results if isinstance(result, Exception)]
    assert losers == [OverDispensed, OverDispensed]
    assert (room.shelf.on_hand(batch), owed(room, waiting)) == (92, ("PARTIALLY_DISPENSED", [2]))
    assert sum(quantity for _, quantity, *_ in medicine_lines(room)) == 8


def test_a_scanned_number_finds_its_prescription_once_it_is_signed(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500", barcode="8901234567894")
    room.shelf.receive(item, 40, price=paise(300))
    waiting = room.active(line(medicine))
    room.prescribe(room.visit(), line(medicine))
    with room.world.db.read() as session:
        (found,) = queries.numbered(session, " rx-2026-00001", clinic_id=room.world.clinic_id)
        assert [row.id for row in queries.numbered(session, "RX-", clinic_id=room.world.clinic_id)] == [waiting]
        assert queries.numbered(session, "", clinic_id=room.world.clinic_id) == []
        (plan,) = queries.pick_plan(session, waiting, room.shelf.location_id, now=room.world.db.clock())
    assert (found.id, found.activated_at) == (waiting, room.world.db.clock())
    assert (plan.item_id, plan.barcode, [pick.price for pick in plan.picks]) == (item, "8901234567894", [paise(300)])
