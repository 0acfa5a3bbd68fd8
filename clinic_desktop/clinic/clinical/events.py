"""What happened in the consulting room."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("vital_signs")
@dataclass(frozen=True, slots=True)
class VitalsRecorded:
    """Vital signs of a visit were taken."""

    visit_id: UUID
    patient_id: UUID


@tells_of("consultations")
@dataclass(frozen=True, slots=True)
class ConsultationSaved:
    """The draft of a consultation changed."""

    consultation_id: UUID
    visit_id: UUID


@tells_of("consultations")
@dataclass(frozen=True, slots=True)
class ConsultationSigned:
    """A doctor signed; from now on only addenda follow."""

    consultation_id: UUID
    visit_id: UUID
    patient_id: UUID


@tells_of("consultation_addenda")
@dataclass(frozen=True, slots=True)
class ConsultationAmended:
    """An addendum was written to a signed consultation."""

    consultation_id: UUID


@tells_of("prescriptions", "prescription_items")
@dataclass(frozen=True, slots=True)
class PrescriptionWritten:
    """A prescription was drafted or edited."""

    prescription_id: UUID
    visit_id: UUID


@tells_of("prescriptions")
@dataclass(frozen=True, slots=True)
class PrescriptionActivated:
    """A prescription may now be dispensed."""

    prescription_id: UUID
    visit_id: UUID


@tells_of("prescriptions", "prescription_items")
@dataclass(frozen=True, slots=True)
class PrescriptionChanged:
    """A prescription was dispensed in part or whole, cancelled, or ran out."""

    prescription_id: UUID
    status: str
