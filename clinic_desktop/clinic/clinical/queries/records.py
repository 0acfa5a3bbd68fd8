"""What the consulting room reads of a visit and a patient: vitals, consultations, the summary at a glance, the doctor's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.clinical.hiding import READ
from clinic_desktop.clinic.clinical.models import Consultation, ConsultationAddendum, ConsultationDiagnosis, VitalSigns
from clinic_desktop.clinic.clinical.prescribing import allergies_of
from clinic_desktop.clinic.clinical.queries.prescriptions import PrescriptionRow, prescriptions_for, running_prescriptions
from clinic_desktop.clinic.clinical.restricted import check_open, check_visit_open
from clinic_desktop.clinic.clinical.rules import Certainty, ConsultationStatus, body_mass_index
from clinic_desktop.clinic.clinical.rules.vitals import read_vital
from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import QueueState, VisitStatus
from clinic_desktop.clinic.patients.combining import both
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries import PatientRow, patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.survivors import survivors
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class VitalsRow:
    """One reading; what was not measured is None."""

    id: UUID
    visit_id: UUID
    taken_at: datetime
    height_cm: Decimal | None
    weight_kg: Decimal | None
    bmi: Decimal | None
    temperature_c: Decimal | None
    pulse: int | None
    systolic: int | None
    diastolic: int | None
    spo2: int | None
    respiratory_rate: int | None
    glucose_mg_dl: int | None


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """A diagnosis of a consultation."""

    code_system: str
    code: str
    text: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class AddendumRow:
    """What was added after signing."""

    text: str
    written_at: datetime
    written_by: UUID | None
    author: str


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """A consultation with its diagnoses and addenda."""

    id: UUID
    visit_id: UUID
    patient_id: UUID
    doctor_id: UUID
    business_date: date
    complaint: str | None
    findings: str | None
    diagnosis: str | None
    treatment: str | None
    notes: str | None
    follow_up_date: date | None
    status: ConsultationStatus
    signed_at: datetime | None
    signed_by: str | None
    """The name of whoever signed: the patient's own doctor, or another in that doctor's place."""
    row_version: int
    diagnoses: tuple[DiagnosisRow, ...]
    addenda: tuple[AddendumRow, ...]


@dataclass(frozen=True, slots=True)
class PastVisitRow:
    """A visit in a patient's history."""

    visit_id: UUID
    business_date: date
    doctor_name: str
    status: VisitStatus
    complaint: str | None
    diagnosis: str | None


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """The patient at a glance."""

    patient: PatientRow
    allergies: str | None
    vitals: VitalsRow | None
    visits: tuple[PastVisitRow, ...]
    prescriptions: tuple[PrescriptionRow, ...]
    problems: tuple[DiagnosisRow, ...]


@dataclass(frozen=True, slots=True)
class DoctorsVisitRow:
    """A visit in a doctor's day."""

    visit_id: UUID
    patient_id: UUID
    patient_name: str
    patient_number: str
    allergies: str | None
    queue_number: int | None
    planned_at: datetime
    status: VisitStatus
    consultation: ConsultationStatus | None


def vitals(session: Session, *, visit_id: UUID, actor: Actor, now: datetime) -> list[VitalsRow]:
    """The readings of a visit, newest first, for those who may read them; raises RecordRestricted."""
    check_visit_open(session, visit_id, actor=actor, now=now)
    if not actor.may(READ):
        return []
    wanted = select(VitalSigns).where(VitalSigns.visit_id == visit_id).order_by(VitalSigns.taken_at.desc(), VitalSigns.id.desc())
    return [_vitals_row(row) for row in session.scalars(wanted)]


def _vitals_row(row: VitalSigns) -> VitalsRow:
    height, weight = read_vital("height_cm", row.height), read_vital("weight_kg", row.weight)
    return VitalsRow(
        id=row.id,
        visit_id=row.visit_id,
        taken_at=row.taken_at,
        height_cm=height,
        weight_kg=weight,
        bmi=body_mass_index(height, weight),
        temperature_c=read_vital("temperature_c", row.temperature),
        pulse=row.pulse,
        systolic=row.systolic,
        diastolic=row.diastolic,
        spo2=row.spo2,
        respiratory_rate=row.respiratory_rate,
        glucose_mg_dl=row.glucose,
    )


def consultation(session: Session, visit_id: UUID, *, actor: Actor, now: datetime) -> ConsultationRow | None:
    """The consultation of a visit, None before its first save or for those who may not read it; raises RecordRestricted."""
    check_visit_open(session, visit_id, actor=actor, now=now)
    if not actor.may(READ):
        return None
    wanted = select(Consultation, User.full_name).outerjoin(User, User.id == Consultation.signed_by)
    found = session.execute(wanted.where(Consultation.visit_id == visit_id)).one_or_none()
    if found is None:
        return None
    row, signed_by = found
    added = (
        select(ConsultationAddendum, User.full_name)
        .outerjoin(User, User.id == ConsultationAddendum.written_by)
        .where(ConsultationAddendum.consultation_id == row.id)
        .order_by(ConsultationAddendum.id)
    )
    return ConsultationRow(
        id=row.id,
        visit_id=row.visit_id,
        patient_id=row.patient_id,
        doctor_id=row.doctor_id,
        business_date=row.business_date,
        complaint=row.complaint,
        findings=row.findings,
        diagnosis=row.diagnosis,
        treatment=row.treatment,
        notes=row.notes,
        follow_up_date=row.follow_up_date,
        status=row.status,
        signed_at=row.signed_at,
        signed_by=signed_by,
        row_version=row.row_version,
        diagnoses=tuple(_diagnoses(session, row.id)),
        addenda=tuple(AddendumRow(one.text, one.written_at, one.written_by, author or "") for one, author in session.execute(added)),
    )


