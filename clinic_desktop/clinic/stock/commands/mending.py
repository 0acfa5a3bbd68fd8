"""What a merge of several sites leaves to be put right of what is kept in stock."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select

from clinic_desktop.clinic.stock.describing import refresh_search
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.mending import Task, mends


@mends("inventory_items", "medicines")
def find_by_every_word(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """A medicine is found by its ingredients, too: they lie in a row of their own."""
    touched = or_(InventoryItem.id.in_(ids), Medicine.id.in_(ids))
    for item, medicine in tx.session.execute(
        select(InventoryItem, Medicine).join(Medicine, Medicine.item_id == InventoryItem.id).where(touched)
    ):
        refresh_search(item, medicine)
    return ()
