"""What may leave: rows old enough and over, to which nothing that stays refers. Told by the tables' own metadata."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, literal_column, not_, null, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.privacy.retention.holding import Held, Sets, chunks, keep_what_is_needed, references, table_of
from clinic_desktop.clinic.privacy.rules import KEEP_YEARS, KEEPING, SHORTEST_YEARS, Keeping, Kind, cutoff
from clinic_desktop.clinic.privacy.rules.keeping import MAJORITY
from clinic_desktop.kernel.tables import Base, UtcDateTime


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
    keep_what_is_needed(session, sets, staying)
    kept = {name: keys for name, keys in sets.items() if keys}
    return Leaving(as_of, limits, kept, {name: dict(counts) for name, counts in staying.items()})


def due_months(session: Session, wanted: Leaving) -> list[date]:
    """The first days of the months with which rows that leave have become old enough, in order; none is after ``wanted.as_of``."""
    months: set[date] = set()
    for name, keys in wanted.rows.items():
        keeping, table = KEEPING[name], table_of(name)
        if keeping.day is None:
            continue
        years, birth = keep_years(session, keeping.kind), _birth(table, keeping)
        for chunk in chunks(keys):
            for day, born in session.execute(select(table.c[keeping.day], birth).where(table.c.id.in_(chunk)).distinct()):
                due = _month_after(day, years)
                months.add(due if born is None else max(due, _month_after(born, MAJORITY + years)))
    return sorted(month for month in months if month <= wanted.as_of)


def _birth(table: Table, keeping: Keeping) -> ColumnElement[Any]:
    """When the patient was born whose majority a row awaits; nothing where it awaits none."""
    if (patient := _growing_up(table, keeping)) is None:
        return null()
    person = table_of("patients").alias("person")
    return select(person.c.date_of_birth).where(person.c.id == patient).scalar_subquery()


def _growing_up(table: Table, keeping: Keeping) -> ColumnElement[Any] | None:
    """The column of the patient for whose majority rows wait."""
    return table.c[keeping.person] if keeping.kind is Kind.MEDICAL and keeping.person is not None else None


def _month_after(day: date, years: int) -> date:
    return date(day.year + years + day.month // 12, day.month % 12 + 1, 1)


def _old_rows(session: Session, limits: dict[Kind, date], as_of: date) -> tuple[Sets, dict[str, Counter[Any]]]:
    sets: Sets = {}
    staying: dict[str, Counter[Any]] = defaultdict(Counter)
    for name, keeping in KEEPING.items():
        if keeping.day is None or keeping.kind not in limits or name not in Base.metadata.tables or name == "journal":
            continue
        table, limit = table_of(name), limits[keeping.kind]
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
        person = table_of("patients").alias("person")
        young = select(person.c.id).where(person.c.date_of_birth > born_before)
        found[Held.CHILD] = or_(patient.is_(None), patient.not_in(young))
    return found


def _take_parts(session: Session, sets: Sets) -> None:
    """Add what goes with the rows that are old enough, parts of parts included."""
    for name in _parts_in_order():
        keeping, table = KEEPING[name], table_of(name)
        owners = keeping.part_of if keeping.any_owner else keeping.part_of[:1]
        found = sets.setdefault(name, set())
        for column in owners:
            (key,) = table.c[column].foreign_keys
            for chunk in chunks(sets.get(key.column.table.name, ())):
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
    for child, column in references()[name]:
        for chunk in chunks(sets.get(child, ())):
            table = table_of(child)
            found.update(session.scalars(select(table.c[column]).where(table.c.id.in_(chunk), table.c[column].is_not(None))))
    return found
