"""Amounts, numbers, dates and times as people of a language write them (Babel's CLDR data).

One rule for digits: Latin in every language. Receipts, prescriptions and tokens of clinics that work in Arabic or Hindi use
them, number keys type them, and a queue number called out must be the one on the paper. Separators, grouping, the place of the
currency sign and the names of months follow the language ("en_IN" and "hi" group by lakh, "en" by thousand).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers, units

from clinic_desktop.kernel.i18n import SOURCE_CODE, Language, active
from clinic_desktop.kernel.money import Money, decimals_of

_DIGITS = "latn"
_COMMAS = {"ar": "\u060c"}


@cache
def locale_of(code: str) -> Locale:
    """Babel's locale of a language code; English where it is unknown."""
    for name in (code, code.partition("_")[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(SOURCE_CODE)


def _plain_spaces(text: str) -> str:
    # Thermal printers and many fonts have no narrow no-break space; a no-break space still keeps "9:05 am" together.
    return text.replace("\u202f", "\u00a0")


def isolated(text: object) -> str:
    """A name, path or time that keeps its own direction and its place in a sentence of the other one."""
    return f"\u2068{text}\u2069"


def listed(parts: Iterable[str]) -> str:
    """Several in a row, with the comma of the language between them."""
    return (_COMMAS.get(active().code, ",") + " ").join(parts)


def phone_text(phone: str | None) -> str:
    """A number kept left to right, its plus in front, between Arabic words too."""
    return f"\u2066{phone}\u2069" if phone else ""


@lru_cache(maxsize=8192)
def _money(minor: int, currency: str, code: str, sign: bool) -> str:
    amount = Money(minor, currency).amount
    locale = locale_of(code)
    if sign:
        text = _plain_spaces(numbers.format_currency(amount, currency, locale=locale, numbering_system=_DIGITS))
        # CLDR turns the line from right to left: a bare minus would then stand behind the figures.
        return text.replace("-", "\u200e-") if text.startswith("\u200f") else text
    places = decimals_of(currency)
    pattern = "#,##,##0" if _groups_by_lakh(code) else "#,##0"
    pattern += "." + "0" * places if places else ""
    return _plain_spaces(numbers.format_decimal(amount, format=pattern, locale=locale, numbering_system=_DIGITS))


@cache
def _groups_by_lakh(code: str) -> bool:
    return "#,##,##0" in locale_of(code).decimal_formats[None].pattern


def money_text(amount: Money, language: Language | None = None, *, sign: bool = True) -> str:
    """An amount with its currency sign; ``sign=False`` leaves it out, for columns whose heading names the currency."""
    return _money(amount.minor, amount.currency, (language or active()).code, sign)


@lru_cache(maxsize=2048)
def currency_sign(currency: str, language: Language | None = None) -> str:
    """The sign of a currency in a language: ``₹``."""
    return numbers.get_currency_symbol(currency, locale=locale_of((language or active()).code))


def number_text(value: int | Decimal, language: Language | None = None) -> str:
    """A number with the language's separators."""
    locale = locale_of((language or active()).code)
    return _plain_spaces(numbers.format_decimal(value, locale=locale, decimal_quantization=False, numbering_system=_DIGITS))


_UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


def size_text(size: int, language: Language | None = None) -> str:
    """A number of bytes in the largest unit of which there is at least one (1 kB = 1000 bytes), with one decimal below ten."""
    code, power = (language or active()).code, 0
    while power < len(_UNITS) - 1 and size >= 1000 ** (power + 1):
        power += 1
    figure = Decimal(size) / 1000**power
    pattern = "#,##0.#" if power and figure < 10 else "#,##0"
    unit = f"digital-{_UNITS[power]}"
    return _plain_spaces(units.format_unit(figure, unit, "short", format=pattern, locale=locale_of(code), numbering_system=_DIGITS))


def percent_text(basis_points: int, language: Language | None = None) -> str:
    """Hundredths of a percent as a percentage: 1 800 is ``18%``."""
    locale = locale_of((language or active()).code)
    ratio = Decimal(basis_points).scaleb(-4)
    return _plain_spaces(numbers.format_percent(ratio, locale=locale, decimal_quantization=False, numbering_system=_DIGITS))


@lru_cache(maxsize=4096)
def _date(day: date, code: str, weekday: bool) -> str:
    # CLDR's "medium" date of Arabic is all digits and reads as another day in another country: ask for the month's name.
    skeleton = "yMMMEd" if weekday else "yMMMd"
    return _plain_spaces(dates.format_skeleton(skeleton, day, locale=locale_of(code)))


def date_text(day: date, language: Language | None = None, *, weekday: bool = False) -> str:
    """A date with the month's name, with the day of the week when asked."""
    if isinstance(day, datetime):
        raise TypeError("date_text takes a date: turn an instant into a clinic's business date first")
    return _date(day, (language or active()).code, weekday)


def days_text(first: date, last: date, language: Language | None = None) -> str:
    """A span of days in few words, what both have in common once: ``Mar 3 – 5, 2026``."""
    if first == last:
        return date_text(first, language)
    locale = locale_of((language or active()).code)
    return _plain_spaces(dates.format_interval(first, last, "yMMMd", locale=locale))


@lru_cache(maxsize=1024)
def _weekday(day: date, code: str) -> str:
    return _plain_spaces(dates.format_skeleton("Ed", day, locale=locale_of(code)))


def weekday_text(day: date, language: Language | None = None) -> str:
    """The day of the week and of the month, for calendars whose heading names the month: ``2 Mon``."""
    return _weekday(day, (language or active()).code)


@cache
def _day_name(day: int, code: str) -> str:
    return str(dates.get_day_names("wide", "stand-alone", locale=locale_of(code))[day])


def day_name(day: int, language: Language | None = None) -> str:
    """The name of a day of the week; 0 is Monday."""
    return _day_name(day, (language or active()).code)


@cache
def month_names(code: str) -> tuple[tuple[str, int], ...]:
    """Every way in which a language spells a month, and which month it is."""
    widths = (locale_of(code).months[context][width] for context in ("format", "stand-alone") for width in ("wide", "abbreviated"))
    return tuple((name, month) for names in widths for month, name in names.items())


def time_text(
    at: time | datetime,
    language: Language | None = None,
    *,
    timezone: str | None = None,
) -> str:
    """A wall time, or an aware instant as the clock of ``timezone`` shows it."""
    wall = _local(at, timezone).time() if isinstance(at, datetime) else at
    return _plain_spaces(
        dates.format_time(
            wall.replace(tzinfo=None),
            "short",
            locale=locale_of((language or active()).code),
        )
    )


def datetime_text(instant: datetime, language: Language | None = None, *, timezone: str) -> str:
    """An aware instant as date and time of a clinic's zone."""
    local = _local(instant, timezone)
    chosen = language or active()
    joined = str(dates.get_datetime_format("medium", locale=locale_of(chosen.code))).replace("'", "")
    return joined.replace("{1}", date_text(local.date(), chosen)).replace("{0}", time_text(local.time(), chosen))


def _local(instant: datetime, timezone: str | None) -> datetime:
    if instant.tzinfo is None or timezone is None:
        raise TypeError("an instant needs a time zone, and the zone to show it in")
    return instant.astimezone(ZoneInfo(timezone))
