"""Adding and removing the numbers that other systems gave a patient."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.patients.commands.registration import EDIT
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.clinic.patients.other_numbers import OtherNumber, keep_numbers
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, NotFound


@command(EDIT)
def add_number(tx: Tx, *, patient_id: UUID, system: str, value: str) -> UUID:
    """Note a number that another system gave the patient; raises IdentifierTaken when somebody has it."""
    patient = _in_use(tx, patient_id)
    known = keep_numbers(tx, patient, [OtherNumber(system, value)])
    patient.refresh_search(known)
    tx.session.flush()
    tx.emit(PatientChanged(patient_id))
    return patient_id


@command(EDIT)
def remove_number(tx: Tx, *, identifier_id: UUID) -> UUID:
    """Take a number back that was noted by mistake."""
    row = tx.session.get(PatientIdentifier, identifier_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(entity="patient_identifiers", key=str(identifier_id))
    patient = _in_use(tx, row.patient_id)
    tx.session.delete(row)
    tx.session.flush()
    left = select(PatientIdentifier.value).where(PatientIdentifier.patient_id == patient.id)
    patient.refresh_search(sorted(tx.session.scalars(left)))
    tx.session.flush()
    tx.emit(PatientChanged(patient.id))
    return patient.id


def _in_use(tx: Tx, patient_id: UUID) -> Patient:
    patient = tx.session.get(Patient, patient_id, with_for_update=True, populate_existing=True)
    if patient is None:
        raise NotFound(entity="patients", key=str(patient_id))
    if patient.status is PatientStatus.MERGED:
        raise IllegalTransition(machine="patient", current=patient.status.value, wanted=PatientStatus.ACTIVE.value)
    return patient
