"""A patient's telephone number and e-mail address, and whether each is proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.queries import proved_at
from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.rules import ContactBy
from clinic_desktop.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A way to reach a patient, ``typed`` as the patient writes it; ``proved_at`` is None when it is not proved, or nobody knows when."""

    purpose: OtpPurpose
    address: str
    typed: str
    is_proved: bool
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactWish:
    """How a patient wants to be told of appointments; None where nobody asked."""

    patient_id: UUID
    contact_by: ContactBy | None
    contact_language: str | None


def contact_wish(session: Session, patient_id: UUID) -> ContactWish:
    """How a patient wants to be told; raises NotFound."""
    wanted = select(Patient.id, Patient.contact_by, Patient.contact_language).where(Patient.id == patient_id)
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound(entity="patients", key=str(patient_id))
    return ContactWish(*found)


def contacts(session: Session, patient_id: UUID) -> tuple[ContactRow, ...]:
    """The number and the address that a patient has, in this order; raises NotFound."""
    columns = (Patient.phone, Patient.phone_typed, Patient.phone_verified, Patient.email, Patient.email_verified)
    row = session.execute(select(*columns).where(Patient.id == patient_id)).one_or_none()
    if row is None:
        raise NotFound(entity="patients", key=str(patient_id))
    known = (
        (OtpPurpose.VERIFY_PHONE, row.phone, row.phone_typed, row.phone_verified),
        (OtpPurpose.VERIFY_EMAIL, row.email, row.email, row.email_verified),
    )

    people = person_ids(session, patient_id)

    def since(purpose: OtpPurpose, address: str) -> datetime | None:
        return proved_at(session, purpose=purpose, patient_ids=people, contact=address)

    return tuple(
        ContactRow(purpose, address, typed or address, is_proved, since(purpose, address) if is_proved else None)
        for purpose, address, typed, is_proved in known
        if address
    )
