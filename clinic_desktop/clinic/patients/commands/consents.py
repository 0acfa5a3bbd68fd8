"""Consents: signed once, never edited, withdrawn when the patient says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands import stored_document
from clinic_desktop.clinic.organisation.queries import clinic, clinic_today, setting_value
from clinic_desktop.clinic.patients.events import ConsentSigned, ConsentWithdrawn
from clinic_desktop.clinic.patients.intake import MediaType
from clinic_desktop.clinic.patients.models import ConsentTemplate, Patient, PatientConsent
from clinic_desktop.clinic.patients.queries.consents import BLOCKS, missing_consents
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.clinic.patients.rights import CONSENTS
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.clinic.patients.signing import ConsentMissing, ConsentStands, ConsentTextRetired, SignedAs, is_minor
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, NotFound
from clinic_desktop.kernel.text import optional_line, optional_text

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that is in the store as a PNG (``filing.sign`` puts it there)."""

    sha256: str
    size_bytes: int


@command(CONSENTS, idempotent=True)
def sign_consent(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    patient_id: UUID,
    template_id: UUID,
    signature: Signature | None = None,
    guardian: str | None = None,
    witness: str | None = None,
) -> UUID:
    """Record a consent, signed by hand or attested by a witness; a child's needs the guardian's name. Raises ConsentStands."""
    patient = tx.session.get(Patient, patient_id, with_for_update={"key_share": True}, populate_existing=True)
    patient = check_in_use(tx.session, patient, patient_id)
    if patient.status is not PatientStatus.ACTIVE:
        raise IllegalTransition(machine="patient", current=patient.status.value, wanted=PatientStatus.ACTIVE.value)
    text = _text_to_sign(tx, template_id)
    _refuse_again(tx, patient_id, text)
    guardian_name = optional_line(guardian, "guardian", limit=200)
    if guardian_name is None and is_minor(patient.date_of_birth, clinic_today(tx.session, clinic_id, tx.now)):
        raise InvalidInput("guardian", "guardian_needed")
    witness_name = optional_line(witness, "witness", limit=200)
    if signature is None and witness_name is None:
        raise InvalidInput("witness", "signature_or_witness")
    signed = PatientConsent(
        patient_id=patient_id,
        type=text.type,
        template_id=text.id,
        template_version=f"{text.language} {text.version}",
        signed_at=tx.now,
        signed_as=SignedAs.GUARDIAN if guardian_name else SignedAs.PATIENT,
        guardian=guardian_name,
        signature_document_id=_kept(tx, signature),
        witness=witness_name,
        recorded_by=tx.actor.user_id,
        workstation_id=tx.actor.workstation_id,
    )
    tx.add(signed)
    tx.session.flush()
    tx.emit(ConsentSigned(patient_id, signed.id))
    return signed.id


def _text_to_sign(tx: Tx, template_id: UUID) -> ConsentTemplate:
    text = tx.session.get(ConsentTemplate, template_id)
    if text is None:
        raise NotFound(entity="consent_templates", key=str(template_id))
    if not text.is_active:
        raise ConsentTextRetired
    return text


def _refuse_again(tx: Tx, patient_id: UUID, text: ConsentTemplate) -> None:
    same = (
        PatientConsent.patient_id.in_(person_ids(tx.session, patient_id)),
        PatientConsent.template_id == text.id,
        PatientConsent.withdrawn_at.is_(None),
    )
    since = tx.session.scalar(select(PatientConsent.signed_at).where(*same).limit(1))
    if since is not None:
        raise ConsentStands(day=since)


def _kept(tx: Tx, signature: Signature | None) -> UUID | None:
    if signature is None:
        return None
    return stored_document(tx, sha256=signature.sha256, size_bytes=signature.size_bytes, media_type=MediaType.PNG.value)


@command(CONSENTS)
def withdraw_consent(tx: Tx, *, clinic_id: UUID, consent_id: UUID, reason: str | None = None, on: date | None = None) -> None:
    """Record that a consent holds no more, since today or since an earlier day; what was done meanwhile stays lawful."""
    signed = tx.session.get(PatientConsent, consent_id, with_for_update=True, populate_existing=True)
    if signed is None:
        raise NotFound(entity="patient_consents", key=str(consent_id))
    if signed.withdrawn_at is not None:
        return
    signed.withdrawn_at = _since(tx, clinic_id, on, signed.signed_at)
    signed.withdrawn_by = tx.actor.user_id
    signed.withdrawal_reason = optional_text(reason, "reason", limit=1000)
    tx.session.flush()
    tx.emit(ConsentWithdrawn(signed.patient_id, signed.id))


def _since(tx: Tx, clinic_id: UUID, on: date | None, signed_at: datetime) -> datetime:
    today, zone = clinic_today(tx.session, clinic_id, tx.now), ZoneInfo(clinic(tx.session, clinic_id).timezone)
    if on is None or on == today:
        return max(tx.now, signed_at)
    if on > today:
        raise InvalidInput("on", "in_the_future")
    if on < signed_at.astimezone(zone).date():
        raise InvalidInput("on", "before_signing")
    return max(datetime.combine(on, _NOON, zone), signed_at)


@step
def refuse_without_consents(tx: Tx, *, patient_id: UUID, clinic_id: UUID) -> None:
    """Raise ConsentMissing where the clinic wants consents before anybody is seen, and they are not signed."""
    if not setting_value(tx.session, BLOCKS, clinic_id=clinic_id):
        return
    missing = missing_consents(tx.session, patient_id=patient_id, clinic_id=clinic_id, today=clinic_today(tx.session, clinic_id, tx.now))
    if missing:
        raise ConsentMissing(types=" ".join(kind.value for kind in missing), patient_id=str(patient_id))
