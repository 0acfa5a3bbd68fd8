"""Tables of the consulting room."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from clinic_desktop.clinic.clinical.merging import stands, taken_back
from clinic_desktop.clinic.clinical.rules import Certainty, ConsultationStatus, Frequency, PrescriptionStatus, Route
from clinic_desktop.kernel.merging import Clash, ledger, merged, owned, union
from clinic_desktop.kernel.tables import ByteOrdered, Ledger, Record


class ExactDecimal(TypeDecorator[Decimal]):
    """A Decimal kept as its shortest plain text: exact and equal on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """``0.5``, never ``5E-1`` or ``0.50``."""
        return None if value is None else f"{value.normalize():f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Return the Decimal."""
        return None if value is None else Decimal(value)


class Consultation(Record):
    """What a doctor wrote about one visit."""

    __tablename__ = "consultations"
    __merge__ = owned(
        # Begun and signed where the visit is; its doctor may go on writing elsewhere.
        "clinic_id",
        open_columns={"complaint", "findings", "diagnosis", "treatment", "notes", "follow_up_date"},
        counters={"diagnoses_edition"},
        sealed=lambda row: row["status"] == ConsultationStatus.SIGNED,
        unsealed={"status": ConsultationStatus.DRAFT.value},
        is_record=True,
    )
    __table_args__ = (
        CheckConstraint("status <> 'SIGNED' OR signed_at IS NOT NULL", name="signed_has_time"),
        Index("ix_consultations_patient", "patient_id", "business_date"),
        Index("ix_consultations_doctor_day", "doctor_id", "business_date"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), unique=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    business_date: Mapped[date]
    complaint: Mapped[str | None]
    findings: Mapped[str | None]
    diagnosis: Mapped[str | None]
    treatment: Mapped[str | None]
    notes: Mapped[str | None]
    follow_up_date: Mapped[date | None]
    status: Mapped[ConsultationStatus]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    # Grows with every change of the coded diagnoses, so that ``row_version`` covers them too.
    diagnoses_edition: Mapped[int]


class ConsultationAddendum(Ledger):
    """What was added to a consultation after it was signed."""

    __tablename__ = "consultation_addenda"
    __merge__ = ledger()

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    text: Mapped[str]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]


