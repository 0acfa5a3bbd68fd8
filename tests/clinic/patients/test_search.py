"""Search as one types: the same patients on both engines, ranked, and nothing typed is taken for an operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.names import search_words
from clinic_desktop.clinic.patients.queries.holding import CANDIDATES
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.patients.search import drop_search_ddl, search_ddl
from clinic_desktop.kernel.db import Database
from tests.clinic.patients.desk import HOSTILE, found, register
from tests.clinic.world import World, build_world
from tests.conftest import START, FrozenClock
from tests.databases import ENGINES, drop, fresh

PEOPLE = (
    ("Ravi", "Kumar", "98765 43210", date(1980, 1, 12)),
    ("Kumari", "Ravinder", "91234 56789", date(1991, 12, 1)),
    ("Mary", "O’Brien-Sharma", "+44 20 7946 0958", date(1975, 7, 30)),
    ("José", "Núñez", "+34 612 34 56 78", date(2001, 2, 3)),
    ("लक्ष्मी", "शर्मा", "99887 76655", date(1966, 6, 6)),
    ("محمد", "الأحمد", "+971 50 123 4567", date(1988, 8, 8)),
    ("李", "小龍", "+852 2123 4567", date(1999, 9, 9)),
    ("Al", "Ng", None, date(1950, 5, 5)),
    ("Ana María", None, "90000 00001", date(2020, 10, 10)),
)


def build_people(db: Database) -> World:
    world = build_world(db)
    for first, last, phone, born in PEOPLE:
        register(world, first, last, phone=phone, date_of_birth=born)
    return world


@pytest.fixture
def people(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[World]:
    """The world with the people above, new for each test."""
    db, built = fresh(engine_name, tmp_path, clock, recipe="people", build=build_people)
    yield built.at(db)
    drop(db)


TYPED: tuple[tuple[str, list[str]], ...] = (
    ("kumar", ["Ravi Kumar", "Kumari Ravinder"]),
    ("KUMAR ravi", ["Ravi Kumar", "Kumari Ravinder"]),
    ("avi uma", ["Kumari Ravinder", "Ravi Kumar"]),
    ("obrien", ["Mary O’Brien-Sharma"]),
    ("sharma o'brien", ["Mary O’Brien-Sharma"]),
    ("jose nunez", ["José Núñez"]),
    ("núñ", ["José Núñez"]),
    ("लक्ष्मी", ["लक्ष्मी शर्मा"]),
    ("शर्मा लक्", ["लक्ष्मी शर्मा"]),
    ("احمد", ["محمد الأحمد"]),
    ("小龍", ["李 小龍"]),
    ("李", ["李 小龍"]),
    ("a n", ["Al Ng"]),
    ("ng", ["Al Ng"]),
    ("g", []),
    ("al", ["Al Ng"]),
    ("9876543210", ["Ravi Kumar"]),
    ("09876543210", ["Ravi Kumar"]),
    ("+91 98765 43210", ["Ravi Kumar"]),
    ("98765-43210", ["Ravi Kumar"]),
    ("98765", ["Ravi Kumar"]),
    ("3210", ["Ravi Kumar"]),
    ("ravi 543", ["Ravi Kumar"]),
    ("PAT-2026-00002", ["Kumari Ravinder"]),
    ("pat-2026-00002", ["Kumari Ravinder"]),
    ("2026-00002", ["Kumari Ravinder"]),
    ("00002", ["Kumari Ravinder"]),
    ("12/1/1980", ["Ravi Kumar"]),
    ("12/01/1980 kumar", ["Ravi Kumar"]),
    ("1980-01-12", ["Ravi Kumar"]),
    ("01/12/1991", ["Kumari Ravinder"]),
    ("12/01/1980 mary", []),
    ("31/02/1980", []),
    ("", []),
    ("  ", []),
    ("-- ' \" * %", []),
    ("zzzz", []),
)


def test_what_is_typed_finds(people: World, subtests: pytest.Subtests) -> None:
    for typed, names in TYPED:
        with subtests.test(typed):
            assert found(people, typed) == names


def test_number_and_phone_rank_before_names_and_starts_before_insides(world: World) -> None:
    register(world, "Saravana", "Prakash")
    register(world, "Ravana", "Zed")
    register(world, "Avanish", "Rao")
    assert found(world, "avan") == ["Avanish Rao", "Ravana Zed", "Saravana Prakash"]
    assert found(world, "ravana") == ["Ravana Zed", "Saravana Prakash"]
    register(world, "Two", "00001")
    register(world, "Whole", "123456", phone=None)
    register(world, "Phone", "Holder", phone="98123 45699")
    assert found(world, "123456") == ["Phone Holder", "Whole 123456"]
    assert found(world, "pat-2026-00001") == ["Saravana Prakash"]


def test_an_external_number_is_found(world: World) -> None:
    register(world, national_id="AADHAAR 1234-5678")
    assert found(world, "1234-5678") == ["Asha Rao"]
    assert found(world, "1234 5678") == ["Asha Rao"]
    assert found(world, "1234-5679") == []
    assert found(world, "2345") == ["Asha Rao"]


def test_more_than_can_be_ranked_still_puts_starts_first(world: World) -> None:
    for n in range(CANDIDATES + 5):
        register(world, f"Xavanti{n:03d}", "Inside")
    register(world, "Avantika", "Start")
    assert found(world, "avant")[0] == "Avantika Start"
    assert len(found(world, "avant", limit=7)) <= 7


def test_typed_operators_are_words(world: World) -> None:
    for hostile in HOSTILE:
        register(world, hostile, "Zebra")
    register(world, "Plain", "Zebra")
    for hostile in (*HOSTILE, 'zebra" OR "a', "zebra*", "zeb%", "z_bra", "NEAR(zebra plain)", "search_text:zebra", "^zebra", "zebra AND"):
        names = found(world, hostile, limit=100)
        words = [word for word in search_words(hostile) if len(word) >= 3][:8]
        assert all(all(word in " ".join(search_words(name)) for word in words) for name in names)
    for hostile in HOSTILE:
        if search_words(hostile):
            assert any("Zebra" in name for name in found(world, hostile, limit=100)), hostile


def test_the_index_follows_changes_and_can_be_rebuilt(people: World) -> None:
    with people.db.read() as session:
        row = queries.patient_by_number(session, "PAT-2026-00001")
    assert row is not None
    changed = replace(details_of(row), first_name="Vikram")
    people.db.run(people.system(), commands.edit_patient, patient_id=row.id, row_version=1, details=changed, phone=row.phone)
    before = [found(people, typed) for typed in ("vikram", "ravi", "kumar")]
    assert before == [["Vikram Kumar"], ["Kumari Ravinder"], ["Vikram Kumar", "Kumari Ravinder"]]
    dialect = people.db.engine.dialect.name
    with people.db.engine.execution_options(clinic_write=True).begin() as connection:
        for statement in [*drop_search_ddl(dialect), *search_ddl(dialect)]:
            connection.exec_driver_sql(statement)
    assert [found(people, typed) for typed in ("vikram", "ravi", "kumar")] == before


def test_vacuum_does_not_move_the_index(people: World) -> None:
    if people.db.engine.dialect.name == "sqlite":
        with people.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.connection.driver_connection.execute("VACUUM")  # type: ignore[union-attr]
    assert found(people, "लक्") == ["लक्ष्मी शर्मा"]
    assert found(people, "nunez") == ["José Núñez"]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[World]]:
    worlds = []
    for engine in ENGINES:
        db, built = fresh(engine, tmp_path_factory.mktemp(engine), FrozenClock(START), recipe="people", build=build_people)
        worlds.append(built.at(db))
        for first, last in permutations(("Aarti", "Bharati", "Charita", "Aratrika"), 2):
            register(worlds[-1], first, last, phone=None)
    yield worlds
    for world in worlds:
        drop(world.db)


_NAMES = [f"{first} {last or ''}" for first, last, _, _ in PEOPLE] + ["Aarti Bharati", "Charita Aratrika"]


@st.composite
def parts_of_names(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A name, and pieces of its words of three letters or more."""
    name = draw(st.sampled_from(_NAMES))
    words = [word for word in search_words(name) if len(word) >= 3]
    pieces = []
    for word in draw(st.lists(st.sampled_from(words), min_size=1, max_size=3)) if words else []:
        start = draw(st.integers(0, len(word) - 3))
        pieces.append(word[start : draw(st.integers(start + 3, len(word)))])
    return " ".join(name.split()), pieces


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts_of_names())
def test_any_part_of_a_name_finds_it_on_both_engines(both: list[World], case: tuple[str, list[str]]) -> None:
    name, pieces = case
    answers = [found(world, " ".join(pieces), limit=100) for world in both]
    assert answers[0] == answers[1]
    if pieces:
        assert name in answers[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=12) | st.text(alphabet="aArRtTiI 0123456789-/+%_'\"*()", max_size=14))
