"""The two editors of registration that read more than one thing from a line."""

from __future__ import annotations

from datetime import date

from clinic_desktop.clinic.patients.legacy.dates import Birth
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.registration.typed import Name, read_birth, read_name
from clinic_desktop.ui.widgets import LineEdit


class NameEdit(LineEdit):
    """A whole name on one line."""

    def value(self) -> Name | None:
        """The name, taken apart."""
        return read_name(self.text())


class BirthEdit(LineEdit):
    """An age or a birth date."""

    def __init__(self, name: str, *, today: date) -> None:
        super().__init__(name, placeholder=_("34, 8m, 1990 or 5/3/1990"), limit=20)
        self._today = today

    def value(self) -> Birth | None:
        """The birth date, exact or worked out; raises InvalidInput."""
        return read_birth(self.text(), self._today)
