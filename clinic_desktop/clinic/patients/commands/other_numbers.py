"""Adding and removing the numbers that other systems gave a patient."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.patients.commands.registration import EDIT
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.clinic.patients.other_numbers import OtherNumber, keep_numbers
from clinic_desktop.clinic.patients.queries.known_as import known_as
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound


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
    people = person_ids(tx.session, row.patient_id)  # a number of a merged record stands in the file of the one in use
    patient = _in_use(tx, people[0])
    tx.session.delete(row)
    tx.session.flush()
    known = known_as(tx.session, people)
    for key in people:
        tx.session.get_one(Patient, key).refresh_search(known.get(key, ()))
    tx.session.flush()
    tx.emit(PatientChanged(patient.id))
    return patient.id


def _in_use(tx: Tx, patient_id: UUID) -> Patient:
    return check_in_use(tx.session, tx.session.get(Patient, patient_id, with_for_update=True, populate_existing=True), patient_id)
