"""What screens and other departments ask about patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.models import CardSigningKey, IdCard, Patient, PatientIdentifier
from clinic_desktop.clinic.patients.other_numbers import SYSTEMS, offered_systems
from clinic_desktop.clinic.patients.queries.person import person_ids, survivor_ids
from clinic_desktop.clinic.patients.region import PHONE_REGION
from clinic_desktop.clinic.patients.rights import MEDICAL
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender, PatientStatus
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A patient as screens, documents and other departments see one."""

    id: UUID
    clinic_id: UUID
    patient_number: str
    full_name: str
    first_name: str
    middle_name: str | None
    last_name: str | None
    date_of_birth: date | None
    dob_is_estimated: bool
    gender: Gender
    blood_group: BloodGroup | None
    phone: str | None
    phone_typed: str | None
    phone_owner_id: UUID | None
    email: str | None
    address: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    national_id: str | None
    allergies: str | None
    remarks: str | None
    emergency_contact_name: str | None
    emergency_contact_phone: str | None
    photo_document_id: UUID | None
    has_insurance: bool
    status: PatientStatus
    merged_into_id: UUID | None
    row_version: int


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """A number that another system gave the patient."""

    system: str
    value: str
    id: UUID


@dataclass(frozen=True, slots=True)
class CardRow:
    """An identity card with everything that is printed on it or encoded in it."""

    id: UUID
    patient_id: UUID
    card_number: str
    code128: str
    qr_payload: str
    template: str
    template_id: UUID | None
    issued_at: datetime
    valid_until: date | None
    printed_at: datetime | None
    print_count: int
    revoked_at: datetime | None
    revoked_reason: str | None


_ROW_FIELDS = tuple(PatientRow.__dataclass_fields__)
ROW_COLUMNS = tuple(getattr(Patient, name) for name in _ROW_FIELDS)


def patient_row(row: Patient) -> PatientRow:
    """The frozen form of a record."""
    return PatientRow(*(getattr(row, name) for name in _ROW_FIELDS))


def card_row(row: IdCard) -> CardRow:
    """The frozen form of a card."""
    return CardRow(*(getattr(row, name) for name in CardRow.__dataclass_fields__))


def patient(session: Session, patient_id: UUID) -> PatientRow:
    """One patient; raises NotFound."""
    found = session.execute(select(*ROW_COLUMNS).where(Patient.id == patient_id)).one_or_none()
    if found is None:
        raise NotFound(entity="patients", key=str(patient_id))
    return PatientRow(*found)


def medical_history(session: Session, patient_id: UUID, *, actor: Actor) -> str | None:
    """What the patient went through, for those who treat; nothing for anybody else."""
    return session.scalar(select(Patient.medical_history).where(Patient.id == patient_id)) if actor.may(MEDICAL) else None


def patients(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, PatientRow]:
    """Several patients in one round trip."""
    found = session.execute(select(*ROW_COLUMNS).where(Patient.id.in_(patient_ids)))
    return {row.id: row for row in (PatientRow(*one) for one in found)}


def patient_by_number(session: Session, patient_number: str) -> PatientRow | None:
    """The patient with a number, or None."""
    found = session.execute(select(*ROW_COLUMNS).where(Patient.patient_number == patient_number)).one_or_none()
    return None if found is None else PatientRow(*found)


def identifiers(session: Session, patient_id: UUID) -> list[IdentifierRow]:
    """The numbers of other systems."""
    columns = (PatientIdentifier.system, PatientIdentifier.value, PatientIdentifier.id)
    wanted = select(*columns).where(PatientIdentifier.patient_id.in_(person_ids(session, patient_id)))
    return [IdentifierRow(*one) for one in session.execute(wanted.order_by(PatientIdentifier.system, PatientIdentifier.value))]


def number_systems(session: Session) -> list[str]:
    """Who gives patients numbers: those that the hospital's setting names, then those that gave some already."""
    used = session.scalars(select(PatientIdentifier.system).distinct().order_by(PatientIdentifier.system))
    return list(dict.fromkeys([*offered_systems(setting_value(session, SYSTEMS)), *used]))


def phone_region(session: Session, clinic_id: UUID) -> str:
    """The country whose phone numbers are typed without a code at a clinic."""
    return setting_value(session, PHONE_REGION, clinic_id=clinic_id)


def family(session: Session, patient_id: UUID) -> list[PatientRow]:
    """All others who share this patient's phone."""
    mine = select(Patient.phone).where(Patient.id == patient_id).scalar_subquery()
    wanted = select(*ROW_COLUMNS).where(Patient.phone == mine, Patient.id != patient_id, Patient.status != PatientStatus.MERGED)
    return [PatientRow(*one) for one in session.execute(wanted.order_by(Patient.full_name, Patient.id))]


def has_namesake(session: Session, patient_id: UUID) -> bool:
    """Whether another record has the same name in any order or spelling: banners warn of it."""
    mine = select(Patient.name_key).where(Patient.id == patient_id).scalar_subquery()
    other = select(Patient.id).where(Patient.name_key == mine, Patient.id != patient_id, Patient.status != PatientStatus.MERGED)
    return session.scalar(other.limit(1)) is not None


# --- cards ----------------------------------------------------------------------------------------------------------


def card(session: Session, card_id: UUID) -> CardRow:
    """One card; raises NotFound."""
    found = session.get(IdCard, card_id)
    if found is None:
        raise NotFound(entity="id_cards", key=str(card_id))
    return card_row(found)


def card_in_use(session: Session, patient_id: UUID) -> CardRow | None:
    """The patient's card that is not revoked; the survivor's own where sites apart left two to one person."""
    people = person_ids(session, patient_id)
    found = session.scalars(select(IdCard).where(IdCard.patient_id.in_(people), IdCard.revoked_at.is_(None))).all()
    return card_row(min(found, key=lambda card: people.index(card.patient_id))) if found else None


def cards_in_use(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, CardRow]:
    """Several patients' cards at once, by the ids asked for; as in :func:`card_in_use` that of a merged record is its survivor's."""
    leads = survivor_ids(session, *patient_ids)
    wanted = select(IdCard).where(IdCard.patient_id.in_(leads), IdCard.revoked_at.is_(None))
    own = {one.patient_id: one for one in session.scalars(wanted)}
    held: dict[UUID, CardRow] = {}
    for holder, survivor in leads.items():  # survivors first: their own card is the one
        if holder in own:
            held.setdefault(survivor, card_row(own[holder]))
    return {asked: held[leads[asked]] for asked in patient_ids if asked in leads and leads[asked] in held}


def card_by_code(session: Session, code128: str) -> CardRow | None:
    """The card whose barcode was scanned; a revoked one is returned too, for the screen to say so."""
    found = session.scalars(select(IdCard).where(IdCard.card_number == code128)).one_or_none()
    return None if found is None else card_row(found)


def card_public_keys(session: Session) -> dict[int, bytes]:
    """The keys that verify a card's QR anywhere, without a database, by their numbers."""
    found = session.execute(select(CardSigningKey.key_number, CardSigningKey.public_key))
    return {number: bytes(key) for number, key in found}
