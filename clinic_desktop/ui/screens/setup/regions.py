"""Time zones, currencies and working days as the operating system's region data has them."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QTimeZone

_ISO_CODE = QLocale.CurrencySymbolFormat.CurrencyIsoCode


def zones() -> list[str]:
    """Every time zone of a place, by name."""
    # Qt's list: zoneinfo would look into six hundred files.
    known = (bytes(zone.data()).decode() for zone in QTimeZone.availableTimeZoneIds())
    return sorted(zone for zone in known if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")))


def here() -> str:
    """The time zone of this computer."""
    return bytes(QTimeZone.systemTimeZoneId().data()).decode()


def currencies() -> list[str]:
    """The ISO 4217 code of every currency that is in use somewhere."""
    everywhere = QLocale.matchingLocales(QLocale.Language.AnyLanguage, QLocale.Script.AnyScript, QLocale.Country.AnyCountry)
    return sorted({one.currencySymbol(_ISO_CODE) for one in everywhere} - {""})


def currency_of(zone: str) -> str | None:
    """The currency of the country that a time zone lies in; None where it names no country."""
    locale = _country(zone)
    return None if locale is None else locale.currencySymbol(_ISO_CODE) or None


def working_days(zone: str) -> list[int]:
    """The usual working days (0 is Monday) of the country that a time zone lies in."""
    return sorted(day.value - 1 for day in (_country(zone) or QLocale.system()).weekdays())


def first_day(zone: str) -> int:
    """The day (0 is Monday) with which the week begins there."""
    return (_country(zone) or QLocale.system()).firstDayOfWeek().value - 1


def _country(zone: str) -> QLocale | None:
    territory = QTimeZone(zone.encode()).territory()
    return None if territory == QLocale.Country.AnyCountry else QLocale(QLocale.Language.AnyLanguage, territory)
