"""What a merge of several sites leaves to be put right of what is kept in stock."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, or_, select

from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.stock.describing import refresh_search
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, Medicine, StockLocation, StockMovement
from clinic_desktop.clinic.stock.rules import ENTRIES_OF_A_SERIES, MovementKind
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.mending import ConflictKind, Task, mends

OVERSOLD = "oversold"
"""The reason of a correction that a merge makes: a code, for no person wrote it."""


@mends("inventory_items", "medicines")
def find_by_every_word(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """A medicine is found by its ingredients, too: they lie in a row of their own."""
    touched = or_(InventoryItem.id.in_(ids), Medicine.id.in_(ids))
    for item, medicine in tx.session.execute(
        select(InventoryItem, Medicine).join(Medicine, Medicine.item_id == InventoryItem.id).where(touched)
    ):
        refresh_search(item, medicine)
    return ()


@mends("medicine_batches")
def count_batches_again(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """Batches that computers away from the server gave out, too: the balance of all movements, and a task where the books had less.

    Only in the database whose batches they are: all others hear of it from there.
    """
    away = select(StockMovement.batch_id).where(StockMovement.batch_id.in_(ids), StockMovement.entry_number > ENTRIES_OF_A_SERIES)
    here = select(DatabaseIdentity.site_id).scalar_subquery()
    wanted = (
        select(Batch, InventoryItem.name)
        .join(InventoryItem, InventoryItem.id == Batch.item_id)
        .join(StockLocation, StockLocation.id == Batch.location_id)
        .join(Clinic, Clinic.id == StockLocation.clinic_id)
        .where(Batch.id.in_(away), or_(Clinic.site_id.is_(None), Clinic.site_id == here))
        .order_by(Batch.id)
        .with_for_update(of=Batch)
    )
    tasks = []
    for batch, name in tx.session.execute(wanted.execution_options(populate_existing=True)).all():
        missing = _count_again(tx, batch)
        if missing:
            key = _correct(tx, batch, missing)
            facts = {"medicine": name, "batch": batch.batch_number, "missing": missing}
            tasks.append(Task(ConflictKind.OVERSOLD, "medicine_batches", batch.id, facts=facts, about=(key,)))
    return tasks


def _count_again(tx: Tx, batch: Batch) -> int:
    """Set what follows from the movements; returns how many units more were given out than there were."""
    moved = select(func.sum(StockMovement.quantity), func.count(), func.max(StockMovement.moved_at))
    total, entries, last = tx.session.execute(moved.where(StockMovement.batch_id == batch.id)).one()
    batch.movement_count, batch.last_moved_at = entries, last
    batch.quantity_on_hand = max(int(total), 0)
    return max(-int(total), 0)


def _correct(tx: Tx, batch: Batch, missing: int) -> UUID:
    """The units were there, whatever the books said: a movement says so, and a person counts the batch."""
    batch.movement_count += 1
    batch.last_moved_at = max(tx.now, batch.last_moved_at)
    entry = StockMovement(
        id=new_id(),
        batch_id=batch.id,
        entry_number=batch.movement_count,
        kind=MovementKind.ADJUSTMENT,
        quantity=missing,
        previous_stock=0,
        new_stock=missing,
        unit_cost=batch.cost,
        reason=OVERSOLD,
        moved_by=None,
        moved_at=batch.last_moved_at,
    )
    tx.add(entry)
    return entry.id
