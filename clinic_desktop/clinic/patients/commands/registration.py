"""Registering and editing patients; a phone number belongs to one record unless a family shares it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Unpack
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands import take_number
from clinic_desktop.clinic.organisation.queries import clinic_today, setting_value
from clinic_desktop.clinic.organisation.rules import number_kind
from clinic_desktop.clinic.patients.details import PatientDetails, TypedDetails, apply_details
from clinic_desktop.clinic.patients.events import DuplicateDismissed, PatientChanged, PatientRegistered
from clinic_desktop.clinic.patients.models import Patient, PatientDuplicate
from clinic_desktop.clinic.patients.other_numbers import OtherNumber, keep_numbers
from clinic_desktop.clinic.patients.queries.records import PatientRow, patient_row
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.clinic.patients.region import PHONE_REGION
from clinic_desktop.clinic.patients.rules import (
    DUPLICATE_STATES,
    DuplicateStatus,
    PatientStatus,
    Phone,
    PhoneTaken,
    parse_phone,
)
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound, StaleRecord
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import clean_line, optional_line

CREATE = permission("patients.create", N_("Register patients"), "receptionist", "nurse", "doctor", "dentist", "optician")
EDIT = permission("patients.edit", N_("Edit patients' details"), "receptionist", "nurse", "doctor", "dentist", "optician")
REVIEW = permission("patients.review_duplicates", N_("Decide whether two records are one person"), "receptionist")
PATIENT_NUMBER = number_kind("patient", "PAT", title=N_("Patients"))


@command(CREATE, idempotent=True)
def register_patient(
    tx: Tx,
    *,
    key: UUID,
    clinic_id: UUID,
    phone: str | None = None,
    phone_owner_id: UUID | None = None,
    numbers: Sequence[OtherNumber] = (),
    **details: Unpack[TypedDetails],
) -> PatientRow:
    """Register a patient; ``phone_owner_id`` says whose number is shared. Raises PhoneTaken when it is not said, IdentifierTaken."""
    typed = PatientDetails(**details)
    if typed.date_of_birth is None and typed.age_years is None and typed.age_months is None:
        raise InvalidInput("date_of_birth", "required")
    patient = _register(tx, clinic_id, typed, phone, phone_owner_id)
    if numbers:
        patient.refresh_search(keep_numbers(tx, patient, numbers))
        tx.session.flush()
    return patient_row(patient)


def _register(tx: Tx, clinic_id: UUID, details: PatientDetails, typed_phone: str | None, phone_owner_id: UUID | None) -> Patient:
    patient = Patient(clinic_id=clinic_id, status=PatientStatus.ACTIVE)
    place = _place(tx, clinic_id)
    apply_details(patient, details, today=place.today, phone_region=place.phone_region)
    phone = _read_phone(typed_phone, place)
    patient.set_phone(phone, _owner_of(tx, phone, phone_owner_id, patient.id))
    patient.patient_number = take_number(tx, PATIENT_NUMBER, clinic_id=clinic_id)
    patient.refresh_search(())
    tx.add(patient)
    tx.session.flush()
    tx.emit(PatientRegistered(patient.id, clinic_id))
    return patient


@command(EDIT)
def edit_patient(
    tx: Tx,
    *,
    patient_id: UUID,
    row_version: int,
    details: PatientDetails,
    phone: str | None,
    phone_owner_id: UUID | None = None,
    numbers: Sequence[OtherNumber] = (),
) -> PatientRow:
    """Replace a patient's details with those of the form; raises StaleRecord when they were changed since they were read."""
    patient = _locked(tx, patient_id, row_version)
    place = _place(tx, patient.clinic_id)
    number = _read_phone(phone, place)
    is_new_number = (number.e164 if number else None) != patient.phone
    owner_id = _owner_of(tx, number, phone_owner_id, patient.id) if is_new_number else patient.phone_owner_id
    known = keep_numbers(tx, patient, numbers)
    if is_new_number:
        _pass_on_phone(tx, patient)
    patient.set_phone(number, owner_id)
    address, patient.phone_verified = patient.email, patient.phone_verified and not is_new_number
    apply_details(patient, details, today=place.today, phone_region=place.phone_region)
    patient.email_verified = patient.email_verified and patient.email == address
    patient.refresh_search(known)
    tx.session.flush()
    tx.emit(PatientChanged(patient.id))
    return patient_row(patient)


