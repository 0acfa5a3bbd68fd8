"""What every composition shares: the finished document, its letterhead and person, and whether it was printed before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.queries import ClinicRow, clinic
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import age_text
from clinic_desktop.documents.data import Letterhead, Person
from clinic_desktop.documents.receipt import head_pdf
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.journal import times_noted
from clinic_desktop.wording import status


class DocumentKind(StrEnum):
    """The documents that a clinic prints; workstations will choose a printer for each."""

    ID_CARD = "id_card"
    QUEUE_TOKEN = "queue_token"  # noqa: S105 - a slip of paper
    APPOINTMENT_SLIP = "appointment_slip"
    PRESCRIPTION = "prescription"
    INVOICE = "invoice"
    RECEIPT = "receipt"
    SETTLEMENT = "settlement"
    RECOVERY_KEY = "recovery_key"
    ERASURE_STATEMENT = "erasure_statement"
    CONSENT = "consent"
    PATIENT_DOCUMENT = "patient_document"


_LOGO, _PICTURES = "logo", "pictures"
PRINTED = "printed"
"""The audit note that a print leaves; a document that has one is a reprint."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished document and the record that it shows."""

    kind: DocumentKind
    entity_type: str
    entity_id: UUID
    number: str
    pdf: bytes
    is_reprint: bool


def printed_before(session: Session, kind: DocumentKind, entity_type: str, entity_id: UUID) -> bool:
    """Whether this document of this record was printed before."""
    return times_noted(session, entity_type, entity_id, event=PRINTED, kind=kind.value) > 0


def with_logo(session: Session, picture: bytes | None) -> None:
    """Let every letterhead that is composed in this session carry a picture: it is in the document store, which a session has not."""
    session.info[_LOGO] = picture


def with_pictures(session: Session, read: Callable[[str], bytes | None]) -> None:
    """Let what is composed in this session show pictures of the document store, which ``read`` finds by their content\u2019s hash."""
    session.info[_PICTURES] = read


def picture(session: Session, sha256: str) -> bytes | None:
    """A picture of the document store; None where it is not there, or the session knows no store."""
    read: Callable[[str], bytes | None] | None = session.info.get(_PICTURES)
    return None if read is None else read(sha256)


def letterhead(session: Session, clinic: ClinicRow) -> Letterhead:
    """The clinic's head, with the hospital's where the clinic has none of its own."""
    return Letterhead(
        clinic_name=clinic.name,
        hospital_name=clinic.hospital_name,
        address=clinic.address or clinic.hospital_address or "",
        phone=clinic.phone or clinic.hospital_phone or "",
        email=clinic.hospital_email or "",
        tax_number=clinic.tax_number or "",
        logo=session.info.get(_LOGO),
    )


def head_preview(session: Session, *, language: Language, clinic_id: UUID) -> bytes:
    """How a clinic stands at the top of its receipts, as PDF."""
    return head_pdf(letterhead(session, clinic(session, clinic_id)), language)


def person(patient: PatientRow, on: date, language: Language) -> Person:
    """The patient as documents name one, at the age of that day."""
    born = patient.date_of_birth
    return Person(
        full_name=patient.full_name,
        number=patient.patient_number,
        sex=status(patient.gender, language),
        age=age_text(born, on, estimated=patient.dob_is_estimated, language=language) if born else "",
        birth_date=born,
        birth_date_is_estimated=patient.dob_is_estimated,
        phone=patient.phone_typed or patient.phone or "",
        allergies=(patient.allergies,) if patient.allergies else None,
    )
