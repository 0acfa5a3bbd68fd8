"""A time of day to the second, as a moment to go back to is told: 14:05 or 14:05:30."""

from __future__ import annotations

import re
from datetime import time

from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.ui.widgets.inputs import LineEdit, latin_digits
from clinic_desktop.ui.widgets.times import read_time

_TO_THE_SECOND = re.compile(r"(\d{1,2})[:.](\d{2})[:.](\d{2})", re.ASCII)


class SecondField(LineEdit):
    """``value()`` is the time; None when empty; raises InvalidInput."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, placeholder="14:05:30", limit=11, parent=parent)

    def value(self) -> time | None:
        """The time that is typed."""
        found = _TO_THE_SECOND.fullmatch(latin_digits(self.text()).strip())
        if found is None:
            return read_time(self.text(), field=self.objectName() or "time")
        try:
            return time(int(found[1]), int(found[2]), int(found[3]))
        except ValueError as error:
            raise InvalidInput(self.objectName() or "time", "not_a_time") from error

    def set_value(self, at: time | None) -> None:
        """Show a time."""
        self.setText("" if at is None else f"{at:%H:%M:%S}")
