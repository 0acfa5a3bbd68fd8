"""Requests of patients about their own data: recorded by one person, decided by another."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.clinic.organisation.rules import number_kind
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.privacy.commands.permissions import ERASE, EXPORT
from clinic_desktop.clinic.privacy.commands.restricted import REASON_LIMIT, locked_patient
from clinic_desktop.clinic.privacy.erasing import ERASED_NAME, check_nothing_open, erase, erasure_plan, one_person
from clinic_desktop.clinic.privacy.events import PatientErased, PrivacyRequestChanged
from clinic_desktop.clinic.privacy.models import PrivacyRequest
from clinic_desktop.clinic.privacy.rules import ErasurePlan, IdentityCheck, RequestKind, RequestStatus, SecondPersonNeeded
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.text import optional_line, required_line

REQUEST_NUMBER = number_kind("privacy_request", "PRV", title=N_("Requests about personal data"))


@command(EXPORT, idempotent=True)
def record_request(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    patient_id: UUID,
    kind: RequestKind,
    asked_by: str,
    identity_check: IdentityCheck,
    identity_note: str | None = None,
    reason: str | None = None,
) -> UUID:
    """Record what a patient asks for, and how the clinic knew who asks."""
    patient = locked_patient(tx, patient_id)
    if patient.erased_at is not None:
        raise InvalidInput("patient_id", "already_erased")
    who = required_line(asked_by, "asked_by", limit=200)
    note = optional_line(identity_note, "identity_note", limit=REASON_LIMIT)
    if identity_check is IdentityCheck.DOCUMENT and note is None:
        raise InvalidInput("identity_note", "which_document")
    request = PrivacyRequest(
        number=take_number(tx, REQUEST_NUMBER, clinic_id=clinic_id),
        clinic_id=clinic_id,
        patient_id=patient.id,
        kind=kind,
        status=RequestStatus.OPEN,
        asked_by=who,
        identity_check=identity_check,
        identity_note=note,
        reason=optional_line(reason, "reason", limit=REASON_LIMIT),
        requested_at=tx.now,
        recorded_by=tx.actor.user_id,
    )
    tx.add(request)
    tx.emit(PrivacyRequestChanged(request.id, patient.id))
    return request.id


@command(EXPORT)
def record_export_done(tx: Tx, *, request_id: UUID, rows: int, files: int, way: str) -> None:
    """Note that all of a patient's data was written for whoever asked."""
    request = _open_request(tx, request_id, RequestKind.EXPORT)
    request.status, request.done_at = RequestStatus.DONE, tx.now
    tx.reason = request.reason
    asked = {"asked_by": request.asked_by, "identity": request.identity_check.value, "number": request.number}
    tx.note("exported", Patient.__tablename__, request.patient_id, rows=rows, files=files, way=way, **asked)
    tx.emit(PrivacyRequestChanged(request.id, request.patient_id))


@command(ERASE)
def refuse_request(tx: Tx, *, request_id: UUID, note: str) -> None:
    """Refuse a request, with the reason that the patient will be told."""
    request = _open_request(tx, request_id)
    _second_person(tx, request)
    request.status, request.decision_note = RequestStatus.REFUSED, required_line(note, "note", limit=REASON_LIMIT)
    request.decided_by, request.decided_at = tx.actor.user_id, tx.now
    tx.emit(PrivacyRequestChanged(request.id, request.patient_id))


@command(ERASE)
def erase_patient(tx: Tx, *, request_id: UUID, note: str) -> tuple[str, ...]:
    """Approve an erasure and do it, for good; returns the stored files (SHA-256) that may go now. Raises ErasureBlocked."""
    request = _open_request(tx, request_id, RequestKind.ERASURE)
    _second_person(tx, request)
    patient = locked_patient(tx, request.patient_id)
    records = one_person(tx.session, patient.id)
    check_nothing_open(tx.session, records, tx.now)
    plan = erasure_plan(tx.session, records, clinic_today(tx.session, request.clinic_id, tx.now))
    gone = erase(tx, records, plan)
    request.decision_note = required_line(note, "note", limit=REASON_LIMIT)
    request.decided_by, request.decided_at = tx.actor.user_id, tx.now
    request.status, request.done_at = RequestStatus.DONE, tx.now
    for other in tx.session.scalars(select(PrivacyRequest).where(PrivacyRequest.patient_id.in_([one.id for one in records]))):
        _forget_who_asked(tx, other, patient.patient_number)
    _set_outcome(request, plan)
    tx.note("erased", Patient.__tablename__, patient.id, number=request.number, fields=plan.fields, rows=plan.rows, files=plan.documents)
    tx.emit(PatientErased(patient.id))
    tx.emit(PatientChanged(patient.id))
    tx.emit(PrivacyRequestChanged(request.id, patient.id))
    return tuple(gone)


@command(ERASE)
def finish_erasure(tx: Tx, *, request_id: UUID) -> tuple[str, ...]:
    """Erase what had to stay and need not any more; returns the stored files that may go now."""
    request = tx.session.get(PrivacyRequest, request_id)
    if request is None or request.kind is not RequestKind.ERASURE or request.status is not RequestStatus.DONE:
        raise NotFound(entity="privacy_requests", key=str(request_id))
    records = one_person(tx.session, locked_patient(tx, request.patient_id).id)
    plan = erasure_plan(tx.session, records, clinic_today(tx.session, request.clinic_id, tx.now))
    gone = erase(tx, records, plan)
    _set_outcome(request, plan)
    tx.note("erased", Patient.__tablename__, request.patient_id, number=request.number, fields=plan.fields, rows=plan.rows)
    tx.emit(PrivacyRequestChanged(request.id, request.patient_id))
    return tuple(gone)


def _forget_who_asked(tx: Tx, request: PrivacyRequest, number: str) -> None:
    """Who asked is the patient's name as often as not: that it was checked is what must be proved. What still waits is void."""
    request.asked_by, request.identity_note, request.reason = number, None, None
    if request.status is RequestStatus.OPEN:
        request.status, request.decided_at, request.decision_note = RequestStatus.REFUSED, tx.now, ERASED_NAME


def _set_outcome(request: PrivacyRequest, plan: ErasurePlan) -> None:
    request.outcome = msgspec.json.encode(plan).decode()
    # The audit trail lets go by itself; what a person must look at again is the record.
    left = [one for one in plan.stays if one.kind != "AUDIT"]
    request.next_due = min((one.until for one in left if one.until is not None), default=None)


def _open_request(tx: Tx, request_id: UUID, kind: RequestKind | None = None) -> PrivacyRequest:
    wanted = select(PrivacyRequest).where(PrivacyRequest.id == request_id).with_for_update().execution_options(populate_existing=True)
    request = tx.session.scalars(wanted).one_or_none()
    if request is None or (kind is not None and request.kind is not kind):
        raise NotFound(entity="privacy_requests", key=str(request_id))
    if request.status is not RequestStatus.OPEN:
        raise IllegalTransition(machine="privacy_request", current=request.status.value, wanted=RequestStatus.DONE.value)
    return request


def _second_person(tx: Tx, request: PrivacyRequest) -> None:
    if tx.actor.user_id is None or (request.recorded_by == tx.actor.user_id and request.kind is RequestKind.ERASURE):
        raise SecondPersonNeeded
