"""Texts of consents, what a patient signed, and what is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.models import ConsentTemplate, Patient, PatientConsent
from clinic_desktop.clinic.patients.queries.person import person_ids, survivor_ids
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.patients.signing import ConsentState, SignedAs, needed_key, state_of
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, Setting, setting

_TITLES = {
    ConsentType.TREATMENT: N_("Every patient is to sign the consent to examination and treatment"),
    ConsentType.DATA_PROCESSING: N_("Every patient is to sign the consent to the use of personal data"),
    ConsentType.MESSAGES: N_("Every patient is to sign the consent to messages"),
    ConsentType.PHOTOGRAPHS: N_("Every patient is to sign the consent to photographs"),
    ConsentType.RESEARCH: N_("Every patient is to sign the consent to research"),
}
_USUAL = (ConsentType.TREATMENT, ConsentType.DATA_PROCESSING)
_HELP = N_("It is told on the patient's file as long as it is missing and a text for it is in use.")
NEEDED: dict[ConsentType, Setting[bool]] = {
    kind: setting(needed_key(kind), kind in _USUAL, Scope.CLINIC, title, help=_HELP) for kind, title in _TITLES.items()
}
BLOCKS = setting(
    "patients.consents_before_check_in",
    False,
    Scope.CLINIC,
    N_("Nobody is checked in before the needed consents are signed"),
    help=N_("Emergencies are let in always."),
)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A version of a text; ``signed`` is how many patients have signed it."""

    id: UUID
    type: ConsentType
    language: str
    version: int
    title: str
    body: str
    valid_from: date
    is_draft: bool
    is_active: bool
    written_by: str | None
    created_at: datetime
    signed: int = 0


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """What was signed."""

    id: UUID
    patient_id: UUID
    type: ConsentType
    template_id: UUID | None
    template_version: str
    title: str | None
    signed_at: datetime
    signed_as: SignedAs
    guardian: str | None
    witness: str | None
    signature_sha256: str | None
    recorded_by: str | None
    withdrawn_at: datetime | None
    withdrawal_reason: str | None
    withdrawn_by: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of consent of one patient: the newest that was signed, and whether that is enough. ``offered``: there is a text to sign."""

    type: ConsentType
    state: ConsentState
    consent: ConsentRow | None
    is_needed: bool
    offered: bool
    is_older: bool = False
    """Whether the text was replaced by a newer one since it was signed."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who has signed a version."""

    patient_id: UUID
    patient_number: str
    full_name: str
    signed_at: datetime
    withdrawn_at: datetime | None


def consent_texts(session: Session) -> list[TemplateRow]:
    """Every version of every text, by kind and language, the newest first."""
    signed = select(func.count()).select_from(PatientConsent).where(PatientConsent.template_id == ConsentTemplate.id).scalar_subquery()
    wanted = select(ConsentTemplate, User.full_name, signed.label("signed")).outerjoin(User, User.id == ConsentTemplate.written_by)
    ordered = wanted.order_by(ConsentTemplate.type, ConsentTemplate.language, ConsentTemplate.version.desc())
    return [_template(one, name, count) for one, name, count in session.execute(ordered)]


def texts_in_use(session: Session, *, today: date) -> list[TemplateRow]:
    """What can be signed today: of each kind and language the newest version that has begun."""
    wanted = select(ConsentTemplate).where(ConsentTemplate.is_active, ConsentTemplate.valid_from <= today)
    newest: dict[tuple[ConsentType, str], ConsentTemplate] = {}
    for one in session.scalars(wanted.order_by(ConsentTemplate.version)):
        newest[one.type, one.language] = one
    return [_template(one) for one in newest.values()]


def consent_text(session: Session, template_id: UUID) -> TemplateRow:
    """One version; raises NotFound."""
    found = session.get(ConsentTemplate, template_id)
    if found is None:
        raise NotFound(entity="consent_templates", key=str(template_id))
    return _template(found)


def signers(session: Session, *, template_id: UUID, limit: int = 500) -> list[Signer]:
    """Who has signed a version, the latest first."""
    wanted = (
        select(Patient.id, Patient.patient_number, Patient.full_name, PatientConsent.signed_at, PatientConsent.withdrawn_at)
        .join(Patient, Patient.id == PatientConsent.patient_id)
        .where(PatientConsent.template_id == template_id)
        .order_by(PatientConsent.signed_at.desc(), PatientConsent.id)
        .limit(limit)
    )
    return [Signer(*one) for one in session.execute(wanted)]


