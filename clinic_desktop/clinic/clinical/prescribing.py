"""Prescribing safety from the rows: what a patient is allergic to and takes already, against what is about to be given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem
from clinic_desktop.clinic.clinical.rules import DISPENSABLE, Drug, PrescriptionStatus, PrescriptionWarning, safety_warnings
from clinic_desktop.clinic.clinical.rules.dosing import MAX_DAYS
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.clinic.stock.rules import ingredient_names
from clinic_desktop.kernel.errors import NotFound


def drug_of(medicine: Medicine, item: InventoryItem) -> Drug:
    """What the safety rules know of a medicine: its generic name stands in where no ingredients were entered."""
    return Drug(medicine.id, item.name, ingredient_names(medicine.ingredients) or ingredient_names(medicine.generic_name))


def drugs(session: Session, medicine_ids: Sequence[UUID]) -> list[Drug]:
    """The medicines in the order asked for; raises NotFound."""
    wanted = select(Medicine, InventoryItem).join(InventoryItem, InventoryItem.id == Medicine.item_id)
    found = {medicine.id: drug_of(medicine, item) for medicine, item in session.execute(wanted.where(Medicine.id.in_(medicine_ids)))}
    for medicine_id in medicine_ids:
        if medicine_id not in found:
            raise NotFound(entity="medicines", key=str(medicine_id))
    return [found[medicine_id] for medicine_id in medicine_ids]


def allergies_of(session: Session, patient_id: UUID) -> str | None:
    """The patient's allergies; those of records merged with this one count too."""
    survivor = select(Patient.merged_into_id).where(Patient.id == patient_id).scalar_subquery()
    same_person = or_(Patient.id == patient_id, Patient.merged_into_id == patient_id, Patient.id == survivor)
    texts = session.scalars(select(Patient.allergies).where(same_person)).all()
    if not texts:
        raise NotFound(entity="patients", key=str(patient_id))
    return "\n".join(text for text in texts if text) or None


def taken_already(
    session: Session, patient_id: UUID, *, day: date, visit_id: UUID | None = None, besides: UUID | None = None
) -> list[Drug]:
    """Medicines of the patient's other prescriptions that run on a day, drafts of the same visit included."""
    running = (Prescription.status.in_(DISPENSABLE) & (Prescription.valid_until >= day)) | (
        (Prescription.status == PrescriptionStatus.DISPENSED) & (Prescription.business_date >= day - timedelta(days=MAX_DAYS))
    )
    if visit_id is not None:
        running = running | ((Prescription.visit_id == visit_id) & (Prescription.status == PrescriptionStatus.DRAFT))
    wanted = (
        select(Medicine, InventoryItem, Prescription.status, Prescription.business_date, PrescriptionItem.duration_days)
        .join(InventoryItem, InventoryItem.id == Medicine.item_id)
        .join(PrescriptionItem, PrescriptionItem.medicine_id == Medicine.id)
        .join(Prescription, Prescription.id == PrescriptionItem.prescription_id)
        .where(Prescription.patient_id == patient_id, PrescriptionItem.removed_at.is_(None), running)
    )
    if besides is not None:
        wanted = wanted.where(Prescription.id != besides)
    return [
        drug_of(medicine, item)
        for medicine, item, status, start, days in session.execute(wanted)
        # What was handed out whole is taken until its course ends.
        if status is not PrescriptionStatus.DISPENSED or start + timedelta(days=days) > day
    ]


def warnings_for(
    session: Session,
    *,
    patient_id: UUID,
    wanted: Sequence[Drug],
    day: date,
    visit_id: UUID | None = None,
    besides: UUID | None = None,
) -> tuple[PrescriptionWarning, ...]:
    """Why to think again before giving these medicines to this patient; ``besides`` is the prescription they stand on."""
    running = taken_already(session, patient_id, day=day, visit_id=visit_id, besides=besides)
    return safety_warnings(wanted, allergies=allergies_of(session, patient_id), already_taken=running)
