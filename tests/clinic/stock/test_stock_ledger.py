"""S1 under random histories and under several connections: on hand is the sum of movements and never was below zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.stock import commands
from clinic_desktop.clinic.stock.rules import BatchNotUsable, MovementKind, OutOfStock
from clinic_desktop.kernel.errors import IllegalTransition
from clinic_desktop.kernel.ids import new_id
from tests.clinic.stock.shelf import LATER, Shelf, check_ledger, paise
from tests.clinic.stock.together import at_once
from tests.clinic.world import World, build_world
from tests.conftest import START, FrozenClock
from tests.databases import drop, fresh

ZONE_DAY = date(2026, 3, 2)


@dataclass(slots=True)
class Known:
    """What the model remembers of a batch."""

    quantity: int
    expiry: date
    is_stopped: bool = False


class StockMachine(RuleBasedStateMachine):
    """Random receipts, issues, corrections, recalls and midnights against a model in plain Python."""

    engine: str
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.clock = FrozenClock(START)
        self.db, built = fresh(self.engine, self.folder, self.clock, recipe="world", build=build_world)
        world: World = built.at(self.db)
        self.shelf = Shelf.open(world)
        _, self.item = self.shelf.medicine("Paracetamol 500")
        self.actor = world.actor("inventory_manager")
        self.db.run(world.system(), set_setting, key="stock.adjustment_limit", value=10**9, clinic_id=world.clinic_id)
        self.known: dict[UUID, Known] = {}

    def teardown(self) -> None:
        """Free the database of this run."""
        drop(self.db)

    @property
    def today(self) -> date:
        """The clinic's date: the clock starts at 09:00 and moves by whole days."""
        return ZONE_DAY + timedelta(days=(self.clock.now - START).days)

    def usable(self) -> dict[UUID, Known]:
        """What may be issued, by the model."""
        return {key: one for key, one in self.known.items() if one.quantity and not one.is_stopped and one.expiry >= self.today}

    @rule(number=st.sampled_from("ABC"), days=st.integers(0, 3), quantity=st.integers(1, 9))
    def receive(self, number: str, days: int, quantity: int) -> None:
        expiry = self.today + timedelta(days=days)
        try:
            batch = self.shelf.receive(self.item, quantity, number=number, expiry=expiry)
        except BatchNotUsable:
            assert any(one.is_stopped and one.expiry == expiry for one in self.known.values())
            return
        known = self.known.setdefault(batch, Known(0, expiry))
        known.quantity += quantity

    @rule(quantity=st.integers(1, 15))
    def issue(self, quantity: int) -> None:
        usable = self.usable()
        available = sum(one.quantity for one in usable.values())
        if available < quantity:
            with pytest.raises(OutOfStock) as refusal:
                self.shelf.issue(self.item, quantity)
            assert refusal.value.params["available"] == available
            return
        picks = self.shelf.issue(self.item, quantity)
        assert sum(pick.quantity for pick in picks) == quantity
        expiries = [usable[pick.batch_id].expiry for pick in picks]
        assert expiries == sorted(expiries)
        for pick in picks:
            self.known[pick.batch_id].quantity -= pick.quantity

    @precondition(lambda self: self.known)
    @rule(data=st.data(), quantity=st.integers(-6, 6).filter(bool))
    def adjust(self, data: st.DataObject, quantity: int) -> None:
        batch = data.draw(st.sampled_from(sorted(self.known)))
        lines = (commands.AdjustmentLine(batch, quantity),)
        where = self.shelf.location_id
        known = self.known[batch]

        def adjust() -> None:
            self.db.run(self.actor, commands.adjust_stock, key=new_id(), location_id=where, reason="Count", lines=lines)

        if known.quantity + quantity < 0:
            with pytest.raises(OutOfStock):
                adjust()
        else:
            adjust()
            known.quantity += quantity

    @precondition(lambda self: any(one.expiry < self.today and one.quantity for one in self.known.values()))
    @rule(data=st.data())
    def write_off_expired(self, data: st.DataObject) -> None:
        old = sorted(key for key, one in self.known.items() if one.expiry < self.today and one.quantity)
        batch = data.draw(st.sampled_from(old))
        taken = self.db.run(self.actor, commands.write_off, key=new_id(), batch_id=batch, kind=MovementKind.EXPIRED, reason="Old")
        assert taken == self.known[batch].quantity
        self.known[batch].quantity = 0

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def quarantine(self, data: st.DataObject) -> None:
        batch = data.draw(st.sampled_from(sorted(self.known)))
        try:
            self.db.run(self.actor, commands.quarantine_batch, batch_id=batch, reason="Doubt")
        except IllegalTransition:
            return
        self.known[batch].is_stopped = True

    @precondition(lambda self: self.usable())
    @rule(data=st.data(), quantity=st.integers(1, 4), resaleable=st.booleans())
    def come_back(self, data: st.DataObject, quantity: int, resaleable: bool) -> None:
        batch = data.draw(st.sampled_from(sorted(self.usable())))
        reference = commands.Reference("tests", self.item)
        with self.db.write(self.actor) as tx:
            tx.command = "tests.come_back"
            taken = commands.return_stock(
                tx, batch_id=batch, quantity=quantity, resaleable=resaleable, reason="Unopened", reference=reference
            )
        assert (taken == batch) is resaleable
        known = self.known.setdefault(taken, Known(0, self.known[batch].expiry, is_stopped=True))
        known.quantity += quantity

    @rule()
    def midnight(self) -> None:
        self.clock.advance(days=1)

    @invariant()
    def balances_equal_the_model_and_the_ledger(self) -> None:
        check_ledger(self.db)
        for batch, known in self.known.items():
            assert self.shelf.on_hand(batch) == known.quantity


