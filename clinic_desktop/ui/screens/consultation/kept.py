"""What the doctor's room keeps of a visit that is not saved yet; read whole before any of it is put back. Without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.clinic.clinical.commands import NewDiagnosis
from clinic_desktop.ui.screens.consultation.lines import Drug, Line


@dataclass(frozen=True, slots=True)
class KeptNotes:
    """The texts as they stand in the editors."""

    complaint: str
    findings: str
    treatment: str
    notes: str
    diagnoses: tuple[NewDiagnosis, ...]
    follow_up: str


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """A line of the prescription in the middle of being typed."""

    medicine: str
    drug: Drug | None
    dose: str
    frequency: str | None
    days: str
    quantity: str
    quantity_is_typed: bool
    route: str | None
    instructions: str


@dataclass(frozen=True, slots=True)
class KeptPrescription:
    """The lines, the reason in spite of warnings, and the line that is being typed."""

    lines: tuple[Line, ...]
    reason: str
    entry: KeptEntry


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A visit that is open; the rest only where something of it is not saved."""

    visit_id: UUID
    notes: KeptNotes | None = None
    prescription: KeptPrescription | None = None
    row_version: int | None = None
    version: int = 0
    """What the database had of both when this was typed: what was saved since must not be lost by putting it back."""
