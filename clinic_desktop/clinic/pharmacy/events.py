"""What happened at the pharmacy counter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("pharmacy_dispensing", "pharmacy_dispensing_items")
@dataclass(frozen=True, slots=True)
class MedicineDispensed:
    """Medicines of a prescription were handed out and put on the visit's invoice."""

    dispensing_id: UUID
    prescription_id: UUID
    visit_id: UUID


@tells_of("pharmacy_returns")
@dataclass(frozen=True, slots=True)
class MedicineReturned:
    """Dispensed medicines came back."""

    return_id: UUID
    dispensing_id: UUID
