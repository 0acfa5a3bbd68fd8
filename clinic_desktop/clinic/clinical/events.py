"""What happened in the consulting room."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VitalsRecorded:
    """Vital signs of a visit were taken."""

    visit_id: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class ConsultationSaved:
    """The draft of a consultation changed."""

    consultation_id: UUID
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class ConsultationSigned:
    """A doctor signed; from now on only addenda follow."""

    consultation_id: UUID
    visit_id: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class ConsultationAmended:
    """An addendum was written to a signed consultation."""

    consultation_id: UUID


@dataclass(frozen=True, slots=True)
class PrescriptionWritten:
    """A prescription was drafted or edited."""

    prescription_id: UUID
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class PrescriptionActivated:
    """A prescription may now be dispensed."""

    prescription_id: UUID
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class PrescriptionChanged:
    """A prescription was dispensed in part or whole, cancelled, or ran out."""

    prescription_id: UUID
    status: str
