"""What happened to patients."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("patients")
@dataclass(frozen=True, slots=True)
class PatientRegistered:
    """A new patient record exists."""

    patient_id: UUID
    clinic_id: UUID


@tells_of("patients")
@dataclass(frozen=True, slots=True)
class PatientChanged:
    """Details of a patient were edited."""

    patient_id: UUID


@tells_of("id_cards")
@dataclass(frozen=True, slots=True)
class CardIssued:
    """A patient has a new identity card; earlier ones are revoked."""

    card_id: UUID
    patient_id: UUID


@tells_of("id_cards")
@dataclass(frozen=True, slots=True)
class CardPrinted:
    """A card went to the printer."""

    card_id: UUID
    patient_id: UUID


@tells_of("id_cards")
@dataclass(frozen=True, slots=True)
class CardRevoked:
    """A card is not valid any more, and no other one took its place."""

    card_id: UUID
    patient_id: UUID


@tells_of("card_templates")
@dataclass(frozen=True, slots=True)
class CardTemplatesChanged:
    """There is another version of what stands on cards, or another one is used for new cards."""

    template_id: UUID | None


@tells_of("patients")
@dataclass(frozen=True, slots=True)
class PatientsImported:
    """An old register was taken over."""

    clinic_id: UUID
    imported: int
    pairs: int


@tells_of("patient_duplicates")
@dataclass(frozen=True, slots=True)
class DuplicateDismissed:
    """Two records that looked alike were found to be different people."""

    pair_id: UUID
    a_id: UUID
    b_id: UUID


@tells_of("patient_documents")
@dataclass(frozen=True, slots=True)
class FolderChanged:
    """A document came into a patient's folder, or is described, archived or taken back otherwise than before."""

    patient_id: UUID
    document_id: UUID


@tells_of("patient_consents")
@dataclass(frozen=True, slots=True)
class ConsentSigned:
    """A patient has signed a consent."""

    patient_id: UUID
    consent_id: UUID


@tells_of("patient_consents")
@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A patient has withdrawn a consent."""

    patient_id: UUID
    consent_id: UUID


@tells_of("consent_templates")
@dataclass(frozen=True, slots=True)
class ConsentTextsChanged:
    """There is another text to sign, or one less."""

    type: str
    language: str


@tells_of("patients", "patient_merges")
@dataclass(frozen=True, slots=True)
class PatientsMerged:
    """Two records are one person's now: ``merged_id`` leads to ``kept_id``."""

    merge_id: UUID
    kept_id: UUID
    merged_id: UUID


@tells_of("patients", "patient_merges")
@dataclass(frozen=True, slots=True)
class MergeUndone:
    """Two records that had been merged are two again."""

    merge_id: UUID
    kept_id: UUID
    merged_id: UUID


@tells_of("patient_duplicates")
@dataclass(frozen=True, slots=True)
class DuplicatesFound:
    """The register was looked over, and pairs were put before a person."""

    found: int
