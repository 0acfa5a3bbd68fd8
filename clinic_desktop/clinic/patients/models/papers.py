"""Tables of a patient's papers: files in the folder, texts of consents, and what was signed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.patients.rules import AccessLevel, ConsentType, DocumentCategory
from clinic_desktop.clinic.patients.signing import SignedAs
from clinic_desktop.kernel.merging import merged, shared, union
from clinic_desktop.kernel.tables import Record


class PatientDocument(Record):
    """A file in a patient's folder."""

    __tablename__ = "patient_documents"
    __merge__ = merged(inactive={"is_archived": True}, is_record=True)
    __table_args__ = (Index("ix_patient_documents_folder", "patient_id", "is_archived", "category"),)

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"), index=True)
    original_file_name: Mapped[str]
    category: Mapped[DocumentCategory]
    subcategory: Mapped[str | None]
    description: Mapped[str | None]
    access_level: Mapped[AccessLevel]
    tags: Mapped[str | None]
    details: Mapped[str | None] = mapped_column("metadata")
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    is_archived: Mapped[bool] = mapped_column(default=False)


class ConsentTemplate(Record):
    """One version of the text of a consent in one language. It never changes (``guards``): what is signed names it."""

    __tablename__ = "consent_templates"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (
        UniqueConstraint("type", "language", "version"),
        CheckConstraint("version > 0", name="version_counts_from_one"),
        CheckConstraint("length(title) > 0 AND length(body) > 0", name="text_given"),
        CheckConstraint("length(language) BETWEEN 2 AND 8", name="language_code"),
    )

    type: Mapped[ConsentType]
    language: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    valid_from: Mapped[date]
    is_draft: Mapped[bool] = mapped_column(default=False)
    """One of those that the program brings along: to be read by a lawyer, and replaced."""
    is_active: Mapped[bool] = mapped_column(default=True)
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)


class PatientConsent(Record):
    """What a patient agreed to, how it was signed, and whether it still holds. Nothing but the withdrawal is ever added (``guards``)."""

    __tablename__ = "patient_consents"
    __merge__ = union(is_record=True)
    __table_args__ = (
        CheckConstraint("signature_document_id IS NOT NULL OR witness IS NOT NULL", name="signed_or_witnessed"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= signed_at", name="withdrawn_after_signing"),
        CheckConstraint("signed_as <> 'GUARDIAN' OR guardian IS NOT NULL", name="guardian_named"),
        CheckConstraint("withdrawal_reason IS NULL OR withdrawn_at IS NOT NULL", name="reason_of_a_withdrawal"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    type: Mapped[ConsentType]
    template_id: Mapped[UUID | None] = mapped_column(ForeignKey("consent_templates.id"), index=True)
    """Of consents that another program recorded there is a version only."""
    template_version: Mapped[str]
    signed_at: Mapped[datetime]
    signed_as: Mapped[SignedAs] = mapped_column(default=SignedAs.PATIENT)
    guardian: Mapped[str | None]
    signature_document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"), index=True)
    witness: Mapped[str | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    workstation_id: Mapped[UUID | None] = mapped_column(ForeignKey("workstations.id"), index=True)
    ip_address: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    withdrawal_reason: Mapped[str | None]
