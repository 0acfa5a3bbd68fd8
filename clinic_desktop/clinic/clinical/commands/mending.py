"""What a merge of several sites leaves to be put right of prescriptions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem
from clinic_desktop.clinic.clinical.rules import PrescriptionStatus, status_after_dispensing
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.mending import ConflictKind, Task, mends

_HANDED_OUT = (PrescriptionStatus.ACTIVE, PrescriptionStatus.PARTIALLY_DISPENSED, PrescriptionStatus.DISPENSED)


@mends("prescription_items")
def count_again(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """What several sites handed out of one prescription: its status from its lines, and a task where it was too much."""
    touched = select(PrescriptionItem.prescription_id).where(PrescriptionItem.id.in_(ids))
    wanted = select(Prescription).where(Prescription.id.in_(touched), Prescription.status != PrescriptionStatus.DRAFT)
    tasks: list[Task] = []
    for prescription in tx.session.scalars(wanted.order_by(Prescription.id)).all():
        lines = _live(tx, prescription.id)
        owed = sum(max(line.quantity - line.quantity_dispensed, 0) for line, _ in lines)
        given = any(line.quantity_dispensed for line, _ in lines)
        if prescription.status in _HANDED_OUT:
            prescription.status = status_after_dispensing(owed) if given else PrescriptionStatus.ACTIVE
        tasks += [_too_much(prescription, line, name) for line, name in lines if line.quantity_dispensed > line.quantity]
    return tasks


def _live(tx: Tx, prescription_id: UUID) -> list[tuple[PrescriptionItem, str]]:
    wanted = (
        select(PrescriptionItem, InventoryItem.name)
        .join(Medicine, Medicine.id == PrescriptionItem.medicine_id)
        .join(InventoryItem, InventoryItem.id == Medicine.item_id)
        .where(PrescriptionItem.prescription_id == prescription_id, PrescriptionItem.removed_at.is_(None))
    )
    return [(line, name) for line, name in tx.session.execute(wanted.order_by(PrescriptionItem.position))]


def _too_much(prescription: Prescription, line: PrescriptionItem, name: str) -> Task:
    facts = {"number": prescription.number, "medicine": name, "quantity": line.quantity, "dispensed": line.quantity_dispensed}
    return Task(ConflictKind.OVERDISPENSED, "prescription_items", line.id, prescription.patient_id, facts)
