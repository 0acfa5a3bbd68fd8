"""Requests of patients, restricted records, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.privacy.erasing import check_nothing_open, erasure_plan, one_person
from clinic_desktop.clinic.privacy.models import PrivacyRequest, RecordOpening
from clinic_desktop.clinic.privacy.rules import ErasureBlocked, ErasurePlan, IdentityCheck, RequestKind, RequestStatus
from clinic_desktop.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request of a patient."""

    id: UUID
    number: str
    clinic_id: UUID
    patient_id: UUID
    patient_number: str
    patient_name: str
    kind: RequestKind
    status: RequestStatus
    asked_by: str
    identity_check: IdentityCheck
    identity_note: str | None
    reason: str | None
    requested_at: datetime
    recorded_by_id: UUID | None
    recorded_by: str
    decided_by: str
    decided_at: datetime | None
    decision_note: str | None
    done_at: datetime | None
    next_due: date | None
    outcome: ErasurePlan | None


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A restricted record that somebody opened with a reason."""

    id: UUID
    patient_id: UUID
    patient_number: str
    patient_name: str
    user_id: UUID
    user: str
    reason: str
    opened_at: datetime
    expires_at: datetime
    reviewed_by: str
    reviewed_at: datetime | None
    review_note: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do today; ``blocked`` says why it cannot be done yet."""

    plan: ErasurePlan
    blocked: ErasureBlocked | None


def privacy_requests(session: Session) -> list[RequestRow]:
    """Every request, those that wait first, then the newest."""
    rows = [_row(*found) for found in session.execute(_requests())]
    return sorted(rows, key=lambda one: one.status is not RequestStatus.OPEN)


def privacy_request(session: Session, request_id: UUID) -> RequestRow:
    """One request; raises NotFound."""
    found = session.execute(_requests().where(PrivacyRequest.id == request_id)).one_or_none()
    if found is None:
        raise NotFound(entity="privacy_requests", key=str(request_id))
    return _row(*found)


def due_erasures(session: Session, today: date) -> list[RequestRow]:
    """Erasures of which something that had to stay need not any more."""
    due = (PrivacyRequest.status == RequestStatus.DONE, PrivacyRequest.next_due.is_not(None), PrivacyRequest.next_due <= today)
    return [_row(*found) for found in session.execute(_requests().where(*due))]


def _requests() -> Select[*tuple[Any, ...]]:
    recorder, decider = aliased(User), aliased(User)
    return (
        select(PrivacyRequest, Patient.patient_number, Patient.full_name, recorder.full_name, decider.full_name)
        .join(Patient, Patient.id == PrivacyRequest.patient_id)
        .outerjoin(recorder, recorder.id == PrivacyRequest.recorded_by)
        .outerjoin(decider, decider.id == PrivacyRequest.decided_by)
        .order_by(PrivacyRequest.requested_at.desc(), PrivacyRequest.id.desc())
    )


def _row(one: PrivacyRequest, patient_number: str, patient_name: str, recorder: str | None, decider: str | None) -> RequestRow:
    return RequestRow(
        id=one.id,
        number=one.number,
        clinic_id=one.clinic_id,
        patient_id=one.patient_id,
        patient_number=patient_number,
        patient_name=patient_name,
        kind=one.kind,
        status=one.status,
        asked_by=one.asked_by,
        identity_check=one.identity_check,
        identity_note=one.identity_note,
        reason=one.reason,
        requested_at=one.requested_at,
        recorded_by_id=one.recorded_by,
        recorded_by=recorder or "",
        decided_by=decider or "",
        decided_at=one.decided_at,
        decision_note=one.decision_note,
        done_at=one.done_at,
        next_due=one.next_due,
        outcome=None if one.outcome is None else msgspec.json.decode(one.outcome, type=ErasurePlan),
    )


def erasure_preview(session: Session, *, patient_id: UUID, clinic_id: UUID, now: datetime) -> Preview:
    """What an erasure would take today, what must stay until when, and what stands in its way."""
    records = one_person(session, patient_id)
    try:
        check_nothing_open(session, records, now)
        blocked = None
    except ErasureBlocked as error:
        blocked = error
    return Preview(erasure_plan(session, records, clinic_today(session, clinic_id, now)), blocked)


def openings(session: Session, *, waiting: bool = False) -> list[OpeningRow]:
    """Who opened restricted records, newest first; only those that nobody has looked at yet when ``waiting``."""
    reviewer = aliased(User)
    wanted = (
        select(RecordOpening, Patient.patient_number, Patient.full_name, User.full_name, reviewer.full_name)
        .join(Patient, Patient.id == RecordOpening.patient_id)
        .join(User, User.id == RecordOpening.user_id)
        .outerjoin(reviewer, reviewer.id == RecordOpening.reviewed_by)
        .order_by(RecordOpening.reviewed_at.is_not(None), RecordOpening.opened_at.desc())
    )
    if waiting:
        wanted = wanted.where(RecordOpening.reviewed_at.is_(None))
    return [
        OpeningRow(
            one.id, one.patient_id, number, name, one.user_id, user, one.reason, one.opened_at, one.expires_at,
            looked or "", one.reviewed_at, one.review_note,
        )
        for one, number, name, user, looked in session.execute(wanted)
    ]  # fmt: skip


def is_restricted(session: Session, *, patient_id: UUID) -> bool:
    """Whether only those who treat the patient read the record."""
    closed = select(Patient.id).where(Patient.id.in_(person_ids(session, patient_id)), Patient.is_restricted)
    return session.scalar(closed.limit(1)) is not None


def erased_after(session: Session, instant: datetime | None) -> list[str]:
    """Numbers of the erasures done after an instant, and of whom: a state of that instant has these people's data again."""
    done = (
        select(PrivacyRequest.number, Patient.patient_number)
        .join(Patient, Patient.id == PrivacyRequest.patient_id)
        .where(PrivacyRequest.kind == RequestKind.ERASURE, PrivacyRequest.status == RequestStatus.DONE)
        .order_by(PrivacyRequest.done_at, PrivacyRequest.number)
    )
    if instant is not None:
        done = done.where(PrivacyRequest.done_at > instant)
    return [f"{number} ({patient})" for number, patient in session.execute(done)]
