"""Corrections of stock: adjustments with a second person above a limit, write-offs, recalls and quarantine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.stock.commands.ledger import Reference, lock_batches, place_of, post_movement
from clinic_desktop.clinic.stock.events import AdjustmentRequested, BatchStatusChanged, StockMoved
from clinic_desktop.clinic.stock.models import Batch, StockAdjustment, StockAdjustmentLine, StockLocation
from clinic_desktop.clinic.stock.rules import (
    ADJUSTMENT_STATES,
    BATCH_STATES,
    AboveLimit,
    AdjustmentStatus,
    BatchStatus,
    MovementKind,
    SecondPersonNeeded,
    has_expired,
    summed_lines,
)
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.settings import Scope, setting
from clinic_desktop.kernel.text import required_line, whole_number

ADJUST = permission("stock.adjust", N_("Adjust stock and write it off"), "inventory_manager", "pharmacist", needs_password=True)
APPROVE = permission("stock.approve_adjustment", N_("Approve stock adjustments above the limit"), "inventory_manager", needs_password=True)
RECALL = permission("stock.recall", N_("Recall, quarantine and release batches"), "inventory_manager", "pharmacist")

ADJUSTMENT_LIMIT = setting(
    "stock.adjustment_limit",
    500_000,
    Scope.CLINIC,
    N_("Value above which a second person approves a stock adjustment"),
    help=N_("Counted at purchase price, for write-offs too."),
    is_money=True,
    words=N_("approval limit write-off stock count"),
)


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """So many units more (+) or fewer (-) in one batch."""

    batch_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """An adjustment and whether it has been posted."""

    id: UUID
    status: AdjustmentStatus
    value: Money


@command(ADJUST, idempotent=True)
def adjust_stock(tx: Tx, *, key: UUID, location_id: UUID, reason: str, lines: tuple[AdjustmentLine, ...]) -> AdjustmentRow:
    """Correct batches of one location: posted at once, or kept for a second person when the value is above the limit."""
    changes = summed_lines((line.batch_id, line.quantity) for line in lines)
    batches = lock_batches(tx, batch_ids=changes)
    if any(batch.location_id != location_id for batch in batches.values()):
        raise InvalidInput("lines", "another_location")
    value = total((batches[batch_id].cost * abs(quantity) for batch_id, quantity in changes.items()), tx.currency)
    adjustment = StockAdjustment(
        location_id=location_id,
        reason=required_line(reason, "reason"),
        status=AdjustmentStatus.PENDING,
        value=value,
        requested_by=tx.actor.user_id,
        approved_by=None,
        posted_at=None,
    )
    tx.add(adjustment)
    tx.session.flush()
    for batch_id, quantity in changes.items():
        line = StockAdjustmentLine(adjustment_id=adjustment.id, batch_id=batch_id, quantity=quantity, unit_cost=batches[batch_id].cost)
        tx.add(line)
    if value.minor > _limit(tx, location_id):
        tx.emit(AdjustmentRequested(adjustment.id))
    else:
        _post(tx, adjustment, batches, changes)
    return AdjustmentRow(adjustment.id, adjustment.status, value)


def _limit(tx: Tx, location_id: UUID) -> int:
    clinic_id = tx.session.scalar(select(StockLocation.clinic_id).where(StockLocation.id == location_id))
    return setting_value(tx.session, ADJUSTMENT_LIMIT, clinic_id=clinic_id)


def _post(tx: Tx, adjustment: StockAdjustment, batches: dict[UUID, Batch], changes: dict[UUID, int]) -> None:
    adjustment.status = ADJUSTMENT_STATES.check(adjustment.status, AdjustmentStatus.POSTED)
    adjustment.posted_at = tx.now
    reference = Reference("stock_adjustments", adjustment.id)
    for batch_id in sorted(changes):
        batch, reason = batches[batch_id], adjustment.reason
        post_movement(tx, batch=batch, kind=MovementKind.ADJUSTMENT, quantity=changes[batch_id], reason=reason, reference=reference)
    tx.session.flush()
    tx.emit(StockMoved(adjustment.location_id, tuple(sorted({batch.item_id for batch in batches.values()}))))


@command(APPROVE)
def approve_adjustment(tx: Tx, *, adjustment_id: UUID) -> AdjustmentRow:
    """Post a waiting adjustment as the second person."""
    adjustment = _waiting(tx, adjustment_id)
    if tx.actor.user_id is not None and tx.actor.user_id == adjustment.requested_by:
        raise SecondPersonNeeded
    wanted = select(StockAdjustmentLine).where(StockAdjustmentLine.adjustment_id == adjustment_id)
    changes = {line.batch_id: line.quantity for line in tx.session.scalars(wanted)}
    adjustment.approved_by = tx.actor.user_id
    _post(tx, adjustment, lock_batches(tx, batch_ids=changes), changes)
    return AdjustmentRow(adjustment.id, adjustment.status, adjustment.value)


@command(APPROVE)
def reject_adjustment(tx: Tx, *, adjustment_id: UUID, reason: str) -> None:
    """Refuse a waiting adjustment; stock stays as it is."""
    adjustment = _waiting(tx, adjustment_id)
    adjustment.status = ADJUSTMENT_STATES.check(adjustment.status, AdjustmentStatus.REJECTED)
    tx.reason = required_line(reason, "reason")


def _waiting(tx: Tx, adjustment_id: UUID) -> StockAdjustment:
    statement = select(StockAdjustment).where(StockAdjustment.id == adjustment_id).with_for_update()
    adjustment = tx.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if adjustment is None:
        raise NotFound(entity="stock_adjustments", key=str(adjustment_id))
    return adjustment


@command(ADJUST, idempotent=True)
def write_off(tx: Tx, *, key: UUID, batch_id: UUID, kind: MovementKind, reason: str, quantity: int | None = None) -> int:
    """Take expired or damaged units out of a batch (all of them by default); returns how many. Damage above the limit is an adjustment."""
    if kind not in (MovementKind.EXPIRED, MovementKind.DAMAGED):
        raise InvalidInput("kind", "not_a_write_off")
    batch = lock_batches(tx, batch_ids=[batch_id])[batch_id]
    count = whole_number(batch.quantity_on_hand if quantity is None else quantity, "quantity", 1, max(1, batch.quantity_on_hand))
    text = required_line(reason, "reason")
    if kind is MovementKind.EXPIRED:
        _mark_expired(tx, batch, place_of(tx, location_id=batch.location_id).today, text)
    elif (batch.cost * count).minor > _limit(tx, batch.location_id):
        raise AboveLimit("quantity", value=batch.cost * count)
    post_movement(tx, batch=batch, kind=kind, quantity=-count, reason=text, reference=Reference("command_keys", key))
    tx.session.flush()
    tx.emit(StockMoved(batch.location_id, (batch.item_id,)))
    return count


def _mark_expired(tx: Tx, batch: Batch, today: date, reason: str) -> None:
    if batch.status is not BatchStatus.EXPIRED:
        if not has_expired(batch.expiry, today):
            raise InvalidInput("kind", "not_expired", expiry=batch.expiry)
        _change_status(tx, [batch], BatchStatus.EXPIRED, reason)


@command(RECALL)
def recall_batch(tx: Tx, *, item_id: UUID, batch_number: str, reason: str) -> int:
    """Stop a batch number of an item everywhere; returns how many batches were recalled."""
    number = required_line(batch_number, "batch_number", limit=60).upper()
    found = tx.session.scalars(select(Batch.id).where(Batch.batch_number == number, Batch.item_id == item_id)).all()
    if not found:
        raise NotFound(entity="medicine_batches", key=number)
    batches = lock_batches(tx, batch_ids=found).values()
    open_ones = [batch for batch in batches if BATCH_STATES.allows(batch.status, BatchStatus.RECALLED)]
    _change_status(tx, open_ones, BatchStatus.RECALLED, required_line(reason, "reason"))
    return len(open_ones)


@command(RECALL)
def quarantine_batch(tx: Tx, *, batch_id: UUID, reason: str) -> None:
    """Set a batch aside: nothing of it is issued until it is released."""
    batch = lock_batches(tx, batch_ids=[batch_id])[batch_id]
    _change_status(tx, [batch], BatchStatus.QUARANTINE, required_line(reason, "reason"))


@command(RECALL)
def release_batch(tx: Tx, *, batch_id: UUID, reason: str) -> None:
    """Let a quarantined batch be issued again."""
    batch = lock_batches(tx, batch_ids=[batch_id])[batch_id]
    _change_status(tx, [batch], BatchStatus.OK, required_line(reason, "reason"))


def _change_status(tx: Tx, batches: Iterable[Batch], wanted: BatchStatus, reason: str) -> None:
    for batch in batches:
        batch.status = BATCH_STATES.check(batch.status, wanted)
        batch.status_reason = reason
        tx.emit(BatchStatusChanged(batch.id, wanted.value))
