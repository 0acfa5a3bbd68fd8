"""Likely duplicates inside an old register, and between it and the patients already there (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.clinic.patients.blocks import likely_pairs, without_busy_phones
from clinic_desktop.clinic.patients.legacy.drafts import Draft, comparable
from clinic_desktop.clinic.patients.matching import Match, Person


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two records that may be one person, named by the register's own numbers (or by our number for one already there)."""

    a: str
    b: str
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """A patient who is already there, as far as matching needs one."""

    id: UUID
    label: str
    person: Person


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Positions in ``[*known, *drafts]`` of two records, and the evidence."""

    a: int
    b: int
    match: Match


def pairs_among(drafts: Sequence[Draft], known: Sequence[Known]) -> list[LikelyPair]:
    """All likely pairs with at least one new record, best first."""
    people = without_busy_phones([*(one.person for one in known), *(comparable(draft) for draft in drafts)])
    return [LikelyPair(pair.a, pair.b, pair.match) for pair in likely_pairs(people, first_new=len(known))]


def reported(pairs: Sequence[LikelyPair], drafts: Sequence[Draft], known: Sequence[Known]) -> tuple[DuplicatePair, ...]:
    """The pairs as the report names them."""
    labels = [*(one.label for one in known), *(draft.label for draft in drafts)]
    return tuple(DuplicatePair(labels[p.a], labels[p.b], p.match.score, " ".join(p.match.reasons)) for p in pairs)
