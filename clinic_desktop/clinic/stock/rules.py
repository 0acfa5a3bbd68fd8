"""Stock rules without I/O: kinds, states, which batches may be picked and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.sharing import series_index
from clinic_desktop.kernel.states import StateMachine
from clinic_desktop.kernel.text import clean_line, search_form

MAX_QUANTITY = 10_000_000
_INGREDIENT_SEPARATORS = re.compile(r"[,;+/\n]")


class ItemKind(StrEnum):
    """What an inventory item is."""

    MEDICINE = "MEDICINE"
    OPTICAL = "OPTICAL"
    CONSUMABLE = "CONSUMABLE"
    OTHER = "OTHER"


class BatchStatus(StrEnum):
    """Whether a batch may be issued."""

    OK = "OK"
    QUARANTINE = "QUARANTINE"
    RECALLED = "RECALLED"
    EXPIRED = "EXPIRED"


class BatchOrigin(StrEnum):
    """Where the units came from: returned ones stand apart from the batch they left."""

    RECEIVED = "RECEIVED"
    RETURNED = "RETURNED"


class MovementKind(StrEnum):
    """Why stock moved."""

    RECEIPT = "RECEIPT"
    DISPENSE = "DISPENSE"
    RETURN = "RETURN"
    ADJUSTMENT = "ADJUSTMENT"
    TRANSFER_IN = "TRANSFER_IN"
    TRANSFER_OUT = "TRANSFER_OUT"
    CONSUMPTION = "CONSUMPTION"
    EXPIRED = "EXPIRED"
    DAMAGED = "DAMAGED"
    COUNT = "COUNT"


ENTRIES_OF_A_SERIES = 1_000_000
"""Movements that the copy D1 of a clinic's database wrote while it was away from the server count from here, D2's from twice this."""
AT_THE_COUNTER = frozenset({MovementKind.DISPENSE, MovementKind.CONSUMPTION, MovementKind.RETURN})
"""What such a copy may move: what patients get and bring back. Goods in, counts and corrections are the store's, on the server."""


def first_entry(series: str) -> int:
    """Before which number the movements of a series begin."""
    return series_index(series) * ENTRIES_OF_A_SERIES


OUTGOING = frozenset(
    {MovementKind.DISPENSE, MovementKind.CONSUMPTION, MovementKind.TRANSFER_OUT, MovementKind.EXPIRED, MovementKind.DAMAGED}
)


class AdjustmentStatus(StrEnum):
    """Whether an adjustment has been posted to the ledger."""

    PENDING = "PENDING"
    POSTED = "POSTED"
    REJECTED = "REJECTED"


BATCH_STATES: StateMachine[BatchStatus] = StateMachine(
    "batch",
    {
        BatchStatus.OK: {BatchStatus.QUARANTINE, BatchStatus.RECALLED, BatchStatus.EXPIRED},
        BatchStatus.QUARANTINE: {BatchStatus.OK, BatchStatus.RECALLED, BatchStatus.EXPIRED},
        # A recall withdrawn by the maker passes through quarantine, so that someone looks before it is sold again.
        BatchStatus.RECALLED: {BatchStatus.QUARANTINE, BatchStatus.EXPIRED},
    },
)

ADJUSTMENT_STATES: StateMachine[AdjustmentStatus] = StateMachine(
    "adjustment", {AdjustmentStatus.PENDING: {AdjustmentStatus.POSTED, AdjustmentStatus.REJECTED}}
)


class OutOfStock(ClinicError):
    """Not enough usable stock: params ``item_id``, ``wanted`` and ``available``."""

    code = "out_of_stock"


class BatchNotUsable(ClinicError):
    """The chosen batch may not be issued: params ``batch_number`` and ``reason`` (a batch status)."""

    code = "batch_not_usable"


class AboveLimit(ClinicError):
    """Worth more than one person may write off: ask for an adjustment instead; param ``value``."""

    code = "above_limit"


class SecondPersonNeeded(ClinicError):
    """The one who asked for an adjustment may not approve it."""

    code = "second_person_needed"


class ItemCodeInUse(ClinicError):
    """A code that stock, prescriptions or bills name does not change: param ``value``."""

    code = "item_code_in_use"


class UnitInUse(ClinicError):
    """The unit in which an item's stock is counted does not change once there was any: param ``unit``."""

    code = "unit_in_use"


@dataclass(frozen=True, slots=True)
class BatchStock:
    """What picking needs to know of a batch."""

    id: UUID
    item_id: UUID
    batch_number: str
    expiry: date | None
    quantity: int
    status: BatchStatus

    def less(self, taken: int) -> BatchStock:
        """The batch after units were taken."""
        return replace(self, quantity=self.quantity - taken)


@dataclass(frozen=True, slots=True)
class Want:
    """So many base units of an item, by FEFO or from one named batch."""

    item_id: UUID
    quantity: int
    batch_id: UUID | None = None


def has_expired(expiry: date | None, on: date) -> bool:
    """Whether stock may no longer be used on that business date: it is good through its expiry date."""
    return expiry is not None and expiry < on


