"""Who is one person: measured on the given register and on made-up ones that nobody tuned for."""

from __future__ import annotations

import csv
from datetime import date
from itertools import combinations, product
from pathlib import Path

import pytest

from clinic_desktop.clinic.patients.blocks import BUSY_PHONE, likely_pairs, without_busy_phones
from clinic_desktop.clinic.patients.legacy.drafts import drafts
from clinic_desktop.clinic.patients.legacy.pairs import pairs_among, reported
from clinic_desktop.clinic.patients.legacy.reading import read_table
from clinic_desktop.clinic.patients.matching import THRESHOLD, alike, compare, person
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender
from tests.clinic.patients.register import make_register

TODAY = date(2026, 3, 2)
SHARED = Path(__file__).parents[4] / "shared" / "data"
BORN, HOME, PHONE = date(1980, 1, 12), "12, Lake Road, Pune 411001", "+919876543210"


def test_what_is_not_looked_at_closely_would_not_have_been_enough() -> None:
    """Leaving out what no name could make up for changes nothing of what is found."""
    names = ("Asha Rao", "Asha Raw", "Anil Deshpande")
    births = ({}, {"born": BORN}, {"born": date(1961, 3, 7)}, {"born": BORN, "born_is_estimated": True})
    reached = ({}, {"phone": PHONE}, {"phone": PHONE, "address": HOME, "blood_group": BloodGroup.A_POSITIVE})
    known = ({}, {"national_id": "1234 5678", "gender": Gender.FEMALE})
    people = [person(name, **one, **two, **three) for name, one, two, three in product(names, births, reached, known)]
    close = [(a, b) for a, b in combinations(people, 2) if compare(a, b).bits >= THRESHOLD]
    assert close == [(a, b) for a, b in combinations(people, 2) if alike(a, b) is not None]
    assert 0 < len(close) < len(people) ** 2 // 3


def _measured(file: Path, truth: set[frozenset[str]]) -> tuple[float, float]:
    """Recall and precision of the pairs that an import would flag."""
    accepted, _ = drafts(read_table(file), today=TODAY, region="IN")
    flagged = {frozenset((pair.a, pair.b)) for pair in reported(pairs_among(accepted, ()), accepted, ())}
    hits = len(flagged & truth)
    return hits / len(truth), hits / len(flagged)


def test_the_given_register() -> None:
    people: dict[str, list[str]] = {}
    with (SHARED / "patients_legacy_truth.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            people.setdefault(line["person"], []).append(line["reg_no"])
    truth = {frozenset(pair) for numbers in people.values() for pair in combinations(numbers, 2)}
    recall, precision = _measured(SHARED / "patients_legacy.csv", truth)
    print(f"given register: recall {recall:.4f}, precision {precision:.4f} over {len(truth)} pairs")
    assert recall >= 0.97
    assert precision >= 0.97


@pytest.mark.parametrize("seed", [101, 102, 103, 104, 105, 106])
def test_made_up_registers(seed: int, tmp_path: Path) -> None:
    made = make_register(seed, TODAY)
    file = tmp_path / "register.csv"
    file.write_text(made.text, encoding="utf-8")
    recall, precision = _measured(file, made.pairs)
    print(f"made-up register {seed}: recall {recall:.4f}, precision {precision:.4f} over {len(made.pairs)} pairs")
    assert recall >= 0.95
    assert precision >= 0.95


_RAVI = person("Ravi Kumar", born=BORN, gender=Gender.MALE, phone=PHONE, address=HOME, blood_group=BloodGroup.O_POSITIVE)


@pytest.mark.parametrize(
    "again",
    [
        person("Kumar, Ravi", born=BORN, gender=Gender.MALE),
        person("Rvai Kumar", born=BORN, gender=Gender.MALE, phone=PHONE),
        person("रवि कुमार", born=BORN, gender=Gender.MALE, phone=PHONE),
        person("Ravi Kumar", born=date(1980, 12, 1), gender=Gender.MALE, address=HOME),
        person("Ravi Kumar", born=date(1979, 9, 1), born_is_estimated=True, gender=Gender.MALE, phone="09876543210"),
        person("Ravi S Kumar", born=BORN, gender=Gender.MALE, phone=PHONE),
        person("R Kumar", born=BORN, gender=Gender.MALE, phone=PHONE),
    ],
)
def test_one_person_written_down_again_is_found(again: object) -> None:
    match = compare(_RAVI, again)  # type: ignore[arg-type]
    assert match.bits >= THRESHOLD
    assert match.score >= 50
    assert match.reasons
    assert compare(again, _RAVI).bits == match.bits  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        person("Sunita Kumar", born=date(1984, 5, 5), gender=Gender.FEMALE, phone=PHONE, address=HOME),
        person("Rahul Kumar", born=BORN, gender=Gender.MALE, phone=PHONE, address=HOME, blood_group=BloodGroup.O_POSITIVE),
        person("Ravi Kumar", born=date(2008, 3, 4), gender=Gender.MALE, phone=PHONE, address=HOME, blood_group=BloodGroup.O_POSITIVE),
        person("Ravi Kumar", born=date(1955, 6, 7), gender=Gender.MALE, phone="+918888877777", address="9, Hill Road, Goa"),
        person("Ravi Kumar", gender=Gender.MALE),
        person("Suresh Patil", born=BORN, gender=Gender.MALE, blood_group=BloodGroup.O_POSITIVE),
    ],
)
def test_family_namesakes_and_strangers_are_left_alone(other: object) -> None:
    assert compare(_RAVI, other).bits < THRESHOLD  # type: ignore[arg-type]


def test_the_clinics_own_number_is_no_evidence() -> None:
    crowd = [person(f"Ravi Kumar{'abcdefghijkl'[n]}", gender=Gender.MALE, phone=PHONE) for n in range(BUSY_PHONE)]
    assert likely_pairs(crowd)
    assert likely_pairs(without_busy_phones(crowd)) == []


def test_people_already_there_are_compared_with_new_ones_only() -> None:
    same = [_RAVI] * 3
    assert {(pair.a, pair.b) for pair in likely_pairs(same)} == {(0, 1), (0, 2), (1, 2)}
    assert {(pair.a, pair.b) for pair in likely_pairs(same, first_new=2)} == {(0, 2), (1, 2)}
