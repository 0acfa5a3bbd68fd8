"""Which words of patients' names a misspelt word may mean: one letter wrong, missing, doubled or exchanged, or the same sound."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, literal_column, select, union
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.name_words import NameWord, NameWordKey, keys_of
from clinic_desktop.clinic.patients.names import WORD_GAP, consonants, sound
from clinic_desktop.clinic.patients.queries.asking import Asked, days_of
from clinic_desktop.clinic.patients.queries.hits import Found, Hit
from clinic_desktop.clinic.patients.queries.holding import holding, part_of, start_of, whole

SHORTEST = 4
"""Letters of a word below which every other word would be near."""
MOST = 8
"""Words that one may mean: the nearest."""
_BEGINNING = 5
"""Letters from which on what is typed may be the beginning of a word, as one types."""
_LONG = 8
"""Letters from which on two mistakes are small."""
_LOOKED_AT = 3_000
_TIERS = 3
FEW = 3
"""Fewer than so many: then those with greater mistakes are looked for too."""
_SAME_SOUND = 4
"""What a word costs at most that sounds the same; in another script it comes after those."""

_words, _keys = NameWord.__table__, NameWordKey.__table__
# The keys hold the words themselves: going from each on to its sound would cost more than all the rest.
_by_keys = select(_keys.c.word, literal_column("''").label("sound")).where(_keys.c.key.in_(bindparam("keys", expanding=True)))
_by_sounds = select(_words.c.word, _words.c.sound).where(_words.c.sound.in_(bindparam("sounds", expanding=True)))
_NEAR = union(_by_keys, _by_sounds).order_by("word", "sound").limit(_LOOKED_AT)


@dataclass(frozen=True, slots=True)
class Meant:
    """A word of names, and how far it is from what was typed: half a mistake counts one."""

    word: str
    cost: int


def is_long_enough(word: str) -> bool:
    """Whether a word can be looked for misspelt: it has letters enough, and no digit."""
    return len(word) >= SHORTEST and not any(character.isdigit() for character in word)


def misspelt(session: Session, asked: Asked, limit: int) -> list[Hit]:
    """Records that hold for each word what it may mean, those with the smallest mistakes first."""
    words = [word for word in asked.words if word != str(asked.year)]
    known = _known(session, words)
    near = near_words(session, [word for word in words if word not in known])
    # Words that stand in names are taken for right, as long as somebody is found by the others.
    for is_last in (False, True) if any(near.values()) else (True,):
        if is_last:
            near |= near_words(session, list(known))
        ways = _ways(words, known, near)
        found = _with_fewest_mistakes(session, asked, ways)
        if found:
            return sorted(found.values(), key=lambda row: (_mistakes(row, ways), row.full_name, row.patient_number))[:limit]
    return []


Ways = Sequence[Sequence[tuple[int, str]]]
"""For each word what it may mean: how far that is from what was typed, and what a record holds then."""


def _ways(words: Sequence[str], known: Mapping[str, bool], near: Mapping[str, Sequence[Meant]]) -> Ways:
    """Whole words where none is being typed yet; the beginning of a word, a number or one of few letters may stand anywhere."""
    are_whole = all(known.get(word, bool(near.get(word))) for word in words)
    as_typed, as_meant = (whole, whole) if are_whole else (part_of, start_of)
    ways = []
    for word in words:
        meant = [(one.cost, as_meant(one.word)) for one in near.get(word, ())]
        ways.append([(0, as_typed(word)), *meant] if word in known or not meant else meant)
    return ways


def _with_fewest_mistakes(session: Session, asked: Asked, ways: Ways) -> Found:
    """Those with the smallest mistakes by which anybody is found; of a single word, until they are some."""
    births, is_range = (days_of(asked.year), True) if asked.year is not None else (asked.births, False)
    at_least = max((min(cost for cost, _ in one) for one in ways), default=0)
    found: Found = {}
    for most in sorted({cost for one in ways for cost, _ in one if cost >= max(at_least, 1)})[:_TIERS]:
        groups = [tuple(part for cost, part in one if cost <= most) for one in ways]
        found = holding(session, groups, births, is_range=is_range)
        if len(found) >= FEW or (found and len(ways) > 1):
            break
    return found


def _mistakes(row: Hit, ways: Ways) -> int:
    padded = row.search_text + WORD_GAP
    return sum(min((cost for cost, part in one if part in padded), default=0) for one in ways)


# --- the words of names ---------------------------------------------------------------------------------------------


def _known(session: Session, words: Sequence[str]) -> dict[str, bool]:
    """Those words, long enough to be looked for misspelt, that stand in names or that some name begins with; True for the former."""
    asked = [word for word in words if is_long_enough(word)]
    if not asked:
        return {}
    bound = {f"{end}_{at}": word + more for at, word in enumerate(asked) for end, more in (("from", ""), ("to", "\uffff"))}
    found = session.connection().execute(_first_of_each(len(asked)), bound).one()
    return {word: first == word for word, first in zip(asked, found, strict=True) if first is not None}


@lru_cache
def _first_of_each(count: int) -> Select[*tuple[Any, ...]]:
    """The first word of names that begins as each of so many."""
    begun = (and_(_words.c.word >= bindparam(f"from_{at}"), _words.c.word < bindparam(f"to_{at}")) for at in range(count))
    return select(*(select(_words.c.word).where(one).order_by(_words.c.word).limit(1).scalar_subquery() for one in begun))


def near_words(session: Session, words: Sequence[str]) -> dict[str, tuple[Meant, ...]]:
    """For each word that is long enough those that it may mean, the nearest first; itself is not among them."""
    asked = [word for word in words if is_long_enough(word)]
    if not asked:
        return {}
    bound = {"keys": sorted(set().union(*map(keys_of, asked))), "sounds": sorted({sound(word) for word in asked})}
    near = session.connection().execute(_NEAR, bound).all()
    spelt = list(dict.fromkeys(word for word, _ in near))
    return {one: _nearest(one, spelt, [word for word, heard in near if heard == sound(one)]) for one in asked}


def _nearest(asked: str, spelt: Sequence[str], heard: Iterable[str]) -> tuple[Meant, ...]:
    costs: dict[str, int] = {}
    for word, cost in (*_by_letters(asked, spelt), *_by_sound(asked, heard)):
        costs[word] = min(cost, costs.get(word, cost))
    costs.pop(asked, None)
    ordered = sorted(costs.items(), key=lambda one: (one[1], abs(len(one[0]) - len(asked)), one[0]))
    return tuple(Meant(word, cost) for word, cost in ordered[:MOST])


def _by_letters(asked: str, spelt: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Words that are few mistakes away, or that begin so."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415  (25 ms that starting the program does not need)
    from rapidfuzz.process import extract  # noqa: PLC0415

    few, length = 2 if len(asked) >= _LONG else 1, len(asked)
    for _, mistakes, place in extract(asked, spelt, scorer=OSA.distance, score_cutoff=few, limit=None):
        yield spelt[place], 2 * int(mistakes)
    for shown in range(length - 1, length + 2) if length >= _BEGINNING else ():
        begun = [word[:shown] for word in spelt]
        for _, mistakes, place in extract(asked, begun, scorer=OSA.distance, score_cutoff=1, limit=None):
            yield spelt[place], 2 * int(mistakes) + 1


def _share_script(one: str, other: str) -> bool:
    return unicodedata.name(one[0], "").split()[:1] == unicodedata.name(other[0], "").split()[:1]


def _by_sound(asked: str, heard: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Words that sound the same: of one script those that look a little alike too, of another those with the same consonants."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    if len(sound(asked)) < 2:
        return
    for word in heard:
        if word.isascii() and asked.isascii():
            apart = OSA.distance(asked, word)
            if 2 * apart <= len(asked) + 1:
                yield word, min(2 * max(apart, 1), _SAME_SOUND)
        elif not _share_script(asked, word):
            yield word, _SAME_SOUND + 1 + min(OSA.distance(consonants(asked), consonants(word)), 2)
        else:
            yield word, _SAME_SOUND
