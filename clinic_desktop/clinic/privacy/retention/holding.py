"""Which rows hold which: what a row that stays refers to stays, and an account is not torn apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.privacy.rules import KEEPING, LINKS, Link
from clinic_desktop.kernel.tables import Base

Row = tuple[str, UUID]
Sets = dict[str, set[UUID]]
_CHUNK = 500
"""Keys in one question: engines limit how many values a statement may hold."""


class Held(StrEnum):
    """Why an old row stays."""

    OPEN = "OPEN"
    """It is not over: unpaid, unsigned, not handed out, not closed."""
    CHILD = "CHILD"
    """Its patient has not been of age for long enough."""
    NEEDED = "NEEDED"
    """A row that stays refers to it."""
    PART = "PART"
    """It belongs to a row that stays."""


def table_of(name: str) -> Table:
    """The table of that name."""
    return Base.metadata.tables[name]


def references() -> dict[str, list[tuple[str, str]]]:
    """For each table: (table, column) of every key that points to it."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            found[str.__str__(key.column.table.name)].append((str.__str__(table.name), str.__str__(key.parent.name)))
    return found


def chunks(keys: Collection[UUID] | Iterable[UUID]) -> Iterator[list[UUID]]:
    """The keys, so many at a time as one statement holds."""
    iterator = iter(list(keys))
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


@dataclass(slots=True)
class _Ties:
    """Who holds whom: a row that stays keeps each row in ``holds``, for that reason and because of that table."""

    holds: dict[Row, list[tuple[Row, Held]]] = field(default_factory=lambda: defaultdict(list))
    staying: list[tuple[Row, Row, Held]] = field(default_factory=list)
    """Rows that something outside the sets keeps: (the row, what keeps it, why)."""

    def tie(self, holder: Row, held: Row, why: Held, sets: Sets) -> None:
        if holder[1] in sets.get(holder[0], ()):
            self.holds[holder].append((held, why))
        else:
            self.staying.append((held, holder, why))


def keep_what_is_needed(session: Session, sets: Sets, staying: dict[str, Counter[Any]]) -> None:
    """Take out of the sets what a row that stays refers to or is part of, and count why."""
    ties = _Ties()
    pointing = references()
    for name, keys in sets.items():
        for child, column in pointing[name]:
            _tie_by_key(session, ties, sets, (name, keys), (child, column))
        for link in LINKS:
            if link.parent == name:
                _tie_by_link(session, ties, sets, link, keys)
    queue = ties.staying
    while queue:
        row, holder, why = queue.pop()
        if row[1] in sets[row[0]]:
            sets[row[0]].discard(row[1])
            staying[row[0]][why, holder[0]] += 1
            queue += [(held, row, reason) for held, reason in ties.holds.get(row, ())]
    _drop_ownerless(session, sets)


def _drop_ownerless(session: Session, sets: Sets) -> None:
    """What goes with any of its owners stays where all of them stay."""
    for name, keeping in KEEPING.items():
        if not keeping.any_owner or not sets.get(name):
            continue
        table = table_of(name)
        owners = [(column, next(iter(table.c[column].foreign_keys)).column.table.name) for column in keeping.part_of]
        rows = (row for chunk in chunks(sets[name]) for row in session.execute(select(table).where(table.c.id.in_(chunk))))
        sets[name] = {row.id for row in rows if any(row._mapping[column] in sets[owner] for column, owner in owners)}


def _tie_by_key(session: Session, ties: _Ties, sets: Sets, parent: tuple[str, set[UUID]], child: tuple[str, str]) -> None:
    """A row that stays keeps what it refers to; one that is part of a row that stays, stays with it."""
    (name, keys), (other, column) = parent, child
    table, kept = table_of(other), KEEPING.get(other)
    if "id" not in table.c:
        return
    is_part = kept is not None and column in kept.part_of
    for chunk in chunks(keys):
        for key, parent_key in session.execute(select(table.c.id, table.c[column]).where(table.c[column].in_(chunk))):
            ties.tie((other, key), (name, parent_key), Held.NEEDED, sets)
            if is_part and kept is not None and not kept.any_owner and key in sets.get(other, ()):
                ties.tie((name, parent_key), (other, key), Held.PART, sets)
    if is_part and kept is not None and not kept.any_owner:
        _tie_to_owners_that_stay(session, ties, sets, (other, column), name)


def _tie_to_owners_that_stay(session: Session, ties: _Ties, sets: Sets, part: tuple[str, str], owner: str) -> None:
    """Parts in the sets whose owner was never in them."""
    name, column = part
    table = table_of(name)
    for chunk in chunks(sets.get(name, ())):
        owned = select(table.c.id, table.c[column]).where(table.c.id.in_(chunk), table.c[column].is_not(None))
        for key, owner_key in session.execute(owned):
            if owner_key not in sets[owner]:
                ties.staying.append(((name, key), (owner, owner_key), Held.PART))


def _tie_by_link(session: Session, ties: _Ties, sets: Sets, link: Link, keys: set[UUID]) -> None:
    parent, child = table_of(link.parent), table_of(link.child)
    same = and_(*(child.c[column] == parent.c[column] for column in link.columns))
    for chunk in chunks(keys):
        found = session.execute(select(child.c.id, parent.c.id).join(parent, same).where(parent.c.id.in_(chunk)))
        for key, parent_key in found:
            ties.tie((link.child, key), (link.parent, parent_key), Held.NEEDED, sets)