def _locked(tx: Tx, patient_id: UUID, row_version: int) -> Patient:
    patient = tx.session.get(Patient, patient_id, with_for_update=True, populate_existing=True)
    patient = check_in_use(tx.session, patient, patient_id)
    if patient.row_version != row_version:
        raise StaleRecord(entity="patients", key=str(patient_id))
    return patient


@dataclass(frozen=True, slots=True)
class _Place:
    """What the clinic says about reading a form."""

    today: date
    phone_region: str


def _place(tx: Tx, clinic_id: UUID) -> _Place:
    return _Place(clinic_today(tx.session, clinic_id, tx.now), setting_value(tx.session, PHONE_REGION, clinic_id=clinic_id))


def _read_phone(phone: str | None, place: _Place) -> Phone | None:
    return parse_phone(phone, place.phone_region) if phone is not None and clean_line(phone) else None


def _owner_of(tx: Tx, phone: Phone | None, named_id: UUID | None, patient_id: UUID) -> UUID | None:
    """Whose number this is: nobody's yet, or that of the family that was named; raises PhoneTaken otherwise."""
    if phone is None:
        return None
    holder = _holder(tx, phone.e164)
    if holder is None or holder.id == patient_id:
        if named_id is not None:
            raise InvalidInput("phone_owner_id", "has_another_phone")
        return None
    if named_id != holder.id and not _shares(tx, named_id, holder.id):
        raise _taken(holder)
    return holder.id


def _holder(tx: Tx, e164: str) -> Patient | None:
    wanted = select(Patient).where(Patient.phone == e164, Patient.phone_owner_id.is_(None), Patient.status != PatientStatus.MERGED)
    return tx.session.scalars(wanted.with_for_update()).one_or_none()


def _shares(tx: Tx, patient_id: UUID | None, owner_id: UUID) -> bool:
    wanted = select(Patient.id).where(Patient.id == patient_id, Patient.phone_owner_id == owner_id)
    return patient_id is not None and tx.session.scalar(wanted) is not None


def _taken(holder: Patient) -> PhoneTaken:
    return PhoneTaken("phone", patient_id=str(holder.id), patient_number=holder.patient_number, full_name=holder.full_name)


def _pass_on_phone(tx: Tx, leaving: Patient) -> None:
    """When the owner takes another number, the longest registered of those who share the old one becomes its owner."""
    if leaving.phone is None or leaving.phone_owner_id is not None:
        return
    wanted = select(Patient).where(Patient.phone_owner_id == leaving.id).order_by(Patient.id).with_for_update()
    sharing = list(tx.session.scalars(wanted))
    leaving.set_phone(None, None)
    if not sharing:
        return
    tx.session.flush()  # the number must be free before the heir owns it
    heir, *others = sharing
    heir.phone_owner_id = None
    tx.session.flush()
    for other in others:
        other.phone_owner_id = heir.id


@command(REVIEW)
def mark_as_different(tx: Tx, *, pair_id: UUID, note: str | None = None) -> None:
    """Record that two look-alike records are different people: the pair is not offered again."""
    pair = tx.session.get(PatientDuplicate, pair_id, with_for_update=True, populate_existing=True)
    if pair is None:
        raise NotFound(entity="patient_duplicates", key=str(pair_id))
    pair.status = DUPLICATE_STATES.check(pair.status, DuplicateStatus.DIFFERENT)
    pair.decided_by, pair.decided_at = tx.actor.user_id, tx.now
    pair.note = optional_line(note, "note", limit=500)
    tx.emit(DuplicateDismissed(pair.id, pair.a_id, pair.b_id))
