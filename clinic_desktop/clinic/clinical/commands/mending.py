"""What a merge of several sites leaves to be put right of prescriptions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem
from clinic_desktop.clinic.clinical.rules import PrescriptionStatus, status_after_dispensing
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.mending import ConflictKind, Task, mends

_HANDED_OUT = (PrescriptionStatus.ACTIVE, PrescriptionStatus.PARTIALLY_DISPENSED, PrescriptionStatus.DISPENSED)


@mends("prescription_items")
def count_again(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """What several sites handed out of one prescription: its status from its lines, and a task where it was too much."""
    tasks: list[Task] = []
    for found, lines in groupby(tx.session.execute(_lines_of(ids)), key=itemgetter(slice(0, 4))):
        key, status, number, patient_id = found
        live = [line for line in lines if line.item_id is not None]
        owed = sum(max(line.quantity - line.quantity_dispensed, 0) for line in live)
        given = any(line.quantity_dispensed for line in live)
        told = status_after_dispensing(owed) if given else PrescriptionStatus.ACTIVE
        if status in _HANDED_OUT and status is not told:
            tx.session.get_one(Prescription, key).status = told
        tasks += [_too_much(number, patient_id, line) for line in live if line.quantity_dispensed > line.quantity]
    return tasks


def _lines_of(ids: frozenset[UUID]) -> Select[*tuple[Any, ...]]:
    """The live lines of every prescription that is touched, each after the prescription's own values; one without any has one empty."""
    touched = select(PrescriptionItem.prescription_id).where(PrescriptionItem.id.in_(ids))
    line = PrescriptionItem
    is_live = (line.prescription_id == Prescription.id) & line.removed_at.is_(None)
    own = (Prescription.id, Prescription.status, Prescription.number, Prescription.patient_id)
    return (
        select(*own, line.id.label("item_id"), line.quantity, line.quantity_dispensed, InventoryItem.name)
        .outerjoin_from(Prescription, line, is_live)
        .outerjoin(Medicine, Medicine.id == line.medicine_id)
        .outerjoin(InventoryItem, InventoryItem.id == Medicine.item_id)
        .where(Prescription.id.in_(touched), Prescription.status != PrescriptionStatus.DRAFT)
        .order_by(Prescription.id, line.position)
    )


def _too_much(number: str, patient_id: UUID, line: Row[Any]) -> Task:
    facts = {"number": number, "medicine": line.name, "quantity": line.quantity, "dispensed": line.quantity_dispensed}
    return Task(ConflictKind.OVERDISPENSED, "prescription_items", line.item_id, patient_id, facts)
