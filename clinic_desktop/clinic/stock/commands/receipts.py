"""Stock comes in: receipts create or enlarge batches, returns go back to their batch or to quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.stock.commands.ledger import Reference, lock_batches, place_of, post_movement
from clinic_desktop.clinic.stock.events import StockMoved
from clinic_desktop.clinic.stock.models import Batch, InventoryItem
from clinic_desktop.clinic.stock.rules import (
    MAX_QUANTITY,
    BatchNotUsable,
    BatchOrigin,
    BatchStatus,
    ItemKind,
    MovementKind,
    has_expired,
    usable_status,
)
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import required_line, whole_number

RECEIVE = permission("stock.receive", N_("Receive stock"), "inventory_manager", "pharmacist")


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """Units that arrive, in base units, with cost and price per base unit (no price: the item's own)."""

    item_id: UUID
    batch_number: str
    expiry: date | None
    quantity: int
    unit_cost: Money
    unit_price: Money | None = None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """The batches that received stock, in the order of the lines."""

    location_id: UUID
    batch_ids: tuple[UUID, ...]


@command(RECEIVE, idempotent=True)
def receive_stock(tx: Tx, *, key: UUID, location_id: UUID, lines: tuple[ReceiptLine, ...], supplier_id: UUID | None = None) -> ReceiptRow:
    """Take stock in without a purchase order."""
    return add_to_stock(tx, location_id=location_id, lines=lines, supplier_id=supplier_id, reference=Reference("command_keys", key))


@step
def add_to_stock(
    tx: Tx, *, location_id: UUID, lines: Sequence[ReceiptLine], supplier_id: UUID | None = None, reference: Reference | None = None
) -> ReceiptRow:
    """Create or enlarge batches: one for each item, batch number and expiry at the location."""
    if not lines:
        raise InvalidInput("lines", "required")
    today = place_of(tx, location_id=location_id).today
    items = _items(tx, {line.item_id for line in lines})
    _lock_known(tx, location_id, lines)
    received: dict[int, UUID] = {}
    # New batches in one order, so that two receipts that share some cannot wait for each other.
    for position, line in sorted(enumerate(lines), key=lambda pair: (pair[1].item_id, pair[1].batch_number)):
        _check_line(line, items[line.item_id], today)
        batch = _batch_for(tx, line, location_id, supplier_id)
        post_movement(tx, batch=batch, kind=MovementKind.RECEIPT, quantity=line.quantity, reason=None, reference=reference)
        received[position] = batch.id
    tx.session.flush()
    tx.emit(StockMoved(location_id, tuple(sorted(items))))
    return ReceiptRow(location_id, tuple(received[position] for position in range(len(lines))))


def _lock_known(tx: Tx, location_id: UUID, lines: Sequence[ReceiptLine]) -> None:
    """Lock the batches that the lines may enlarge in id order, as issues do."""
    numbers = {_batch_number(line) for line in lines}
    known = select(Batch.id).where(Batch.location_id == location_id, Batch.item_id.in_({line.item_id for line in lines}))
    lock_batches(tx, batch_ids=tx.session.scalars(known.where(Batch.batch_number.in_(numbers))).all())


def _batch_number(line: ReceiptLine) -> str:
    return required_line(line.batch_number, "batch_number", limit=60).upper()


def _items(tx: Tx, item_ids: set[UUID]) -> dict[UUID, InventoryItem]:
    items = {item.id: item for item in tx.session.scalars(select(InventoryItem).where(InventoryItem.id.in_(item_ids)))}
    missing = item_ids - items.keys()
    if missing:
        raise NotFound(entity="inventory_items", key=str(min(missing)))
    return items


def _check_line(line: ReceiptLine, item: InventoryItem, today: date) -> None:
    whole_number(line.quantity, "quantity", 1, MAX_QUANTITY)
    if line.unit_cost.minor < 0 or (line.unit_price is not None and line.unit_price.minor < 0):
        raise InvalidInput("unit_cost" if line.unit_cost.minor < 0 else "unit_price", "negative")
    if line.expiry is None and item.kind is ItemKind.MEDICINE:
        raise InvalidInput("expiry", "required")
    if has_expired(line.expiry, today):
        raise InvalidInput("expiry", "expired", expiry=line.expiry)


def _batch_for(tx: Tx, line: ReceiptLine, location_id: UUID, supplier_id: UUID | None) -> Batch:
    number = _batch_number(line)
    found = _locked_batch(tx, line.item_id, location_id, number, line.expiry, BatchOrigin.RECEIVED)
    if found is None:
        fresh = _new_batch(tx, line.item_id, location_id, number, line.expiry, BatchOrigin.RECEIVED)
        fresh.cost, fresh.price, fresh.supplier_id = line.unit_cost, line.unit_price, supplier_id
        found = tx.add(fresh)
    if found.status is not BatchStatus.OK:
        raise BatchNotUsable("batch", batch_number=number, reason=found.status.value)
    found.cost, found.price = line.unit_cost, line.unit_price if line.unit_price is not None else found.price
    return found


def _locked_batch(tx: Tx, item_id: UUID, location_id: UUID, number: str, expiry: date | None, origin: BatchOrigin) -> Batch | None:
    tx.session.flush()
    same_expiry = Batch.expiry.is_(None) if expiry is None else Batch.expiry == expiry
    statement = select(Batch).where(Batch.item_id == item_id, Batch.location_id == location_id, Batch.batch_number == number)
    statement = statement.where(same_expiry, Batch.origin == origin).with_for_update()
    return tx.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def _new_batch(tx: Tx, item_id: UUID, location_id: UUID, number: str, expiry: date | None, origin: BatchOrigin) -> Batch:
    return Batch(
        item_id=item_id,
        location_id=location_id,
        batch_number=number,
        expiry=expiry,
        origin=origin,
        price=None,
        supplier_id=None,
        quantity_on_hand=0,
        movement_count=0,
        status=BatchStatus.OK,
        status_reason=None,
        last_moved_at=tx.now,
    )


@step
def return_stock(tx: Tx, *, batch_id: UUID, quantity: int, resaleable: bool, reason: str, reference: Reference) -> UUID:
    """Take issued units back: to their batch when they may be sold again, else to its quarantined twin. Returns the batch."""
    whole_number(quantity, "quantity", 1, MAX_QUANTITY)
    batch = lock_batches(tx, batch_ids=[batch_id])[batch_id]
    today = place_of(tx, location_id=batch.location_id).today
    if not resaleable or usable_status(batch.status, batch.expiry, today) is not BatchStatus.OK:
        batch = _quarantined_twin(tx, batch)
    post_movement(tx, batch=batch, kind=MovementKind.RETURN, quantity=quantity, reason=reason, reference=reference)
    tx.session.flush()
    tx.emit(StockMoved(batch.location_id, (batch.item_id,)))
    return batch.id


def _quarantined_twin(tx: Tx, batch: Batch) -> Batch:
    key = (batch.item_id, batch.location_id, batch.batch_number, batch.expiry, BatchOrigin.RETURNED)
    twin = _locked_batch(tx, *key)
    if twin is None:
        fresh = _new_batch(tx, *key)
        fresh.status, fresh.cost, fresh.price, fresh.supplier_id = BatchStatus.QUARANTINE, batch.cost, batch.price, batch.supplier_id
        twin = tx.add(fresh)
    if twin.status is BatchStatus.OK:  # released earlier; what comes back now has not been looked at
        twin.status = BatchStatus.QUARANTINE
    return twin
