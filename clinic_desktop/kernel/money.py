"""Money: integer minor units and a currency, with one rounding function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from clinic_desktop.kernel.errors import InvalidInput

# ISO 4217 exponents that differ from 2 (https://www.six-group.com/en/products-services/financial-information/data-standards.html).
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,3})?", re.ASCII)


def decimals_of(currency: str) -> int:
    """Number of minor-unit decimals of an ISO 4217 currency: 0, 2 or 3."""
    return _EXPONENTS.get(currency, 2)


def round_half_up(value: Fraction | Decimal) -> int:
    """Nearest integer, ties away from zero: the only rounding of money anywhere."""
    exact = Fraction(value)
    magnitude = (abs(exact) * 2 + 1) // 2
    return int(magnitude if exact >= 0 else -magnitude)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of one currency in integer minor units (paise, cents, fils)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"Money takes integer minor units, not {type(self.minor).__name__}")

    @classmethod
    def parse(cls, text: str, currency: str, *, field: str = "amount") -> Money:
        """Read plain digits such as ``1250.50``; refuses floats' spellings, separators and excess decimals."""
        plain = text.strip()
        if not _PLAIN_NUMBER.fullmatch(plain):
            raise InvalidInput(field, "not_an_amount", text=text)
        decimals = decimals_of(currency)
        scaled = Decimal(plain).scaleb(decimals)
        if scaled != scaled.to_integral_value():
            raise InvalidInput(field, "too_many_decimals", decimals=decimals)
        return cls(int(scaled), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in that currency."""
        return cls(0, currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise TypeError(f"cannot mix {self.currency} and {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, factor: int) -> Money:
        if type(factor) is not int:
            raise TypeError("multiply Money by int; use times() for ratios")
        return Money(self.minor * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return self.minor != 0

    def times(self, ratio: Fraction | Decimal) -> Money:
        """This amount times an exact ratio, rounded half-up to the minor unit."""
        return Money(round_half_up(self.minor * Fraction(ratio)), self.currency)

    def basis_points(self, points: int) -> Money:
        """That many hundredths of a percent of this amount: 1 800 is 18 %."""
        return self.times(Fraction(points, 10_000))

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Parts in proportion to ``weights`` that add up to this amount exactly (largest remainder first)."""
        total = sum(weights)
        if total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("weights must be non-negative and not all zero")
        sign = -1 if self.minor < 0 else 1
        shares = [divmod(abs(self.minor) * weight, total) for weight in weights]
        parts = [quotient for quotient, _ in shares]
        left = abs(self.minor) - sum(parts)
        for index in sorted(range(len(parts)), key=lambda i: -shares[i][1])[:left]:
            parts[index] += 1
        return [Money(sign * part, self.currency) for part in parts]

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-decimals_of(self.currency))

    def __str__(self) -> str:
        return f"{self.amount:.{decimals_of(self.currency)}f} {self.currency}"


def quantize(value: Decimal, places: int) -> Decimal:
    """A Decimal rounded half-up to that many places."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum of amounts; zero of ``currency`` when there are none."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
