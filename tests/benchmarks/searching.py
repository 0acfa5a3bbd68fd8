"""Patient search as one types, over registers of different sizes."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from sqlalchemy import func, select

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.names import WORD_GAP, search_words
from clinic_desktop.clinic.patients.queries import search
from clinic_desktop.kernel.db import Database
from tests.benchmarks.bench import Bench
from tests.benchmarks.bulk import register_of
from tests.benchmarks.measuring import Action, Figure, alternate

_SHOWN = "p.id, p.patient_number, p.full_name, p.gender, p.date_of_birth, p.dob_is_estimated, p.phone, p.allergies, p.status"
_SQLITE = f"SELECT {_SHOWN} FROM patient_search s JOIN patients p ON p.search_key = s.rowid WHERE patient_search MATCH ? LIMIT 20"


def find(bench: Bench) -> Iterator[Figure]:
    """What is typed letter by letter: names, two words, parts of phones and numbers."""
    for engine in bench.engines:
        for size in sorted(bench.patients):
            with register_of(bench, engine, size) as database:
                right = typed_texts(database, bench.rounds)
                typed = _typed(bench, database, right, right)
                slips = misspelt_texts(database, bench.rounds)
                misspelt = _typed(bench, database, [slip for slip, _ in slips], [meant for _, meant in slips])
            yield Figure("search", "patient search as one types", engine, *typed, size=size)
            yield Figure("misspelt", "patient search, one letter wrong", engine, *misspelt, size=size)


def _typed(bench: Bench, database: Database, texts: list[str], meant: list[str]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    pooled = database.engine.raw_connection()
    cursor = pooled.driver_connection.cursor()  # type: ignore[union-attr]

    def ready(number: int) -> tuple[Action, Action]:
        text, right = texts[number % len(texts)], meant[number % len(meant)]
        return lambda: _ours(database, text), lambda: floor_rows(cursor, right, is_sqlite=database.address.file is not None)

    try:
        return alternate(bench.rounds, ready)
    finally:
        pooled.close()


def _ours(database: Database, text: str) -> int:
    with database.read() as session:
        return len(search(session, text))


def floor_rows(cursor: Any, text: str, *, is_sqlite: bool) -> list[Any]:
    """Twenty patients that the index finds for a text, in no order."""
    words = [word if len(word) > 2 else (WORD_GAP if len(word) == 1 else " ") + word for word in search_words(text)]
    if is_sqlite:
        found: list[Any] = cursor.execute(_SQLITE, (" AND ".join(f'"{word}"' for word in words),)).fetchall()
        return found
    holding = " AND ".join("p.search_text LIKE %s" for _ in words)
    cursor.execute(f"SELECT {_SHOWN} FROM patients p WHERE {holding} LIMIT 20", [f"%{word}%" for word in words])
    found = cursor.fetchall()
    cursor.connection.rollback()
    return found


def typed_texts(database: Database, count: int) -> list[str]:
    """What people type on the way to some patients of the register, shuffled."""
    with database.read() as session:
        found = session.execute(select(Patient.full_name, func.coalesce(Patient.phone, ""), Patient.patient_number).limit(4_000)).all()
    rng, texts = Random(2), set[str]()
    while len(texts) < count:
        name, phone, number = rng.choice(found)
        first, last = name.split()[0], name.split()[-1]
        texts.update(first[:length] for length in range(1, min(len(first), 6) + 1))
        texts.update((f"{first} {last[:3]}", f"{last} {first}", last[1:5], phone[-6:], phone[3:9], number[-5:]))
    return rng.sample(sorted(texts), count)


SOUND_ALIKE = (("Mohamad", "Mohammed"), ("Lakshmy", "Lakshmi"), ("Aysha", "Ayesha"), ("Vijey", "Vijay"), ("Ferreirra", "Ferreira"))


def misspelt_texts(database: Database, count: int) -> list[tuple[str, str]]:
    """Names of some patients with one letter wrong, missing, doubled or exchanged, or as they sound, and the right ones."""
    with database.read() as session:
        found = session.scalars(select(Patient.full_name).limit(4_000)).all()
    rng, texts = Random(3), list(SOUND_ALIKE)
    while len(texts) < count + len(SOUND_ALIKE):
        words = rng.choice(found).split()
        long = [word for word in words if len(word) >= 5]
        if long:
            word = rng.choice(long)
            slip = slipped(word, rng)
            texts += [(slip, word), (" ".join(slip if one == word else one for one in words), " ".join(words))]
    return rng.sample(texts, count)


def slipped(word: str, rng: Random) -> str:
    """A word with one small mistake."""
    at, letter = rng.randrange(1, len(word) - 1), rng.choice(word)
    wrong, missing, doubled = word[:at] + letter + word[at + 1 :], word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]
    exchanged = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return rng.choice([one for one in (wrong, missing, doubled, exchanged) if one != word])
