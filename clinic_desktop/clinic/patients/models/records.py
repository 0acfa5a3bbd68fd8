"""Tables of patients and what a row guards about itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Row, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.patients.merging import owns_phone, shares_phone, whole_patient
from clinic_desktop.clinic.patients.names import name_key, search_text, sounds
from clinic_desktop.clinic.patients.rules import (
    BloodGroup,
    ContactBy,
    DuplicateStatus,
    Gender,
    PatientStatus,
    Phone,
    WalletKind,
    full_name,
    phone_tail,
    search_key,
)
from clinic_desktop.kernel.merging import Clash, ledger, merged, union
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import ByteOrdered, Ledger, Record

_IS_MERGED = text("merged_into_id IS NOT NULL")
_OWNS_PHONE = text("phone IS NOT NULL AND phone_owner_id IS NULL AND status <> 'MERGED'")


class Patient(Record):
    """One person's record. Change names, number or phone through its methods: they keep the search columns right."""

    __tablename__ = "patients"
    __merge__ = merged(
        by_person={"date_of_birth", "gender", "blood_group", "national_id"},
        derived={"full_name", "name_key", "phone_tail", "search_text", "sounds"},
        derive=whole_patient,
        clashes=(Clash(("phone",), shares_phone, among=owns_phone),),
        is_record=True,
    )
    __table_args__ = (
        Index("uq_patients_phone_owned", "phone", unique=True, sqlite_where=_OWNS_PHONE, postgresql_where=_OWNS_PHONE),
        Index("ix_patients_name_key", "name_key", "date_of_birth"),
        Index("ix_patients_full_name", "full_name", "id"),
        Index("ix_patients_registered", "clinic_id", "created_at"),
        # Of merged records only: nearly all were never merged, and an index full of nothing is one that no planner takes.
        Index("ix_patients_merged_into_id", "merged_into_id", sqlite_where=_IS_MERGED, postgresql_where=_IS_MERGED),
        CheckConstraint("length(first_name) > 0", name="first_name_given"),
        CheckConstraint("phone_owner_id IS NULL OR (phone IS NOT NULL AND phone_owner_id <> id)", name="phone_shared_with_another"),
        CheckConstraint("(phone IS NULL) = (phone_typed IS NULL)", name="phone_as_typed"),
        CheckConstraint("(status = 'MERGED') = (merged_into_id IS NOT NULL)", name="merged_into_one"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint(f"search_key >= 0 AND search_key < {1 << 62}", name="search_key_range"),
    )

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    patient_number: Mapped[str] = mapped_column(ByteOrdered, unique=True)
    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    last_name: Mapped[str | None]
    full_name: Mapped[str]
    date_of_birth: Mapped[date | None] = mapped_column(index=True)
    dob_is_estimated: Mapped[bool] = mapped_column(default=False)
    gender: Mapped[Gender]
    blood_group: Mapped[BloodGroup | None]
    phone: Mapped[str | None] = mapped_column(index=True)
    phone_typed: Mapped[str | None]
    phone_tail: Mapped[str | None] = mapped_column(index=True)
    phone_owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"), index=True)
    phone_verified: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None]
    email_verified: Mapped[bool] = mapped_column(default=False)
    # How the patient wants to be told of appointments, and in which language; none where nobody asked.
    contact_by: Mapped[ContactBy | None]
    contact_language: Mapped[str | None]
    address: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    national_id: Mapped[str | None] = mapped_column(index=True)
    allergies: Mapped[str | None]
    medical_history: Mapped[str | None]
    remarks: Mapped[str | None]
    emergency_contact_name: Mapped[str | None]
    emergency_contact_phone: Mapped[str | None]
    photo_document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"), index=True)
    has_insurance: Mapped[bool] = mapped_column(default=False)
    status: Mapped[PatientStatus] = mapped_column(default=PatientStatus.ACTIVE)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    # Staff, public persons, sensitive cases: only those who treat the patient open the clinical record.
    is_restricted: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None]
    """When who this was was erased on request; what the law lets stay is still here."""
    search_key: Mapped[int] = mapped_column(BigInteger, unique=True)
    search_text: Mapped[str]
    name_key: Mapped[str]
    sounds: Mapped[str] = mapped_column(server_default="{}")

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.search_key = search_key(self.id)

    def set_phone(self, phone: Phone | None, owner_id: UUID | None) -> None:
        """Set or clear the number together with what derives from it."""
        self.phone = phone.e164 if phone else None
        self.phone_typed = phone.typed if phone else None
        self.phone_tail = phone_tail(phone.e164) if phone else None
        self.phone_owner_id = owner_id if phone else None

    def refresh_search(self, external: Iterable[str]) -> None:
        """Recompute the derived columns; ``external`` are all the identifiers that other systems gave."""
        self.full_name, self.name_key, self.sounds, self.search_text = searched(self, external)


