"""What happened in stock."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ItemSaved:
    """An inventory item was added or changed."""

    item_id: UUID


@dataclass(frozen=True, slots=True)
class StockMoved:
    """On-hand quantities of items changed at a location."""

    location_id: UUID
    item_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class StockRanLow:
    """An issue brought an item's on-hand quantity at a location below its minimum."""

    location_id: UUID
    item_id: UUID
    on_hand: int
    min_stock: int


@dataclass(frozen=True, slots=True)
class BatchStatusChanged:
    """A batch was recalled, quarantined, released or written off as expired."""

    batch_id: UUID
    status: str


@dataclass(frozen=True, slots=True)
class AdjustmentRequested:
    """An adjustment above the limit waits for a second person."""

    adjustment_id: UUID


@dataclass(frozen=True, slots=True)
class ItemsImported:
    """A file added or changed so many items."""

    count: int
