"""What must be true of dispensing: never more than prescribed, nothing on paper only, every unit charged (S4, S6, M2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import InvoiceItem
from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.pharmacy.models import Dispensing, DispensingItem, PharmacyReturn, PharmacyReturnItem
from clinic_desktop.clinic.pharmacy.rules import DispensingStatus
from clinic_desktop.clinic.stock.models import Batch, InventoryItem, StockMovement
from clinic_desktop.kernel.archived import removed_from, removed_rows
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at, minor, or_zero
from clinic_desktop.kernel.mending import ConflictKind, told

_CHARGED = "pharmacy_dispensing_items"
"""``source_type`` of the invoice lines that charge for dispensed units."""


@check("S4 dispensed quantities")
def dispensed_quantities(session: Session) -> Finding:
    """What a prescription counts as handed out was handed out, and is no more than was prescribed unless sites apart gave it."""
    item = PrescriptionItem
    given = (
        select(DispensingItem.prescription_item_id, func.sum(DispensingItem.quantity).label("units"))
        .group_by(DispensingItem.prescription_item_id)
        .subquery()
    )
    units, known = or_zero(given.c.units), told(session, ConflictKind.OVERDISPENSED)
    found = (
        select(Prescription.number, item.position, item.quantity, item.quantity_dispensed, units.label("units"))
        .join(item, item.prescription_id == Prescription.id)
        .outerjoin(given, given.c.prescription_item_id == item.id)
        .where(or_(item.quantity_dispensed != units, and_(units > item.quantity, item.id.not_in(known))))
    )
    wording = "{number} line {position}: {quantity} prescribed, {quantity_dispensed} counted, {units} handed out"
    return Finding(looked_at(session, item), tuple(lies(session, found, wording)))


@check("S4 returned quantities")
def returned_quantities(session: Session) -> Finding:
    """What came back is counted, is no more than was handed out, and gives the dispensing its status."""
    line, back = DispensingItem, PharmacyReturnItem
    returned = select(back.dispensing_item_id, func.sum(back.quantity).label("units")).group_by(back.dispensing_item_id).subquery()
    units = or_zero(returned.c.units)
    found = (
        select(InventoryItem.name, line.quantity, line.quantity_returned, units.label("units"))
        .join(line, line.item_id == InventoryItem.id)
        .outerjoin(returned, returned.c.dispensing_item_id == line.id)
        .where(or_(line.quantity_returned != units, units > line.quantity))
    )
    sums = (
        select(line.dispensing_id, func.sum(line.quantity).label("given"), func.sum(line.quantity_returned).label("back"))
        .group_by(line.dispensing_id)
        .subquery()
    )
    right = or_(
        and_(Dispensing.status == DispensingStatus.DISPENSED, sums.c.back == 0),
        and_(Dispensing.status == DispensingStatus.PARTIALLY_RETURNED, sums.c.back > 0, sums.c.back < sums.c.given),
        and_(Dispensing.status == DispensingStatus.RETURNED, sums.c.back == sums.c.given),
    )
    status = _documents(Dispensing.status, sums.c.given, sums.c.back).join(sums, sums.c.dispensing_id == Dispensing.id).where(~right)
    return finding(
        looked_at(session, line),
        lies(session, found, "{name}: {quantity} handed out, {quantity_returned} counted as returned, {units} came back"),
        lies(session, status, "dispensing of {patient} on {day} is {status}: {back} of {given} units came back"),
    )


def _documents(*columns: Any) -> Any:
    named = (func.coalesce(Patient.patient_number, "a customer").label("patient"), Dispensing.business_date.label("day"))
    return select(*named, *columns).select_from(Dispensing).outerjoin(Patient, Patient.id == Dispensing.patient_id)


@check("S6 dispensing and stock")
def dispensing_and_stock(session: Session) -> Finding:
    """Every unit on a dispensing or a return moved in its batch, and no movement stands without its document."""
    line, back = DispensingItem, PharmacyReturnItem
    return finding(
        looked_at(session, line) + looked_at(session, back),
        _apart(session, "pharmacy_dispensing", line.dispensing_id, line.batch_id, -line.quantity),
        _apart(session, "pharmacy_returns", back.return_id, back.batch_id, back.quantity),
    )


def _apart(session: Session, kind: str, document_id: Any, batch_id: Any, signed: Any) -> list[str]:
    """Batches whose movements for one kind of document are not what its lines say."""
    entry = StockMovement
    columns = (document_id.label("document"), batch_id.label("batch"), func.sum(signed).label("units"))
    paper = select(*columns).group_by(document_id, batch_id).subquery()
    columns = (entry.reference_id.label("document"), entry.batch_id.label("batch"), func.sum(entry.quantity).label("units"))
    moved = select(*columns).where(entry.reference_type == kind).group_by(entry.reference_id, entry.batch_id).subquery()
    differs = or_zero(paper.c.units) != or_zero(moved.c.units)
    archived = removed_rows(session, kind)
    alone = session.execute(_batches(moved, paper).add_columns(moved.c.document).where(paper.c.units.is_(None)))
    return [
        *lies(session, _batches(paper, moved).where(differs), "{name} batch {batch_number}: a document says {one:+}, it moved {other:+}"),
        *(
            f"{row.name} batch {row.batch_number}: moved {row.one:+} for a document that does not say so"
            for row in alone
            if row.document not in archived
        ),
    ]


def _batches(one: Any, other: Any) -> Any:
    """Batches of one side's sums, with the other side's where there are any."""
    same = and_(one.c.document == other.c.document, one.c.batch == other.c.batch)
    columns = (InventoryItem.name, Batch.batch_number, one.c.units.label("one"), or_zero(other.c.units).label("other"))
    joined = select(*columns).select_from(one).outerjoin(other, same).join(Batch, Batch.id == one.c.batch)
    return joined.join(InventoryItem, InventoryItem.id == Batch.item_id)


@check("M1 dispensing totals")
def dispensing_totals(session: Session) -> Finding:
    """A dispensing costs the sum of its lines, each its quantity times its price."""
    line = DispensingItem
    sums = select(line.dispensing_id, func.sum(line.total).label("lines")).group_by(line.dispensing_id).subquery()
    wrong = _documents(Dispensing.total, or_zero(sums.c.lines).label("lines")).outerjoin(sums, sums.c.dispensing_id == Dispensing.id)
    priced = select(InventoryItem.name, line.quantity, line.unit_price, line.total).join(line, line.item_id == InventoryItem.id)
    back = PharmacyReturnItem
    given_back = select(back.return_id, func.sum(back.amount).label("lines")).group_by(back.return_id).subquery()
    refunds = (
        select(PharmacyReturn.business_date, PharmacyReturn.refund, or_zero(given_back.c.lines).label("lines"))
        .outerjoin(given_back, given_back.c.return_id == PharmacyReturn.id)
        .where(minor(PharmacyReturn.refund) != or_zero(minor(given_back.c.lines)))
    )
    return finding(
        looked_at(session, Dispensing),
        lies(
            session,
            wrong.where(minor(Dispensing.total) != or_zero(minor(sums.c.lines))),
            "dispensing of {patient} on {day}: total {total}, its lines add up to {lines}",
        ),
        lies(
            session,
            priced.where(minor(line.total) != line.quantity * minor(line.unit_price)),
            "{name}: {quantity} at {unit_price} are not {total}",
        ),
        lies(session, refunds, "return of {business_date}: refund {refund}, its lines add up to {lines}"),
    )


@check("M2 dispensed units charged")
def dispensed_units_charged(session: Session) -> Finding:
    """Every dispensed line of a visit stands on an invoice, with its quantity and price."""
    line, charge = DispensingItem, InvoiceItem
    charged = (
        select(charge.source_id, func.sum(charge.quantity).label("units"), func.max(charge.unit_price).label("price"))
        .where(charge.source_type == _CHARGED)
        .group_by(charge.source_id)
        .subquery()
    )
    found = (
        select(line.id, InventoryItem.name, line.quantity, Dispensing.business_date, or_zero(charged.c.units).label("units"))
        .join(line, line.item_id == InventoryItem.id)
        .join(Dispensing, Dispensing.id == line.dispensing_id)
        .outerjoin(charged, charged.c.source_id == line.id)
        .where(Dispensing.visit_id.is_not(None))
        .where(or_(charged.c.units.is_(None), charged.c.units != line.quantity, minor(charged.c.price) != minor(line.unit_price)))
    )
    archived = removed_from(session, charge.__tablename__)
    told = (
        f"{row.name}: {row.quantity} handed out on {row.business_date}, {row.units} on invoices at the same price"
        for row in session.execute(found)
        if row.id not in archived
    )
    return Finding(looked_at(session, line), tuple(told))
