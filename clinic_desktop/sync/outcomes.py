"""What one change to one row is, and what becomes of it: values that are passed on, with nothing decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from clinic_desktop.kernel.capture import SECRET
from clinic_desktop.kernel.journal import INSERT, UPDATE
from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync.shapes import Shape


@dataclass(frozen=True, order=True, slots=True)
class Stamp:
    """When and where something was written, and by whom: the higher one is the later one, the same on every database."""

    hlc: int
    site_id: UUID
    by: str = field(default="", compare=False)
    at: datetime | None = field(default=None, compare=False)


NEVER = Stamp(0, UUID(int=0))


class RowChange(NamedTuple):
    """What one change set did to one row: values of an insert or delete, pairs of old and new of an update."""

    table: str
    key: str
    operation: str
    told: Values


@dataclass(frozen=True, slots=True)
class Contest:
    """Two values for one field: the one that stands, and the other. ``is_fresh``: the one that stands came in just now."""

    field: str
    stands: Any
    other: Any
    is_fresh: bool
    rival: Stamp = NEVER
    """Of the value that was here before."""


class Entered(msgspec.Struct):
    """What a change set did to one row, as the journal is to tell it; ``secrets``: the new values that ``changes`` does not show."""

    entity_type: str
    key: str
    operation: str
    changes: Values
    secrets: Values = {}


class Outcome(msgspec.Struct):
    """What becomes of the row, and what of the change was not done as it was asked."""

    operation: str | None = None
    changes: Values = {}
    """As the journal tells it; of an update [old, new]."""
    image: Values | None = None
    """The row afterwards; None when there is none."""
    otherwise: Values = {}
    """Fields that hold something else than was sent."""
    is_gone: bool = False
    """The row was deleted; whoever sent this deletes it, too."""
    is_back: bool = False
    """The row stays although it was to be deleted; whoever sent this brings it back."""
    contests: list[Contest] = []
    same: list[str] = []
    """Fields that two sites gave the same value without knowing of each other: who writes them next contends with both."""
    edited_and_deleted: bool = False

    @property
    def is_as_sent(self) -> bool:
        """Whether whoever sent it needs to hear nothing."""
        return not (self.otherwise or self.is_gone or self.is_back)


def logged(shape: Shape, outcome: Outcome) -> tuple[Values, Values]:
    """The changes as a log may tell them, and the secrets that it leaves out."""
    if shape.secrets.isdisjoint(outcome.changes):
        return outcome.changes, {}
    secrets: Values = {}
    changes = dict(outcome.changes)
    for name in shape.secrets & changes.keys():
        if outcome.operation == UPDATE:
            old, new = changes[name]
            secrets[name] = new
            changes[name] = [None if old is None else SECRET, None if new is None else SECRET]
        elif changes[name] is not None:
            if outcome.operation == INSERT:
                secrets[name] = changes[name]
            changes[name] = SECRET
    return changes, secrets
