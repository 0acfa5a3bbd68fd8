"""What the doctor's room reads: each function is one trip to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.clinical import queries as clinical
from clinic_desktop.clinic.clinical.queries import (
    ConsultationRow,
    DiagnosisRow,
    DoctorsVisitRow,
    PastVisitRow,
    PatientSummary,
    PrescriptionRow,
    TemplateRow,
    VitalsRow,
)
from clinic_desktop.clinic.clinical.rules import ConsultationStatus, PrescriptionStatus
from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.clinic.staff.queries import DoctorRow
from clinic_desktop.kernel.security import Actor

_GONE = (PrescriptionStatus.DRAFT, PrescriptionStatus.CANCELLED)
_RANK = {
    VisitStatus.IN_PROGRESS: 0,
    VisitStatus.CALLED: 1,
    VisitStatus.WAITING: 2,
    VisitStatus.SCHEDULED: 3,
    VisitStatus.PENDING_PAYMENT: 4,
    VisitStatus.COMPLETED: 4,
}


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one visit that the room shows."""

    visit: VisitRow
    summary: PatientSummary
    same_name: bool
    consultation: ConsultationRow | None
    prescriptions: tuple[PrescriptionRow, ...]
    vitals: tuple[VitalsRow, ...]

    @property
    def is_signed(self) -> bool:
        """Whether only addenda may follow."""
        return self.consultation is not None and self.consultation.status is ConsultationStatus.SIGNED

    @property
    def is_open(self) -> bool:
        """Whether the doctor is writing it."""
        return self.visit.status is VisitStatus.IN_PROGRESS and not self.is_signed

    @property
    def draft(self) -> PrescriptionRow | None:
        """The prescription being written."""
        return next((one for one in self.prescriptions if one.status is PrescriptionStatus.DRAFT), None)

    @property
    def printable(self) -> PrescriptionRow | None:
        """The prescription that the patient takes home."""
        return next((one for one in reversed(self.prescriptions) if one.status not in _GONE), None)


@dataclass(frozen=True, slots=True)
class Day:
    """A doctor's day: who is in the room, called, waiting in call order, expected, done."""

    rows: tuple[DoctorsVisitRow, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to the doctor who is logged in."""

    doctor: DoctorRow | None
    diagnoses: tuple[DiagnosisRow, ...]
    templates: tuple[TemplateRow, ...]

    def is_other(self, visit: VisitRow) -> bool:
        """Whether this is the patient of another doctor."""
        return self.doctor is not None and self.doctor.id != visit.doctor_id


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One earlier visit in full."""

    consultation: ConsultationRow | None
    prescriptions: tuple[PrescriptionRow, ...]


def own(session: Any, *, user_id: UUID | None) -> Own:
    """The doctor that a user is, with what is offered while he types."""
    doctor = staff.doctor_of_user(session, user_id) if user_id is not None else None
    usual = clinical.usual_diagnoses(session, doctor_id=doctor.id) if doctor is not None else []
    return Own(doctor, tuple(usual), tuple(clinical.templates(session, doctor_id=doctor.id if doctor is not None else None)))


def day_of(session: Any, *, clinic_id: UUID, doctor_id: UUID, day: date, now: datetime) -> Day:
    """The list of today."""
    turns = frontdesk.waiting(session, clinic_id=clinic_id, doctor_id=doctor_id, day=day, now=now)
    turn = {row.visit_id: place for place, row in enumerate(turns)}
    rows = [row for row in clinical.doctors_day(session, doctor_id, day) if row.status in _RANK]
    rows.sort(key=lambda row: (_RANK[row.status], turn.get(row.visit_id, 0), row.planned_at))
    return Day(tuple(rows), len(turns))


def case_of(session: Any, *, visit_id: UUID, day: date, actor: Actor, now: datetime) -> Case:
    """One visit; raises RecordRestricted."""
    visit = frontdesk.visit(session, visit_id)
    return Case(
        visit,
        clinical.patient_summary(session, visit.patient_id, day=day, actor=actor, now=now),
        patients.has_namesake(session, visit.patient_id),
        clinical.consultation(session, visit_id, actor=actor, now=now),
        tuple(clinical.visit_prescriptions(session, visit_id=visit_id, actor=actor, now=now)),
        tuple(clinical.vitals(session, visit_id=visit_id, actor=actor, now=now)),
    )


def history(session: Any, *, patient_id: UUID, besides: UUID, actor: Actor, now: datetime) -> list[PastVisitRow]:
    """The patient's earlier visits, newest first; raises RecordRestricted."""
    rows = clinical.past_visits(session, patient_id=patient_id, limit=50, actor=actor, now=now)
    return [row for row in rows if row.visit_id != besides]


def past_visit(session: Any, *, visit_id: UUID, actor: Actor, now: datetime) -> PastVisit:
    """What was written at an earlier visit; raises RecordRestricted."""
    return PastVisit(
        clinical.consultation(session, visit_id, actor=actor, now=now),
        tuple(clinical.visit_prescriptions(session, visit_id=visit_id, actor=actor, now=now)),
    )
