"""Pharmacy rules without I/O: what is owed, what may be dispensed and returned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinic_desktop.clinic.clinical.rules import OverDispensed
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.states import StateMachine


class DispensingStatus(StrEnum):
    """Whether what was handed out has come back."""

    DISPENSED = "DISPENSED"
    PARTIALLY_RETURNED = "PARTIALLY_RETURNED"
    RETURNED = "RETURNED"


DISPENSING_STATES: StateMachine[DispensingStatus] = StateMachine(
    "dispensing",
    {
        DispensingStatus.DISPENSED: {DispensingStatus.PARTIALLY_RETURNED, DispensingStatus.RETURNED},
        DispensingStatus.PARTIALLY_RETURNED: {DispensingStatus.PARTIALLY_RETURNED, DispensingStatus.RETURNED},
    },
)


class StockStatus(StrEnum):
    """Whether a location can give what a prescription is still owed."""

    FULL = "FULL"
    PARTIAL = "PARTIAL"
    NONE = "NONE"


class BatchReasonNeeded(ClinicError):
    """Choosing a batch instead of the one that expires first needs a reason."""

    code = "batch_reason_needed"


class ReturnTooMuch(ClinicError):
    """More would come back than was dispensed: params ``left`` and ``wanted``."""

    code = "return_too_much"


@dataclass(frozen=True, slots=True)
class DispenseLine:
    """What to hand out of one prescription item; a chosen batch overrides FEFO and needs a reason."""

    prescription_item_id: UUID
    quantity: int
    batch_id: UUID | None = None
    batch_reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """What comes back of one dispensed line; ``resaleable`` units rejoin their batch, others go to quarantine."""

    dispensing_item_id: UUID
    quantity: int
    resaleable: bool = False


def checked_lines(owed: Mapping[UUID, int], lines: Iterable[DispenseLine] | None) -> list[DispenseLine]:
    """The lines to hand out: all that is owed when none are named; duplicates are summed before they are checked (S2)."""
    everything = (DispenseLine(item_id, quantity) for item_id, quantity in owed.items() if quantity > 0)
    chosen = list(everything if lines is None else lines)
    if not chosen:
        raise InvalidInput("lines", "required")
    sums: dict[UUID, int] = {}
    for line in chosen:
        if type(line.quantity) is not int or line.quantity <= 0:
            raise InvalidInput("quantity", "out_of_range", low=1, high=owed.get(line.prescription_item_id, 0))
        if line.batch_id is not None and not (line.batch_reason or "").strip():
            raise BatchReasonNeeded("batch_reason")
        sums[line.prescription_item_id] = sums.get(line.prescription_item_id, 0) + line.quantity
    for item_id, wanted in sums.items():
        if wanted > owed.get(item_id, 0):
            raise OverDispensed("quantity", item_id=item_id, owed=owed.get(item_id, 0), wanted=wanted)
    return chosen


def allotted(wants: Sequence[tuple[UUID, UUID | None, int]], picks: Sequence[tuple[UUID, UUID | None, int]]) -> list[tuple[int, int, int]]:
    """Which pick serves which line: (line, pick, units), each pick used up in order by the lines of its item and chosen batch."""
    left = [quantity for _, _, quantity in picks]
    given: list[tuple[int, int, int]] = []
    for line_at, (item_id, batch_id, wanted) in enumerate(wants):
        for pick_at, (picked_item, chosen_batch, _) in enumerate(picks):
            units = min(wanted, left[pick_at])
            if units and (picked_item, chosen_batch) == (item_id, batch_id):
                given.append((line_at, pick_at, units))
                left[pick_at] -= units
                wanted -= units
    return given


def summed_returns(lines: Iterable[ReturnLine]) -> dict[UUID, int]:
    """Units that come back per dispensed line, duplicates added up before they are checked (S2, S4)."""
    sums: dict[UUID, int] = {}
    for line in lines:
        if type(line.quantity) is not int or line.quantity <= 0:
            raise InvalidInput("quantity", "out_of_range", low=1)
        sums[line.dispensing_item_id] = sums.get(line.dispensing_item_id, 0) + line.quantity
    if not sums:
        raise InvalidInput("lines", "required")
    return sums


def stock_status(owed: Mapping[UUID, int], available: Mapping[UUID, int]) -> StockStatus:
    """Whether what is owed per stock item can be given from what is there."""
    given = {item_id: min(quantity, available.get(item_id, 0)) for item_id, quantity in owed.items()}
    if given == dict(owed):
        return StockStatus.FULL
    return StockStatus.PARTIAL if any(given.values()) else StockStatus.NONE
