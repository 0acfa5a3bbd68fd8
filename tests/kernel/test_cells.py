"""Cells as values: what people write is understood, what could be two things is refused, and nothing of Decimal's slips through."""

from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.kernel import cells
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money


class Kind(StrEnum):
    """Kinds for the test."""

    PER_TOOTH = "PER_TOOTH"
    OTHER = "OTHER"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1250", "INR", 125_000),
        ("1250.5", "INR", 125_050),
        ("1250,50", "INR", 125_050),
        ("1,250", "INR", 125_000),
        ("1,250.50", "INR", 125_050),
        ("1.250,50", "EUR", 125_050),
        ("1.250.000,5", "EUR", 125_000_050),
        ("1,25,000.00", "INR", 12_500_000),
        ("12,34,56,789", "INR", 12_345_678_900),
        (" ₹ 1 250,00 ", "INR", 125_000),
        ("1\u00a0250,00 EUR", "EUR", 125_000),
        ("١٢٥٠٫٥٠", "EGP", 125_050),
        ("0", "JPY", 0),
        ("1,250", "JPY", 1250),
        ("1250.500", "KWD", 1_250_500),
        ("1,5", "KWD", 1_500),
        ("-5", "INR", -500),
    ],
)
def test_amounts_as_people_write_them(text: str, currency: str, minor: int) -> None:
    assert cells.amount(text, currency, "price") == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "reason"),
    [
        ("", "INR", "required"),
        ("₹", "INR", "required"),
        ("NaN", "INR", "not_an_amount"),
        ("Infinity", "INR", "not_an_amount"),
        ("1_000", "INR", "not_an_amount"),
        ("1e3", "INR", "not_an_amount"),
        ("1,2,3", "INR", "not_an_amount"),
        ("1.2.3", "INR", "not_an_amount"),
        ("12,50.00,0", "INR", "not_an_amount"),
        ("1250 USD", "INR", "not_an_amount"),
        ("1.250", "INR", "ambiguous_amount"),
        ("0.1255", "INR", "not_an_amount"),
        ("12345,678", "INR", "too_many_decimals"),
        ("1.5", "JPY", "too_many_decimals"),
        ("1,250", "KWD", "ambiguous_amount"),
        ("9" * 40, "INR", "not_an_amount"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, currency: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cells.amount(text, currency, "price")
    assert (refused.value.field, refused.value.reason) == ("price", reason)


@given(st.integers(0, 10**14), st.sampled_from(["INR", "JPY", "KWD"]))
def test_written_amounts_are_read_again(minor: int, currency: str) -> None:
    assert cells.amount(cells.amount_cell(Money(minor, currency)), currency, "price") == Money(minor, currency)


@given(st.integers(0, 10_000))
def test_written_percentages_are_read_again(points: int) -> None:
    assert cells.percent(cells.percent_cell(points), "share") == points


def test_percentages_numbers_and_words() -> None:
    assert [cells.percent(text, "share") for text in ("20", "12.5", "12,5 %", "0", "100", "7.05%")] == [2000, 1250, 1250, 0, 10_000, 705]
    assert [cells.whole(text, "n") for text in ("0", " 15 ", "١٥", "-3")] == [0, 15, 15, -3]
    assert [cells.yes_or_no(text, "x") for text in ("Yes", "TRUE", "1", "x", "no", "0", " ")] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert [cells.one_of(Kind, text, "kind") for text in ("per tooth", "Per-Tooth", "PER_TOOTH")] == [Kind.PER_TOOTH] * 3


@pytest.mark.parametrize("text", ["100.01", "101", "-1", "1e1", "12.345", "NaN", ""])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        cells.percent(text, "share")


@pytest.mark.parametrize("text", ["1.0", "1_0", "²", "1e1", "", "12345678901"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        cells.whole(text, "n")


def test_other_words_are_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidInput) as refused:
        cells.one_of(Kind, "dozen", "kind")
    assert refused.value.params["allowed"] == "PER_TOOTH, OTHER"
    with pytest.raises(InvalidInput):
        cells.yes_or_no("maybe", "x")


def test_names_are_found_however_they_are_capitalised_the_very_name_first() -> None:
    plain, accented = new_id(), new_id()
    known = cells.names({"Medecine": plain, "Médecine": accented})
    assert (cells.named(known, " Médecine ", "x"), cells.named(known, "Medecine", "x")) == (accented, plain)
    assert cells.named(known, "MÉDECINE", "x") in (plain, accented)
    with pytest.raises(InvalidInput):
        cells.named(known, "Surgery", "x")
