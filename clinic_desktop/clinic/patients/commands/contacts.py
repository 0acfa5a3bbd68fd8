"""A patient's telephone number and address, proved by a code that the patient reads out."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.access.commands import send_code
from clinic_desktop.clinic.access.events import ContactVerified
from clinic_desktop.clinic.access.passwords import HashedCode
from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.clinic.patients.commands.registration import EDIT
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.kernel.commands import command, reacts
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound


@command(EDIT)
def request_contact_code(tx: Tx, *, patient_id: UUID, purpose: OtpPurpose, code: HashedCode) -> UUID:
    """Send a patient a code that proves their address or number; raises NoAddress or TooManyCodes."""
    patient = tx.session.get(Patient, patient_id, with_for_update={"key_share": True})
    patient = check_in_use(tx.session, patient, patient_id)
    contact = patient.email if purpose is OtpPurpose.VERIFY_EMAIL else patient.phone
    return send_code(tx, purpose=purpose, code=code, contact=contact, patient_id=patient_id)


@reacts(ContactVerified)
def mark_verified(tx: Tx, shown: ContactVerified) -> None:
    """Note on the record what the code has proved, if it is still the patient's."""
    patient = tx.session.get(Patient, shown.patient_id, with_for_update=True)
    if patient is None:
        raise NotFound(entity="patients", key=str(shown.patient_id))
    is_mail = shown.purpose == OtpPurpose.VERIFY_EMAIL.value
    patient.email_verified = patient.email_verified or (is_mail and patient.email == shown.contact)
    patient.phone_verified = patient.phone_verified or (not is_mail and patient.phone == shown.contact)
    tx.emit(PatientChanged(patient.id))
