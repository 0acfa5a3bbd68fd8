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
from clinic_desktop.clinic.patients.rules import ContactBy
from clinic_desktop.kernel.commands import command, reacts
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.i18n import SHIPPED_CODES


@command(EDIT)
def request_contact_code(tx: Tx, *, patient_id: UUID, purpose: OtpPurpose, code: HashedCode) -> UUID:
    """Send a patient a code that proves their address or number; raises NoAddress or TooManyCodes."""
    patient = tx.session.get(Patient, patient_id, with_for_update={"key_share": True})
    patient = check_in_use(tx.session, patient, patient_id)
    contact = patient.email if purpose is OtpPurpose.VERIFY_EMAIL else patient.phone
    return send_code(tx, purpose=purpose, code=code, contact=contact, patient_id=patient_id)


@command(EDIT)
def choose_contact(tx: Tx, *, patient_id: UUID, contact_by: ContactBy | None, contact_language: str | None) -> None:
    """Note how a patient wants to be told of appointments, or not to be told, and in which language; None: as the clinic does."""
    if contact_language is not None and contact_language not in SHIPPED_CODES:
        raise InvalidInput("contact_language", "unknown_message_language")
    patient = tx.session.get(Patient, patient_id, with_for_update=True, populate_existing=True)
    if patient is None:
        raise NotFound(entity="patients", key=str(patient_id))
    patient.contact_by, patient.contact_language = contact_by, contact_language
    tx.session.flush()
    tx.emit(PatientChanged(patient.id))


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
