"""How rows that several sites changed become one: declared once beside each model (``__merge__``), and nothing else decides a merge.

The words are those of SYNC.md. A table without a declaration stops the program's own tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, cast

import msgspec
from sqlalchemy import Table

from clinic_desktop.kernel.tables import Base, mappers

Values = dict[str, Any]
"""A row as the journal spells it: column name to JSON value; what is empty may be left out."""
Derive = Callable[[Mapping[str, Any]], Values]
GiveWay = Callable[[Values, Values], Values | None]
Only = Callable[[Mapping[str, Any]], bool]


class Kind(StrEnum):
    """Who may write a table's rows, and what becomes of two changes of one row."""

    LOCAL = "LOCAL"
    """Never leaves the database: sessions, codes, what a computer tried."""
    OWNED = "OWNED"
    """Written by the site whose clinic it is; read by all."""
    SHARED = "SHARED"
    """Reference data, people and rights: written where the central office lets it; deactivation wins."""
    MERGED = "MERGED"
    """Written anywhere: merged field by field."""
    UNION = "UNION"
    """Written anywhere: every row stays, and one taken back stays taken back."""
    LEDGER = "LEDGER"
    """Inserted once by the site whose clinic it is, and never changed."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A value that must be unique and may be given twice while sites cannot see each other.

    ``give_way(row, other)`` returns what changes in ``row`` so that ``other`` can stand beside it, or None when a person must
    look. Of the two the one with the higher id gives way, so that every database decides alike.
    """

    columns: tuple[str, ...]
    give_way: GiveWay
    task: str = ""
    """Kind of the task that a person gets for it; none: nothing to decide."""
    among: Callable[[Mapping[str, Any]], bool] = field(default=lambda _row: True)
    """Whether a row takes part: the index may hold only some of the rows."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The declaration of one table."""

    kind: Kind
    owner: str | None = None
    """The column that leads to the clinic (and so to the site) that a row belongs to: of the clinic, or of a row that has one."""
    or_owner: str | None = None
    """The column that leads there where ``owner`` is empty; where both are, the row is the whole chain's, as SHARED rows are."""
    open_columns: frozenset[str] = frozenset()
    """Of an owned or shared row: what other sites may change too."""
    counters: frozenset[str] = frozenset()
    """Columns whose changes add up instead of following one another; open to every site."""
    never_below_zero: frozenset[str] = frozenset()
    """Counters that databases which cannot see each other might take below zero: they stop there, and a mend says what is missing."""
    closed: frozenset[str] = frozenset()
    """Counters and derived columns that only the row's own site writes: of a LAN site the server and its detached computers."""
    by_person: frozenset[str] = frozenset()
    """Columns of which no program decides between two values: the first stays until a person has looked."""
    inactive: Mapping[str, Any] = field(default_factory=dict)
    """Columns with the value that wins over any other: a deactivation."""
    stays_here: frozenset[str] = frozenset()
    """Columns of this database alone."""
    begins: Mapping[str, Any] = field(default_factory=dict)
    """What those columns hold where the row arrives; the others stay empty there."""
    derived: frozenset[str] = frozenset()
    """Columns that follow from others: they come with the change that they follow from, are in no conflict, and open to every site."""
    derive: Derive | None = None
    """What a merged row needs to be whole, over whatever was merged: its derived columns, and what its CHECKs tie to others."""
    sealed: Callable[[Mapping[str, Any]], bool] | None = None
    """Whether a row is final: signed, issued, closed. Only open columns and counters move after that."""
    unsealed: Mapping[str, Any] = field(default_factory=dict)
    """What a final row holds for a moment, where rows that belong to it arrive after it and could not once it is final."""
    clashes: tuple[Clash, ...] = ()
    is_record: bool = False
    """Clinical or financial: deleted on one side and edited on the other is a task for a person."""
    attached_only: Only | None = None
    """Of which rows a computer that works on its own copy, away from the clinic's server, writes nothing but counters and what is derived.

    Asked with the values that are written. What is SHARED such a computer never writes; the reason stands beside each declaration.
    """


def stays_here() -> Policy:
    """Of this database alone."""
    return Policy(Kind.LOCAL)


def owned(owner: str, **rules: Any) -> Policy:
    """Written by the site that ``owner`` leads to."""
    return Policy(Kind.OWNED, owner, **_frozen(rules))


def shared(**rules: Any) -> Policy:
    """Reference data."""
    return Policy(Kind.SHARED, **_frozen(rules))


def merged(**rules: Any) -> Policy:
    """Written anywhere, merged field by field."""
    return Policy(Kind.MERGED, **_frozen(rules))


def union(**rules: Any) -> Policy:
    """Written anywhere, every row stays."""
    return Policy(Kind.UNION, **_frozen(rules))


def ledger(owner: str | None = None, **rules: Any) -> Policy:
    """Inserted once and never changed; without ``owner`` by any site."""
    return Policy(Kind.LEDGER, owner, **_frozen(rules))


def always(_row: Mapping[str, Any]) -> bool:
    """Of every row."""
    return True


def _frozen(rules: dict[str, Any]) -> dict[str, Any]:
    return {name: frozenset(value) if isinstance(value, (set, list)) else value for name, value in rules.items()}


def journal_time(at: datetime) -> str:
    """A time as the journal spells it."""
    spelt: str = msgspec.to_builtins(at)
    return spelt


def policies() -> dict[str, Policy]:
    """The declaration of every table that the journal holds, by name; raises TypeError for one without."""
    return dict(_policies(len(Base.metadata.tables)))


def policy_of(table: str) -> Policy:
    """The declaration of one table."""
    return _policies(len(Base.metadata.tables))[table]


@cache
def _policies(_tables: int) -> dict[str, Policy]:
    # By the number of tables: departments declare theirs as they are imported.
    found: dict[str, Policy] = {}
    for mapper in mappers():
        table = cast("Table", mapper.local_table)
        if not table.info.get("journalled", True):
            continue
        declared = mapper.class_.__dict__.get("__merge__")
        if not isinstance(declared, Policy):
            raise TypeError(f"{table} does not say how its rows are merged")
        found[str(table)] = declared
    return found