def test_stock_under_random_histories(engine_name: str, tmp_path: Path) -> None:
    machine = type("Machine", (StockMachine,), {"engine": engine_name, "folder": tmp_path})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None),
    )


@pytest.fixture
def shelf(world: World) -> Shelf:
    return Shelf.open(world)


def test_the_last_units_go_to_exactly_one_of_two(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    for number in range(4):
        batch = shelf.receive(item, 5, number=f"B{number}")
        results = at_once([lambda: shelf.issue(item, 5), lambda: shelf.issue(item, 5)])
        assert [type(result) for result in results if isinstance(result, Exception)] == [OutOfStock]
        assert shelf.on_hand(batch) == 0
    check_ledger(shelf.world.db)


def test_many_hands_on_one_batch_lose_nothing(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    batch = shelf.receive(item, 100)
    results = at_once([lambda: shelf.issue(item, 7)] * 4 + [lambda: shelf.receive(item, 3)] * 4)
    assert not [result for result in results if isinstance(result, Exception)]
    assert shelf.on_hand(batch) == 100 - 28 + 12
    assert check_ledger(shelf.world.db) == 9


def test_a_new_batch_received_twice_at_once_is_one_batch(shelf: Shelf) -> None:
    _, item = shelf.medicine("Paracetamol 500")
    results = at_once([lambda: shelf.receive(item, 3)] * 4)
    assert len(set(results)) == 1
    (batch,) = set(results)
    assert isinstance(batch, UUID)
    assert shelf.on_hand(batch) == 12


def test_items_asked_for_in_opposite_orders_do_not_deadlock(shelf: Shelf) -> None:
    (_, one), (_, two) = shelf.medicine("Paracetamol 500"), shelf.medicine("Cetirizine 10")
    for item in (one, two):
        shelf.receive(item, 50)
    lines = [commands.ReceiptLine(item, "B1", LATER, 1, paise(100)) for item in (one, two)]
    actor = shelf.world.actor("pharmacist")

    def receive(order: tuple[commands.ReceiptLine, ...]) -> object:
        return shelf.world.db.run(actor, commands.receive_stock, key=new_id(), location_id=shelf.location_id, lines=order)

    results = at_once([lambda: receive((lines[0], lines[1])), lambda: receive((lines[1], lines[0]))] * 3)
    assert not [result for result in results if isinstance(result, Exception)]
    check_ledger(shelf.world.db)
