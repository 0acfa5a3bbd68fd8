"""Vitals, the consultation's draft, its signature, and what is added afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.clinical.commands.activation import activate_drafts
from clinic_desktop.clinic.clinical.commands.locked import locked_visit, signing_doctor
from clinic_desktop.clinic.clinical.events import ConsultationAmended, ConsultationSaved, ConsultationSigned, VitalsRecorded
from clinic_desktop.clinic.clinical.models import Consultation, ConsultationAddendum, ConsultationDiagnosis, VitalSigns
from clinic_desktop.clinic.clinical.rules import (
    CONSULTATION_STATES,
    Certainty,
    ConsultationSealed,
    ConsultationStatus,
    NewVitals,
    NothingToSign,
    VitalWarning,
    check_vitals,
)
from clinic_desktop.clinic.clinical.rules.vitals import stored_vital
from clinic_desktop.clinic.frontdesk.commands import finish_consultation
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, NotFound, StaleRecord
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import optional_text, required_line

VITALS = permission("clinical.vitals", N_("Record vital signs"), "nurse", "doctor", "dentist", "optician")
CONSULT = permission("clinical.consult", N_("Write consultations"), "doctor", "dentist", "optician")
SIGN = permission("clinical.sign", N_("Sign consultations and amend signed ones"), "doctor", "dentist", "optician")

_GONE = (VisitStatus.CANCELLED, VisitStatus.LEFT)


@dataclass(frozen=True, slots=True)
class NewDiagnosis:
    """A diagnosis from a code list (``ICD-10``), or free text with no code."""

    text: str
    code: str = ""
    code_system: str = ""
    certainty: Certainty = Certainty.CONFIRMED


@dataclass(frozen=True, slots=True)
class VitalsTaken:
    """A reading that was kept, and what is unusual in it."""

    id: UUID
    warnings: tuple[VitalWarning, ...]


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """The draft as it now stands; ``row_version`` goes into the next save."""

    consultation_id: UUID
    row_version: int


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed consultation and the prescriptions that became active with it."""

    consultation_id: UUID
    prescription_ids: tuple[UUID, ...]


@command(VITALS)
def record_vitals(tx: Tx, *, visit_id: UUID, reading: NewVitals) -> VitalsTaken:
    """Keep a reading of a visit's patient: the impossible is refused, the unusual comes back as warnings."""
    visit = locked_visit(tx, visit_id=visit_id)
    if visit.status in _GONE:
        raise IllegalTransition(machine="visit", current=visit.status.value, wanted="VITALS")
    warnings = check_vitals(reading)
    taken = VitalSigns(
        visit_id=visit.id,
        patient_id=visit.patient_id,
        height=stored_vital("height_cm", reading.height_cm),
        weight=stored_vital("weight_kg", reading.weight_kg),
        temperature=stored_vital("temperature_c", reading.temperature_c),
        pulse=stored_vital("pulse", reading.pulse),
        systolic=stored_vital("systolic", reading.systolic),
        diastolic=stored_vital("diastolic", reading.diastolic),
        spo2=stored_vital("spo2", reading.spo2),
        respiratory_rate=stored_vital("respiratory_rate", reading.respiratory_rate),
        glucose=stored_vital("glucose_mg_dl", reading.glucose_mg_dl),
        taken_by=tx.actor.user_id,
        taken_at=tx.now,
    )
    tx.add(taken)
    tx.session.flush()
    tx.emit(VitalsRecorded(visit.id, visit.patient_id))
    return VitalsTaken(taken.id, warnings)


@command(CONSULT)
def save_consultation(
    tx: Tx,
    *,
    visit_id: UUID,
    complaint: str | None = None,
    findings: str | None = None,
    diagnosis: str | None = None,
    treatment: str | None = None,
    notes: str | None = None,
    follow_up_date: date | None = None,
    diagnoses: tuple[NewDiagnosis, ...] = (),
    row_version: int | None = None,
) -> DraftSaved:
    """Save the whole draft; ``row_version`` is the one last read (None: not saved before). Saving the same again changes nothing."""
    visit = locked_visit(tx, visit_id=visit_id)
    texts = {"complaint": complaint, "findings": findings, "diagnosis": diagnosis, "treatment": treatment, "notes": notes}
    fields = {name: optional_text(text, name) for name, text in texts.items()}
    draft = _open_draft(tx, visit, row_version, lambda draft: _same(tx, draft, fields, follow_up_date, diagnoses))
    if follow_up_date is not None and follow_up_date < visit.business_date:
        raise InvalidInput("follow_up_date", "in_the_past")
    for name, text in fields.items():
        setattr(draft, name, text)
    draft.follow_up_date = follow_up_date
    tx.add(draft)
    tx.session.flush()
    _set_diagnoses(tx, draft, diagnoses)
    tx.session.flush()
    tx.emit(ConsultationSaved(draft.id, visit_id))
    return DraftSaved(draft.id, draft.row_version)


def _open_draft(tx: Tx, visit: Visit, row_version: int | None, is_same: Callable[[Consultation], bool]) -> Consultation:
    """The visit's draft, new where there is none; refused when it is signed or was changed since it was read."""
    draft = _consultation(tx, visit.id)
    if draft is None:
        return _started(tx, visit)
    if draft.status is ConsultationStatus.SIGNED:
        raise ConsultationSealed(visit_id=visit.id)
    if draft.row_version != row_version and not is_same(draft):
        raise StaleRecord(entity="consultations", key=str(draft.id))
    return draft


