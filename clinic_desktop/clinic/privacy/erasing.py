"""What an erasure takes, what it must leave and until when, and the taking itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import Draft, OtpVerification
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.frontdesk.models import Appointment, Review, Visit
from clinic_desktop.clinic.frontdesk.rules import OPEN_WAITING, AppointmentStatus, VisitStatus, WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MessageStatus
from clinic_desktop.clinic.organisation.commands import let_document_go
from clinic_desktop.clinic.patients.models import (
    IdCard,
    Patient,
    PatientConsent,
    PatientDocument,
    PatientDuplicate,
    PatientIdentifier,
    PatientMerge,
)
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.wallets import in_wallet
from clinic_desktop.clinic.patients.rules import PATIENT_STATES, DocumentCategory, PatientStatus
from clinic_desktop.clinic.privacy.retention.planning import keep_years
from clinic_desktop.clinic.privacy.rules import KEEPING, ErasureBlocked, ErasurePlan, Kind, Stays, adult_on, years_after
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.tables import Base

ERASED_NAME = "Erased on request"
IDENTIFYING = (
    *("first_name", "middle_name", "last_name", "phone", "email", "address", "city", "region", "postal_code", "country"),
    *("national_id", "remarks", "emergency_contact_name", "emergency_contact_phone", "photo_document_id", "has_insurance"),
    *("contact_by", "contact_language"),
)
"""Who the patient is and how to reach them: nobody has a duty to keep it."""
CLINICAL = ("allergies", "medical_history", "blood_group", "date_of_birth")
"""Part of the medical record: they stay as long as that must."""
_MEDICAL_SHELVES = (DocumentCategory.DIAGNOSTIC_IMAGES, DocumentCategory.TREATMENT_PHOTOS)
_OWED = (InvoiceStatus.DRAFT, InvoiceStatus.PENDING, InvoiceStatus.PARTIAL, InvoiceStatus.OVERDUE)
_PLANNED = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED, AppointmentStatus.CHECKED_IN, AppointmentStatus.IN_PROGRESS)
_OVER = (VisitStatus.COMPLETED, VisitStatus.CANCELLED, VisitStatus.LEFT)


def one_person(session: Session, patient_id: UUID) -> list[Patient]:
    """The record, and every other record of the same person."""
    return [session.get_one(Patient, key) for key in sorted(person_ids(session, patient_id), key=lambda key: key != patient_id)]


def check_nothing_open(session: Session, records: Sequence[Patient], now: datetime) -> None:
    """Raise ErasureBlocked while something is owed, planned or going on."""
    ids = [one.id for one in records]
    if records[0].status is PatientStatus.MERGED:
        raise ErasureBlocked(reason="merged")
    open_things = (
        ("open_bills", select(func.count()).select_from(Invoice).where(Invoice.patient_id.in_(ids), Invoice.status.in_(_OWED))),
        (
            "future_appointments",
            select(func.count())
            .select_from(Appointment)
            .where(Appointment.patient_id.in_(ids), Appointment.status.in_(_PLANNED), Appointment.end_time >= now),
        ),
        ("open_visits", select(func.count()).select_from(Visit).where(Visit.patient_id.in_(ids), Visit.status.not_in(_OVER))),
    )
    for reason, count in open_things:
        found = session.scalar(count)
        if found:
            raise ErasureBlocked(reason=reason, count=found)
    balance = in_wallet(session, records[0].id)
    if balance:
        raise ErasureBlocked(reason="wallet", amount=balance)


def erasure_plan(session: Session, records: Sequence[Patient], today: date) -> ErasurePlan:
    """What would be erased today, and what must stay."""
    ids = [one.id for one in records]
    stays = [one for one in (_stays(session, kind, records, today) for kind in (Kind.MEDICAL, Kind.BILLING, Kind.APPOINTMENTS)) if one.rows]
    keeps_medical = any(one.kind == Kind.MEDICAL for one in stays)
    fields = [name for name in (*IDENTIFYING, *(() if keeps_medical else CLINICAL)) if any(getattr(one, name) for one in records)]
    rows = {
        "patient_identifiers": _count(session, PatientIdentifier, PatientIdentifier.patient_id.in_(ids)),
        "patient_duplicates": _count(session, PatientDuplicate, or_(PatientDuplicate.a_id.in_(ids), PatientDuplicate.b_id.in_(ids))),
        "id_cards": _count(session, IdCard, IdCard.patient_id.in_(ids)),
        "otp_verifications": _count(session, OtpVerification, OtpVerification.patient_id.in_(ids)),
        "patient_consents": 0 if keeps_medical else _count(session, PatientConsent, PatientConsent.patient_id.in_(ids)),
        "reviews": _count(session, Review, Review.patient_id.in_(ids)),
    }
    files = _count(session, PatientDocument, PatientDocument.patient_id.in_(ids), _free_to_go(keeps_medical))
    audit = Stays(Kind.AUDIT.value, 1, years_after(today, keep_years(session, Kind.AUDIT)))
    return ErasurePlan(tuple(fields), {name: count for name, count in rows.items() if count}, files, (*stays, audit))


def _count(session: Session, table: type[Base], *where: object) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]


def _free_to_go(keeps_medical: bool) -> object:
    return PatientDocument.category.not_in(_MEDICAL_SHELVES) if keeps_medical else PatientDocument.id.is_not(None)


def _stays(session: Session, kind: Kind, records: Sequence[Patient], today: date) -> Stays:
    """What of one kind is younger than it must get, and the day on which the last of it may leave."""
    ids, years = [one.id for one in records], keep_years(session, kind)
    rows, until = 0, today
    for name, keeping in KEEPING.items():
        if keeping.kind is not kind or keeping.day is None or keeping.person is None or name in ("patients", "patient_documents"):
            continue
        table = Base.metadata.tables[name]
        count, last = session.execute(select(func.count(), func.max(table.c[keeping.day])).where(table.c[keeping.person].in_(ids))).one()
        if count:
            rows += count
            until = max(until, years_after(last.date() if isinstance(last, datetime) else last, years))
    births = [one.date_of_birth for one in records if one.date_of_birth is not None]
    if kind is Kind.MEDICAL and rows and births:
        until = max(until, years_after(adult_on(max(births)), years))
    return Stays(kind.value, rows if until > today else 0, until)


def erase(tx: Tx, records: Sequence[Patient], plan: ErasurePlan) -> list[str]:
    """Take it; returns the SHA-256 of files that no record holds any more."""
    keeps_medical = any(one.kind == Kind.MEDICAL for one in plan.stays)
    gone: list[str] = []
    ids = [one.id for one in records]
    _forget_drafts(tx, records)
    for patient in records:
        _hand_over_phone(tx, patient)
        gone += _empty(tx, patient, keeps_medical)
    tx.session.flush()
    for table, column in ((PatientIdentifier, PatientIdentifier.patient_id), (OtpVerification, OtpVerification.patient_id)):
        for row in tx.session.scalars(select(table).where(column.in_(ids))):
            tx.session.delete(row)
    for pair in tx.session.scalars(select(PatientDuplicate).where(or_(PatientDuplicate.a_id.in_(ids), PatientDuplicate.b_id.in_(ids)))):
        tx.session.delete(pair)
    for card in tx.session.scalars(select(IdCard).where(IdCard.patient_id.in_(ids))):
        card.revoked_at, card.revoked_reason, card.qr_payload = card.revoked_at or tx.now, "erased", ""
    for merge in tx.session.scalars(select(PatientMerge).where(or_(PatientMerge.kept_id.in_(ids), PatientMerge.merged_id.in_(ids)))):
        merge.field_choices, merge.reason = "{}", None
    for review in tx.session.scalars(select(Review).where(Review.patient_id.in_(ids))):
        review.comment, review.is_anonymous = None, True
    for message in tx.session.scalars(select(QueuedMessage).where(QueuedMessage.patient_id.in_(ids))):
        message.recipient, message.payload = "", None
        if message.status not in (MessageStatus.SENT, MessageStatus.WITHDRAWN):
            message.go_to(MessageStatus.WITHDRAWN)
    for booked in tx.session.scalars(select(Appointment).where(Appointment.patient_id.in_(ids))):
        booked.reason = booked.notes = booked.override_reason = booked.cancellation_reason = None
    for entry in tx.session.scalars(select(WaitingEntry).where(WaitingEntry.patient_id.in_(ids))):
        entry.note = None
        if entry.status in OPEN_WAITING:
            entry.status = WaitingStatus.WITHDRAWN
    if not keeps_medical:  # with the record stays the proof that the patient agreed to what it tells
        gone += _drop_consents(tx, ids)
    gone += _drop_files(tx, ids, keeps_medical)
    tx.session.flush()
    return gone


def _empty(tx: Tx, patient: Patient, keeps_medical: bool) -> list[str]:
    photo = patient.photo_document_id
    for name in IDENTIFYING:
        if name not in ("first_name", "phone", "has_insurance"):
            setattr(patient, name, None)
    patient.first_name, patient.has_insurance = ERASED_NAME, False
    patient.set_phone(None, None)
    if not keeps_medical:
        patient.allergies = patient.medical_history = patient.blood_group = patient.date_of_birth = None
        patient.dob_is_estimated = False
    elif patient.date_of_birth is not None:
        # The year is enough for the record; its last day, so that a child's record is not let go too early.
        patient.date_of_birth, patient.dob_is_estimated = patient.date_of_birth.replace(month=12, day=31), True
    patient.refresh_search(())
    if patient.status is PatientStatus.ACTIVE:
        patient.status = PATIENT_STATES.check(patient.status, PatientStatus.ARCHIVED)
    patient.erased_at = tx.now
    tx.session.flush()
    return let_document_go(tx, document_id=photo) if photo is not None else []


def _hand_over_phone(tx: Tx, patient: Patient) -> None:
    """A number that relatives share becomes the number of the first of them."""
    sharing = list(tx.session.scalars(select(Patient).where(Patient.phone_owner_id == patient.id).order_by(Patient.id)))
    if not sharing:
        return
    patient.set_phone(None, None)
    tx.session.flush()
    heir = sharing[0]
    heir.phone_owner_id = None
    tx.session.flush()
    for other in sharing[1:]:
        other.phone_owner_id = heir.id
    tx.session.flush()


def _forget_drafts(tx: Tx, records: Sequence[Patient]) -> None:
    """What somebody typed about the patient and did not save."""
    traces = {part for one in records for part in (str(one.id), one.patient_number, one.full_name, one.phone, one.phone_typed) if part}
    for draft in tx.session.scalars(select(Draft).where(Draft.body.is_not(None))):
        if any(trace in (draft.body or "") for trace in traces):
            tx.session.delete(draft)


def _drop_consents(tx: Tx, ids: Sequence[UUID]) -> list[str]:
    signed = list(tx.session.scalars(select(PatientConsent).where(PatientConsent.patient_id.in_(ids))))
    for one in signed:
        tx.session.delete(one)
    tx.session.flush()
    signatures = {one.signature_document_id for one in signed} - {None}
    return [digest for key in signatures if key is not None for digest in let_document_go(tx, document_id=key)]


def _drop_files(tx: Tx, ids: Sequence[UUID], keeps_medical: bool) -> list[str]:
    wanted = select(PatientDocument).where(PatientDocument.patient_id.in_(ids), _free_to_go(keeps_medical))  # type: ignore[arg-type]
    files = list(tx.session.scalars(wanted))
    for one in files:
        tx.session.delete(one)
    tx.session.flush()
    return [digest for key in {one.document_id for one in files} for digest in let_document_go(tx, document_id=key)]
