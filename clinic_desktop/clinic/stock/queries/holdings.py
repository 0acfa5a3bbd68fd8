"""What is in stock where: locations, batches and their ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, StockLocation, StockMovement
from clinic_desktop.clinic.stock.rules import BatchOrigin, BatchStatus, BatchStock, MovementKind
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money


@dataclass(frozen=True, slots=True)
class StockRow:
    """An item at a location: all units, and those that may be issued."""

    item_id: UUID
    code: str
    name: str
    unit: str
    on_hand: int
    usable: int
    min_stock: int
    next_expiry: date | None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch at a location."""

    id: UUID
    item_id: UUID
    item_name: str
    location_id: UUID
    batch_number: str
    expiry: date | None
    origin: BatchOrigin
    quantity_on_hand: int
    cost: Money
    price: Money
    status: BatchStatus
    status_reason: str | None


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One entry of a batch's ledger with the running balance."""

    entry_number: int
    moved_at: datetime
    kind: MovementKind
    quantity: int
    previous_stock: int
    new_stock: int
    reason: str | None
    reference_type: str | None
    reference_id: UUID | None
    moved_by: UUID | None


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A place where stock is kept."""

    id: UUID
    clinic_id: UUID
    name: str


def locations(session: Session, *, clinic_id: UUID) -> list[LocationRow]:
    """The stock locations of a clinic that are in use, by name."""
    wanted = select(StockLocation).where(StockLocation.clinic_id == clinic_id, StockLocation.is_active).order_by(StockLocation.name)
    return [LocationRow(place.id, place.clinic_id, place.name) for place in session.scalars(wanted)]


def usable_on(day: date) -> ColumnElement[bool]:
    """The condition that a batch's units may be issued on a business date; the same as ``rules.is_usable``."""
    return and_(Batch.quantity_on_hand > 0, Batch.status == BatchStatus.OK, or_(Batch.expiry.is_(None), Batch.expiry >= day))


def units(condition: ColumnElement[bool], location_id: UUID | None) -> Select[int]:
    """The sum of what batches hold that meet a condition, at one location or everywhere."""
    wanted = select(func.coalesce(func.sum(Batch.quantity_on_hand), 0)).where(condition)
    return wanted if location_id is None else wanted.where(Batch.location_id == location_id)


def _location_day(session: Session, location_id: UUID, now: datetime) -> date:
    clinic_id = session.scalar(select(StockLocation.clinic_id).where(StockLocation.id == location_id))
    if clinic_id is None:
        raise NotFound(entity="stock_locations", key=str(location_id))
    return clinic_today(session, clinic_id, now)


def stock_on_hand(session: Session, *, location_id: UUID, now: datetime, item_ids: Iterable[UUID] | None = None) -> list[StockRow]:
    """What a location holds of each active item, by name."""
    chosen = and_(InventoryItem.is_active if item_ids is None else InventoryItem.id.in_(list(item_ids)))
    return _stock_rows(session, location_id, now, chosen, only_low=False)


def low_stock(session: Session, *, location_id: UUID, now: datetime) -> list[StockRow]:
    """Active items of which a location may issue less than their minimum, by name."""
    return _stock_rows(session, location_id, now, and_(InventoryItem.is_active, InventoryItem.min_stock > 0), only_low=True)


def _stock_rows(session: Session, location_id: UUID, now: datetime, chosen: ColumnElement[bool], *, only_low: bool) -> list[StockRow]:
    can_issue = usable_on(_location_day(session, location_id, now))
    usable = func.coalesce(func.sum(case((can_issue, Batch.quantity_on_hand), else_=0)), 0)
    held: Select[Any] = (
        select(InventoryItem, func.coalesce(func.sum(Batch.quantity_on_hand), 0), usable, func.min(case((can_issue, Batch.expiry))))
        .outerjoin(Batch, and_(Batch.item_id == InventoryItem.id, Batch.location_id == location_id, Batch.quantity_on_hand > 0))
        .where(chosen)
        .group_by(InventoryItem.id)
        .order_by(InventoryItem.name, InventoryItem.id)
    )
    if only_low:
        held = held.having(usable < InventoryItem.min_stock)
    return [
        StockRow(item.id, item.code, item.name, item.unit, int(on_hand), int(can), item.min_stock, next_expiry)
        for item, on_hand, can, next_expiry in session.execute(held)
    ]


def batches(session: Session, *, item_id: UUID, location_id: UUID | None = None, with_empty: bool = False) -> list[BatchRow]:
    """The batches of an item, first expiring first."""
    wanted = select(Batch, InventoryItem).join(InventoryItem, InventoryItem.id == Batch.item_id).where(Batch.item_id == item_id)
    if location_id is not None:
        wanted = wanted.where(Batch.location_id == location_id)
    if not with_empty:
        wanted = wanted.where(Batch.quantity_on_hand > 0)
    return [_batch_row(batch, item) for batch, item in session.execute(wanted.order_by(Batch.expiry.is_(None), Batch.expiry, Batch.id))]


def _batch_row(batch: Batch, item: InventoryItem) -> BatchRow:
    return BatchRow(
        id=batch.id,
        item_id=item.id,
        item_name=item.name,
        location_id=batch.location_id,
        batch_number=batch.batch_number,
        expiry=batch.expiry,
        origin=batch.origin,
        quantity_on_hand=batch.quantity_on_hand,
        cost=batch.cost,
        price=item.price if batch.price is None else batch.price,
        status=batch.status,
        status_reason=batch.status_reason,
    )


def pickable(session: Session, *, location_id: UUID, item_ids: Iterable[UUID]) -> list[BatchStock]:
    """Every batch of the items that holds stock at a location: what ``rules.pick_all`` plans from."""
    wanted = select(Batch).where(Batch.location_id == location_id, Batch.item_id.in_(list(item_ids)), Batch.quantity_on_hand > 0)
    return [BatchStock(b.id, b.item_id, b.batch_number, b.expiry, b.quantity_on_hand, b.status) for b in session.scalars(wanted)]


def movements(session: Session, *, batch_id: UUID, after: int = 0, limit: int = 500) -> list[MovementRow]:
    """The ledger of a batch in order, page by page: ``after`` is the last entry number already read."""
    wanted = select(StockMovement).where(StockMovement.batch_id == batch_id, StockMovement.entry_number > after)
    return [
        MovementRow(
            entry_number=entry.entry_number,
            moved_at=entry.moved_at,
            kind=entry.kind,
            quantity=entry.quantity,
            previous_stock=entry.previous_stock,
            new_stock=entry.new_stock,
            reason=entry.reason,
            reference_type=entry.reference_type,
            reference_id=entry.reference_id,
            moved_by=entry.moved_by,
        )
        for entry in session.scalars(wanted.order_by(StockMovement.entry_number).limit(limit))
    ]
