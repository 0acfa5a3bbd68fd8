"""What may leave: rows old enough and over, to which nothing that stays refers. Told by the tables' own metadata."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, func, literal_column, not_, null, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.privacy.rules import KEEP_YEARS, KEEPING, LINKS, SHORTEST_YEARS, Keeping, Kind, Link, cutoff
from clinic_desktop.clinic.privacy.rules.keeping import MAJORITY
from clinic_desktop.kernel.tables import Base, UtcDateTime

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


@dataclass(frozen=True, slots=True)
class Staying:
    """So many old rows stay for one reason; ``by`` is the table that needs them or that they are part of."""

    why: Held
    by: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What leaves one table, and what is old and stays."""

    table: str
    kind: Kind
    leaving: int
    staying: tuple[Staying, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """The rows that may leave on a day, by table."""

    as_of: date
    cutoffs: dict[Kind, date]
    rows: Sets
    staying: dict[str, dict[tuple[Held, str | None], int]]

    @property
    def total(self) -> int:
        """How many rows leave."""
        return sum(len(keys) for keys in self.rows.values())

    @property
    def tables(self) -> tuple[TablePlan, ...]:
        """What people read: tables with rows that leave or are held back."""
        names = sorted(name for name in KEEPING if self.rows.get(name) or self.staying.get(name))
        return tuple(
            TablePlan(name, KEEPING[name].kind, len(self.rows.get(name, ())), _reasons(self.staying.get(name, {}))) for name in names
        )


def _reasons(counts: dict[tuple[Held, str | None], int]) -> tuple[Staying, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0][0], item[0][1] or ""))
    return tuple(Staying(why, by, rows) for (why, by), rows in ordered)


def keep_years(session: Session, kind: Kind) -> int:
    """The years in force, never less than the lowest that the law of any place we know of allows."""
    return max(setting_value(session, KEEP_YEARS[kind]), SHORTEST_YEARS[kind])


def cutoffs(session: Session, as_of: date) -> dict[Kind, date]:
    """For each kind the first day that is kept."""
    return {kind: cutoff(as_of, keep_years(session, kind)) for kind in KEEP_YEARS}


def leaving(session: Session, as_of: date, *, cancelled: Callable[[], bool] = lambda: False) -> Leaving:
    """The largest set of rows that may leave together: nothing that stays refers to one of them, no account is torn apart."""
    limits = cutoffs(session, as_of)
    sets, staying = _old_rows(session, limits, as_of)
    _take_parts(session, sets)
    if cancelled():
        return Leaving(as_of, limits, {}, {})
    _keep_what_is_needed(session, sets, staying)
    kept = {name: keys for name, keys in sets.items() if keys}
    return Leaving(as_of, limits, kept, {name: dict(counts) for name, counts in staying.items()})


def due_months(session: Session, wanted: Leaving) -> list[date]:
    """The first days of the months with which rows that leave have become old enough, in order; none is after ``wanted.as_of``."""
    months: set[date] = set()
    for name, keys in wanted.rows.items():
        keeping, table = KEEPING[name], _table(name)
        if keeping.day is None:
            continue
        years, birth = keep_years(session, keeping.kind), _birth(table, keeping)
        for chunk in _chunks(keys):
            for day, born in session.execute(select(table.c[keeping.day], birth).where(table.c.id.in_(chunk)).distinct()):
                due = _month_after(day, years)
                months.add(due if born is None else max(due, _month_after(born, MAJORITY + years)))
    return sorted(month for month in months if month <= wanted.as_of)


def _birth(table: Table, keeping: Keeping) -> ColumnElement[Any]:
    """When the patient was born whose majority a row awaits; nothing where it awaits none."""
    if (patient := _growing_up(table, keeping)) is None:
        return null()
    person = _table("patients").alias("person")
    return select(person.c.date_of_birth).where(person.c.id == patient).scalar_subquery()


def _growing_up(table: Table, keeping: Keeping) -> ColumnElement[Any] | None:
    """The column of the patient for whose majority rows wait."""
    return table.c[keeping.person] if keeping.kind is Kind.MEDICAL and keeping.person is not None else None