SEARCHED = ("first_name", "middle_name", "last_name", "patient_number", "phone", "phone_typed", "national_id")
"""What the derived columns of a patient follow from, besides the numbers that other systems gave."""


def searched(patient: Patient | Row[Any], external: Iterable[str]) -> tuple[str, str, str, str]:
    """Full name, its key, the sounds of its words and the text in which a patient is searched for."""
    full = full_name(patient.first_name, patient.middle_name, patient.last_name)
    known_as = [*external, patient.national_id] if patient.national_id else external
    return full, name_key(full), sounds(full), search_text(full, patient.patient_number, patient.phone, patient.phone_typed, known_as)


class PatientIdentifier(Record):
    """A number that another system gave the patient: old register, national scheme, laboratory."""

    __tablename__ = "patient_identifiers"
    __merge__ = union(by_person={"patient_id"})
    __table_args__ = (UniqueConstraint("system", "value"), CheckConstraint("length(value) > 0", name="value_given"))

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    system: Mapped[str]
    value: Mapped[str] = mapped_column(index=True)


class PatientDuplicate(Record):
    """Two records that may be one person, for a human to judge; ``a`` is the older id."""

    __tablename__ = "patient_duplicates"
    __merge__ = merged()
    __table_args__ = (
        UniqueConstraint("a_id", "b_id"),
        Index("ix_patient_duplicates_review", "status", "score"),
        CheckConstraint("a_id < b_id", name="ordered_pair"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_in_percent"),
    )

    a_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    b_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    score: Mapped[int]
    reasons: Mapped[str]
    status: Mapped[DuplicateStatus] = mapped_column(default=DuplicateStatus.OPEN)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]


class PatientMerge(Record):
    """Two records joined into one, with what is needed to undo it."""

    __tablename__ = "patient_merges"
    __merge__ = union(is_record=True)
    __table_args__ = (CheckConstraint("kept_id <> merged_id", name="two_records"),)

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    merged_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    field_choices: Mapped[str]
    reason: Mapped[str | None]
    merged_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    merged_at: Mapped[datetime]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    undone_at: Mapped[datetime | None]


class WalletTransaction(Ledger):
    """One movement of a patient's prepaid balance at one clinic; the newest row's balance is what is left there.

    Each clinic has a chain of its own, so that two sites never take the same step.
    """

    __tablename__ = "wallet_transactions"
    __merge__ = ledger("clinic_id")

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"), index=True)
    sequence: Mapped[int]
    type: Mapped[WalletKind]
    amount: Mapped[Money]
    balance_after: Mapped[Money]
    description: Mapped[str | None]
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """Amounts are positive, the balance never negative, and two writers cannot take the same step."""
        return (
            UniqueConstraint("patient_id", "clinic_id", "sequence"),
            CheckConstraint("amount > 0", name="amount_positive"),
            CheckConstraint("balance_after >= 0", name="balance_not_negative"),
            CheckConstraint("sequence > 0", name="sequence_positive"),
        )
