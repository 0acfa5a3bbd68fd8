"""Identity cards from the clinic's rows: one, a batch, and a design tried out on people who do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.card_design import CardLayout, Side
from clinic_desktop.clinic.patients.queries import CardRow, PatientRow
from clinic_desktop.clinic.patients.rules import Gender, age_text
from clinic_desktop.documents import data
from clinic_desktop.documents.card_face import Cut
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, letterhead, person, picture, printed_before
from clinic_desktop.documents.id_card import PrintedCard, cards_pdf, id_card_pdf
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.wording import status

SAMPLE_NAMES = {
    "long": "Venkatanarasimharaju Subrahmanyeswara Chattopadhyay",
    "ar": "عبد الرحمن محمد بن عبد الله آل خليفة",
    "hi": "श्रीमती ज्ञानेश्वरी क्षत्रिय त्र्यम्बके",
    "short": "Asha Rao",
}
"""Names that try a design: very long, and in each script."""
_SAMPLE_NUMBER, _SAMPLE_CARD, _SAMPLE_PHONE = "PAT-2026-00042", "CRD-2026-000042", "+91 98200 11001"
_AS_LONG_AS_SIGNED = 176
"""Characters of a signed code: the sample's has as many modules as a real one."""


def id_card(session: Session, *, language: Language, now: datetime, patient_id: UUID) -> Composed:
    """The card that a patient holds now; raises NotFound when none was issued."""
    patient = patients.patient(session, patient_id)
    card = patients.card_in_use(session, patient_id)
    if card is None:
        raise NotFound(entity="id_cards", key=patient.patient_number)
    printed = _printed(session, patient, card, language, now)
    pdf = id_card_pdf(printed.card, language, printed.layout)
    return Composed(DocumentKind.ID_CARD, "id_cards", card.id, card.card_number, pdf, printed.card.is_reprint)


def id_cards(
    session: Session, *, language: Language, now: datetime, patient_ids: Sequence[UUID], paper: str = data.CardPaper.CARD
) -> Composed:
    """The cards in use of several patients in their order, in one document; raises NotFound when nobody has one."""
    known = patients.patients(session, patient_ids)
    cards = patients.cards_in_use(session, patient_ids)
    held = [one for one in patient_ids if one in known and one in cards]
    if not held:
        raise NotFound(entity="id_cards", key="")
    printed = [_printed(session, known[one], cards[one], language, now) for one in held]
    first = cards[held[0]]
    pdf = cards_pdf(printed, data.CardPaper(paper))
    return Composed(DocumentKind.ID_CARD, "id_cards", first.id, first.card_number, pdf, any(one.card.is_reprint for one in printed))


def sample_card(
    session: Session, *, language: Language, now: datetime, clinic_id: UUID, layout: CardLayout, name: str = "long", cut: Cut | None = None
) -> bytes:
    """A design with everything on it that it can show, of somebody who does not exist."""
    clinic = organisation.clinic(session, clinic_id)
    today = organisation.clinic_today(session, clinic.id, now)
    spoken = Language(layout.languages[0]) if layout.languages else language
    born = date(today.year - 36, 3, 14)
    shown = data.Person(
        full_name=SAMPLE_NAMES[name],
        number=_SAMPLE_NUMBER,
        sex=_sex(Gender.FEMALE, layout, spoken),
        age=age_text(born, today, language=spoken),
        birth_date=born,
        phone=_SAMPLE_PHONE,
        allergies=("Penicillin",),
    )
    card = data.IdCard(
        letterhead=letterhead(session, clinic),
        patient=shown,
        blood_group="O+",
        emergency_contact=f"{SAMPLE_NAMES['short']} {_SAMPLE_PHONE}",
        qr_text="CLC1.".ljust(_AS_LONG_AS_SIGNED, "A"),
        barcode=_SAMPLE_CARD,
        address="14 Lake View Road, Pune 411001",
        valid_until=date(today.year + 3, 3, 31),
    )
    return id_card_pdf(card, language, layout, cut=cut)


def design_faces(
    session: Session, *, language: Language, now: datetime, clinic_id: UUID, layout: CardLayout, name: str
) -> tuple[bytes, frozenset[tuple[Side, int]]]:
    """A design as PDF, and the elements whose text the sample is too long for."""
    cut = Cut()
    return sample_card(session, language=language, now=now, clinic_id=clinic_id, layout=layout, name=name, cut=cut), frozenset(cut.places)


def trial_card(session: Session, *, language: Language, now: datetime, clinic_id: UUID, layout: CardLayout, name: str) -> Composed:
    """A design on paper before anybody gets a card of it."""
    pdf = sample_card(session, language=language, now=now, clinic_id=clinic_id, layout=layout, name=name)
    return Composed(DocumentKind.ID_CARD, "clinics", clinic_id, _SAMPLE_CARD, pdf, False)


def _printed(session: Session, patient: PatientRow, card: CardRow, language: Language, now: datetime) -> PrintedCard:
    clinic = organisation.clinic(session, patient.clinic_id)
    layout = patients.layout_of(session, card.template_id, card.template)
    spoken = Language(layout.languages[0]) if layout.languages else language
    today = organisation.clinic_today(session, clinic.id, now)
    who = replace(person(patient, today, spoken), sex=_sex(patient.gender, layout, spoken))
    again = card.print_count > 0 or printed_before(session, DocumentKind.ID_CARD, "id_cards", card.id)
    contact = " ".join(part for part in (patient.emergency_contact_name, patient.emergency_contact_phone) if part)
    address = ", ".join(part for part in (patient.address, patient.city, patient.postal_code) if part)
    shown = data.IdCard(
        letterhead=letterhead(session, clinic),
        patient=who,
        blood_group=patient.blood_group.value if patient.blood_group else "",
        emergency_contact=contact,
        photo=_photo(session, patient),
        qr_text=card.qr_payload,
        barcode=card.code128,
        is_reprint=again,
        address=address,
        valid_until=card.valid_until,
    )
    return PrintedCard(shown, layout, language)


def _photo(session: Session, patient: PatientRow) -> bytes | None:
    if patient.photo_document_id is None:
        return None
    sha256 = session.scalar(select(Document.sha256).where(Document.id == patient.photo_document_id))
    return None if sha256 is None else picture(session, sha256)


def _sex(gender: Gender, layout: CardLayout, spoken: Language) -> str:
    languages = [spoken, *(Language(code) for code in layout.languages if code != spoken.code)]
    return " / ".join(dict.fromkeys(status(gender, one) for one in languages))
