"""A time of day, typed quickly."""

from __future__ import annotations

import re
from datetime import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.ui.widgets.inputs import LineEdit, latin_digits

_TYPED = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*([ap])?\.?m?\.?", re.ASCII | re.IGNORECASE)
_STEP_MINUTES = 15


def read_time(text: str, *, field: str = "time") -> time | None:
    """A time typed as 9, 930, 9:30, 9.30 or 9:30 pm; None when nothing is typed."""
    plain = latin_digits(text).strip()
    if not plain:
        return None
    found = _TYPED.fullmatch(plain)
    if found is None:
        raise InvalidInput(field, "not_a_time")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise InvalidInput(field, "not_a_time")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise InvalidInput(field, "not_a_time") from error


class TimeField(LineEdit):
    """A time of day; Up and Down go by a quarter of an hour; shown as 09:30 once read."""

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(name, limit=20, parent=parent)

    def value(self) -> time | None:
        """The time; None when empty; raises InvalidInput."""
        return read_time(self.text(), field=self.objectName() or "time")

    def set_value(self, at: time | None) -> None:
        """Show a time."""
        self.setText("" if at is None else f"{at:%H:%M}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        step = {Qt.Key.Key_Up: _STEP_MINUTES, Qt.Key.Key_Down: -_STEP_MINUTES}.get(Qt.Key(event.key()))
        at = self._readable() if step else None
        if step and at is not None:
            minutes = (at.hour * 60 + at.minute + step) % (24 * 60)
            self.set_value(time(*divmod(minutes, 60)))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        at = self._readable()
        if at is not None:
            self.set_value(at)
        super().focusOutEvent(event)

    def _readable(self) -> time | None:
        try:
            return self.value()
        except InvalidInput:
            return None
