"""Tables of stock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.stock.merging import item_search
from clinic_desktop.clinic.stock.rules import AT_THE_COUNTER, AdjustmentStatus, BatchOrigin, BatchStatus, ItemKind, MovementKind
from clinic_desktop.kernel.merging import always, ledger, owned, shared
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Ledger, Record


class InventoryItem(Record):
    """Something that is kept in stock, counted in its base unit."""

    __tablename__ = "inventory_items"
    __merge__ = shared(inactive={"is_active": False}, derived={"search_text"}, derive=item_search)
    __table_args__ = (
        CheckConstraint("pack_size >= 1", name="pack_size_positive"),
        CheckConstraint("min_stock >= 0", name="min_stock_not_negative"),
        CheckConstraint("max_stock IS NULL OR min_stock <= max_stock", name="min_not_above_max"),
        CheckConstraint("reorder_quantity IS NULL OR reorder_quantity > 0", name="reorder_quantity_positive"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        Index("ix_inventory_items_active_name", "is_active", "kind", "name"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    barcode: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    search_text: Mapped[str]
    kind: Mapped[ItemKind]
    category: Mapped[str | None]
    unit: Mapped[str]
    pack_size: Mapped[int]
    min_stock: Mapped[int]
    max_stock: Mapped[int | None]
    reorder_quantity: Mapped[int | None]
    storage_location: Mapped[str | None]
    cost: Mapped[Money]
    price: Mapped[Money]
    tax_configuration_id: Mapped[UUID | None] = mapped_column(ForeignKey("tax_configurations.id"), index=True)
    is_active: Mapped[bool]


class Medicine(Record):
    """What a medicine is beyond being a stock item."""

    __tablename__ = "medicines"
    __merge__ = shared()

    item_id: Mapped[UUID] = mapped_column(ForeignKey("inventory_items.id"), unique=True)
    generic_name: Mapped[str | None]
    strength: Mapped[str | None]
    form: Mapped[str | None]
    manufacturer: Mapped[str | None]
    schedule: Mapped[str | None]
    is_controlled: Mapped[bool]
    ingredients: Mapped[str]
    """Comma-separated; ``rules.ingredient_names`` splits it."""


class StockLocation(Record):
    """A place in a clinic where stock is kept."""

    __tablename__ = "stock_locations"
    # The clinic's set-up changes in one place.
    __merge__ = owned("clinic_id", inactive={"is_active": False}, attached_only=always)
    __table_args__ = (UniqueConstraint("clinic_id", "name"),)

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    name: Mapped[str]
    is_active: Mapped[bool]


class Supplier(Record):
    """Whom stock is bought from."""

    __tablename__ = "suppliers"
    __merge__ = shared(inactive={"is_active": False})

    name: Mapped[str] = mapped_column(unique=True)
    contact_name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    tax_number: Mapped[str | None]
    payment_terms: Mapped[str | None]
    is_active: Mapped[bool]


class Batch(Record):
    """Units of one item with one batch number and expiry at one location; the balance of its movements."""

    __tablename__ = "medicine_batches"
    __merge__ = owned(
        # What is on hand adds up over the server and its detached computers; goods come in, and batches are withdrawn, on the server.
        "location_id",
        counters={"quantity_on_hand", "movement_count"},
        never_below_zero={"quantity_on_hand"},
        derived={"last_moved_at"},
        closed={"quantity_on_hand", "movement_count", "last_moved_at"},
        is_record=True,
        attached_only=always,
    )
    __table_args__ = (
        CheckConstraint("quantity_on_hand >= 0", name="quantity_on_hand_not_negative"),
        CheckConstraint("movement_count >= 0", name="movement_count_not_negative"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
        CheckConstraint("price IS NULL OR price >= 0", name="price_not_negative"),
        # NULL expiries are distinct to UNIQUE on both engines: undated batches need an index of their own.
        Index(
            "uq_medicine_batches_dated",
            *("item_id", "location_id", "batch_number", "expiry", "origin"),
            unique=True,
            sqlite_where=text("expiry IS NOT NULL"),
            postgresql_where=text("expiry IS NOT NULL"),
        ),
        Index(
            "uq_medicine_batches_undated",
            *("item_id", "location_id", "batch_number", "origin"),
            unique=True,
            sqlite_where=text("expiry IS NULL"),
            postgresql_where=text("expiry IS NULL"),
        ),
        Index(
            "ix_medicine_batches_pickable",
            *("item_id", "location_id", "expiry"),
            sqlite_where=text("quantity_on_hand > 0"),
            postgresql_where=text("quantity_on_hand > 0"),
        ),
        Index("ix_medicine_batches_location_expiry", "location_id", "expiry"),
        Index("ix_medicine_batches_batch_number", "batch_number"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey("inventory_items.id"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("stock_locations.id"))
    batch_number: Mapped[str]
    expiry: Mapped[date | None]
    origin: Mapped[BatchOrigin]
    cost: Mapped[Money]
    price: Mapped[Money | None]
    quantity_on_hand: Mapped[int]
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    status: Mapped[BatchStatus]
    status_reason: Mapped[str | None]
    movement_count: Mapped[int]
    last_moved_at: Mapped[datetime]


class StockMovement(Ledger):
    """One change of one batch. ``entry_number`` counts a batch's movements, so that their order needs no clock."""

    __tablename__ = "stock_movements"
    __merge__ = ledger("batch_id", attached_only=lambda row: row["type"] not in AT_THE_COUNTER)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("medicine_batches.id"))
    entry_number: Mapped[int]
    kind: Mapped[MovementKind] = mapped_column("type")
    quantity: Mapped[int]
    previous_stock: Mapped[int]
    new_stock: Mapped[int]
    unit_cost: Mapped[Money]
    reason: Mapped[str | None]
    reference_type: Mapped[str | None]
    reference_id: Mapped[UUID | None]
    moved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    moved_at: Mapped[datetime]

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """The arithmetic of every entry, and one chain of entries per batch."""
        return (
            UniqueConstraint("batch_id", "entry_number"),
            CheckConstraint("entry_number >= 1", name="entry_number_positive"),
            CheckConstraint("quantity <> 0", name="quantity_not_zero"),
            CheckConstraint("previous_stock >= 0", name="previous_stock_not_negative"),
            CheckConstraint("new_stock >= 0", name="new_stock_not_negative"),
            CheckConstraint("previous_stock + quantity = new_stock", name="stock_adds_up"),
            CheckConstraint("entry_number > 1 OR previous_stock = 0", name="starts_empty"),
            Index("ix_stock_movements_reference", "reference_type", "reference_id"),
            Index("ix_stock_movements_moved_at", "moved_at"),
        )


