"""Prescribing safety from the rows: what a patient is allergic to and takes already, against what is about to be given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical.models import Prescription, PrescriptionItem
from clinic_desktop.clinic.clinical.rules import DISPENSABLE, Drug, PrescriptionStatus, PrescriptionWarning, safety_warnings
from clinic_desktop.clinic.clinical.rules.dosing import MAX_DAYS
from clinic_desktop.clinic.patients.combining import both
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.stock.models import InventoryItem, Medicine
from clinic_desktop.clinic.stock.rules import ingredient_names
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.tables import id_parameter

# Built once: safety is asked again at every step, and putting a statement together costs more than running it.
_MEDICINES = (
    select(Medicine, InventoryItem)
    .join(InventoryItem, InventoryItem.id == Medicine.item_id)
    .where(Medicine.id.in_(bindparam("medicine_ids", type_=Uuid(), expanding=True)))
)
_PEOPLE = bindparam("people", type_=Uuid(), expanding=True)
_ALLERGIES = select(Patient.id, Patient.allergies).where(Patient.id.in_(_PEOPLE))
_DAY = bindparam("day", type_=Date())
_TAKEN = (
    select(Medicine, InventoryItem, Prescription.status, Prescription.business_date, PrescriptionItem.duration_days)
    .join(InventoryItem, InventoryItem.id == Medicine.item_id)
    .join(PrescriptionItem, PrescriptionItem.medicine_id == Medicine.id)
    .join(Prescription, Prescription.id == PrescriptionItem.prescription_id)
    .where(
        Prescription.patient_id.in_(_PEOPLE),
        Prescription.id != id_parameter("besides"),
        PrescriptionItem.removed_at.is_(None),
        or_(
            Prescription.status.in_(DISPENSABLE) & (Prescription.valid_until >= _DAY),
            (Prescription.status == PrescriptionStatus.DISPENSED)
            & (Prescription.business_date >= bindparam("longest_before", type_=Date())),
            (Prescription.status == PrescriptionStatus.DRAFT) & (Prescription.visit_id == id_parameter("visit_id")),
        ),
    )
)
_NONE = UUID(int=0)


def drug_of(medicine: Medicine, item: InventoryItem) -> Drug:
    """What the safety rules know of a medicine: its generic name stands in where no ingredients were entered."""
    return Drug(medicine.id, item.name, ingredient_names(medicine.ingredients) or ingredient_names(medicine.generic_name))


def medicines(session: Session, medicine_ids: Collection[UUID]) -> dict[UUID, tuple[Medicine, InventoryItem]]:
    """Medicines with their stock items; those that there are not are missing."""
    return {medicine.id: (medicine, item) for medicine, item in session.execute(_MEDICINES, {"medicine_ids": tuple(medicine_ids)})}


def drugs(session: Session, medicine_ids: Sequence[UUID]) -> list[Drug]:
    """The medicines in the order asked for; raises NotFound."""
    found = medicines(session, medicine_ids)
    for medicine_id in medicine_ids:
        if medicine_id not in found:
            raise NotFound(entity="medicines", key=str(medicine_id))
    return [drug_of(*found[medicine_id]) for medicine_id in medicine_ids]


def allergies_of(session: Session, patient_id: UUID) -> str | None:
    """The patient's allergies; those of records merged with this one count too."""
    people = person_ids(session, patient_id)
    if not people:
        raise NotFound(entity="patients", key=str(patient_id))
    known = dict(session.execute(_ALLERGIES, {"people": people}).all())
    found: str | None = None
    for key in people:
        found = both(found, known[key])  # the survivor has taken most of them over: each line once
    return found


def taken_already(
    session: Session, patient_id: UUID, *, day: date, visit_id: UUID | None = None, besides: UUID | None = None
) -> list[Drug]:
    """Medicines of the patient's other prescriptions that run on a day, drafts of the same visit included."""
    longest_before = day - timedelta(days=MAX_DAYS)
    ids = {"people": person_ids(session, patient_id), "visit_id": visit_id or _NONE, "besides": besides or _NONE}
    return [
        drug_of(medicine, item)
        for medicine, item, status, start, days in session.execute(_TAKEN, {**ids, "day": day, "longest_before": longest_before})
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