def _consultation(tx: Tx, visit_id: UUID) -> Consultation | None:
    wanted = select(Consultation).where(Consultation.visit_id == visit_id).with_for_update()
    return tx.session.scalar(wanted.execution_options(populate_existing=True))


def _started(tx: Tx, visit: Visit) -> Consultation:
    if visit.status is not VisitStatus.IN_PROGRESS:
        raise IllegalTransition(machine="visit", current=visit.status.value, wanted="CONSULTATION")
    return Consultation(
        visit_id=visit.id,
        clinic_id=visit.clinic_id,
        patient_id=visit.patient_id,
        doctor_id=visit.doctor_id,
        business_date=clinic_today(tx.session, visit.clinic_id, tx.now),
        status=ConsultationStatus.DRAFT,
        signed_at=None,
        signed_by=None,
        diagnoses_edition=0,
    )


def _same(
    tx: Tx, draft: Consultation, fields: dict[str, str | None], follow_up_date: date | None, diagnoses: tuple[NewDiagnosis, ...]
) -> bool:
    live = {(row.code_system, row.code, row.text): row.certainty for row in _live_diagnoses(tx, draft.id)}
    return (
        draft.follow_up_date == follow_up_date
        and all(getattr(draft, name) == text for name, text in fields.items())
        and live == {_diagnosis_key(one): one.certainty for one in diagnoses}
    )


def _set_diagnoses(tx: Tx, draft: Consultation, wanted: tuple[NewDiagnosis, ...]) -> None:
    """Make the live diagnoses those that are wanted: others are marked as removed, never deleted."""
    rows = {(row.code_system, row.code, row.text): row for row in _live_diagnoses(tx, draft.id)}
    asked = {_diagnosis_key(one): one.certainty for one in wanted}
    if {key: row.certainty for key, row in rows.items()} != asked:
        draft.diagnoses_edition += 1  # so that a save from another window that read the old ones is refused
    for key, row in rows.items():
        if key in asked:
            row.certainty = asked[key]
        else:
            row.removed_at = tx.now
    for (code_system, code, text), certainty in asked.items():
        if (code_system, code, text) not in rows:
            tx.add(
                ConsultationDiagnosis(
                    consultation_id=draft.id, code_system=code_system, code=code, text=text, certainty=certainty, removed_at=None
                )
            )


def _diagnosis_key(one: NewDiagnosis) -> tuple[str, str, str]:
    return one.code_system.strip(), one.code.strip().upper(), required_line(one.text, "diagnoses", limit=300)


def _live_diagnoses(tx: Tx, consultation_id: UUID) -> list[ConsultationDiagnosis]:
    wanted = select(ConsultationDiagnosis).where(
        ConsultationDiagnosis.consultation_id == consultation_id, ConsultationDiagnosis.removed_at.is_(None)
    )
    return list(tx.session.scalars(wanted.order_by(ConsultationDiagnosis.id)))


@command(SIGN)
def sign_consultation(tx: Tx, *, visit_id: UUID, row_version: int | None = None, on_behalf_reason: str | None = None) -> Signed:
    """Sign the draft: it is sealed, its prescriptions become active, and the patient goes on to the cashier.

    The doctor who has the patient signs; another doctor does so only with a reason, which is audited. The visit stays with its
    own doctor (and so does the fee), the signature and the prescriptions are the signer's.
    """
    visit = locked_visit(tx, visit_id=visit_id)
    draft = _consultation(tx, visit_id)
    if draft is None:
        raise NothingToSign(visit_id=visit_id)
    if draft.status is ConsultationStatus.SIGNED:
        raise ConsultationSealed(visit_id=visit_id)
    if row_version is not None and draft.row_version != row_version:
        raise StaleRecord(entity="consultations", key=str(draft.id))
    if not (draft.complaint or draft.diagnosis or _live_diagnoses(tx, draft.id)):
        raise NothingToSign("complaint", visit_id=visit_id)
    doctor_id = signing_doctor(tx, doctor_id=draft.doctor_id, reason=on_behalf_reason)
    if doctor_id != draft.doctor_id:
        tx.note("signed_on_behalf", "consultations", draft.id, doctor_id=str(draft.doctor_id), signed_by=str(doctor_id), reason=tx.reason)
    draft.status = CONSULTATION_STATES.check(draft.status, ConsultationStatus.SIGNED)
    draft.signed_at, draft.signed_by = tx.now, tx.actor.user_id
    tx.session.flush()
    prescription_ids = activate_drafts(tx, visit=visit, doctor_id=doctor_id)
    if visit.end_time is None:  # else the day was closed over an unsigned note: its signature comes later, and moves nobody
        finish_consultation(tx, visit_id=visit_id)
    tx.emit(ConsultationSigned(draft.id, visit_id, visit.patient_id))
    return Signed(draft.id, prescription_ids)


@command(SIGN)
def add_addendum(tx: Tx, *, consultation_id: UUID, text: str) -> UUID:
    """Add to a signed consultation; what was signed stays as it is."""
    status = tx.session.scalar(select(Consultation.status).where(Consultation.id == consultation_id))
    if status is None:
        raise NotFound(entity="consultations", key=str(consultation_id))
    if status is not ConsultationStatus.SIGNED:
        raise IllegalTransition(machine="consultation", current=status.value, wanted="ADDENDUM")
    words = optional_text(text, "text")
    if words is None:
        raise InvalidInput("text", "required")
    addendum = ConsultationAddendum(consultation_id=consultation_id, text=words, written_by=tx.actor.user_id, written_at=tx.now)
    tx.add(addendum)
    tx.session.flush()
    tx.emit(ConsultationAmended(consultation_id))
    return addendum.id
