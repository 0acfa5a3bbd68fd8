"""Receiving, issuing, correcting and stopping stock on both engines."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.stock import commands, queries
from clinic_desktop.clinic.stock.events import StockMoved, StockRanLow
from clinic_desktop.clinic.stock.rules import AboveLimit, BatchNotUsable, BatchStatus, MovementKind, OutOfStock, SecondPersonNeeded
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.stock.shelf import LATER, Shelf, check_ledger, paise
from tests.clinic.world import World
from tests.conftest import FrozenClock


@pytest.fixture
def shelf(world: World) -> Shelf:
    return Shelf.open(world)


def test_receiving_the_same_batch_twice_makes_it_larger(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    first = shelf.receive(item, 10, number="b1")
    again = shelf.receive(item, 5, number=" B1 ")
    other = shelf.receive(item, 5, number="B1", expiry=date(2027, 7, 31))
    assert first == again != other
    assert shelf.on_hand(first) == 15
    assert [(row.previous_stock, row.quantity, row.new_stock) for row in shelf.moved(first)] == [(0, 10, 10), (10, 5, 15)]
    assert check_ledger(shelf.world.db) == 3


def test_one_receipt_may_name_a_batch_twice(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    line = commands.ReceiptLine(item, "B1", LATER, 4, paise(100))
    actor = shelf.world.actor("inventory_manager")
    row = shelf.world.db.run(actor, commands.receive_stock, key=new_id(), location_id=shelf.location_id, lines=(line, line))
    assert row.batch_ids[0] == row.batch_ids[1]
    assert shelf.on_hand(row.batch_ids[0]) == 8


def test_a_double_click_receives_once(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    key, line = new_id(), commands.ReceiptLine(item, "B1", LATER, 4, paise(100))
    actor = shelf.world.actor("pharmacist")
    rows = [shelf.world.db.run(actor, commands.receive_stock, key=key, location_id=shelf.location_id, lines=(line,)) for _ in range(2)]
    assert rows[0] == rows[1]
    assert shelf.on_hand(rows[0].batch_ids[0]) == 4


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ({"quantity": 0}, "quantity", "out_of_range"),
        ({"expiry": None}, "expiry", "required"),
        ({"expiry": date(2026, 3, 1)}, "expiry", "expired"),
        ({"batch_number": " "}, "batch_number", "required"),
        ({"unit_cost": paise(-1)}, "unit_cost", "negative"),
    ],
)
def test_receipts_that_cannot_be_true_are_refused(shelf: Shelf, line: dict[str, object], field: str, reason: str) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    values = {"item_id": item, "batch_number": "B1", "expiry": LATER, "quantity": 1, "unit_cost": paise(1), **line}
    wrong = commands.ReceiptLine(**values)  # type: ignore[arg-type]
    actor = shelf.world.actor("pharmacist")
    with pytest.raises(InvalidInput) as refusal:
        shelf.world.db.run(actor, commands.receive_stock, key=new_id(), location_id=shelf.location_id, lines=(wrong,))
    assert (refusal.value.field, refusal.value.reason) == (field, reason)
    assert check_ledger(shelf.world.db) == 0


def test_issuing_takes_the_batch_that_expires_first(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    late = shelf.receive(item, 10, number="LATE", expiry=date(2028, 1, 31))
    soon = shelf.receive(item, 6, number="SOON", expiry=date(2026, 4, 30), price=paise(300))
    picks = shelf.issue(item, 8)
    assert [(pick.batch_id, pick.quantity, pick.unit_price) for pick in picks] == [(soon, 6, paise(300)), (late, 2, paise(250))]
    assert (shelf.on_hand(soon), shelf.on_hand(late)) == (0, 8)
    assert shelf.moved(late)[-1].quantity == -2


def test_too_much_is_refused_with_what_is_there_and_nothing_moves(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    shelf.receive(item, 6)
    with pytest.raises(OutOfStock) as refusal:
        shelf.issue(item, 7)
    assert refusal.value.params == {"item_id": item, "wanted": 7, "available": 6}
    assert check_ledger(shelf.world.db) == 1


def test_at_midnight_of_the_clinic_the_batch_expires(shelf: Shelf, clock: FrozenClock) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    batch = shelf.receive(item, 5, expiry=date(2026, 3, 2))
    clock.advance(hours=14, minutes=59)  # 23:59 in Kolkata, 18:29 UTC
    assert shelf.issue(item, 1)[0].batch_id == batch
    clock.advance(minutes=1)
    with pytest.raises(OutOfStock) as refusal:
        shelf.issue(item, 1)
    assert refusal.value.params["available"] == 0
    with pytest.raises(BatchNotUsable):
        shelf.issue(item, 1, batch_id=batch)
    with shelf.world.db.read() as session:
        (row,) = queries.stock_on_hand(session, location_id=shelf.location_id, now=clock.now)
    assert (row.on_hand, row.usable) == (4, 0)


def test_a_clock_set_back_keeps_the_ledger_in_order(shelf: Shelf, clock: FrozenClock) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    shelf.receive(item, 5)
    clock.advance(hours=-2)
    shelf.issue(item, 5)
    assert check_ledger(shelf.world.db) == 2


def test_recalled_and_quarantined_batches_are_not_issued(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    held, stopped, good = (shelf.receive(item, 5, number=number) for number in ("HELD", "STOPPED", "GOOD"))
    world, actor = shelf.world, shelf.world.actor("pharmacist")
    world.db.run(actor, commands.quarantine_batch, batch_id=held, reason="Colour changed")
    assert world.db.run(actor, commands.recall_batch, item_id=item, batch_number="stopped", reason="Maker's notice 7") == 1
    assert [pick.batch_id for pick in shelf.issue(item, 5)] == [good]
    with pytest.raises(OutOfStock):
        shelf.issue(item, 1)
    world.db.run(actor, commands.release_batch, batch_id=held, reason="Checked")
    assert [pick.batch_id for pick in shelf.issue(item, 5)] == [held]
    with pytest.raises(IllegalTransition):
        world.db.run(actor, commands.release_batch, batch_id=stopped, reason="Looks fine")
    with pytest.raises(BatchNotUsable):
        shelf.receive(item, 1, number="STOPPED")


def test_small_adjustments_are_posted_at_once(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    batch = shelf.receive(item, 10)
    lines = (commands.AdjustmentLine(batch, -2), commands.AdjustmentLine(batch, -1))
    actor = shelf.world.actor("pharmacist")
    run = shelf.world.db.run
    row = run(actor, commands.adjust_stock, key=new_id(), location_id=shelf.location_id, reason="Broken", lines=lines)
    assert (row.status, row.value, shelf.on_hand(batch)) == ("POSTED", paise(450), 7)
    with pytest.raises(OutOfStock):
        many = (commands.AdjustmentLine(batch, -8),)
        run(actor, commands.adjust_stock, key=new_id(), location_id=shelf.location_id, reason="Broken", lines=many)
    assert shelf.on_hand(batch) == 7


def test_large_adjustments_wait_for_a_second_person(shelf: Shelf) -> None:
    world = shelf.world
    _, item = shelf.medicine("Paracetamol 500")
    batch = shelf.receive(item, 10)
    world.db.run(world.system(), set_setting, key="stock.adjustment_limit", value=1000, clinic_id=world.clinic_id)
    asker, lines = world.actor("inventory_manager"), (commands.AdjustmentLine(batch, 7),)
    row = world.db.run(asker, commands.adjust_stock, key=new_id(), location_id=shelf.location_id, reason="Found", lines=lines)
    assert (row.status, shelf.on_hand(batch)) == ("PENDING", 10)
    with pytest.raises(SecondPersonNeeded):
        world.db.run(asker, commands.approve_adjustment, adjustment_id=row.id)
    with pytest.raises(AboveLimit):
        write_off = commands.write_off
        world.db.run(asker, write_off, key=new_id(), batch_id=batch, kind=MovementKind.DAMAGED, reason="Wet", quantity=7)
    world.db.run(world.actor("admin"), commands.approve_adjustment, adjustment_id=row.id)
    assert shelf.on_hand(batch) == 17
    with pytest.raises(IllegalTransition):
        world.db.run(world.actor("admin"), commands.approve_adjustment, adjustment_id=row.id)
    assert check_ledger(world.db) == 2


def test_writing_off_expired_stock(shelf: Shelf, clock: FrozenClock) -> None:
    world, actor = shelf.world, shelf.world.actor("pharmacist")
    _, item = shelf.medicine("Paracetamol 500")
    batch = shelf.receive(item, 10, expiry=date(2026, 3, 2))
    with pytest.raises(InvalidInput):
        world.db.run(actor, commands.write_off, key=new_id(), batch_id=batch, kind=MovementKind.EXPIRED, reason="Old")
    clock.advance(days=1)
    assert world.db.run(actor, commands.write_off, key=new_id(), batch_id=batch, kind=MovementKind.EXPIRED, reason="Old") == 10
    with world.db.read() as session:
        (row,) = queries.batches(session, item_id=item, with_empty=True)
    assert (row.quantity_on_hand, row.status) == (0, BatchStatus.EXPIRED)


def test_crossing_the_minimum_is_told_once(shelf: Shelf, clock: FrozenClock) -> None:
    _, item = shelf.medicine("Paracetamol 500", min_stock=5)
    shelf.receive(item, 7)
    told: list[object] = []
    shelf.world.db.subscribe(told.extend)
    for _ in range(4):
        shelf.issue(item, 1)
    assert [event for event in told if isinstance(event, StockRanLow)] == [StockRanLow(shelf.location_id, item, 4, 5)]
    assert sum(isinstance(event, StockMoved) for event in told) == 4
    with shelf.world.db.read() as session:
        assert [row.item_id for row in queries.low_stock(session, location_id=shelf.location_id, now=clock.now)] == [item]


def test_medicines_are_found_by_name_generic_name_and_code(shelf: Shelf) -> None:
    _, item = shelf.medicine("Calpol 500", generic_name="Paracetamol")
    shelf.medicine("Crocin Pain", ingredients="Paracetamol, Caffeine")
    other, _ = shelf.medicine("Amoxil 250", generic_name="Amoxicillin")
    shelf.receive(item, 12)
    shelf.receive(item, 3, number="OLD", expiry=date(2026, 3, 2))

    def found(words: str, day: date | None = date(2026, 3, 3)) -> list[tuple[str, int]]:
        with shelf.world.db.read() as session:
            return [(hit.name, hit.on_hand) for hit in queries.medicine_hits(session, words, day=day)]

    assert found("parac") == [("Calpol 500", 12), ("Crocin Pain", 0)]
    assert found("CALPOL-5", day=None) == [("Calpol 500", 15)]
    assert found("caff parac") == [("Crocin Pain", 0)]
    assert found("  ") == found("zzz") == found("100%") == []
    world = shelf.world
    with world.db.read() as session:
        amoxil = queries.medicine_hits(session, "moxi")[0]
    assert amoxil.medicine_id == other
    world.db.run(world.actor("pharmacist"), commands.deactivate_item, item_id=amoxil.item_id)
    assert found("moxi") == []


def test_codes_and_locations_are_unique(shelf: Shelf) -> None:
    shelf.medicine("Paracetamol 500")
    with pytest.raises(AlreadyExists):
        shelf.medicine("Paracetamol 500")
    with pytest.raises(AlreadyExists):
        Shelf.open(shelf.world)


def test_a_receptionist_may_not_touch_stock(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    batch = shelf.receive(item, 3)
    db, actor = shelf.world.db, shelf.world.actor("receptionist")
    line = commands.ReceiptLine(item, "B1", LATER, 4, paise(100))
    with pytest.raises(PermissionDenied):
        db.run(actor, commands.receive_stock, key=new_id(), location_id=shelf.location_id, lines=(line,))
    with pytest.raises(PermissionDenied):
        db.run(actor, commands.quarantine_batch, batch_id=batch, reason="No")
    with pytest.raises(PermissionDenied):
        db.run(shelf.world.actor("pharmacist"), commands.approve_adjustment, adjustment_id=new_id())
    assert shelf.on_hand(batch) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE medicine_batches SET quantity_on_hand = -1",
        "UPDATE stock_movements SET quantity = 4, new_stock = 4",
        "DELETE FROM stock_movements",
        "INSERT INTO stock_movements SELECT * FROM stock_movements",
        "UPDATE inventory_items SET min_stock = 5, max_stock = 4",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(shelf: Shelf, statement: str) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    batch: UUID = shelf.receive(item, 3)
    with pytest.raises(DBAPIError), shelf.world.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(text(statement))
    assert shelf.on_hand(batch) == 3
    assert check_ledger(shelf.world.db) == 1