def usable_status(status: BatchStatus, expiry: date | None, on: date) -> BatchStatus:
    """The status that counts on a day: a batch past its date is expired even before anyone has marked it."""
    return BatchStatus.EXPIRED if has_expired(expiry, on) else status


def is_usable(batch: BatchStock, on: date) -> bool:
    """Whether units of the batch may be issued on that business date."""
    return batch.quantity > 0 and usable_status(batch.status, batch.expiry, on) is BatchStatus.OK


def usable_quantity(batches: Iterable[BatchStock], on: date) -> int:
    """Units that may be issued on that business date."""
    return sum(batch.quantity for batch in batches if is_usable(batch, on))


def pick_fefo(batches: Iterable[BatchStock], wanted: int, on: date, *, item_id: UUID) -> list[tuple[BatchStock, int]]:
    """First expiring, first out; undated batches last, equal dates by id. All that is wanted, or OutOfStock."""
    if wanted <= 0:
        raise InvalidInput("quantity", "out_of_range", low=1, high=MAX_QUANTITY)
    usable = sorted((b for b in batches if is_usable(b, on)), key=lambda b: (b.expiry or date.max, b.id))
    available = usable_quantity(usable, on)
    if available < wanted:
        raise OutOfStock("quantity", item_id=item_id, wanted=wanted, available=available)
    picks: list[tuple[BatchStock, int]] = []
    for batch in usable:
        taken = min(batch.quantity, wanted)
        picks.append((batch, taken))
        wanted -= taken
        if not wanted:
            break
    return picks


def pick_named(batches: Iterable[BatchStock], want: Want, on: date) -> list[tuple[BatchStock, int]]:
    """All units from one named batch, which must be usable and hold enough."""
    batch = next((b for b in batches if b.id == want.batch_id and b.item_id == want.item_id), None)
    if batch is None:
        raise OutOfStock("quantity", item_id=want.item_id, wanted=want.quantity, available=0)
    status = usable_status(batch.status, batch.expiry, on)
    if status is not BatchStatus.OK:
        raise BatchNotUsable("batch", batch_number=batch.batch_number, reason=status.value)
    return pick_fefo([batch], want.quantity, on, item_id=want.item_id)


def pick_all(batches: Iterable[BatchStock], wants: Iterable[Want], on: date) -> list[tuple[Want, BatchStock, int]]:
    """Picks for several wants together: named batches first, then FEFO from what they leave."""
    left: dict[UUID, BatchStock] = {batch.id: batch for batch in batches}
    picked: list[tuple[Want, BatchStock, int]] = []
    for want in sorted(summed(wants), key=lambda w: (w.batch_id is None, w.item_id, w.batch_id or w.item_id)):
        own = [batch for batch in left.values() if batch.item_id == want.item_id]
        picks = pick_named(own, want, on) if want.batch_id else pick_fefo(own, want.quantity, on, item_id=want.item_id)
        for batch, taken in picks:
            left[batch.id] = batch.less(taken)
            picked.append((want, batch, taken))
    return picked


def summed(wants: Iterable[Want]) -> list[Want]:
    """Duplicate wants as one, so that each is checked against stock only once."""
    sums: dict[tuple[UUID, UUID | None], int] = {}
    for want in wants:
        if want.quantity <= 0:
            raise InvalidInput("quantity", "out_of_range", low=1, high=MAX_QUANTITY)
        sums[want.item_id, want.batch_id] = sums.get((want.item_id, want.batch_id), 0) + want.quantity
    return [Want(item_id, quantity, batch_id) for (item_id, batch_id), quantity in sums.items()]


def summed_lines(lines: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
    """Signed corrections per batch, duplicates added up; a correction of nothing is refused."""
    sums: dict[UUID, int] = {}
    for batch_id, quantity in lines:
        sums[batch_id] = sums.get(batch_id, 0) + quantity
    if not sums:
        raise InvalidInput("lines", "required")
    if any(quantity == 0 or abs(quantity) > MAX_QUANTITY for quantity in sums.values()):
        raise InvalidInput("quantity", "out_of_range", low=1, high=MAX_QUANTITY)
    return sums


def medicine_title(name: str, strength: str | None) -> str:
    """A medicine's name with its strength, unless the name carries that number already (Dolo 650)."""
    number = (strength or "").split(" ")[0]
    return f"{name} {strength}" if number and number not in name.split() else name


def ingredient_names(text: str | None) -> tuple[str, ...]:
    """The separate ingredients of a text such as ``Amoxicillin + Clavulanic acid``."""
    parts = (clean_line(part) for part in _INGREDIENT_SEPARATORS.split(text or ""))
    return tuple(dict.fromkeys(part for part in parts if part))


def item_search_text(code: str, name: str, details: Mapping[str, str | None]) -> str:
    """What a person may type to find an item, folded for comparison."""
    return search_form(" ".join([name, code, *(value for value in details.values() if value)]))
