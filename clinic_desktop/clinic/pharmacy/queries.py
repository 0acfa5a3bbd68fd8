"""What the pharmacy counter reads: who waits for medicines, what would be picked, what was handed out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical.models import Prescription
from clinic_desktop.clinic.clinical.queries import PrescriptionRow, prescription, prescriptions
from clinic_desktop.clinic.clinical.rules import DISPENSABLE, PrescriptionStatus
from clinic_desktop.clinic.clinical.rules.dosing import MAX_VALID_DAYS
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.pharmacy.models import Dispensing, DispensingItem
from clinic_desktop.clinic.pharmacy.rules import DispensingStatus, StockStatus, stock_status
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, StockLocation
from clinic_desktop.clinic.stock.queries import pickable, usable_on
from clinic_desktop.clinic.stock.rules import pick_fefo, usable_quantity
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import begins_with


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A prescription that waits at the counter."""

    prescription: PrescriptionRow
    owed: int
    stock: StockStatus


@dataclass(frozen=True, slots=True)
class PlannedPick:
    """Units that dispensing now would take from one batch."""

    batch_id: UUID
    batch_number: str
    expiry: date | None
    quantity: int
    price: Money


@dataclass(frozen=True, slots=True)
class PlanLine:
    """How one item would be filled; ``missing`` units are not there."""

    prescription_item_id: UUID
    item_id: UUID
    barcode: str | None
    medicine: str
    owed: int
    picks: tuple[PlannedPick, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class DispensedLineRow:
    """Units of one batch that were handed out, and how many may still come back."""

    id: UUID
    medicine: str
    batch_number: str
    expiry: date | None
    quantity: int
    quantity_returned: int
    unit_price: Money
    total: Money


@dataclass(frozen=True, slots=True)
class DispensingRow:
    """One handing-out of medicines."""

    id: UUID
    prescription_id: UUID | None
    patient_id: UUID | None
    visit_id: UUID | None
    dispensed_at: datetime
    status: DispensingStatus
    total: Money
    lines: tuple[DispensedLineRow, ...]


def worklist(session: Session, clinic_id: UUID, day: date, *, location_id: UUID | None = None) -> list[WorkRow]:
    """The clinic's prescriptions that are owed something and still run on a day, oldest first, with what stock can give."""
    waiting = select(Prescription.id).where(
        Prescription.clinic_id == clinic_id,
        Prescription.status.in_(DISPENSABLE),
        Prescription.business_date.between(day - timedelta(days=MAX_VALID_DAYS), day),
        Prescription.valid_until >= day,
    )
    rows = prescriptions(session, waiting)
    available = _available(session, clinic_id, day, {item.item_id for row in rows for item in row.items}, location_id)
    work = []
    for row in rows:
        owed: dict[UUID, int] = {}
        for item in row.items:
            owed[item.item_id] = owed.get(item.item_id, 0) + item.owed
        work.append(WorkRow(row, sum(owed.values()), stock_status(owed, available)))
    return work


def _available(session: Session, clinic_id: UUID, day: date, item_ids: set[UUID], location_id: UUID | None) -> dict[UUID, int]:
    """Most that one location of the clinic can give of each item; several places do not fill one prescription together."""
    wanted = (
        select(Batch.item_id, func.sum(Batch.quantity_on_hand))
        .join(StockLocation, StockLocation.id == Batch.location_id)
        .where(StockLocation.clinic_id == clinic_id, StockLocation.is_active, Batch.item_id.in_(item_ids), usable_on(day))
        .group_by(Batch.item_id, Batch.location_id)
    )
    if location_id is not None:
        wanted = wanted.where(Batch.location_id == location_id)
    most: dict[UUID, int] = {}
    for item_id, quantity in session.execute(wanted):
        most[item_id] = max(int(quantity), most.get(item_id, 0))
    return most


def pick_plan(session: Session, prescription_id: UUID, location_id: UUID, *, now: datetime) -> list[PlanLine]:
    """What dispensing all that is owed would take from which batches; nothing is reserved."""
    row = prescription(session, prescription_id)
    clinic_id = session.scalar(select(StockLocation.clinic_id).where(StockLocation.id == location_id))
    if clinic_id is None:
        raise NotFound(entity="stock_locations", key=str(location_id))
    today = clinic_today(session, clinic_id, now)
    item_ids = {item.item_id for item in row.items}
    left = {batch.id: batch for batch in pickable(session, location_id=location_id, item_ids=item_ids)}
    prices, barcodes = _prices(session, set(left)), _barcodes(session, item_ids)
    lines = []
    for item in row.items:
        if not item.owed:
            continue
        own = [batch for batch in left.values() if batch.item_id == item.item_id]
        can = min(item.owed, usable_quantity(own, today))
        picks = pick_fefo(own, can, today, item_id=item.item_id) if can else []
        for batch, taken in picks:
            left[batch.id] = batch.less(taken)
        planned = tuple(PlannedPick(batch.id, batch.batch_number, batch.expiry, taken, prices[batch.id]) for batch, taken in picks)
        lines.append(PlanLine(item.id, item.item_id, barcodes[item.item_id], item.medicine, item.owed, planned, item.owed - can))
    return lines


def _prices(session: Session, batch_ids: set[UUID]) -> dict[UUID, Money]:
    """What a unit of each batch costs: its own price, or that of the item."""
    wanted = select(Batch.id, Batch.price, InventoryItem.price).join(InventoryItem, InventoryItem.id == Batch.item_id)
    found = session.execute(wanted.where(Batch.id.in_(batch_ids)))
    return {batch_id: usual if own is None else own for batch_id, own, usual in found}


def _barcodes(session: Session, item_ids: set[UUID]) -> dict[UUID, str | None]:
    wanted = select(InventoryItem.id, InventoryItem.barcode).where(InventoryItem.id.in_(item_ids))
    return dict(session.execute(wanted).all())


def numbered(session: Session, text: str, *, clinic_id: UUID, limit: int = 20) -> list[PrescriptionRow]:
    """Signed prescriptions whose number begins with the text: the clinic's own first, then those of other clinics; newest first."""
    typed = text.strip().upper()
    if not typed:
        return []
    return _own_first(session, clinic_id, limit, begins_with(Prescription.number, typed), Prescription.status != PrescriptionStatus.DRAFT)


def of_patients(session: Session, patient_ids: Collection[UUID], *, clinic_id: UUID, limit: int = 20) -> list[PrescriptionRow]:
    """What may still be handed out to these patients, in whichever clinic it was prescribed: the clinic's own first, newest first."""
    if not patient_ids:
        return []
    theirs = Prescription.patient_id.in_(person_ids(session, *patient_ids))
    return _own_first(session, clinic_id, limit, theirs, Prescription.status.in_(DISPENSABLE))


def _own_first(session: Session, clinic_id: UUID, limit: int, *which: ColumnElement[bool]) -> list[PrescriptionRow]:
    # Each by itself: sorted by whose it is, all that begin alike would be read before the first few are taken.
    ids: list[UUID] = []
    for whose in (Prescription.clinic_id == clinic_id, Prescription.clinic_id != clinic_id):
        if len(ids) < limit:
            newest = select(Prescription.id).where(whose, *which).order_by(Prescription.id.desc()).limit(limit - len(ids))
            ids += session.scalars(newest)
    place = {key: at for at, key in enumerate(ids)}
    return sorted(prescriptions(session, select(Prescription.id).where(Prescription.id.in_(ids))), key=lambda row: place[row.id])


def usual_location(session: Session, *, clinic_id: UUID) -> UUID | None:
    """Where the clinic hands medicines out: the place of the last dispensing; None before the first."""
    last = select(Dispensing.location_id).where(Dispensing.clinic_id == clinic_id).order_by(Dispensing.id.desc()).limit(1)
    return session.scalar(last)


def dispensings(session: Session, *, prescription_id: UUID) -> list[DispensingRow]:
    """What was handed out for a prescription, first to last."""
    wanted = (
        select(Dispensing, DispensingItem, InventoryItem.name, Batch.batch_number, Batch.expiry)
        .join(DispensingItem, DispensingItem.dispensing_id == Dispensing.id)
        .join(InventoryItem, InventoryItem.id == DispensingItem.item_id)
        .join(Batch, Batch.id == DispensingItem.batch_id)
        .where(Dispensing.prescription_id == prescription_id)
        .order_by(Dispensing.id, DispensingItem.id)
    )
    lines: dict[Dispensing, list[DispensedLineRow]] = {}
    for document, row, medicine, number, expiry in session.execute(wanted):
        line = DispensedLineRow(row.id, medicine, number, expiry, row.quantity, row.quantity_returned, row.unit_price, row.total)
        lines.setdefault(document, []).append(line)
    return [
        DispensingRow(d.id, d.prescription_id, d.patient_id, d.visit_id, d.dispensed_at, d.status, d.total, tuple(rows))
        for d, rows in lines.items()
    ]
