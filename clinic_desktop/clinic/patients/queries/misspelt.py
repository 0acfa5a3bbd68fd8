"""Which words of patients' names a misspelt word may mean: one letter wrong, missing, doubled or exchanged, or the same sound."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, union
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.name_words import NameWord, NameWordKey, keys_of
from clinic_desktop.clinic.patients.names import consonants, sound

SHORTEST = 4
"""Letters of a word below which every other word would be near."""
MOST = 8
"""Words that one may mean: the nearest."""
_BEGINNING = 5
"""Letters from which on what is typed may be the beginning of a word, as one types."""
_LONG = 8
"""Letters from which on two mistakes are small."""
_LOOKED_AT = 3_000
_SAME_SOUND = 4
"""What a word costs at most that sounds the same; in another script it comes after those."""

_words, _keys = NameWord.__table__, NameWordKey.__table__
_by_keys = (
    select(_words.c.word, _words.c.sound)
    .join(_keys, _keys.c.word == _words.c.word)
    .where(_keys.c.key.in_(bindparam("keys", expanding=True)))
)
_by_sounds = select(_words.c.word, _words.c.sound).where(_words.c.sound.in_(bindparam("sounds", expanding=True)))
_NEAR = union(_by_keys, _by_sounds).order_by("word").limit(_LOOKED_AT)


@dataclass(frozen=True, slots=True)
class Meant:
    """A word of names, and how far it is from what was typed: half a mistake counts one."""

    word: str
    cost: int


def is_long_enough(word: str) -> bool:
    """Whether a word can be looked for misspelt: it has letters enough, and no digit."""
    return len(word) >= SHORTEST and not any(character.isdigit() for character in word)


@dataclass(frozen=True, slots=True)
class Near:
    """The words of names that one may mean, the nearest first; ``is_known``: it stands in a name, or some name begins so."""

    meant: tuple[Meant, ...] = ()
    is_known: bool = True


def near_words(session: Session, words: Sequence[str]) -> dict[str, Near]:
    """For each word that is long enough those that it may mean; itself is not among them."""
    asked = [word for word in words if is_long_enough(word)]
    if not asked:
        return {}
    bound = {"keys": sorted(set().union(*map(keys_of, asked))), "sounds": sorted({sound(word) for word in asked})}
    known = session.connection().execute(_NEAR, bound).all()
    spelt = [word for word, _ in known]
    return {
        one: Near(
            _nearest(one, spelt, [word for word, heard in known if heard == sound(one)]),
            is_known=any(word.startswith(one) for word in spelt),
        )
        for one in asked
    }


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
