"""Every way a unit enters or leaves a batch: the ledger entry and the batch's balance are written together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.stock.events import StockMoved, StockRanLow
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, StockLocation, StockMovement
from clinic_desktop.clinic.stock.rules import (
    OUTGOING,
    BatchStock,
    MovementKind,
    OutOfStock,
    Want,
    first_entry,
    is_usable,
    pick_all,
)
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.kernel.tables import id_parameter

# Built once: every dispensing runs these, and putting a statement together costs more than running it.
_PLACE = (
    select(StockLocation.clinic_id, Clinic.timezone)
    .join(Clinic, Clinic.id == StockLocation.clinic_id)
    .where(StockLocation.id == id_parameter("location_id"), StockLocation.is_active)
)
_HELD = (
    select(Batch, InventoryItem)
    .join(InventoryItem, InventoryItem.id == Batch.item_id)
    .where(
        Batch.location_id == id_parameter("location_id"),
        Batch.item_id.in_(bindparam("item_ids", type_=Uuid(), expanding=True)),
        Batch.quantity_on_hand > 0,
    )
    .order_by(Batch.id)
    .with_for_update(of=Batch)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The document that a movement belongs to."""

    type: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Pick:
    """Units taken from one batch; ``is_chosen`` when the batch was named rather than found by FEFO."""

    batch_id: UUID
    batch_number: str
    expiry: date | None
    quantity: int
    unit_price: Money
    unit_cost: Money
    item_id: UUID
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A stock location at the moment of a transaction."""

    location_id: UUID
    clinic_id: UUID
    today: date


@step
def post_movement(tx: Tx, *, batch: Batch, kind: MovementKind, quantity: int, reason: str | None, reference: Reference | None) -> None:
    """Write one ledger entry of a locked batch and its new balance; ``quantity`` is signed."""
    previous = batch.quantity_on_hand
    if previous + quantity < 0:
        raise OutOfStock("quantity", item_id=batch.item_id, wanted=-quantity, available=previous)
    batch.quantity_on_hand = previous + quantity
    batch.movement_count += 1
    # A clock set back must not put an issue before the receipt it came from.
    batch.last_moved_at = max(tx.now, batch.last_moved_at)
    tx.add(
        StockMovement(
            batch_id=batch.id,
            entry_number=first_entry(series_of(tx.session)) + batch.movement_count,
            kind=kind,
            quantity=quantity,
            previous_stock=previous,
            new_stock=batch.quantity_on_hand,
            unit_cost=batch.cost,
            reason=reason,
            reference_type=reference.type if reference else None,
            reference_id=reference.id if reference else None,
            moved_by=tx.actor.user_id,
            moved_at=batch.last_moved_at,
        )
    )


@step
def lock_batches(tx: Tx, *, batch_ids: Iterable[UUID]) -> dict[UUID, Batch]:
    """The named batches, locked in id order and read afresh; raises NotFound."""
    wanted = set(batch_ids)
    statement = select(Batch).where(Batch.id.in_(wanted)).order_by(Batch.id).with_for_update()
    found = {batch.id: batch for batch in tx.session.scalars(statement.execution_options(populate_existing=True))}
    missing = wanted - found.keys()
    if missing:
        raise NotFound(entity="medicine_batches", key=str(min(missing)))
    return found


@step
def place_of(tx: Tx, *, location_id: UUID) -> Place:
    """A stock location in use, with its clinic and the business date there; raises NotFound."""
    found = tx.session.execute(_PLACE, {"location_id": location_id}).one_or_none()
    if found is None:
        raise NotFound(entity="stock_locations", key=str(location_id))
    return Place(location_id, found.clinic_id, business_date(tx.now, found.timezone))


@step
def issue_stock(
    tx: Tx,
    *,
    item_id: UUID,
    location_id: UUID,
    quantity: int,
    kind: MovementKind,
    reference_type: str,
    reference_id: UUID,
    reason: str | None = None,
    batch_id: UUID | None = None,
) -> list[Pick]:
    """Take units of one item out by FEFO, or from the one batch that is named."""
    wants, place = [Want(item_id, quantity, batch_id)], place_of(tx, location_id=location_id)
    return issue_many(tx, place=place, wants=wants, kind=kind, reference=Reference(reference_type, reference_id), reason=reason)


@step
def issue_many(
    tx: Tx, *, place: Place, wants: Sequence[Want], kind: MovementKind, reference: Reference, reason: str | None = None
) -> list[Pick]:
    """Take units of several items out, all or none; duplicate wants are summed. Batches are locked in id order."""
    if kind not in OUTGOING:
        raise ValueError(f"{kind} does not take stock out")
    held = _lock_held(tx, place.location_id, {want.item_id for want in wants})
    stock = [_stock_of(batch) for batch, _ in held.values()]
    picks = [
        Pick(taken.id, taken.batch_number, taken.expiry, count, *_prices(held[taken.id]), taken.item_id, want.batch_id is not None)
        for want, taken, count in pick_all(stock, wants, place.today)
    ]
    for pick in picks:
        post_movement(tx, batch=held[pick.batch_id][0], kind=kind, quantity=-pick.quantity, reason=reason, reference=reference)
    tx.emit(StockMoved(place.location_id, tuple(sorted({want.item_id for want in wants}))))
    _tell_low(tx, place.location_id, held, picks, place.today)
    return picks


def _lock_held(tx: Tx, location_id: UUID, item_ids: set[UUID]) -> dict[UUID, tuple[Batch, InventoryItem]]:
    """Every batch of the items that holds stock there, locked in id order, with its item."""
    found = tx.session.execute(_HELD, {"location_id": location_id, "item_ids": tuple(item_ids)})
    return {batch.id: (batch, item) for batch, item in found}


def _stock_of(batch: Batch) -> BatchStock:
    return BatchStock(batch.id, batch.item_id, batch.batch_number, batch.expiry, batch.quantity_on_hand, batch.status)


def _prices(held: tuple[Batch, InventoryItem]) -> tuple[Money, Money]:
    batch, item = held
    return batch.price if batch.price is not None else item.price, batch.cost


def _tell_low(tx: Tx, location_id: UUID, held: dict[UUID, tuple[Batch, InventoryItem]], picks: list[Pick], today: date) -> None:
    for item_id in sorted({pick.item_id for pick in picks}):
        own = [pair for pair in held.values() if pair[1].id == item_id]
        on_hand = sum(batch.quantity_on_hand for batch, _ in own if is_usable(_stock_of(batch), today))
        before = on_hand + sum(pick.quantity for pick in picks if pick.item_id == item_id)
        least = own[0][1].min_stock
        if on_hand < least <= before:
            tx.emit(StockRanLow(location_id, item_id, on_hand, least))
