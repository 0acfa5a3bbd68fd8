"""The life of a prescription after its draft: active, dispensed piece by piece, cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.clinical.commands.locked import check_safety, live_items, locked_prescription, signing_doctor
from clinic_desktop.clinic.clinical.commands.prescriptions import PRESCRIBE
from clinic_desktop.clinic.clinical.events import PrescriptionActivated, PrescriptionChanged
from clinic_desktop.clinic.clinical.models import Consultation, Prescription, PrescriptionItem
from clinic_desktop.clinic.clinical.prescribing import drug_of, drugs
from clinic_desktop.clinic.clinical.rules import (
    DISPENSABLE,
    PRESCRIPTION_STATES,
    ConsultationStatus,
    Drug,
    NotDispensable,
    OverDispensed,
    PrescriptionStatus,
    WarningKind,
    status_after_dispensing,
)
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.tables import id_parameter
from clinic_desktop.kernel.text import required_line

EXPIRE = permission("clinical.expire_prescriptions", N_("Close prescriptions whose days are over"), "pharmacist", "doctor")

_OPEN_ITEMS = (
    select(PrescriptionItem, Medicine, InventoryItem)
    .join(Medicine, Medicine.id == PrescriptionItem.medicine_id)
    .join(InventoryItem, InventoryItem.id == Medicine.item_id)
    .where(PrescriptionItem.prescription_id == id_parameter("prescription_id"), PrescriptionItem.removed_at.is_(None))
    .order_by(PrescriptionItem.position)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item of a prescription that is being dispensed, with what it is."""

    line: PrescriptionItem
    drug: Drug
    stock: InventoryItem
    is_controlled: bool

    @property
    def owed(self) -> int:
        """Units that were not handed out yet; none where two sites gave more than was prescribed."""
        return max(self.line.quantity - self.line.quantity_dispensed, 0)


@step
def activate_drafts(tx: Tx, *, visit: Visit, doctor_id: UUID) -> tuple[UUID, ...]:
    """Make the drafts of a visit that is being signed ready for the pharmacy; warnings are checked once more.

    Whoever signs is the prescriber: that name and licence stand on the paper, and the pharmacy asks that doctor.
    """
    wanted = select(Prescription.id).where(Prescription.visit_id == visit.id, Prescription.status == PrescriptionStatus.DRAFT)
    ids = sorted(tx.session.scalars(wanted))
    for prescription_id in ids:
        _activate(tx, locked_prescription(tx, prescription_id=prescription_id), doctor_id)
    return tuple(ids)


def _activate(tx: Tx, prescription: Prescription, doctor_id: UUID) -> None:
    # Ingredients shared with another draft were answered when the later of the two was written; allergies may be news.
    medicines = [item.medicine_id for item in live_items(tx, prescription_id=prescription.id)]
    _require_password_for_controlled(tx, medicines)
    wanted = drugs(tx.session, medicines)
    today = clinic_today(tx.session, prescription.clinic_id, tx.now)
    reason = prescription.override_reason
    check_safety(tx, prescription=prescription, wanted=wanted, day=today, reason=reason, kinds=(WarningKind.ALLERGY,))
    prescription.status = PRESCRIPTION_STATES.check(prescription.status, PrescriptionStatus.ACTIVE)
    prescription.doctor_id = doctor_id
    prescription.activated_at = tx.now
    tx.emit(PrescriptionActivated(prescription.id, prescription.visit_id))


def _require_password_for_controlled(tx: Tx, medicines: list[UUID]) -> None:
    controlled = select(Medicine.id).where(Medicine.id.in_(medicines), Medicine.is_controlled).limit(1)
    if tx.actor.by_pin and tx.session.scalar(controlled) is not None:
        tx.actor.require_password(tx.now, tx.command or "")


@command(PRESCRIBE)
def activate_prescription(tx: Tx, *, prescription_id: UUID, on_behalf_reason: str | None = None) -> None:
    """Make a prescription active that was written after its visit had been signed; another doctor than its own says why."""
    prescription = locked_prescription(tx, prescription_id=prescription_id)
    signed = tx.session.scalar(select(Consultation.status).where(Consultation.visit_id == prescription.visit_id))
    if signed is not ConsultationStatus.SIGNED:
        raise IllegalTransition(machine="consultation", current=str(signed), wanted="ACTIVE")
    _activate(tx, prescription, signing_doctor(tx, doctor_id=prescription.doctor_id, reason=on_behalf_reason))


@command(PRESCRIBE)
def cancel_prescription(tx: Tx, *, prescription_id: UUID, reason: str) -> None:
    """Stop a prescription: what was dispensed stays dispensed, nothing more is."""
    prescription = locked_prescription(tx, prescription_id=prescription_id)
    _change_status(tx, prescription, PrescriptionStatus.CANCELLED, required_line(reason, "reason"))


@command(EXPIRE)
def expire_prescriptions(tx: Tx, *, clinic_id: UUID) -> int:
    """Close a clinic's prescriptions whose days are over, as the first act of a day; returns how many."""
    today = clinic_today(tx.session, clinic_id, tx.now)
    old = select(Prescription.id).where(
        Prescription.clinic_id == clinic_id, Prescription.status.in_(DISPENSABLE), Prescription.valid_until < today
    )
    ids = sorted(tx.session.scalars(old))
    for prescription_id in ids:
        prescription = locked_prescription(tx, prescription_id=prescription_id)
        if prescription.status in DISPENSABLE:  # it may have been dispensed whole just before the lock
            _change_status(tx, prescription, PrescriptionStatus.EXPIRED, None)
    return len(ids)


def _change_status(tx: Tx, prescription: Prescription, wanted: PrescriptionStatus, reason: str | None) -> None:
    prescription.status = PRESCRIPTION_STATES.check(prescription.status, wanted)
    prescription.status_reason = reason
    tx.emit(PrescriptionChanged(prescription.id, wanted.value))


@step
def open_items(tx: Tx, *, prescription: Prescription, day: date) -> list[OpenItem]:
    """The items of a locked prescription that may be dispensed on a business date; raises NotDispensable."""
    if prescription.status not in DISPENSABLE:
        raise NotDispensable(status=prescription.status.value)
    if prescription.valid_until < day:
        raise NotDispensable(status=PrescriptionStatus.EXPIRED.value)
    found = tx.session.execute(_OPEN_ITEMS, {"prescription_id": prescription.id})
    return [OpenItem(line, drug_of(medicine, item), item, medicine.is_controlled) for line, medicine, item in found]


@step
def count_dispensed(tx: Tx, *, prescription: Prescription, items: Iterable[OpenItem], quantities: Mapping[UUID, int]) -> int:
    """Take what was handed out off what is owed; the prescription's status follows. Returns the units still owed."""
    owed_in_all = 0
    for item in items:
        wanted, owed = quantities.get(item.line.id, 0), item.owed
        if wanted > owed:
            raise OverDispensed("quantity", item_id=item.line.id, owed=owed, wanted=wanted)
        item.line.quantity_dispensed += wanted
        owed_in_all += owed - wanted
    _change_status(tx, prescription, status_after_dispensing(owed_in_all), None)
    return owed_in_all
