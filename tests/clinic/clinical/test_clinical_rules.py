"""Doses and quantities, vital limits, and who may not take what."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.clinical.rules import (
    Drug,
    Frequency,
    NewVitals,
    WarningKind,
    allergy_terms,
    body_mass_index,
    check_vitals,
    course_quantity,
    is_allergic,
    parse_dose,
    prescribed_quantity,
    safety_warnings,
)
from clinic_desktop.clinic.clinical.rules.dosing import TIMES_PER_DAY, doses_in
from clinic_desktop.clinic.clinical.rules.vitals import VITAL_LIMITS, read_vital, stored_vital
from clinic_desktop.kernel.errors import InvalidInput


@pytest.mark.parametrize(
    ("dose", "frequency", "days", "quantity"),
    [
        ("1", Frequency.OD, 5, 5),
        ("1", Frequency.BD, 5, 10),
        ("2", Frequency.TDS, 7, 42),
        ("1", Frequency.QID, 3, 12),
        ("1", Frequency.HS, 30, 30),
        ("0.5", Frequency.BD, 5, 5),
        ("0.5", Frequency.OD, 5, 3),  # 2.5 tablets: three are handed out
        ("1.5", Frequency.TDS, 1, 5),
        ("5", Frequency.Q8H, 5, 75),
        ("1", Frequency.WEEKLY, 7, 1),
        ("1", Frequency.WEEKLY, 8, 2),  # the second week's dose falls on day eight
        ("1", Frequency.ALTERNATE_DAYS, 5, 3),  # days 1, 3 and 5
        ("1", Frequency.STAT, 5, 1),
        ("0.25", Frequency.WEEKLY, 28, 1),
    ],
)
def test_the_quantity_of_a_course(dose: str, frequency: Frequency, days: int, quantity: int) -> None:
    assert course_quantity(Decimal(dose), frequency, days) == quantity


def test_as_needed_medicines_have_no_computed_quantity() -> None:
    assert course_quantity(Decimal(1), Frequency.PRN, 5) is None
    with pytest.raises(InvalidInput):
        prescribed_quantity(given=None, dose=Decimal(1), unit="tablet", base_unit="tablet", frequency=Frequency.PRN, days=5)


doses = st.integers(1, 40_000).map(lambda thousandths: Decimal(thousandths) / 1000)


@given(doses, st.sampled_from(sorted(TIMES_PER_DAY)), st.integers(1, 366))
def test_a_course_is_never_short_and_never_a_whole_unit_too_much(dose: Decimal, frequency: Frequency, days: int) -> None:
    quantity = course_quantity(dose, frequency, days)
    needed = Fraction(dose) * (doses_in(frequency, days) or 0)
    assert quantity is not None
    assert needed <= quantity < needed + 1
    assert (doses_in(frequency, days) or 0) >= TIMES_PER_DAY[frequency] * days > (doses_in(frequency, days) or 0) - 1


@given(doses, st.sampled_from(sorted(TIMES_PER_DAY)), st.integers(1, 365))
def test_a_longer_course_never_needs_less(dose: Decimal, frequency: Frequency, days: int) -> None:
    assert (course_quantity(dose, frequency, days) or 0) <= (course_quantity(dose, frequency, days + 1) or 0)


@pytest.mark.parametrize(("text", "dose"), [("1", "1"), (" 0.5 ", "0.5"), ("1/2", "0.5"), ("½", "0.5"), ("2.125", "2.125")])
def test_doses_are_read_as_written(text: str, dose: str) -> None:
    assert parse_dose(text) == Decimal(dose)


@pytest.mark.parametrize("text", ["", "0", "-1", "1/0", "abc", "NaN", "Infinity", "1/3", "1.2345", "10001"])
def test_doses_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_dose(text)


def test_doses_in_another_unit_need_a_quantity() -> None:
    def quantity(given: int | None, unit: str) -> int:
        return prescribed_quantity(given=given, dose=Decimal(500), unit=unit, base_unit="tablet", frequency=Frequency.OD, days=1)

    assert quantity(None, "Tabs") == 500
    assert quantity(3, "mg") == 3
    for given_quantity in (None, 0, -2, 100_001):
        with pytest.raises(InvalidInput):
            quantity(given_quantity, "mg")


@pytest.mark.parametrize(
    ("reading", "field"),
    [
        (NewVitals(), "vitals"),
        (NewVitals(temperature_c=Decimal("98.6")), "temperature_c"),
        (NewVitals(spo2=101), "spo2"),
        (NewVitals(pulse=-1), "pulse"),
        (NewVitals(height_cm=Decimal("NaN")), "height_cm"),
        (NewVitals(systolic=120), "diastolic"),
        (NewVitals(systolic=80, diastolic=120), "systolic"),
        (NewVitals(weight_kg=Decimal(0)), "weight_kg"),
    ],
)
def test_impossible_vitals_are_refused_at_their_field(reading: NewVitals, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_vitals(reading)
    assert refusal.value.field == field


def test_unusual_vitals_are_questioned_and_usual_ones_are_not() -> None:
    warnings = check_vitals(NewVitals(temperature_c=Decimal("41.2"), pulse=72, systolic=210, diastolic=95, spo2=88))
    assert [warning.field for warning in warnings] == ["temperature_c", "systolic", "spo2"]
    assert check_vitals(NewVitals(temperature_c=Decimal("36.8"), pulse=72, systolic=120, diastolic=80, spo2=98)) == ()


def test_limits_of_each_sign_enclose_one_another() -> None:
    for limits in VITAL_LIMITS.values():
        assert limits.possible[0] <= limits.plausible[0] < limits.plausible[1] <= limits.possible[1]


@given(st.sampled_from(sorted(VITAL_LIMITS)), st.integers(0, 700_000))
def test_stored_vitals_read_back_as_they_were(name: str, stored: int) -> None:
    assert stored_vital(name, read_vital(name, stored)) == stored


def test_body_mass_index() -> None:
    assert body_mass_index(Decimal(170), Decimal("72.5")) == Decimal("25.1")
    assert body_mass_index(None, Decimal(70)) is None


@pytest.mark.parametrize("text", [None, "", "None", "NKDA", "no known allergies", "No known drug allergies", "Nil known"])
def test_no_allergies_in_peoples_words(text: str | None) -> None:
    assert allergy_terms(text) == ()


@pytest.mark.parametrize(
    ("allergies", "ingredient"),
    [
        ("Penicillin", "Amoxicillin"),
        ("penicillin allergy\nPeanuts", "Benzylpenicillin"),
        ("Allergic to PENICILLINS", "Ampicillin"),
        ("sulfa drugs", "Sulfamethoxazole"),
        ("NSAIDs", "Ibuprofen"),
        ("rash after taking amoxicillin", "Amoxicillin"),
        ("Acetaminophen", "Paracetamol"),
        ("Peanuts; Ciprofloxacin", "ciprofloxacin hydrochloride"),
        ("cephalosporins", "Cefixime"),
        ("Aspirin", "Acetylsalicylic acid"),
    ],
)
def test_allergies_that_cover_an_ingredient(allergies: str, ingredient: str) -> None:
    assert any(is_allergic(term, ingredient) for term in allergy_terms(allergies))


@pytest.mark.parametrize(
    ("allergies", "ingredient"),
    [("Penicillin", "Paracetamol"), ("Peanuts", "Amoxicillin"), ("Dust", "Ibuprofen"), ("Iron", "Spironolactone"), ("Penicillin", "")],
)
def test_allergies_that_do_not(allergies: str, ingredient: str) -> None:
    assert not any(is_allergic(term, ingredient) for term in allergy_terms(allergies))


def _drug(number: int, name: str, *ingredients: str) -> Drug:
    return Drug(UUID(int=number), name, ingredients)


def test_shared_ingredients_are_found_in_the_list_and_with_what_is_taken_already() -> None:
    dolo, crocin = _drug(1, "Dolo", "Paracetamol"), _drug(2, "Crocin Plus", "Caffeine", "acetaminophen")
    (inside,) = safety_warnings([dolo, crocin], allergies=None)
    assert (inside.kind, inside.medicine, inside.other) == (WarningKind.DUPLICATE_INGREDIENT, "Crocin Plus", "Dolo")
    (before,) = safety_warnings([crocin], allergies=None, already_taken=[dolo])
    assert before.other == "Dolo"
    assert safety_warnings([dolo, _drug(3, "Cetzine", "Cetirizine")], allergies="Penicillin") == ()


def test_an_allergy_is_named_once_for_a_medicine() -> None:
    (warning,) = safety_warnings([_drug(1, "Amoxicillin 500", "Amoxicillin")], allergies="Penicillin")
    assert (warning.kind, warning.detail) == (WarningKind.ALLERGY, "penicillin")
