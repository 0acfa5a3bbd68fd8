"""What a doctor diagnoses most: offered while one types."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical.models import Consultation, ConsultationDiagnosis
from clinic_desktop.clinic.clinical.queries.records import DiagnosisRow
from clinic_desktop.clinic.clinical.rules import Certainty


def usual_diagnoses(session: Session, *, doctor_id: UUID, limit: int = 200) -> list[DiagnosisRow]:
    """The diagnoses of a doctor's consultations, the most frequent first."""
    columns = (ConsultationDiagnosis.code_system, ConsultationDiagnosis.code, ConsultationDiagnosis.text)
    wanted = (
        select(*columns)
        .join(Consultation, Consultation.id == ConsultationDiagnosis.consultation_id)
        .where(Consultation.doctor_id == doctor_id, ConsultationDiagnosis.removed_at.is_(None))
        .group_by(*columns)
        .order_by(func.count().desc(), ConsultationDiagnosis.text)
        .limit(limit)
    )
    return [DiagnosisRow(row.code_system, row.code, row.text, Certainty.CONFIRMED) for row in session.execute(wanted)]
