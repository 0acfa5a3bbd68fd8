"""Which batches are picked, in which order, and when none may be."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.stock.rules import (
    BatchNotUsable,
    BatchStatus,
    BatchStock,
    OutOfStock,
    Want,
    ingredient_names,
    is_usable,
    pick_all,
    pick_fefo,
    summed,
    summed_lines,
)
from clinic_desktop.kernel.errors import InvalidInput

ITEM = UUID(int=1)
TODAY = date(2026, 3, 2)

batches = st.builds(
    BatchStock,
    id=st.uuids(),
    item_id=st.just(ITEM),
    batch_number=st.text("AB12", min_size=1, max_size=4),
    expiry=st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
    quantity=st.integers(0, 40),
    status=st.sampled_from(BatchStatus),
)
shelves = st.lists(batches, max_size=12, unique_by=lambda batch: batch.id)


@given(shelves, st.integers(1, 120))
def test_fefo_takes_exactly_what_is_wanted_from_usable_batches_in_expiry_order(shelf: list[BatchStock], wanted: int) -> None:
    usable = [batch for batch in shelf if is_usable(batch, TODAY)]
    available = sum(batch.quantity for batch in usable)
    if available < wanted:
        with pytest.raises(OutOfStock) as refusal:
            pick_fefo(shelf, wanted, TODAY, item_id=ITEM)
        assert refusal.value.params["available"] == available
        return
    picks = pick_fefo(shelf, wanted, TODAY, item_id=ITEM)
    assert sum(taken for _, taken in picks) == wanted
    assert all(0 < taken <= batch.quantity for batch, taken in picks)
    assert all(batch.status is BatchStatus.OK and (batch.expiry is None or batch.expiry >= TODAY) for batch, _ in picks)
    order = [(batch.expiry or date.max, batch.id) for batch, _ in picks]
    assert order == sorted(order)
    # Only the last batch may be left with something: earlier ones are emptied, and no skipped batch expires before a picked one.
    assert all(taken == batch.quantity for batch, taken in picks[:-1])
    skipped = [batch for batch in usable if batch.id not in {picked.id for picked, _ in picks}]
    assert all((batch.expiry or date.max, batch.id) > order[-1] for batch in skipped)


@given(shelves, st.lists(st.integers(1, 20), min_size=1, max_size=4))
def test_duplicate_wants_are_checked_as_one(shelf: list[BatchStock], quantities: list[int]) -> None:
    wants = [Want(ITEM, quantity) for quantity in quantities]
    available = sum(batch.quantity for batch in shelf if is_usable(batch, TODAY))
    if sum(quantities) > available:
        with pytest.raises(OutOfStock):
            pick_all(shelf, wants, TODAY)
    else:
        assert sum(taken for _, _, taken in pick_all(shelf, wants, TODAY)) == sum(quantities)


@given(shelves.filter(bool), st.data())
def test_a_chosen_batch_and_fefo_never_take_the_same_units(shelf: list[BatchStock], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(shelf))
    wants = [Want(ITEM, data.draw(st.integers(1, 20))), Want(ITEM, data.draw(st.integers(1, 20)), chosen.id)]
    try:
        picks = pick_all(shelf, wants, TODAY)
    except (OutOfStock, BatchNotUsable):
        return
    taken: dict[UUID, int] = {}
    for _, batch, quantity in picks:
        taken[batch.id] = taken.get(batch.id, 0) + quantity
    on_hand = {batch.id: batch.quantity for batch in shelf}
    assert all(quantity <= on_hand[batch_id] for batch_id, quantity in taken.items())
    assert taken[chosen.id] >= wants[1].quantity


def _batch(number: int, expiry: date | None, quantity: int = 10, status: BatchStatus = BatchStatus.OK) -> BatchStock:
    return BatchStock(UUID(int=number), ITEM, f"B{number}", expiry, quantity, status)


def test_stock_is_good_through_its_expiry_date_and_not_a_day_longer() -> None:
    shelf = [_batch(1, TODAY)]
    assert pick_fefo(shelf, 1, TODAY, item_id=ITEM) == [(shelf[0], 1)]
    with pytest.raises(OutOfStock):
        pick_fefo(shelf, 1, TODAY + timedelta(days=1), item_id=ITEM)


@pytest.mark.parametrize("status", [BatchStatus.QUARANTINE, BatchStatus.RECALLED, BatchStatus.EXPIRED])
def test_a_chosen_batch_that_may_not_be_issued_is_refused_by_name(status: BatchStatus) -> None:
    shelf = [_batch(1, TODAY + timedelta(days=90), status=status), _batch(2, TODAY + timedelta(days=90))]
    with pytest.raises(BatchNotUsable) as refusal:
        pick_all(shelf, [Want(ITEM, 1, shelf[0].id)], TODAY)
    assert refusal.value.params == {"batch_number": "B1", "reason": status.value}


def test_a_chosen_batch_past_its_date_is_refused_though_nobody_marked_it() -> None:
    with pytest.raises(BatchNotUsable) as refusal:
        pick_all([_batch(1, TODAY - timedelta(days=1))], [Want(ITEM, 1, UUID(int=1))], TODAY)
    assert refusal.value.params["reason"] == "EXPIRED"


@pytest.mark.parametrize("quantity", [0, -1])
def test_nothing_and_less_cannot_be_wanted(quantity: int) -> None:
    with pytest.raises(InvalidInput):
        summed([Want(ITEM, quantity)])


def test_corrections_of_one_batch_are_added_up_and_a_correction_of_nothing_is_refused() -> None:
    assert summed_lines([(ITEM, 3), (ITEM, -1)]) == {ITEM: 2}
    with pytest.raises(InvalidInput):
        summed_lines([(ITEM, 3), (ITEM, -3)])


def test_ingredients_are_split_as_people_write_them() -> None:
    assert ingredient_names("Amoxicillin + Clavulanic  acid / Lactose; Amoxicillin") == ("Amoxicillin", "Clavulanic acid", "Lactose")
    assert ingredient_names(None) == ()
