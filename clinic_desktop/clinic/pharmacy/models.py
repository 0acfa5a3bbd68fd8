"""Tables of the pharmacy."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.pharmacy.rules import DispensingStatus
from clinic_desktop.kernel.merging import owned
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Record


class Dispensing(Record):
    """One handing-out of medicines."""

    __tablename__ = "pharmacy_dispensing"
    __merge__ = owned("clinic_id", is_record=True)
    __table_args__ = (
        CheckConstraint("total >= 0", name="total_not_negative"),
        Index("ix_pharmacy_dispensing_clinic_day", "clinic_id", "business_date"),
        Index("ix_pharmacy_dispensing_patient", "patient_id", "dispensed_at"),
    )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("stock_locations.id"))
    prescription_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescriptions.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"), index=True)
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    status: Mapped[DispensingStatus]
    total: Mapped[Money]
    override_reason: Mapped[str | None]
    business_date: Mapped[date]
    dispensed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    dispensed_at: Mapped[datetime]


class DispensingItem(Record):
    """Units of one batch that were handed out for one prescription item."""

    __tablename__ = "pharmacy_dispensing_items"
    __merge__ = owned("dispensing_id", counters={"quantity_returned"}, is_record=True)
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("quantity_returned BETWEEN 0 AND quantity", name="returned_within_quantity"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
    )

    dispensing_id: Mapped[UUID] = mapped_column(ForeignKey("pharmacy_dispensing.id"), index=True)
    prescription_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription_items.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("inventory_items.id"), index=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("medicine_batches.id"), index=True)
    quantity: Mapped[int]
    quantity_returned: Mapped[int]
    unit_price: Mapped[Money]
    total: Mapped[Money]
    batch_reason: Mapped[str | None]


class PharmacyReturn(Record):
    """Medicines that came back; ``refund`` is what the cashier owes for them."""

    __tablename__ = "pharmacy_returns"
    __merge__ = owned("dispensing_id", is_record=True)
    __table_args__ = (CheckConstraint("refund >= 0", name="refund_not_negative"),)

    dispensing_id: Mapped[UUID] = mapped_column(ForeignKey("pharmacy_dispensing.id"), index=True)
    reason: Mapped[str]
    refund: Mapped[Money]
    business_date: Mapped[date]
    returned_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    returned_at: Mapped[datetime]


class PharmacyReturnItem(Record):
    """Units of one dispensed line that came back, and the batch they went to."""

    __tablename__ = "pharmacy_return_items"
    __merge__ = owned("return_id", is_record=True)
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    return_id: Mapped[UUID] = mapped_column(ForeignKey("pharmacy_returns.id"), index=True)
    dispensing_item_id: Mapped[UUID] = mapped_column(ForeignKey("pharmacy_dispensing_items.id"), index=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("medicine_batches.id"), index=True)
    quantity: Mapped[int]
    amount: Mapped[Money]
