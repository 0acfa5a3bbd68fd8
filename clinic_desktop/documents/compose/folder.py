"""Documents of a patient's folder: what was attached, and what was signed."""

from __future__ import annotations

import io
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.intake import MediaType
from clinic_desktop.clinic.patients.intake.kinds import text_of
from clinic_desktop.clinic.patients.intake.pdfs import page_bitmap
from clinic_desktop.clinic.patients.intake.pictures import page_picture
from clinic_desktop.clinic.patients.queries import DocumentRow, TemplateRow
from clinic_desktop.documents import data as paper
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, letterhead, person, printed_before
from clinic_desktop.documents.consent import consent_pdf
from clinic_desktop.documents.folder_paper import MOST_PAGES, paper_pdf
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import SHIPPED_CODES, Language
from clinic_desktop.wording import status

_SIDE = 2_000
"""Pixels of a page's longer side: 170 dpi on A4."""


def folder_paper(session: Session, *, language: Language, now: datetime, row: DocumentRow, data: bytes) -> Composed:
    """A file of the folder on A4, as far as twenty pages."""
    if row.pages > MOST_PAGES:
        raise InvalidInput("file", "too_long_to_print", limit=MOST_PAGES)
    patient = patients.patient(session, row.patient_id)
    belongs = f"{row.name} · {patient.full_name} · {patient.patient_number}"
    is_text = row.media_type is MediaType.TEXT
    pictures = () if is_text else [_jpeg(row.media_type, data, page) for page in range(row.pages)]
    pdf = paper_pdf(row.name, belongs, pictures=pictures, text=text_of(data) if is_text else "", language=language)
    again = printed_before(session, DocumentKind.PATIENT_DOCUMENT, "patient_documents", row.id)
    return Composed(DocumentKind.PATIENT_DOCUMENT, "patient_documents", row.id, row.name, pdf, again)


def _jpeg(kind: MediaType, data: bytes, page: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 - printing alone needs it here

    if kind is MediaType.PDF:
        width, height, pixels = page_bitmap(data, page, _SIDE)
        picture = Image.frombytes("RGB", (width, height), pixels)
    else:
        picture = page_picture(kind, data, page, _SIDE)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=88)
    return written.getvalue()


def signed_consent(
    session: Session, *, language: Language, now: datetime, consent_id: UUID, clinic_id: UUID, signature: bytes | None
) -> Composed:
    """A consent with the text that was signed, all of it in the language of that text where the program speaks it."""
    signed = patients.consent(session, consent_id)
    patient = patients.patient(session, signed.patient_id)
    text = patients.consent_text(session, signed.template_id) if signed.template_id is not None else None
    spoken = _spoken(text, language)
    clinic = organisation.clinic(session, clinic_id)
    again = printed_before(session, DocumentKind.CONSENT, "patient_consents", signed.id)
    pdf = consent_pdf(
        paper.SignedConsent(
            letterhead=letterhead(session, clinic),
            patient=person(patient, organisation.clinic_today(session, clinic_id, signed.signed_at), spoken),
            title=text.title if text else status(signed.type, spoken),
            body=text.body if text else "",
            version=signed.template_version,
            timezone=clinic.timezone,
            signed_at=signed.signed_at,
            guardian=signed.guardian or "",
            witness=signed.witness or "",
            recorded_by=signed.recorded_by or "",
            signature=signature,
            withdrawn_at=signed.withdrawn_at,
            withdrawal_reason=signed.withdrawal_reason or "",
            is_reprint=again,
        ),
        spoken,
    )
    return Composed(DocumentKind.CONSENT, "patient_consents", signed.id, patient.patient_number, pdf, again)


def consent_preview(session: Session, *, language: Language, now: datetime, template_id: UUID, clinic_id: UUID) -> Composed:
    """How a text is printed, for nobody and not signed: it is a form to sign on paper, too."""
    text = patients.consent_text(session, template_id)
    clinic, spoken = organisation.clinic(session, clinic_id), _spoken(text, language)
    form = paper.SignedConsent(
        letterhead=letterhead(session, clinic),
        patient=paper.Person(full_name="", number=""),
        title=text.title,
        body=text.body,
        version=f"{text.language} {text.version}",
        timezone=clinic.timezone,
    )
    return Composed(DocumentKind.CONSENT, "consent_templates", text.id, form.version, consent_pdf(form, spoken), is_reprint=False)


def _spoken(text: TemplateRow | None, otherwise: Language) -> Language:
    return Language(text.language) if text is not None and text.language in SHIPPED_CODES else otherwise
