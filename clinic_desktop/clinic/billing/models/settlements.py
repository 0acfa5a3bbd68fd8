"""Tills, settled days and settled doctors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.billing.rules import PaymentMethod, TillStatus
from clinic_desktop.kernel.merging import always, ledger, owned
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import Ledger, Record


class TillSession(Record):
    """A cashier's drawer from opening to count. ``guards`` freezes it once closed."""

    __tablename__ = "till_sessions"
    __merge__ = owned("clinic_id", sealed=lambda row: row["status"] == TillStatus.CLOSED, is_record=True)
    __table_args__ = (
        CheckConstraint("opening_float >= 0", name="float_not_negative"),
        CheckConstraint("status <> 'OPEN' OR (closed_at IS NULL AND counted IS NULL)", name="open_is_not_counted"),
        CheckConstraint(
            "status = 'OPEN' OR (closed_at IS NOT NULL AND counted IS NOT NULL AND expected IS NOT NULL)", name="closed_is_counted"
        ),
        CheckConstraint("counted IS NULL OR difference = counted - expected", name="difference_adds_up"),
        Index(
            "uq_till_sessions_open",
            *("cashier_id", "clinic_id"),
            unique=True,
            sqlite_where=text("status = 'OPEN' AND series IS NULL"),
            postgresql_where=text("status = 'OPEN' AND series IS NULL"),
        ),
        Index(
            "ix_till_sessions_series",
            *("clinic_id", "business_date"),
            sqlite_where=text("series IS NOT NULL"),
            postgresql_where=text("series IS NOT NULL"),
        ),
        Index("ix_till_sessions_cashier", "cashier_id", "status"),
        Index("ix_till_sessions_day", "clinic_id", "business_date", "status"),
    )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    cashier_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    series: Mapped[str | None]
    """The code of the computer on whose copy it was opened; none: the server's own. Each has its drawer, whatever is open elsewhere."""
    workstation_id: Mapped[UUID | None] = mapped_column(ForeignKey("workstations.id"))
    status: Mapped[TillStatus]
    business_date: Mapped[date]
    opening_float: Mapped[Money]
    opened_at: Mapped[datetime]
    expected: Mapped[Money | None]
    counted: Mapped[Money | None]
    difference: Mapped[Money | None]
    count_sheet: Mapped[str | None]
    """JSON pairs ``[denomination in minor units, pieces]``, largest first."""
    note: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class DailySettlement(Ledger):
    """A clinic's closed day."""

    __tablename__ = "daily_settlements"
    # A day is closed over all its tills: the server has them all.
    __merge__ = ledger("clinic_id", attached_only=always)

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """Once per clinic and day; totals add up."""
        return (
            UniqueConstraint("clinic_id", "business_date"),
            CheckConstraint("net_total = payments_total - refunds_total", name="net_adds_up"),
            CheckConstraint("payments_total >= 0 AND refunds_total >= 0 AND credits_total >= 0", name="totals_not_negative"),
        )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    business_date: Mapped[date]
    payments_total: Mapped[Money]
    refunds_total: Mapped[Money]
    net_total: Mapped[Money]
    credits_total: Mapped[Money]
    till_count: Mapped[int]
    till_difference: Mapped[Money]
    """Sum of the differences of the day's tills: negative when cash is missing."""
    away: Mapped[str | None]
    """JSON list of the tills and credit notes of computers' copies that it counts: of its day, or of an earlier one when they came late."""
    payments_away: Mapped[Money | None]
    refunds_away: Mapped[Money | None]
    credits_away: Mapped[Money | None]
    """What of the totals is theirs."""
    note: Mapped[str | None]
    signed_off_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime]


class DailySettlementLine(Ledger):
    """What one cashier took and gave back by one method on a settled day."""

    __tablename__ = "daily_settlement_lines"
    __merge__ = ledger("settlement_id", attached_only=always)

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """One row per settlement, method and cashier."""
        return (UniqueConstraint("settlement_id", "method", "cashier_id"),)

    settlement_id: Mapped[UUID] = mapped_column(ForeignKey("daily_settlements.id"))
    method: Mapped[PaymentMethod]
    cashier_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    payment_count: Mapped[int]
    payments_total: Mapped[Money]
    refund_count: Mapped[int]
    refunds_total: Mapped[Money]


class DoctorSettlement(Ledger):
    """A doctor's shares of a clinic up to a day, earned by money that was here and not settled before."""

    __tablename__ = "doctor_settlements"
    # A period is settled once, over all that was paid in it.
    __merge__ = ledger("clinic_id", attached_only=always)

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """One per doctor, clinic and last day; the amounts add up."""
        return (
            UniqueConstraint("doctor_id", "clinic_id", "period_to"),
            CheckConstraint("period_from <= period_to", name="period_in_order"),
            CheckConstraint("paid = earned + adjustment", name="paid_adds_up"),
            CheckConstraint("adjustment = 0 OR adjustment_reason IS NOT NULL", name="adjustment_has_reason"),
        )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    period_from: Mapped[date]
    period_to: Mapped[date]
    earned: Mapped[Money]
    adjustment: Mapped[Money]
    adjustment_reason: Mapped[str | None]
    paid: Mapped[Money]
    elsewhere: Mapped[str | None]
    """JSON list of the payments and refunds of other clinics, and of all that was done on copies, that it counts, whatever their days."""
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime]