def consents_of(session: Session, *, patient_id: UUID) -> list[ConsentRow]:
    """Everything that a patient signed, the latest first."""
    return _consents(session, PatientConsent.patient_id.in_(person_ids(session, patient_id)))


def consent(session: Session, consent_id: UUID) -> ConsentRow:
    """One that was signed; raises NotFound."""
    found = _consents(session, PatientConsent.id == consent_id)
    if not found:
        raise NotFound(entity="patient_consents", key=str(consent_id))
    return found[0]


def standings(session: Session, *, patient_id: UUID, clinic_id: UUID, today: date) -> list[Standing]:
    """How it stands with each kind of consent."""
    signed = consents_of(session, patient_id=patient_id)
    texts = texts_in_use(session, today=today)
    return [_standing(session, kind, signed, texts, clinic_id) for kind in ConsentType]


def missing_consents(session: Session, *, patient_id: UUID, clinic_id: UUID, today: date) -> list[ConsentType]:
    """Which needed consents are not in force; one for which there is no text can be signed by nobody, and is not missed."""
    return consents_missing_of(session, patient_ids=(patient_id,), clinic_id=clinic_id, today=today).get(patient_id, [])


def consents_missing_of(session: Session, *, patient_ids: Collection[UUID], clinic_id: UUID, today: date) -> dict[UUID, list[ConsentType]]:
    """The same of several patients at once, by the ids asked for; who has signed all is not among them."""
    offered = {one.type for one in texts_in_use(session, today=today)} if patient_ids else set()
    wanted = {kind for kind in offered if setting_value(session, NEEDED[kind], clinic_id=clinic_id)}
    if not wanted:
        return {}
    leads = survivor_ids(session, *patient_ids)
    holding = (PatientConsent.patient_id.in_(leads), PatientConsent.withdrawn_at.is_(None))
    signed: dict[UUID, set[ConsentType]] = {}
    for holder, kind in session.execute(select(PatientConsent.patient_id, PatientConsent.type).where(*holding)):
        signed.setdefault(leads[holder], set()).add(kind)
    missing = {asked: wanted - signed.get(leads.get(asked, asked), set()) for asked in patient_ids}
    return {asked: [kind for kind in ConsentType if kind in kinds] for asked, kinds in missing.items() if kinds}


def _standing(
    session: Session, kind: ConsentType, signed: Collection[ConsentRow], texts: Collection[TemplateRow], clinic_id: UUID
) -> Standing:
    own = [one for one in signed if one.type is kind]
    newest = next((one for one in own if one.withdrawn_at is None), own[0] if own else None)
    offered = [one for one in texts if one.type is kind]
    is_needed = bool(offered) and setting_value(session, NEEDED[kind], clinic_id=clinic_id)
    state = state_of(newest is not None, newest.withdrawn_at if newest else None, is_needed)
    current = {one.id for one in offered}
    is_older = state is ConsentState.IN_FORCE and newest is not None and bool(current) and newest.template_id not in current
    return Standing(kind, state, newest, is_needed, bool(offered), is_older)


def _consents(session: Session, *where: object) -> list[ConsentRow]:
    by, withdrew = (
        select(User.full_name).where(User.id == column).scalar_subquery()
        for column in (PatientConsent.recorded_by, PatientConsent.withdrawn_by)
    )
    title = select(ConsentTemplate.title).where(ConsentTemplate.id == PatientConsent.template_id).scalar_subquery()
    sha256 = select(Document.sha256).where(Document.id == PatientConsent.signature_document_id).scalar_subquery()
    wanted = select(PatientConsent, title, sha256, by, withdrew).where(*where)  # type: ignore[arg-type]
    ordered = wanted.order_by(PatientConsent.signed_at.desc(), PatientConsent.id.desc())
    return [
        ConsentRow(
            *(one.id, one.patient_id, one.type, one.template_id, one.template_version, title),
            *(one.signed_at, one.signed_as, one.guardian, one.witness, sha256, by),
            *(one.withdrawn_at, one.withdrawal_reason, withdrew),
        )
        for one, title, sha256, by, withdrew in session.execute(ordered)
    ]


def _template(row: ConsentTemplate, written_by: str | None = None, signed: int = 0) -> TemplateRow:
    return TemplateRow(
        *(row.id, row.type, row.language, row.version, row.title, row.body, row.valid_from, row.is_draft, row.is_active),
        *(written_by, row.created_at, signed),
    )
