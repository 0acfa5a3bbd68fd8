"""What was changed of a patient's own details, for the desk that keeps them: no audit right, and nothing of anybody's treatment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.audit.queries.detail import told_of
from clinic_desktop.clinic.audit.queries.rows import ChangeSetRow
from clinic_desktop.clinic.patients.commands import edit_patient, take_over_register
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.rights import MEDICAL
from clinic_desktop.kernel.journal import NOTE, AuditLog, ChangeSet
from clinic_desktop.kernel.security import Actor

_PATIENT, _NUMBER = Patient.__tablename__, PatientIdentifier.__tablename__


def changes_of_patient(session: Session, actor: Actor, patient_id: UUID, *, limit: int = 200) -> list[ChangeSetRow]:
    """The newest changes first: of the record, of those merged into it, and of the numbers that other systems gave."""
    actor.require(edit_patient.permission, "audit.changes_of_patient")
    group = person_ids(session, patient_id)
    own = and_(AuditLog.entity_type == _PATIENT, AuditLog.entity_id.in_(group), AuditLog.operation != NOTE)
    seqs = list(session.scalars(select(AuditLog.seq).where(own).distinct().order_by(AuditLog.seq.desc()).limit(limit)))
    logs = select(AuditLog).where(AuditLog.seq.in_(seqs), or_(own, _numbers(session, seqs, group)))
    found = session.scalars(logs.order_by(AuditLog.seq, AuditLog.ordinal)).all()
    rows = told_of(session, seqs, found, sees_clinical=actor.may(MEDICAL))
    return [row for row in rows if any(record.fields for record in row.records)]


def _numbers(session: Session, seqs: Sequence[int], group: Iterable[UUID]) -> ColumnElement[bool]:
    """Entries of the numbers of these patients. A register taken over is a change set of too many rows to look through."""
    small = select(ChangeSet.seq).where(ChangeSet.seq.in_(seqs), ChangeSet.command != take_over_register.name)
    about = or_(*(AuditLog.changes.contains(str(key)) for key in group))
    return and_(AuditLog.entity_type == _NUMBER, AuditLog.seq.in_(small), about)
