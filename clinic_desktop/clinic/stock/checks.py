"""What must be true of stock: every balance is the sum of its movements, now and at every past instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, StockAdjustment, StockAdjustmentLine, StockLocation, StockMovement
from clinic_desktop.clinic.stock.rules import ENTRIES_OF_A_SERIES, AdjustmentStatus, BatchStatus, MovementKind
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at, or_zero
from clinic_desktop.kernel.journal import INSERT, UPDATE, AuditLog
from clinic_desktop.kernel.replay import Values, journal_lies

_GIVEN_OUT = (MovementKind.DISPENSE, MovementKind.CONSUMPTION)
_NAMED = (InventoryItem.name.label("item"), Batch.batch_number.label("batch"))


def _batches(*columns: Any) -> Select[Any]:
    return select(*_NAMED, *columns).select_from(Batch).join(InventoryItem, InventoryItem.id == Batch.item_id)


@check("S1 stock on hand")
def stock_on_hand(session: Session) -> Finding:
    """A batch holds the sum of its movements."""
    sums = (
        select(
            StockMovement.batch_id,
            func.sum(StockMovement.quantity).label("moved"),
            func.count().label("entries"),
            func.max(StockMovement.moved_at).label("last"),
        )
        .group_by(StockMovement.batch_id)
        .subquery()
    )
    moved, entries = or_zero(sums.c.moved), or_zero(sums.c.entries)
    found = _batches(Batch.quantity_on_hand, Batch.movement_count, moved.label("moved"), entries.label("entries"))
    joined = found.outerjoin(sums, sums.c.batch_id == Batch.id)
    return finding(
        looked_at(session, Batch),
        lies(
            session,
            joined.where(Batch.quantity_on_hand != moved),
            "{item} batch {batch}: {quantity_on_hand} on hand, its movements add up to {moved}",
        ),
        lies(
            session,
            joined.where(or_(Batch.movement_count != entries, and_(sums.c.entries > 0, Batch.last_moved_at != sums.c.last))),
            "{item} batch {batch}: counts {movement_count} movements, the last at another time or number than its {entries} entries",
        ),
    )


@check("S1 stock history")
def stock_history(session: Session) -> Finding:
    """Each movement begins where the one before it ended, in order and in time, and never goes below zero.

    Of a batch that computers away from the server gave out, too, each wrote what it saw: there the sum alone tells.
    """
    batch, order = StockMovement.batch_id, StockMovement.entry_number
    away = select(StockMovement.batch_id).where(StockMovement.entry_number > ENTRIES_OF_A_SERIES)
    steps = select(
        StockMovement.batch_id,
        StockMovement.entry_number,
        StockMovement.quantity,
        StockMovement.previous_stock,
        StockMovement.new_stock,
        StockMovement.moved_at,
        func.row_number().over(partition_by=batch, order_by=order).label("place"),
        or_zero(func.lag(StockMovement.new_stock).over(partition_by=batch, order_by=order)).label("before"),
        func.lag(StockMovement.moved_at).over(partition_by=batch, order_by=order).label("moved_before"),
    ).subquery()
    broken = or_(
        steps.c.entry_number != steps.c.place,
        steps.c.previous_stock != steps.c.before,
        steps.c.moved_at < steps.c.moved_before,
    )
    wrong = or_(
        and_(broken, steps.c.batch_id.not_in(away)),
        steps.c.new_stock != steps.c.previous_stock + steps.c.quantity,
        steps.c.new_stock < 0,
    )
    columns = (steps.c.entry_number, steps.c.previous_stock, steps.c.quantity, steps.c.new_stock, steps.c.before, steps.c.place)
    found = _batches(*columns).join(steps, steps.c.batch_id == Batch.id).where(wrong)
    wording = (
        "{item} batch {batch}: entry {entry_number} (place {place}) says {previous_stock} {quantity:+} = {new_stock}, stock was {before}"
    )
    return Finding(looked_at(session, StockMovement), tuple(lies(session, found, wording)))


@check("S1 stock ledger")
def stock_ledger(session: Session) -> Finding:
    """Movements are what the journal recorded."""
    fields = ("batch_id", "entry_number", "type", "quantity", "new_stock", "reference_type", "reference_id", "moved_at")

    def name(values: Values) -> str:
        batch = session.execute(_batches().where(Batch.id == UUID(values["batch_id"]))).one_or_none()
        return f"{batch.item} batch {batch.batch}, entry {values.get('entry_number')}" if batch else f"a movement of {values['batch_id']}"

    told = journal_lies(session, StockMovement, fields, name, sealed=lambda values: True)
    return Finding(looked_at(session, StockMovement), tuple(told))


@check("S3 expired stock")
def expired_stock(session: Session) -> Finding:
    """Nothing was given out after its expiry date."""
    wanted = (
        _batches(Batch.expiry, StockMovement.moved_at, StockMovement.kind, StockMovement.quantity, Clinic.timezone)
        .join(StockMovement, StockMovement.batch_id == Batch.id)
        .join(StockLocation, StockLocation.id == Batch.location_id)
        .join(Clinic, Clinic.id == StockLocation.clinic_id)
        .where(StockMovement.kind.in_(_GIVEN_OUT))
    )
    rows = looked_at(session, StockMovement, StockMovement.kind.in_(_GIVEN_OUT))
    near = session.execute(wanted.where(StockMovement.moved_at >= literal_column("medicine_batches.expiry")))
    return Finding(
        rows,
        tuple(
            f"{row.item} batch {row.batch}: {-row.quantity} given out on {_local(row):%Y-%m-%d}, expired {row.expiry}"
            for row in near
            if _local(row).date() > row.expiry
        ),
    )


def _local(row: Any) -> datetime:
    moved_at: datetime = row.moved_at
    return moved_at.astimezone(ZoneInfo(row.timezone))


@check("S3 withdrawn stock")
def withdrawn_stock(session: Session) -> Finding:
    """Nothing was given out while its batch was recalled, in quarantine or marked expired: told by the order of the journal."""
    rows, failures = 0, []
    for batch_id, spans in _withdrawals(session):
        rows += 1
        name = session.execute(_batches().where(Batch.id == batch_id)).one()
        for seq, quantity in session.execute(_given_out(batch_id)):
            if any(first < seq and (last is None or seq < last) for first, last in spans):
                failures.append(f"{name.item} batch {name.batch}: {-quantity} given out while it was withdrawn (change set {seq})")
    return Finding(rows, tuple(failures))


def _given_out(batch_id: UUID) -> Select[int, int]:
    logged = (AuditLog.entity_type == "stock_movements") & (AuditLog.entity_id == StockMovement.id) & (AuditLog.operation == INSERT)
    statement = select(AuditLog.seq, StockMovement.quantity).join(AuditLog, logged)
    return statement.where(StockMovement.batch_id == batch_id, StockMovement.kind.in_(_GIVEN_OUT))


def _withdrawals(session: Session) -> Iterator[tuple[UUID, list[tuple[int, int | None]]]]:
    """For each batch that ever was withdrawn: the spans of change sets in which it was."""
    changed = (AuditLog.operation == UPDATE) & AuditLog.changes.like('%"status"%')
    born = (AuditLog.operation == INSERT) & AuditLog.changes.not_like(f'%"status":"{BatchStatus.OK}"%')
    statement = (
        select(AuditLog.entity_id, AuditLog.seq, AuditLog.changes, AuditLog.operation)
        .where(AuditLog.entity_type == "medicine_batches", or_(changed, born))
        .order_by(AuditLog.entity_id, AuditLog.seq)
    )
    spans: dict[UUID, list[tuple[int, int | None]]] = {}
    for batch_id, seq, text, operation in session.execute(statement):
        told = msgspec.json.decode(text)["status"]
        is_withdrawn = (told if operation == INSERT else told[1]) != BatchStatus.OK
        own = spans.setdefault(batch_id, [])
        if is_withdrawn and (not own or own[-1][1] is not None):
            own.append((seq, None))
        elif not is_withdrawn and own and own[-1][1] is None:
            own[-1] = (own[-1][0], seq)
    yield from spans.items()


@check("S6 adjustments")
def adjustments(session: Session) -> Finding:
    """A posted adjustment moved exactly its lines; one that is not posted moved nothing."""
    moved = (
        select(StockMovement.reference_id, StockMovement.batch_id, func.sum(StockMovement.quantity).label("moved"))
        .where(StockMovement.reference_type == "stock_adjustments")
        .group_by(StockMovement.reference_id, StockMovement.batch_id)
        .subquery()
    )
    same = and_(moved.c.reference_id == StockAdjustmentLine.adjustment_id, moved.c.batch_id == StockAdjustmentLine.batch_id)
    is_posted = StockAdjustment.status == AdjustmentStatus.POSTED
    found = (
        _batches(StockAdjustmentLine.quantity, or_zero(moved.c.moved).label("moved"), StockAdjustment.reason, StockAdjustment.status)
        .join(StockAdjustmentLine, StockAdjustmentLine.batch_id == Batch.id)
        .join(StockAdjustment, StockAdjustment.id == StockAdjustmentLine.adjustment_id)
        .outerjoin(moved, same)
        .where(or_(and_(is_posted, or_zero(moved.c.moved) != StockAdjustmentLine.quantity), and_(~is_posted, moved.c.moved.is_not(None))))
    )
    wording = "{item} batch {batch}: {status} adjustment '{reason}' of {quantity} moved {moved}"
    return Finding(looked_at(session, StockAdjustmentLine), tuple(lies(session, found, wording)))
