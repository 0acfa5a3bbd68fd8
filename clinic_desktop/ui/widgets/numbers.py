"""A whole number that may be left empty."""

from __future__ import annotations

import re

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.ui.widgets.inputs import LineEdit, latin_digits

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


class NumberEdit(LineEdit):
    """A whole number from zero up."""

    REFUSES = "not_a_number"

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(name, limit=9, parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"\p{Nd}{0,9}"), self))

    def value(self) -> int | None:
        """The number; None when empty; raises InvalidInput."""
        plain = latin_digits(self.text()).strip()
        if plain and not _WHOLE.fullmatch(plain):
            raise InvalidInput(self.objectName() or "number", "not_a_number")
        return int(plain) if plain else None

    def set_value(self, number: int | None) -> None:
        """Show a number."""
        self.setText("" if number is None else str(number))