def test_whatever_is_typed_answers_the_same_on_both_engines(both: list[World], typed: str) -> None:
    assert found(both[0], typed, limit=100) == found(both[1], typed, limit=100)


def test_likely_duplicates_while_typing(people: World) -> None:
    with people.db.read() as session:

        def names(**typed: object) -> list[str]:
            return [one.patient.full_name for one in queries.similar(session, **typed)]  # type: ignore[arg-type]

        assert names(first_name="Kumar", last_name="Ravi") == ["Ravi Kumar"]
        assert names(first_name="रवि", last_name="कुमार") == ["Ravi Kumar"]
        assert names(first_name="Raavi", last_name="Kumar", date_of_birth=date(1980, 12, 1)) == ["Ravi Kumar"]
        assert names(first_name="Rvi", last_name="Kumar", date_of_birth=date(1980, 1, 12), gender=Gender.FEMALE) == ["Ravi Kumar"]
        assert names(first_name="Somebody", last_name="Else", phone="+91 98765-43210") == ["Ravi Kumar"]
        assert names(first_name="Ravi", last_name="Kumar", date_of_birth=date(1950, 3, 3)) == []
        assert names(first_name="Nobody", last_name="Here") == []
        assert names(first_name="", last_name=None, phone="9876543210") == ["Ravi Kumar"]
        row = session.scalars(select(Patient.id).where(Patient.full_name == "Ravi Kumar")).one()
        assert names(first_name="Ravi", last_name="Kumar", exclude_id=row) == []
        best = queries.similar(session, first_name="Ravi", last_name="Kumar", date_of_birth=date(1980, 1, 12), phone="9876543210")[0]
        assert best.score >= 99
        assert {"name_same", "birth_same", "phone_same"} <= set(best.reasons)
