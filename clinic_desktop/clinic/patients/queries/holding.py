"""Which records hold some words: asked of the trigrams that each engine keeps, and of whole words on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    TableClause,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.names import WORD_GAP
from clinic_desktop.clinic.patients.queries.hits import HITS, PATIENTS, Found, fetch
from clinic_desktop.clinic.patients.search import FIRST

CANDIDATES = 30
"""Rows that are ranked at most. Where more match, the words say too little to rank all: whole-word starts come first."""
Groups = Sequence[tuple[str, ...]]
"""Parts of which a record holds one of each group: all of them whole words, or none."""
Births = Sequence[date]

_ESCAPE = "/"


def start_of(word: str) -> str:
    """What only the start of a word matches: one blank makes the shorter list of trigrams, one letter needs both."""
    return (WORD_GAP if len(word) == 1 else " ") + word


def part_of(word: str) -> str:
    """Trigrams know nothing of one or two letters by themselves: those are looked up as the start of a word."""
    return word if len(word) >= 3 else start_of(word)


def whole(word: str) -> str:
    """What only the whole word matches, in a text with a gap at its end."""
    return WORD_GAP + word + WORD_GAP


def holding(session: Session, groups: Groups, births: Births = (), *, is_range: bool = False) -> Found:
    """Some records that hold a part of each group, born on one of the days, or between the two."""
    if not groups and (not births or is_range):
        return {}
    born: dict[str, Any] = {"born_from": births[0], "born_to": births[1]} if is_range else {"births": list(births)} if births else {}
    is_whole, is_day = _are_whole(groups), bool(births) and not is_range
    # A birth date leaves a handful of records, a year does not: there the words go first.
    if is_day or session.get_bind().dialect.name == "postgresql":
        sizes = tuple(len(parts) for parts in groups)
        asking, born_when = (_containing, _ON) if is_day else (_first_containing, _BETWEEN if is_range else _ANY_DAY)
        return fetch(session, asking(sizes, is_whole, born_when), **_bound(groups, is_whole=is_whole), **born)
    return fetch(session, _MATCHING[is_whole, is_range], phrases=_phrases(groups), **born)


def _are_whole(groups: Groups) -> bool:
    return bool(groups) and all(part.endswith(WORD_GAP) for parts in groups for part in parts)


_born_on = PATIENTS.c.date_of_birth.in_(bindparam("births", expanding=True))
_born_between = PATIENTS.c.date_of_birth.between(bindparam("born_from", type_=Date()), bindparam("born_to", type_=Date()))
_ON, _BETWEEN, _ANY_DAY = (_born_on,), (_born_between,), ()


# --- SQLite ---------------------------------------------------------------------------------------------------------


def _matching(index: TableClause, *born: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The index is asked first (the row id of the join), so that no more records are read than are ranked."""
    return (
        HITS.join_from(index, PATIENTS, PATIENTS.c.search_key == index.c.rowid)
        .where(index.c[index.name].op("MATCH")(bindparam("phrases")), *born)
        .order_by(index.c.rowid)
        .limit(CANDIDATES)
    )


_trigrams, _words = (table(name, column("rowid"), column(name)) for name in ("patient_search", "patient_search_words"))
_MATCHING = {
    (is_whole, is_range): _matching(_words if is_whole else _trigrams, *(_BETWEEN if is_range else _ANY_DAY))
    for is_whole in (False, True)
    for is_range in (False, True)
}
"""By whether whole words are asked for, and whether with a year of birth."""


def _phrases(groups: Groups) -> str:
    """In the full-text index's own language; its index of whole words does not mind the gaps."""
    quoted = (" OR ".join('"' + part.replace('"', '""') + '"' for part in parts) for parts in groups)
    return " AND ".join(f"({one})" for one in quoted)


# --- by the text itself, which Postgres has an index for ------------------------------------------------------------


@lru_cache(maxsize=512)
def _containing(shape: tuple[int, ...], is_whole: bool, born: tuple[ColumnElement[bool], ...]) -> Select[*tuple[Any, ...]]:
    """Records that hold one part of each group (``_bound``) somewhere in their text."""
    groups = (or_(*(_holds(f"{at}_{n}", is_whole=is_whole) for n in range(size))) for at, size in enumerate(shape))
    # In the order of the keys, so that of many that match both engines take the same; found by the words, not by walking along the keys.
    return HITS.where(*groups, *born).order_by(PATIENTS.c.search_key + 0).limit(CANDIDATES)


def _holds(name: str, *, is_whole: bool) -> ColumnElement[bool]:
    """The index finds the word where it starts, the text with a gap at its end tells whether it ends there too."""
    held = PATIENTS.c.search_text.like(bindparam(f"part_{name}"), escape=_ESCAPE)
    return and_(held, (PATIENTS.c.search_text + WORD_GAP).like(bindparam(f"whole_{name}"), escape=_ESCAPE)) if is_whole else held


@lru_cache(maxsize=512)
def _first_containing(shape: tuple[int, ...], is_whole: bool, born: tuple[ColumnElement[bool], ...]) -> CompoundSelect[*tuple[Any, ...]]:
    """The same for Postgres in one round trip: those with the first keys, and only where they are too few all (these among them)."""
    every = _containing(shape, is_whole, born)
    first = every.where(PATIENTS.c.search_key < literal_column(str(FIRST))).cte("first")
    is_too_few = select(func.count()).select_from(first).scalar_subquery() < CANDIDATES
    return union_all(select(first), select(every.where(is_too_few).subquery()))


def _bound(groups: Groups, *, is_whole: bool) -> dict[str, str]:
    named = [(f"{at}_{n}", part) for at, parts in enumerate(groups) for n, part in enumerate(parts)]
    if not is_whole:
        return {f"part_{name}": f"%{_escaped(part)}%" for name, part in named}
    starts = {f"part_{name}": f"%{_escaped(start_of(part.strip()))}%" for name, part in named}
    return starts | {f"whole_{name}": f"%{_escaped(part)}%" for name, part in named}


def _escaped(part: str) -> str:
    return part.replace(_ESCAPE, _ESCAPE * 2).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")