class StockAdjustment(Record):
    """A correction of stock with its reason; posted at once, or after a second person approved it."""

    __tablename__ = "stock_adjustments"
    # A count compares the shelf with the books: with those of the server, which know what all computers gave out.
    __merge__ = owned("location_id", sealed=lambda row: row["status"] != AdjustmentStatus.PENDING, attached_only=always)
    __table_args__ = (
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("status <> 'POSTED' OR posted_at IS NOT NULL", name="posted_has_time"),
        CheckConstraint("approved_by IS NULL OR requested_by IS NULL OR approved_by <> requested_by", name="two_persons"),
        Index("ix_stock_adjustments_location_status", "location_id", "status"),
    )

    location_id: Mapped[UUID] = mapped_column(ForeignKey("stock_locations.id"))
    reason: Mapped[str]
    status: Mapped[AdjustmentStatus]
    value: Mapped[Money]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    posted_at: Mapped[datetime | None]


class StockAdjustmentLine(Record):
    """So many units more or fewer in one batch."""

    __tablename__ = "stock_adjustment_lines"
    __merge__ = owned("adjustment_id", attached_only=always)
    __table_args__ = (
        UniqueConstraint("adjustment_id", "batch_id"),
        CheckConstraint("quantity <> 0", name="quantity_not_zero"),
    )

    adjustment_id: Mapped[UUID] = mapped_column(ForeignKey("stock_adjustments.id"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("medicine_batches.id"), index=True)
    quantity: Mapped[int]
    unit_cost: Mapped[Money]
