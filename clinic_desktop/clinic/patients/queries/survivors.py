"""The record in use of whoever a merged one is of."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import survivor_id
from clinic_desktop.clinic.patients.queries.records import PatientRow, patient, patients
from clinic_desktop.clinic.patients.rules import PatientMerged, PatientStatus
from clinic_desktop.kernel.errors import NotFound


def survivor(session: Session, patient_id: UUID) -> PatientRow:
    """The record in use of whoever this is; raises NotFound."""
    return patient(session, survivor_id(session, patient_id))


def survivors(session: Session, merged_ids: Collection[UUID]) -> dict[UUID, PatientRow]:
    """The records in use that these lead to, by the ids asked for; nothing is asked when there are none."""
    leads = {key: survivor_id(session, key) for key in merged_ids}
    found = patients(session, tuple(set(leads.values()))) if leads else {}
    return {key: found[kept] for key, kept in leads.items()}


def check_in_use(session: Session, one: Patient | None, patient_id: UUID) -> Patient:
    """A record that was read, for whoever would add something to it; raises NotFound, and PatientMerged with the record to use."""
    if one is None:
        raise NotFound("patient", entity="patients", key=str(patient_id))
    if one.status is PatientStatus.MERGED:
        kept = survivor(session, patient_id)
        raise PatientMerged("patient", patient_id=str(kept.id), patient_number=kept.patient_number, full_name=kept.full_name)
    return one
