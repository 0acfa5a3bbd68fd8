"""What pharmacists do: hand out what was prescribed, and take back what was not used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.billing.commands import add_visit_lines, draft_sale
from clinic_desktop.clinic.billing.rules import LineKind, NewLine
from clinic_desktop.clinic.clinical.commands import OpenItem, check_safety, count_dispensed, locked_prescription, locked_visit, open_items
from clinic_desktop.clinic.clinical.models import Prescription
from clinic_desktop.clinic.clinical.rules import PrescriptionStatus
from clinic_desktop.clinic.pharmacy.events import MedicineDispensed, MedicineReturned
from clinic_desktop.clinic.pharmacy.models import Dispensing, DispensingItem, PharmacyReturn, PharmacyReturnItem
from clinic_desktop.clinic.pharmacy.rules import (
    DISPENSING_STATES,
    DispenseLine,
    DispensingStatus,
    ReturnLine,
    ReturnTooMuch,
    allotted,
    checked_lines,
    summed_returns,
)
from clinic_desktop.clinic.stock.commands import Pick, Place, Reference, issue_many, lock_batches, place_of, return_stock
from clinic_desktop.clinic.stock.models import InventoryItem
from clinic_desktop.clinic.stock.rules import MovementKind, Want
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_line, required_line

DISPENSE = permission("pharmacy.dispense", N_("Dispense prescriptions"), "pharmacist")
RETURN = permission("pharmacy.return", N_("Take medicines back"), "pharmacist")


@dataclass(frozen=True, slots=True)
class DispensedRow:
    """What was handed out; ``total`` is before tax, ``owed`` the units that the prescription still lacks."""

    dispensing_id: UUID
    total: Money
    owed: int
    status: PrescriptionStatus


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """What came back; ``refund`` is what its price was, for the cashier to credit."""

    return_id: UUID
    refund: Money


@command(DISPENSE, idempotent=True)
def dispense(
    tx: Tx,
    *,
    key: UUID,
    prescription_id: UUID,
    location_id: UUID,
    lines: tuple[DispenseLine, ...] | None = None,
    override_reason: str | None = None,
) -> DispensedRow:
    """Hand out the given lines, or all that is owed: stock, prescription and invoice change together or not at all.

    Any clinic of the hospital may serve a prescription: from its own stock, on its own day, and on a bill of its own.
    """
    place = place_of(tx, location_id=location_id)
    prescription = _locked(tx, prescription_id)
    items = {item.line.id: item for item in open_items(tx, prescription=prescription, day=place.today)}
    chosen = checked_lines({line_id: item.owed for line_id, item in items.items()}, lines)
    reason = optional_line(override_reason, "override_reason", limit=500)
    if any(items[line.prescription_item_id].is_controlled for line in chosen):
        tx.actor.require_password(tx.now, tx.command or "")
    _check_again(tx, prescription, [items[line.prescription_item_id] for line in chosen], place, reason)
    document = _document(tx, prescription, place, reason)
    wants = [Want(items[line.prescription_item_id].stock.id, line.quantity, line.batch_id) for line in chosen]
    reference = Reference("pharmacy_dispensing", document.id)
    picks = issue_many(tx, place=place, wants=wants, kind=MovementKind.DISPENSE, reference=reference)
    document.total = total((pick.unit_price * pick.quantity for pick in picks), tx.currency)
    tx.add(document)
    handed = _handed_out(tx, document, chosen, wants, picks)
    owed = _count(tx, prescription, items.values(), handed)
    _charge(tx, prescription, place, handed, {item.stock.id: item.stock for item in items.values()}, picks)
    tx.emit(MedicineDispensed(document.id, prescription.id, prescription.visit_id))
    return DispensedRow(document.id, document.total, owed, prescription.status)


def _locked(tx: Tx, prescription_id: UUID) -> Prescription:
    """The prescription, locked after its visit: the order that every department keeps."""
    visit_id = tx.session.scalar(select(Prescription.visit_id).where(Prescription.id == prescription_id))
    if visit_id is None:
        raise NotFound(entity="prescriptions", key=str(prescription_id))
    locked_visit(tx, visit_id=visit_id)
    return locked_prescription(tx, prescription_id=prescription_id)


def _check_again(tx: Tx, prescription: Prescription, items: Iterable[OpenItem], place: Place, reason: str | None) -> None:
    """Safety at the counter (C2): the pharmacist answers warnings too, whatever the prescriber answered."""
    wanted = list(dict.fromkeys(item.drug for item in items))
    check_safety(tx, prescription=prescription, wanted=wanted, day=place.today, reason=reason)


def _document(tx: Tx, prescription: Prescription, place: Place, reason: str | None) -> Dispensing:
    return Dispensing(
        clinic_id=place.clinic_id,
        location_id=place.location_id,
        prescription_id=prescription.id,
        visit_id=prescription.visit_id,
        patient_id=prescription.patient_id,
        status=DispensingStatus.DISPENSED,
        override_reason=reason,
        business_date=place.today,
        dispensed_by=tx.actor.user_id,
        dispensed_at=tx.now,
    )


def _handed_out(
    tx: Tx, document: Dispensing, lines: Sequence[DispenseLine], wants: Sequence[Want], picks: Sequence[Pick]
) -> list[DispensingItem]:
    """One row for each prescription item and batch."""
    units = [(pick.item_id, pick.batch_id if pick.is_chosen else None, pick.quantity) for pick in picks]
    handed = []
    for line_at, pick_at, quantity in allotted([(want.item_id, want.batch_id, want.quantity) for want in wants], units):
        line, pick = lines[line_at], picks[pick_at]
        row = DispensingItem(
            dispensing_id=document.id,
            prescription_item_id=line.prescription_item_id,
            item_id=pick.item_id,
            batch_id=pick.batch_id,
            quantity=quantity,
            quantity_returned=0,
            unit_price=pick.unit_price,
            total=pick.unit_price * quantity,
            batch_reason=optional_line(line.batch_reason, "batch_reason", limit=300) if line.batch_id else None,
        )
        handed.append(tx.add(row))
    return handed


def _count(tx: Tx, prescription: Prescription, items: Iterable[OpenItem], handed: Iterable[DispensingItem]) -> int:
    quantities: dict[UUID, int] = {}
    for one in handed:
        if one.prescription_item_id is not None:
            quantities[one.prescription_item_id] = quantities.get(one.prescription_item_id, 0) + one.quantity
    return count_dispensed(tx, prescription=prescription, items=items, quantities=quantities)


def _charge(
    tx: Tx,
    prescription: Prescription,
    place: Place,
    handed: Sequence[DispensingItem],
    items: dict[UUID, InventoryItem],
    picks: Sequence[Pick],
) -> None:
    numbers = {pick.batch_id: pick.batch_number for pick in picks}
    lines = [_medicine_line(one, items[one.item_id], numbers[one.batch_id]) for one in handed]
    if place.clinic_id == prescription.clinic_id:
        add_visit_lines(tx, visit_id=prescription.visit_id, lines=lines)
    else:  # the visit's bill is another clinic's, whose medicines these are not
        draft_sale(tx, clinic_id=place.clinic_id, patient_id=prescription.patient_id, lines=lines)


def _medicine_line(one: DispensingItem, item: InventoryItem, batch_number: str) -> NewLine:
    return NewLine(
        kind=LineKind.MEDICINE,
        source_type="pharmacy_dispensing_items",
        source_id=one.id,
        description=f"{item.name} [{batch_number}]",
        quantity=one.quantity,
        unit_price=one.unit_price,
        discount=None,
        tax_configuration_id=item.tax_configuration_id,
        doctor_id=None,
        doctor_share_basis_points=0,
    )


@command(RETURN, idempotent=True)
def return_medicine(tx: Tx, *, key: UUID, dispensing_id: UUID, lines: tuple[ReturnLine, ...], reason: str) -> ReturnedRow:
    """Take dispensed units back, at most those that have not come back yet; money is given back by a credit note at the desk."""
    document = _locked_document(tx, dispensing_id)
    rows = {row.id: row for row in _dispensed_items(tx, dispensing_id)}
    for item_id, wanted in summed_returns(lines).items():
        left = rows[item_id].quantity - rows[item_id].quantity_returned if item_id in rows else 0
        if wanted > left:
            raise ReturnTooMuch("quantity", item_id=item_id, left=left, wanted=wanted)
    text = required_line(reason, "reason")
    came_back = PharmacyReturn(
        dispensing_id=dispensing_id,
        reason=text,
        refund=total((rows[line.dispensing_item_id].unit_price * line.quantity for line in lines), tx.currency),
        business_date=place_of(tx, location_id=document.location_id).today,
        returned_by=tx.actor.user_id,
        returned_at=tx.now,
    )
    tx.add(came_back)
    tx.session.flush()
    lock_batches(tx, batch_ids={rows[line.dispensing_item_id].batch_id for line in lines})
    for line in lines:
        _take_back(tx, came_back, rows[line.dispensing_item_id], line, text)
    everything = all(row.quantity_returned == row.quantity for row in rows.values())
    wanted_status = DispensingStatus.RETURNED if everything else DispensingStatus.PARTIALLY_RETURNED
    document.status = DISPENSING_STATES.check(document.status, wanted_status)
    tx.session.flush()
    tx.emit(MedicineReturned(came_back.id, dispensing_id))
    return ReturnedRow(came_back.id, came_back.refund)


def _locked_document(tx: Tx, dispensing_id: UUID) -> Dispensing:
    wanted = select(Dispensing).where(Dispensing.id == dispensing_id).with_for_update(key_share=True)
    document = tx.session.scalar(wanted.execution_options(populate_existing=True))
    if document is None:
        raise NotFound(entity="pharmacy_dispensing", key=str(dispensing_id))
    return document


def _dispensed_items(tx: Tx, dispensing_id: UUID) -> list[DispensingItem]:
    wanted = select(DispensingItem).where(DispensingItem.dispensing_id == dispensing_id).order_by(DispensingItem.id)
    return list(tx.session.scalars(wanted.execution_options(populate_existing=True)))


def _take_back(tx: Tx, came_back: PharmacyReturn, row: DispensingItem, line: ReturnLine, reason: str) -> None:
    reference = Reference("pharmacy_returns", came_back.id)
    batch_id = return_stock(
        tx, batch_id=row.batch_id, quantity=line.quantity, resaleable=line.resaleable, reason=reason, reference=reference
    )
    row.quantity_returned += line.quantity
    tx.add(
        PharmacyReturnItem(
            return_id=came_back.id,
            dispensing_item_id=row.id,
            batch_id=batch_id,
            quantity=line.quantity,
            amount=row.unit_price * line.quantity,
        )
    )
    tx.session.flush()