def _month_after(day: date, years: int) -> date:
    return date(day.year + years + day.month // 12, day.month % 12 + 1, 1)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _old_rows(session: Session, limits: dict[Kind, date], as_of: date) -> tuple[Sets, dict[str, Counter[Any]]]:
    sets: Sets = {}
    staying: dict[str, Counter[Any]] = defaultdict(Counter)
    for name, keeping in KEEPING.items():
        if keeping.day is None or keeping.kind not in limits or name not in Base.metadata.tables or name == "journal":
            continue
        table, limit = _table(name), limits[keeping.kind]
        conditions = _conditions(table, keeping, limits, as_of)
        old = _before(table.c[keeping.day], limit)
        sets[name] = set(session.scalars(select(table.c.id).where(old, *conditions.values())))
        for why, condition in conditions.items():
            held = session.scalar(select(func.count()).select_from(table).where(old, not_(condition)))
            if held:
                staying[name][why, None] += held
    return sets, staying


def _before(column: ColumnElement[Any], day: date) -> ColumnElement[bool]:
    return column < (datetime.combine(day, time.min, UTC) if isinstance(column.type, UtcDateTime) else day)


def _conditions(table: Table, keeping: Keeping, limits: dict[Kind, date], as_of: date) -> dict[Held, ColumnElement[bool]]:
    found: dict[Held, ColumnElement[bool]] = {}
    if keeping.closed is not None:
        found[Held.OPEN] = literal_column(f"({keeping.closed})")
    if (patient := _growing_up(table, keeping)) is not None:
        # Of age, and the years of medical records after that: so old must be whose record may leave.
        born_before = cutoff(limits[Kind.MEDICAL], MAJORITY)
        person = _table("patients").alias("person")
        young = select(person.c.id).where(person.c.date_of_birth > born_before)
        found[Held.CHILD] = or_(patient.is_(None), patient.not_in(young))
    return found


def _take_parts(session: Session, sets: Sets) -> None:
    """Add what goes with the rows that are old enough, parts of parts included."""
    for name in _parts_in_order():
        keeping, table = KEEPING[name], _table(name)
        owners = keeping.part_of if keeping.any_owner else keeping.part_of[:1]
        found = sets.setdefault(name, set())
        for column in owners:
            (key,) = table.c[column].foreign_keys
            for chunk in _chunks(sets.get(key.column.table.name, ())):
                found.update(session.scalars(select(table.c.id).where(table.c[column].in_(chunk))))
    for name, keeping in KEEPING.items():
        if keeping.follows and name in Base.metadata.tables:
            sets[name] = _followed(session, name, sets)


def _parts_in_order() -> list[str]:
    """Tables that have no day of their own, owners first."""
    names = [str.__str__(table.name) for table in Base.metadata.sorted_tables]  # plain texts, not quoted_name
    kept = [(name, KEEPING[name]) for name in names if name in KEEPING]
    return [name for name, keeping in kept if keeping.part_of and keeping.day is None]


def _followed(session: Session, name: str, sets: Sets) -> set[UUID]:
    found: set[UUID] = set()
    for child, column in _references()[name]:
        for chunk in _chunks(sets.get(child, ())):
            table = _table(child)
            found.update(session.scalars(select(table.c[column]).where(table.c.id.in_(chunk), table.c[column].is_not(None))))
    return found


def _references() -> dict[str, list[tuple[str, str]]]:
    """For each table: (table, column) of every key that points to it."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            found[str.__str__(key.column.table.name)].append((str.__str__(table.name), str.__str__(key.parent.name)))
    return found


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


def _keep_what_is_needed(session: Session, sets: Sets, staying: dict[str, Counter[Any]]) -> None:
    ties = _Ties()
    references = _references()
    for name, keys in sets.items():
        for child, column in references[name]:
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
        table = _table(name)
        owners = [(column, next(iter(table.c[column].foreign_keys)).column.table.name) for column in keeping.part_of]
        rows = (row for chunk in _chunks(sets[name]) for row in session.execute(select(table).where(table.c.id.in_(chunk))))
        sets[name] = {row.id for row in rows if any(row._mapping[column] in sets[owner] for column, owner in owners)}


def _tie_by_key(session: Session, ties: _Ties, sets: Sets, parent: tuple[str, set[UUID]], child: tuple[str, str]) -> None:
    """A row that stays keeps what it refers to; one that is part of a row that stays, stays with it."""
    (name, keys), (other, column) = parent, child
    table, kept = _table(other), KEEPING.get(other)
    if "id" not in table.c:
        return
    is_part = kept is not None and column in kept.part_of
    for chunk in _chunks(keys):
        for key, parent_key in session.execute(select(table.c.id, table.c[column]).where(table.c[column].in_(chunk))):
            ties.tie((other, key), (name, parent_key), Held.NEEDED, sets)
            if is_part and kept is not None and not kept.any_owner and key in sets.get(other, ()):
                ties.tie((name, parent_key), (other, key), Held.PART, sets)
    if is_part and kept is not None and not kept.any_owner:
        _tie_to_owners_that_stay(session, ties, sets, (other, column), name)


def _tie_to_owners_that_stay(session: Session, ties: _Ties, sets: Sets, part: tuple[str, str], owner: str) -> None:
    """Parts in the sets whose owner was never in them."""
    name, column = part
    table = _table(name)
    for chunk in _chunks(sets.get(name, ())):
        owned = select(table.c.id, table.c[column]).where(table.c.id.in_(chunk), table.c[column].is_not(None))
        for key, owner_key in session.execute(owned):
            if owner_key not in sets[owner]:
                ties.staying.append(((name, key), (owner, owner_key), Held.PART))


def _tie_by_link(session: Session, ties: _Ties, sets: Sets, link: Link, keys: set[UUID]) -> None:
    parent, child = _table(link.parent), _table(link.child)
    same = and_(*(child.c[column] == parent.c[column] for column in link.columns))
    for chunk in _chunks(keys):
        found = session.execute(select(child.c.id, parent.c.id).join(parent, same).where(parent.c.id.in_(chunk)))
        for key, parent_key in found:
            ties.tie((link.child, key), (link.parent, parent_key), Held.NEEDED, sets)


def _chunks(keys: Collection[UUID] | Iterable[UUID]) -> Iterator[list[UUID]]:
    iterator = iter(list(keys))
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


__all__ = ["Held", "Leaving", "Staying", "TablePlan", "cutoffs", "keep_years", "leaving"]
