"""Ages, phones, sexes, blood groups and names, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.patients import rules
from clinic_desktop.clinic.patients.names import name_key, search_text, search_words, sound
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender
from clinic_desktop.kernel.errors import InvalidInput

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("born", "on", "text"),
    [
        (date(2026, 3, 2), TODAY, "0 d"),
        (date(2026, 2, 10), TODAY, "20 d"),
        (date(2026, 2, 2), TODAY, "1 mo"),
        (date(2024, 3, 3), TODAY, "23 mo"),
        (date(2024, 3, 2), TODAY, "2 y"),
        (date(1985, 3, 3), TODAY, "40 y"),
        (date(1985, 3, 2), TODAY, "41 y"),
        (date(2000, 2, 29), date(2025, 2, 28), "24 y"),
        (date(2000, 2, 29), date(2025, 3, 1), "25 y"),
    ],
)
def test_age_as_a_doctor_says_it(born: date, on: date, text: str) -> None:
    assert rules.age_text(born, on) == text


def test_estimated_age_says_so() -> None:
    assert rules.age_text(date(1986, 1, 1), TODAY, estimated=True) == "about 40 y"


@given(st.integers(0, rules.OLDEST_YEARS), st.integers(0, 11), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_birth_worked_out_from_an_age_gives_that_age_back(years: int, months: int, on: date) -> None:
    born = rules.birth_from_age(years, on, months=months)
    assert born <= on
    if months:
        assert rules.age_months(born, on) == years * 12 + months
    else:
        assert rules.age_years(born, on) == years


@pytest.mark.parametrize("years", [-1, 131, 187])
def test_impossible_ages_are_refused(years: int) -> None:
    with pytest.raises(InvalidInput):
        rules.birth_from_age(years, TODAY)


def test_birth_may_be_today_but_not_tomorrow() -> None:
    assert rules.checked_birth(TODAY, TODAY) == TODAY
    with pytest.raises(InvalidInput) as refusal:
        rules.checked_birth(TODAY + timedelta(days=1), TODAY)
    assert refusal.value.reason == "in_the_future"
    with pytest.raises(InvalidInput):
        rules.checked_birth(date(1894, 3, 1), TODAY)


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("98765 43210", "+919876543210"),
        ("098765-43210", "+919876543210"),
        ("+91 (98765) 43210", "+919876543210"),
        ("0091 98765 43210", "+919876543210"),
        ("٩٨٧٦٥٤٣٢١٠", "+919876543210"),
        ("+254 712 345678", "+254712345678"),
        ("+33 60730 93838", "+336073093838"),  # no such plan: kept, not refused
    ],
)
def test_phones_of_one_number_become_one(typed: str, e164: str) -> None:
    phone = rules.parse_phone(typed, "IN")
    assert phone.e164 == e164
    assert phone.typed == typed


@pytest.mark.parametrize("typed", ["abc", "", "12", "98765x43210", "1" * 30, "call home", "+", "98765 43210 ext 4"])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        rules.parse_phone(typed, "IN")


@given(st.text(max_size=40))
def test_any_phone_text_is_read_or_refused(typed: str) -> None:
    try:
        phone = rules.parse_phone(typed, "IN")
    except InvalidInput:
        return
    assert phone.e164.startswith("+")
    assert phone.e164[1:].isascii()
    assert phone.e164[1:].isdigit()


@pytest.mark.parametrize(
    ("text", "group"), [("b +ve", "B+"), ("O positive", "O+"), ("AB-", "AB-"), ("0 neg", "O-"), ("A Rh +", "A+"), ("a+", "A+")]
)
def test_blood_groups_as_people_write_them(text: str, group: str) -> None:
    assert rules.parse_blood_group(text) is BloodGroup(group)


@pytest.mark.parametrize("text", ["Z", "AB", "C+", "A+B", "++", ""])
def test_what_is_no_blood_group_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        rules.parse_blood_group(text)


@pytest.mark.parametrize(
    ("text", "gender"), [("m", Gender.MALE), ("FEMALE", Gender.FEMALE), ("महिला", Gender.FEMALE), ("Other", Gender.OTHER)]
)
def test_sexes_as_people_write_them(text: str, gender: Gender) -> None:
    assert rules.parse_gender(text) is gender


def test_search_words_join_numbers_and_part_names() -> None:
    assert search_words("Al-Sayed, O’Brien  José") == ["al", "sayed", "obrien", "jose"]
    assert search_words("98765-43210 OLD/000123 PAT-2026-00001") == ["9876543210", "old000123", "pat202600001"]


def test_search_text_puts_two_blanks_before_each_word() -> None:
    text = search_text("Ravi Kumar", "PAT-2026-00017", "+919876543210", "098765 43210", ["OLD/7"])
    assert text == "  ravi  kumar  00017  919876543210  old7"


@pytest.mark.parametrize(
    "spellings",
    [
        ("Mohammed", "Muhamad", "Mohamed", "मोहम्मद"),
        ("Lakshmi", "Laxmi", "लक्ष्मी"),
        ("Deepak", "Dipak", "दीपक"),
        ("Chaudhary", "Choudhry", "चौधरी"),
        ("Fatima", "Fathima", "فاطمة", "फ़ातिमा"),
        ("Singh", "सिंह"),
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: tuple[str, ...]) -> None:
    assert len({sound(word) for spelling in spellings for word in search_words(spelling)}) == 1


@pytest.mark.parametrize(("one", "other"), [("Ravi", "Rani"), ("Sharma", "Verma"), ("Patel", "Patil Deshmukh"), ("Karan", "Kiran Das")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_name_key_forgets_the_order() -> None:
    assert name_key("Kumar, Ravi") == name_key("ravi KUMAR") == name_key("रवि कुमार")
