"""Search of the misspelt: what was meant is found, after what was typed; the words of names follow the patients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.checks import words_of_names
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.name_words import NameWord, NameWordKey, keys_of
from clinic_desktop.clinic.patients.queries.misspelt import SHORTEST
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus, phone_tail
from clinic_desktop.kernel.ids import new_id
from tests.clinic.patients.combined import merge
from tests.clinic.patients.desk import found, hits, register
from tests.clinic.world import World, build_world
from tests.conftest import START, FrozenClock
from tests.databases import ENGINES, drop, fresh

MISSPELT = (
    ("Krishnamurty", ["Krishnamurthy Iyer"]),
    ("Krishnamurthi", ["Krishnamurthy Iyer"]),
    ("Krisnamurthy iyer", ["Krishnamurthy Iyer"]),
    ("iyer Krihsnamurthy", ["Krishnamurthy Iyer"]),
    ("krishnamurrthy", ["Krishnamurthy Iyer"]),
    ("krihsn", ["Krishnamurthy Iyer"]),
    ("ZeyNab", ["Zainab Qureshi"]),
    ("zainab qureishi", ["Zainab Qureshi"]),
    ("zinaab", ["Zainab Qureshi"]),
    ("mohammad", ["Muhammad Siddiqui", "محمد الهاشمي", "मोहम्मद रफ़ी"]),
    ("Mohamed", ["Muhammad Siddiqui", "محمد الهاشمي", "मोहम्मद रफ़ी"]),
    ("मुहम्मद", ["मोहम्मद रफ़ी", "Muhammad Siddiqui", "محمد الهاشمي"]),
    ("محمود", ["محمد الهاشمي"]),
    ("लक्षमी", ["लक्ष्मी देशपांडे"]),
    ("lakshmi", ["लक्ष्मी देशपांडे"]),
    ("الهاشمى", ["محمد الهاشمي"]),
    ("الهشمي", ["محمد الهاشمي"]),
    ("xqzwv", []),
    ("zai", ["Zainab Qureshi"]),
    ("zia", []),
)
PEOPLE = (
    ("Krishnamurthy", "Iyer"),
    ("Zainab", "Qureshi"),
    ("Muhammad", "Siddiqui"),
    ("मोहम्मद", "रफ़ी"),
    ("محمد", "الهاشمي"),
    ("लक्ष्मी", "देशपांडे"),
)


def test_what_was_meant_is_found(world: World, subtests: pytest.Subtests) -> None:
    for first, last in PEOPLE:
        register(world, first, last, phone=None)
    for typed, names in MISSPELT:
        with subtests.test(typed):
            assert found(world, typed) == names
            assert all(hit.is_similar for hit in hits(world, typed)) or typed in ("zai", "الهاشمى")


def test_what_was_typed_goes_before_what_may_be_meant(world: World) -> None:
    for first in ("Zoraya", "Soraya", "Sorayah", "Surayya", "Aasoraya"):
        register(world, first, "Khan", phone=None)
    shown = hits(world, "soraya")
    assert [(hit.full_name, hit.is_similar) for hit in shown] == [
        *(("Soraya Khan", False), ("Sorayah Khan", False), ("Aasoraya Khan", False)),
    ]
    shown = hits(world, "surayya khan")
    assert [(hit.full_name, hit.is_similar) for hit in shown] == [
        *(("Surayya Khan", False), ("Soraya Khan", True), ("Sorayah Khan", True)),
    ]
    assert [hit.full_name for hit in hits(world, "soraja", limit=1)] == ["Soraya Khan"]


def test_where_some_are_called_so_nobody_else_is_shown(world: World) -> None:
    for last in ("Menon", "Rao", "Shah"):
        register(world, "Ravi", last, phone=None)
    register(world, "Rawi", "Zadeh", phone=None)
    assert found(world, "ravi") == ["Ravi Menon", "Ravi Rao", "Ravi Shah"]
    assert found(world, "ravi menon") == ["Ravi Menon"]
    assert found(world, "ravi zadeh") == ["Rawi Zadeh"]


def test_a_right_word_is_taken_for_right_while_it_finds_somebody(world: World) -> None:
    register(world, "Meera", "Kulkarni", phone=None)
    register(world, "Meena", "Kulkarny", phone=None)
    assert found(world, "meera kulkanri") == ["Meera Kulkarni"]
    assert found(world, "meena kulkarni") == ["Meena Kulkarny", "Meera Kulkarni"]


def test_whole_words_are_taken_whole_and_followed_to_the_end_of_what_is_known(world: World) -> None:
    imran, usha = register(world, "Imran", "Khan", phone=None), register(world, "Usha", "Verma", phone=None)
    register(world, "Imran", "Khanna", phone=None)
    sunita = register(world, "Sunita", "Verma", phone=None)
    assert found(world, "imrann khan") == ["Imran Khan"]
    assert found(world, "imrann khann") == ["Imran Khanna"], "a word that is being typed"
    register(world, "Usha", "Khan", phone=None)
    merge(world, sunita.id, usha.id)
    assert found(world, "ushaa verma") == ["Sunita Verma"], "a name of the merged record, behind all else that is known"
    changed = replace(details_of(imran), first_name="Irfan")
    world.db.run(world.system(), commands.edit_patient, patient_id=imran.id, row_version=1, details=changed, phone=None)
    assert found(world, "irfann khan") == ["Irfan Khan"]
    assert "Irfan Khan" not in found(world, "imrann khan")


def test_numbers_dates_and_years_as_people_write_them(world: World, subtests: pytest.Subtests) -> None:
    asha = register(world, "Asha", "Rao", phone="98765 43210", date_of_birth=date(1990, 3, 5), national_id="1234 5678 9012")
    register(world, "Asha", "Menon", phone="98111 22334", date_of_birth=date(1985, 5, 3))
    card = world.db.run(world.actor("receptionist"), commands.issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=asha.id)
    both, only = ["Asha Menon", "Asha Rao"], ["Asha Rao"]
    for typed, names in (
        *(("5/3/1990", only), ("05.03.90", only), ("5-3-90", only), ("1990-03-05", only), ("5 3 1990", only), ("05031990", only)),
        *(("5 mar 1990", only), ("5th March, 1990", only), ("March 5 1990", only), ("5 mar 90 asha", only), ("asha 5 mar 90", only)),
        *(("3/5/1990", only), ("asha 3/5/1990", only), ("5/3/1991", []), ("31/02/1990", []), ("५/३/१९९०", only)),
        *(
            ("asha 1990", only),
            ("1990 asha", only),
            ("ahsa 1990", only),
            ("ahsa 5/3/1990", only),
            ("ahsa 5/3/1985", []),
            ("asha 1985", ["Asha Menon"]),
            ("asha 1986", []),
            ("1990", []),
        ),
        *((card.card_number, only), (card.card_number.lower(), only), ("CRD-2026-999999", [])),
        *(("1234 5678 9012", only), ("123456789012", only), ("5678 90", only), ("34567", only)),
        *(("43 210", only), ("5432", only), ("7654 3210", only), ("22334", ["Asha Menon"]), ("+91 98765", only), ("asha", both)),
    ):
        with subtests.test(typed):
            assert found(world, typed) == names


def test_the_words_of_names_follow_the_patients(world: World) -> None:
    asha, other = register(world, "Ashalata", "Rao", phone=None), register(world, "Ashalata", "Zzyzx", phone=None)
    assert {"ashalata", "rao", "zzyzx"} <= words(world)
    assert found(world, "ashalatta") == ["Ashalata Rao", "Ashalata Zzyzx"]
    for row, first in ((asha, "Ashwini"), (other, "Nobody")):
        changed = replace(details_of(row), first_name=first, last_name=None)
        world.db.run(world.system(), commands.edit_patient, patient_id=row.id, row_version=1, details=changed, phone=None)
        assert ("ashalata" in words(world)) == (row is asha), "a word stays while somebody is called so"
    assert {"ashwini", "nobody"} <= words(world)
    assert not {"zzyzx", "rao"} & words(world)
    with world.db.read() as session:
        keys = session.scalars(select(NameWordKey.key).where(NameWordKey.word == "ashwini")).all()
        assert sorted(keys) == sorted(keys_of("ashwini"))
        assert words_of_names(session).failures == ()


def words(world: World) -> set[str]:
    with world.db.read() as session:
        return set(session.scalars(select(NameWord.word)))


# --- both engines ---------------------------------------------------------------------------------------------------

_FIRST = ("Asha", "Aisha", "Ayesha", "Ravi", "Raavi", "Muhammad", "Mohamed", "मोहम्मद", "आशा", "عائشة", "محمد", "Om", "Ananthapadmanabhan")
_LAST = ("Rao", "Raoji", "Sharma", "Sharman", "शर्मा", "Kulkarni", "Kulkarny", "الهاشمي", "Iyer", "Aiyar", "D’Souza", "Dsouza")


def many(clinic_id: Any) -> list[dict[str, Any]]:
    """More of each name than are ranked, with the same keys on both engines."""
    rows = []
    for n in range(640):
        phone = f"+9198{n * 7919 % 10**8:08d}"
        patient = Patient(
            clinic_id=clinic_id,
            patient_number=f"PAT-2026-{n:05d}",
            first_name=_FIRST[n % len(_FIRST)],
            last_name=_LAST[n // 3 % len(_LAST)],
            date_of_birth=date(1950 + n % 60, 1 + n % 12, 1 + n % 28),
            gender=Gender.FEMALE,
            status=PatientStatus.ACTIVE,
            phone=phone,
            phone_typed=phone,
            phone_tail=phone_tail(phone),
        )
        patient.refresh_search(())
        values = {column.key: getattr(patient, column.key) for column in Patient.__table__.columns}
        flags = dict.fromkeys(("dob_is_estimated", "phone_verified", "email_verified", "has_insurance", "is_restricted"), False)
        rows.append(values | flags | {"created_at": START, "updated_at": START, "row_version": 1})
    return rows


@pytest.fixture(scope="module")
def crowds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[World]]:
    worlds, rows = [], many(None)
    for engine in ENGINES:
        db, built = fresh(engine, tmp_path_factory.mktemp(engine), FrozenClock(START), recipe="world", build=build_world)
        worlds.append(built.at(db))
        with db.engine.execution_options(clinic_write=True).begin() as connection:
            connection.execute(insert(Patient.__table__), [row | {"clinic_id": built.clinic_id} for row in rows])
    yield worlds
    for world in worlds:
        drop(world.db)


@st.composite
def typed_by_hand(draw: st.DrawFn) -> str:
    """A word or two of a name, perhaps cut short, perhaps with a mistake, perhaps with a year or some digits."""
    names = draw(st.lists(st.sampled_from((*_FIRST, *_LAST)), min_size=1, max_size=2))
    typed = []
    for name in names:
        at = draw(st.integers(0, len(name) - 1))
        letter = draw(st.sampled_from(name))
        ways = (name, name[: at + 1], name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :])
        typed.append(draw(st.sampled_from(ways)))
    more = draw(st.sampled_from(("", "", "", "1977", "98", "3/4/1991", "0000")))
    return " ".join([*typed, more])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed_by_hand())
def test_both_engines_give_the_same_list_of_a_crowd(crowds: list[World], typed: str) -> None:
    one, other = (hits(world, typed, limit=40) for world in crowds)
    assert [hit.id for hit in one] == [hit.id for hit in other]
    assert [hit.is_similar for hit in one] == sorted(hit.is_similar for hit in one), "what was typed goes first"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([name for name in (*_FIRST, *_LAST) if len(name) > SHORTEST and name.isalpha()]), st.data())
def test_one_mistake_is_small(crowds: list[World], name: str, data: st.DataObject) -> None:
    """Whatever letter is wrong, missing, doubled or exchanged: somebody of that name, or of the name that this is, is found."""
    at = data.draw(st.integers(1, len(name) - 2))
    ways = (
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        name[:at] + "z" + name[at + 1 :],
    )
    typed = data.draw(st.sampled_from(ways))
    for world in crowds:
        assert found(world, typed, limit=40), typed


def test_the_words_of_a_crowd_are_there(crowds: list[World]) -> None:
    for world in crowds:
        with world.db.read() as session:
            assert words_of_names(session).failures == ()
            assert queries.search(session, "Ananthapadmanabhan")
