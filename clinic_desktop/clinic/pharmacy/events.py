"""What happened at the pharmacy counter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MedicineDispensed:
    """Medicines of a prescription were handed out and put on the visit's invoice."""

    dispensing_id: UUID
    prescription_id: UUID
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class MedicineReturned:
    """Dispensed medicines came back."""

    return_id: UUID
    dispensing_id: UUID
