"""What happened in stock."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("inventory_items", "medicines")
@dataclass(frozen=True, slots=True)
class ItemSaved:
    """An inventory item was added or changed."""

    item_id: UUID


@tells_of("stock_movements", "medicine_batches")
@dataclass(frozen=True, slots=True)
class StockMoved:
    """On-hand quantities of items changed at a location."""

    location_id: UUID
    item_ids: tuple[UUID, ...]


@tells_of("stock_movements")
@dataclass(frozen=True, slots=True)
class StockRanLow:
    """An issue brought an item's on-hand quantity at a location below its minimum."""

    location_id: UUID
    item_id: UUID
    on_hand: int
    min_stock: int


@tells_of("medicine_batches")
@dataclass(frozen=True, slots=True)
class BatchStatusChanged:
    """A batch was recalled, quarantined, released or written off as expired."""

    batch_id: UUID
    status: str


@tells_of("stock_adjustments")
@dataclass(frozen=True, slots=True)
class AdjustmentRequested:
    """An adjustment above the limit waits for a second person."""

    adjustment_id: UUID


@tells_of("inventory_items", "medicines")
@dataclass(frozen=True, slots=True)
class ItemsImported:
    """A file added or changed so many items."""

    count: int
