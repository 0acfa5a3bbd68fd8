"""Amounts, dates and numbers as each language writes them, and texts that fall back to English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from clinic_desktop.kernel import formats, i18n
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.resources import resource_path


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.activate("en")


@pytest.mark.parametrize(
    ("code", "text"), [("en", "₹1,234,567.50"), ("en_IN", "₹12,34,567.50"), ("hi", "₹12,34,567.50"), ("ar", "\u200f1,234,567.50\u00a0₹")]
)
def test_money_groups_and_signs_as_the_language_does(code: str, text: str) -> None:
    assert formats.money_text(Money(123_456_750, "INR"), Language(code)) == text


def test_the_minus_stands_before_the_figures_in_a_line_from_right_to_left_too() -> None:
    # The left-to-right mark makes the minus part of the figures; without it a screen shows it behind them.
    assert formats.money_text(Money(-1_250, "INR"), Language("ar")) == "\u200f\u200e-12.50\u00a0₹"
    assert formats.money_text(Money(-1_250, "INR"), Language("hi")) == "-₹12.50"


@pytest.mark.parametrize(("currency", "text"), [("INR", "1,500.00"), ("BHD", "150.000"), ("JPY", "150,000")])
def test_money_without_its_sign_keeps_the_currencys_decimals(currency: str, text: str) -> None:
    assert formats.money_text(Money(150_000, currency), Language("en"), sign=False) == text


def test_large_amounts_stay_exact() -> None:
    assert formats.money_text(Money(9_007_199_254_740_993, "INR"), Language("en"), sign=False) == "90,071,992,547,409.93"


@pytest.mark.parametrize("code", ["en", "ar", "ar_EG", "hi"])
def test_digits_are_latin_in_every_language(code: str) -> None:
    language = Language(code)
    said = [
        formats.money_text(Money(-123_456, "INR"), language),
        formats.number_text(9_876_543, language),
        formats.percent_text(1850, language),
        formats.date_text(date(2026, 3, 2), language, weekday=True),
        formats.time_text(time(21, 5), language),
    ]

    assert all(character.isascii() for character in "".join(said) if character.isdigit())


def test_dates_name_the_month_in_every_language() -> None:
    assert formats.date_text(date(2026, 3, 2), Language("en")) == "Mar 2, 2026"
    assert formats.date_text(date(2026, 3, 2), Language("hi")) == "2 मार्च 2026"
    assert formats.date_text(date(2026, 3, 2), Language("ar")) == "2 مارس 2026"


def test_instants_are_shown_in_the_clinics_zone() -> None:
    late = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)

    assert formats.datetime_text(late, Language("en"), timezone="Asia/Kolkata") == "Mar 3, 2026, 1:30\u00a0AM"
    assert formats.time_text(late, Language("en"), timezone="Asia/Kolkata") == "1:30\u00a0AM"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        formats.time_text(datetime(2026, 3, 2, tzinfo=UTC), Language("en"))
    with pytest.raises(TypeError):
        formats.date_text(datetime(2026, 3, 2, tzinfo=UTC), Language("en"))


def test_percentages_keep_their_fraction() -> None:
    assert [formats.percent_text(points, Language("en")) for points in (1800, 1850, 25)] == ["18%", "18.5%", "0.25%"]
    assert formats.number_text(Decimal("1234.5"), Language("en")) == "1,234.5"


def test_an_unknown_language_speaks_english() -> None:
    language = Language("tlh")

    assert language.gettext("No such text anywhere") == "No such text anywhere"
    assert language.ngettext("{n} thing", "{n} things", 2) == "{n} things"
    assert formats.money_text(Money(100, "INR"), language) == "₹1.00"


def test_the_empty_text_is_not_the_catalogues_header() -> None:
    assert Language("ar").gettext("") == ""


def test_the_active_language_is_the_default_of_formats() -> None:
    i18n.activate("hi")

    assert i18n.active() == Language("hi")
    assert formats.date_text(date(2026, 3, 2)) == "2 मार्च 2026"


@pytest.mark.parametrize(("code", "turned"), [("ar", True), ("ar-EG", True), ("ur_PK", True), ("en", False), ("hi", False)])
def test_direction_follows_the_language(code: str, turned: bool) -> None:
    assert Language(code).is_right_to_left is turned


def test_resources_are_found_and_stay_inside_their_folder() -> None:
    assert resource_path("fonts/NotoSans-Regular.ttf").is_file()
    with pytest.raises(ValueError, match="outside"):
        resource_path("../pyproject.toml")