class ConsultationDiagnosis(Record):
    """One coded diagnosis. A diagnosis taken back in a draft keeps its row (``removed_at``), so that sites merge by union."""

    __tablename__ = "consultation_diagnoses"
    # The same diagnosis of two sites is one: the one that was made later is taken back.
    __merge__ = union(clashes=(Clash(("consultation_id", "code_system", "code", "text"), taken_back, among=stands),), is_record=True)
    __table_args__ = (
        Index(
            "uq_consultation_diagnoses_live",
            *("consultation_id", "code_system", "code", "text"),
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    code_system: Mapped[str]
    code: Mapped[str]
    text: Mapped[str]
    certainty: Mapped[Certainty]
    removed_at: Mapped[datetime | None]


class VitalSigns(Record):
    """One reading; integers scaled as ``rules.vitals.VITAL_LIMITS`` says. A wrong one is followed by another, not edited."""

    __tablename__ = "vital_signs"
    __merge__ = union(is_record=True)
    __table_args__ = (
        CheckConstraint("height IS NULL OR height > 0", name="height_positive"),
        CheckConstraint("weight IS NULL OR weight > 0", name="weight_positive"),
        CheckConstraint("spo2 IS NULL OR spo2 BETWEEN 0 AND 100", name="spo2_percent"),
        CheckConstraint("systolic IS NULL OR diastolic IS NULL OR systolic > diastolic", name="systolic_above_diastolic"),
        Index("ix_vital_signs_patient", "patient_id", "taken_at"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    height: Mapped[int | None]
    weight: Mapped[int | None]
    temperature: Mapped[int | None]
    pulse: Mapped[int | None]
    systolic: Mapped[int | None]
    diastolic: Mapped[int | None]
    spo2: Mapped[int | None]
    respiratory_rate: Mapped[int | None]
    glucose: Mapped[int | None]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[datetime]


class Prescription(Record):
    """What a doctor prescribed at one visit."""

    __tablename__ = "prescriptions"
    __merge__ = owned(
        # What is dispensed elsewhere moves its status.
        "clinic_id",
        open_columns={"status", "status_reason"},
        sealed=lambda row: row["status"] != PrescriptionStatus.DRAFT,
        unsealed={"status": PrescriptionStatus.DRAFT.value},
        is_record=True,
    )
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("status IN ('DRAFT', 'CANCELLED') OR activated_at IS NOT NULL", name="active_has_time"),
        Index("ix_prescriptions_clinic_status", "clinic_id", "status", "business_date"),
        Index("ix_prescriptions_patient", "patient_id", "status"),
    )

    number: Mapped[str] = mapped_column(ByteOrdered, unique=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    doctor_id: Mapped[UUID] = mapped_column(ForeignKey("doctors.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    business_date: Mapped[date]
    diagnosis: Mapped[str | None]
    notes: Mapped[str | None]
    follow_up_date: Mapped[date | None]
    valid_until: Mapped[date]
    status: Mapped[PrescriptionStatus]
    status_reason: Mapped[str | None]
    version: Mapped[int]
    override_reason: Mapped[str | None]
    activated_at: Mapped[datetime | None]


class PrescriptionItem(Record):
    """One line. Items of an earlier draft keep their row (``removed_at``); ``quantity_dispensed`` is all that moves later."""

    __tablename__ = "prescription_items"
    __merge__ = owned("prescription_id", counters={"quantity_dispensed"}, is_record=True)
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("duration_days > 0", name="duration_positive"),
        # More than was prescribed only where two sites that could not see each other both handed out the same.
        CheckConstraint("quantity_dispensed >= 0", name="dispensed_not_negative"),
        Index(
            "uq_prescription_items_position",
            *("prescription_id", "position"),
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescriptions.id"), index=True)
    position: Mapped[int]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey("medicines.id"), index=True)
    dose: Mapped[Decimal] = mapped_column(ExactDecimal())
    unit: Mapped[str]
    route: Mapped[Route]
    frequency: Mapped[Frequency]
    duration_days: Mapped[int]
    quantity: Mapped[int]
    quantity_dispensed: Mapped[int]
    instructions: Mapped[str | None]
    substitution_allowed: Mapped[bool]
    removed_at: Mapped[datetime | None]


class PrescriptionVersion(Ledger):
    """A full snapshot of a prescription as one edit left it; ``snapshot`` is canonical JSON."""

    __tablename__ = "prescription_versions"
    __merge__ = ledger("prescription_id")

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescriptions.id"))
    version: Mapped[int]
    snapshot: Mapped[str]
    reason: Mapped[str | None]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]

    @classmethod
    def ledger_constraints(cls) -> tuple[Any, ...]:
        """Each version once."""
        return (UniqueConstraint("prescription_id", "version"),)


class PrescriptionTemplate(Record):
    """A prepared set of items, of one doctor or shared by all (no doctor)."""

    __tablename__ = "prescription_templates"
    __merge__ = merged(inactive={"is_active": False})
    __table_args__ = (Index("ix_prescription_templates_doctor", "doctor_id", "name"),)

    doctor_id: Mapped[UUID | None] = mapped_column(ForeignKey("doctors.id"))
    name: Mapped[str]
    diagnosis: Mapped[str | None]
    is_active: Mapped[bool]


class PrescriptionTemplateItem(Record):
    """One prepared line."""

    __tablename__ = "prescription_template_items"
    __merge__ = union()
    __table_args__ = (UniqueConstraint("template_id", "position"), CheckConstraint("duration_days > 0", name="duration_positive"))

    template_id: Mapped[UUID] = mapped_column(ForeignKey("prescription_templates.id"))
    position: Mapped[int]
    medicine_id: Mapped[UUID] = mapped_column(ForeignKey("medicines.id"), index=True)
    dose: Mapped[Decimal] = mapped_column(ExactDecimal())
    unit: Mapped[str]
    route: Mapped[Route]
    frequency: Mapped[Frequency]
    duration_days: Mapped[int]
    quantity: Mapped[int | None]
    instructions: Mapped[str | None]
    substitution_allowed: Mapped[bool]
