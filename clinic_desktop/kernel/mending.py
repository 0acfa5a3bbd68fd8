"""After rows of several sites were merged, departments put right what follows from several rows, and say what a person must settle.

Whoever merges runs ``mend`` once, at the end and in the same transaction, over the rows that were touched. It changes rows as a
command does, and opens tasks with ids that follow from what they are about, so that a second run opens nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, column, select, table
from sqlalchemy.orm import Session

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import id_of


class ConflictKind(StrEnum):
    """What sites did at once."""

    FIELD = "FIELD"
    """One field was changed to two values."""
    DELETED = "DELETED"
    """Deleted on one side, edited on the other."""
    DOUBLE_BOOKING = "DOUBLE_BOOKING"
    OVERPAID = "OVERPAID"
    OVERDISPENSED = "OVERDISPENSED"
    CLASH = "CLASH"
    """A value that must be unique was given twice, and one of the rows gave way."""
    MERGE_CYCLE = "MERGE_CYCLE"
    """Two records were merged into each other."""
    OVERSOLD = "OVERSOLD"
    """More of a batch was given out than the books had."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something for a person: ``facts`` (numbers and codes) tell what it is about."""

    kind: ConflictKind
    entity_type: str
    entity_id: UUID
    patient_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: tuple[UUID, ...] = ()
    """What else makes it this task and no other: the other of two appointments."""

    @property
    def id(self) -> UUID:
        """The same for the same thing, whoever finds it and however often."""
        return id_of(self.kind.value, self.entity_type, *sorted((self.entity_id, *self.about)))


Mend = Callable[[Tx, frozenset[UUID]], Iterable[Task]]
Changed = Mapping[str, Mapping[UUID, Collection[str]]]
"""By table, of rows that were there before and after a merge, the columns that changed."""
_NOTHING: Changed = {}
_mends: dict[Mend, tuple[tuple[str, ...], frozenset[str]]] = {}


def mends(*tables: str, of: Collection[str] = ()) -> Callable[[Mend], Mend]:
    """Run a function over the ids of the rows of these tables that a merge touched; it returns what a person must settle.

    ``of``: the columns that it looks at, where rows in which only others changed are none of its business.
    """

    def register(function: Mend) -> Mend:
        _mends[function] = tables, frozenset(of)
        function.is_mend = True  # type: ignore[attr-defined]
        return function

    return register


def mend(tx: Tx, touched: Mapping[str, Collection[UUID]], changed: Changed = _NOTHING) -> list[Task]:
    """Run every department's mends, the lower departments' first; raises RuntimeError outside a named transaction.

    A touched row that is not in ``changed`` is new, gone, or to be looked at as a whole.
    """
    if tx.command is None:
        raise RuntimeError("a mend runs inside a command")
    tasks: list[Task] = []
    for function, (tables, of) in _mends.items():
        ids = frozenset(key for name in tables for key in _concerned(touched.get(name, ()), changed.get(name, {}), of))
        if ids:
            tasks += function(tx, ids)
            tx.session.flush()
    return tasks


def _concerned(keys: Collection[UUID], changed: Mapping[UUID, Collection[str]], of: frozenset[str]) -> Iterable[UUID]:
    """Rows of one table that concern who looks at these columns."""
    return (key for key in keys if key not in changed or not of.isdisjoint(changed[key])) if of else keys


_TOLD = table("sync_conflicts", column("kind", String()), column("entity_type", String()), column("entity_id", Uuid()))


def told(session: Session, kind: ConflictKind) -> set[UUID]:
    """The rows of which it is known that sites did this at once: no lie of the program, and a person settles it or has."""
    return set(session.scalars(select(_TOLD.c.entity_id).where(_TOLD.c.kind == kind.value)))


def by_table(rows: Iterable[tuple[str, UUID]]) -> dict[str, set[UUID]]:
    """Touched rows as ``mend`` takes them."""
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    for name, key in rows:
        found[name].add(key)
    return found