def _diagnoses(session: Session, consultation_id: UUID) -> list[DiagnosisRow]:
    wanted = select(ConsultationDiagnosis).where(
        ConsultationDiagnosis.consultation_id == consultation_id, ConsultationDiagnosis.removed_at.is_(None)
    )
    rows = session.scalars(wanted.order_by(ConsultationDiagnosis.id))
    return [DiagnosisRow(row.code_system, row.code, row.text, row.certainty) for row in rows]


def patient_summary(session: Session, patient_id: UUID, *, day: date, actor: Actor, now: datetime) -> PatientSummary:
    """Identity, allergies, latest vitals, the last five visits, running prescriptions and known problems; raises RecordRestricted."""
    check_open(session, patient_id, actor=actor, now=now)
    people = person_ids(session, patient_id)
    latest = select(VitalSigns).where(VitalSigns.patient_id.in_(people)).order_by(VitalSigns.taken_at.desc(), VitalSigns.id.desc())
    taken = session.scalar(latest.limit(1))
    return PatientSummary(
        patient=patient(session, people[0]),
        allergies=allergies_of(session, patient_id),
        vitals=None if taken is None or not actor.may(READ) else _vitals_row(taken),
        visits=tuple(past_visits(session, patient_id=patient_id, limit=5, actor=actor, now=now)),
        prescriptions=tuple(prescriptions_for(actor, running_prescriptions(session, patient_id=patient_id, day=day))),
        problems=tuple(problems(session, patient_id=patient_id, actor=actor, now=now)),
    )


def past_visits(session: Session, *, patient_id: UUID, actor: Actor, now: datetime, limit: int = 20) -> list[PastVisitRow]:
    """A patient's visits, newest first, with why they came for those who may read it; raises RecordRestricted."""
    check_open(session, patient_id, actor=actor, now=now)
    wanted = (
        select(Visit, User.full_name, Consultation.complaint, Consultation.diagnosis)
        .join(Doctor, Doctor.id == Visit.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .outerjoin(Consultation, Consultation.visit_id == Visit.id)
        .where(Visit.patient_id.in_(person_ids(session, patient_id)))
        .order_by(Visit.business_date.desc(), Visit.id.desc())
        .limit(limit)
    )
    is_shown = actor.may(READ)
    return [
        PastVisitRow(visit.id, visit.business_date, doctor, visit.status, complaint if is_shown else None, diagnosis if is_shown else None)
        for visit, doctor, complaint, diagnosis in session.execute(wanted)
    ]


def problems(session: Session, *, patient_id: UUID, actor: Actor, now: datetime) -> list[DiagnosisRow]:
    """The patient's known diagnoses, latest first, each once; raises RecordRestricted."""
    check_open(session, patient_id, actor=actor, now=now)
    return _problems(session, patient_id=patient_id) if actor.may(READ) else []


def _problems(session: Session, *, patient_id: UUID) -> list[DiagnosisRow]:
    """The patient's diagnoses from signed consultations that were not ruled out, latest first, each once."""
    wanted = (
        select(ConsultationDiagnosis.code_system, ConsultationDiagnosis.code, ConsultationDiagnosis.text, ConsultationDiagnosis.certainty)
        .join(Consultation, Consultation.id == ConsultationDiagnosis.consultation_id)
        .where(
            Consultation.patient_id.in_(person_ids(session, patient_id)),
            Consultation.status == ConsultationStatus.SIGNED,
            ConsultationDiagnosis.removed_at.is_(None),
        )
        .order_by(Consultation.business_date.desc(), ConsultationDiagnosis.id.desc())
    )
    latest: dict[tuple[str, str], DiagnosisRow] = {}
    for code_system, code, text, certainty in session.execute(wanted):
        latest.setdefault((code_system, code or text.casefold()), DiagnosisRow(code_system, code, text, certainty))
    return [row for row in latest.values() if row.certainty is not Certainty.RULED_OUT]


def doctors_day(session: Session, doctor_id: UUID, day: date) -> list[DoctorsVisitRow]:
    """A doctor's visits on a business date in planned order."""
    wanted = (
        select(Visit, Patient, func.max(QueueEntry.queue_number), Consultation.status)
        .join(Patient, Patient.id == Visit.patient_id)
        .outerjoin(QueueEntry, (QueueEntry.visit_id == Visit.id) & (QueueEntry.state != QueueState.VOID))
        .outerjoin(Consultation, Consultation.visit_id == Visit.id)
        .where(Visit.doctor_id == doctor_id, Visit.business_date == day)
        .group_by(Visit.id, Patient.id, Consultation.id)
        .order_by(Visit.planned_at, Visit.id)
    )
    found = session.execute(wanted).all()
    kept = survivors(session, {person.id for _visit, person, *_rest in found if person.merged_into_id is not None})
    return [
        DoctorsVisitRow(
            visit_id=visit.id,
            patient_id=(now := kept.get(person.id, person)).id,
            patient_name=now.full_name,
            patient_number=now.patient_number,
            allergies=now.allergies if now is person else both(now.allergies, person.allergies),
            queue_number=number,
            planned_at=visit.planned_at,
            status=visit.status,
            consultation=status,
        )
        for visit, person, number, status in found
    ]
