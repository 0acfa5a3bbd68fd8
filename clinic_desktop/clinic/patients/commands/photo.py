"""The photo on a patient's record. The picture is in the store before (``filing.keep_photo``)."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.organisation.commands import let_document_go, stored_document
from clinic_desktop.clinic.patients.commands.registration import EDIT
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.intake import MediaType
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx


@command(EDIT)
def set_photo(tx: Tx, *, patient_id: UUID, sha256: str, size_bytes: int) -> list[str]:
    """Show a picture that is in the store already; returns what the store may forget."""
    patient = _in_use(tx, patient_id)
    former = patient.photo_document_id
    patient.photo_document_id = stored_document(tx, sha256=sha256, size_bytes=size_bytes, media_type=MediaType.JPEG.value)
    return _settled(tx, patient, former)


@command(EDIT)
def remove_photo(tx: Tx, *, patient_id: UUID) -> list[str]:
    """Take the photo off the record; returns what the store may forget."""
    patient = _in_use(tx, patient_id)
    former, patient.photo_document_id = patient.photo_document_id, None
    return _settled(tx, patient, former)


def _in_use(tx: Tx, patient_id: UUID) -> Patient:
    return check_in_use(tx.session, tx.session.get(Patient, patient_id, with_for_update=True, populate_existing=True), patient_id)


def _settled(tx: Tx, patient: Patient, former: UUID | None) -> list[str]:
    tx.session.flush()
    tx.emit(PatientChanged(patient.id))
    return let_document_go(tx, document_id=former) if former not in (None, patient.photo_document_id) else []
