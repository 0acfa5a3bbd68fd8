"""What happens in privacy."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("archives")
@dataclass(frozen=True, slots=True)
class RecordsArchived:
    """Rows left into an archive."""

    archive_id: UUID
    rows: int


@tells_of("patients")
@dataclass(frozen=True, slots=True)
class RestrictionChanged:
    """A patient's record was restricted or opened to all who may read records."""

    patient_id: UUID


@tells_of("record_openings")
@dataclass(frozen=True, slots=True)
class GlassBroken:
    """Somebody opened a restricted record, or an opening was reviewed."""

    patient_id: UUID


@tells_of("privacy_requests")
@dataclass(frozen=True, slots=True)
class PrivacyRequestChanged:
    """A request was recorded, decided or done."""

    request_id: UUID
    patient_id: UUID


@tells_of("patients", "privacy_requests")
@dataclass(frozen=True, slots=True)
class PatientErased:
    """Who the patient was is erased."""

    patient_id: UUID
