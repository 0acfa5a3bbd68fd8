"""Money: exact, one rounding, one currency."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.money import Money, round_half_up, total

AMOUNTS = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("1250.50", "INR", 125_050), (" 7 ", "INR", 700), ("1.5", "KWD", 1_500), ("1200", "JPY", 1_200), ("-3.10", "USD", -310)],
)
def test_plain_amounts_are_read(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1_000", "١٢", "1,5", "1e3", "", "0x1", "1.", "--1", "9" * 16])
def test_anything_else_is_refused_at_the_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Money.parse(text, "INR", field="price")
    assert (refused.value.field, refused.value.reason) == ("price", "not_an_amount")


@pytest.mark.parametrize(("text", "currency"), [("1.005", "INR"), ("1.5", "JPY")])
def test_excess_decimals_are_refused(text: str, currency: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Money.parse(text, currency)
    assert refused.value.reason == "too_many_decimals"


def test_floats_and_foreign_currencies_are_refused() -> None:
    with pytest.raises(TypeError):
        Money(1.5, "INR")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1, "INR") + Money(1, "USD")
    with pytest.raises(TypeError):
        Money(1, "INR") * 0.5  # type: ignore[operator]


@pytest.mark.parametrize(("value", "rounded"), [("0.5", 1), ("-0.5", -1), ("1.4999", 1), ("2.5", 3), ("-2.5", -3)])
def test_ties_round_away_from_zero(value: str, rounded: int) -> None:
    assert round_half_up(Decimal(value)) == rounded


@given(AMOUNTS, st.lists(st.integers(0, 10_000), min_size=1, max_size=8).filter(any))
def test_a_split_adds_up_and_is_fair(minor: int, weights: list[int]) -> None:
    whole = Money(minor, "INR")
    parts = whole.split(weights)
    assert total(parts, "INR") == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - Fraction(minor * weight, sum(weights))) <= 1


@given(AMOUNTS, st.integers(0, 10_000))
def test_basis_points_are_within_half_a_minor_unit(minor: int, points: int) -> None:
    assert abs(Money(minor, "INR").basis_points(points).minor - Fraction(minor * points, 10_000)) <= Fraction(1, 2)
