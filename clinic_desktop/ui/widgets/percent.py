"""A rate in percent."""

from __future__ import annotations

import re
from decimal import Decimal

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.ui.widgets.inputs import LineEdit, latin_digits

_PERCENT = re.compile(r"\d{1,3}([.,]\d{1,2})?", re.ASCII)


class PercentEdit(LineEdit):
    """A rate in percent with at most two decimals; ``value()`` is in hundredths of a percent."""

    REFUSES = "not_a_percentage"

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(name, placeholder="0", limit=6, parent=parent)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"[\p{Nd}.,]{0,6}"), self))

    def value(self) -> int | None:
        """The rate in basis points; None when empty; raises InvalidInput."""
        plain = latin_digits(self.text()).strip()
        if not plain:
            return None
        if not _PERCENT.fullmatch(plain):
            raise InvalidInput(self.objectName() or "rate", "not_a_percentage")
        found = int(Decimal(plain.replace(",", ".")) * 100)
        if found > 10_000:
            raise InvalidInput(self.objectName() or "rate", "out_of_range", low=0, high=100)
        return found

    def set_value(self, basis_points: int | None) -> None:
        """Show a rate."""
        self.setText("" if basis_points is None else f"{Decimal(basis_points) / 100:f}")
