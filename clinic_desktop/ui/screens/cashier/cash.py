"""The notes and coins of currencies, largest first: what a till is counted in."""

from __future__ import annotations

from clinic_desktop.kernel.money import Money, decimals_of

_NOTES_AND_COINS: dict[str, tuple[int, ...]] = {
    # in minor units; in use in 2026 as their central banks list them
    "INR": (50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100),
    "AED": (100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 100, 50, 25),
    "SAR": (50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5),
    "PKR": (500000, 100000, 50000, 10000, 7500, 5000, 2000, 1000, 500, 200, 100),
    "BDT": (100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100),
    "EGP": (20000, 10000, 5000, 2000, 1000, 500, 100, 50, 25),
    "USD": (10000, 5000, 2000, 1000, 500, 100, 25, 10, 5),
    "EUR": (50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5),
    "GBP": (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5),
    "OMR": (50000, 20000, 10000, 5000, 1000, 500, 100, 50, 25, 10, 5),
    "KWD": (20000, 10000, 5000, 1000, 500, 250, 100, 50, 20, 10, 5),
    "BHD": (20000, 10000, 5000, 1000, 500, 100, 50, 25, 10, 5),
    "QAR": (50000, 20000, 10000, 5000, 1000, 500, 100, 50, 25),
}


def notes_and_coins(currency: str) -> list[Money]:
    """What to count; where a currency is not known, 1-2-5 steps from five hundred down to one unit."""
    known = _NOTES_AND_COINS.get(currency)
    if known is None:
        unit = 10 ** decimals_of(currency)
        known = tuple(step * power * unit for power in (100, 10, 1) for step in (5, 2, 1))
    return [Money(minor, currency) for minor in known]
