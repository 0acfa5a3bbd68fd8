"""Which records of a register are worth comparing: those that meet in a block (pure)."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from clinic_desktop.clinic.patients.matching import Match, Person, alike
from clinic_desktop.clinic.patients.names import sound

BUSY_PHONE = 9
"""A number on this many records is the clinic's own or a filler, not a person's: it is no evidence."""
BUSY_BLOCK = 120
"""Blocks with more records are skipped: their members meet in narrower ones."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two likely records of one person, by their positions in the list."""

    a: int
    b: int
    match: Match


def likely_pairs(people: Sequence[Person], *, first_new: int = 0) -> list[Pair]:
    """All pairs above the threshold, best first; records before ``first_new`` are compared with later ones only."""
    found = []
    for a, others in near(people, first_new):
        for b in others:
            match = alike(people[a], people[b])
            if match is not None:
                found.append(Pair(a, b, match))
    return sorted(found, key=lambda pair: (-pair.match.bits, pair.a, pair.b))


def without_busy_phones(people: Sequence[Person]) -> list[Person]:
    """The same people without numbers that too many of them give."""
    counts: dict[str, int] = defaultdict(int)
    for one in people:
        counts[one.tail] += 1
    return [_without_phone(one) if one.tail and counts[one.tail] >= BUSY_PHONE else one for one in people]


def _without_phone(one: Person) -> Person:
    return Person(one.words, one.born, one.born_is_estimated, one.gender, "", one.address, one.blood_group, one.national_id)


def near(
    people: Sequence[Person], first_new: int = 0, placed: Callable[[int], object] = lambda _position: None
) -> Iterator[tuple[int, list[int]]]:
    """Each position with the later ones that it meets in a block, in order; nobody holds all pairs at once, nor the thread for long.

    ``placed`` is told each position that has found its blocks, which all do before the first meet; it may raise to end it.
    """
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    keys: list[tuple[Hashable, ...]] = []
    for position, one in enumerate(people):
        keys.append(tuple(set(_blocks(one))))
        for key in keys[-1]:
            blocks[key].append(position)
        placed(position)
    for position, own in enumerate(keys):
        met: set[int] = set()
        for key in own:
            members = blocks[key]
            if 1 < len(members) <= BUSY_BLOCK:
                met.update(members[bisect_left(members, max(position + 1, first_new)) :])
        if met:
            yield position, sorted(met)


def _blocks(one: Person) -> Iterator[Hashable]:
    """Where a record meets its likely twins: phone, whole name, birth date, address, and one name with the birth year."""
    sounds = sorted({sound(word) for word in one.words} - {""})
    yield "name", *sounds
    if one.tail:
        yield "phone", one.tail
    if len(one.address) > 2:
        yield "address", one.address
    if one.national_id:
        yield "national_id", one.national_id
    if one.born is not None:
        if not one.born_is_estimated:
            yield "birth", one.born.year, *sorted((one.born.month, one.born.day))
        spread = 1 if one.born_is_estimated else 0
        years = range(one.born.year - spread, one.born.year + spread + 1)
        yield from ((name, year) for name in sounds if len(name) > 1 for year in years)
