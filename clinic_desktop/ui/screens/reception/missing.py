"""Consents that a patient is still to sign, told on the file; the way to where they are signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.kernel.formats import listed, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.widgets import Button
from clinic_desktop.ui.widgets.text import plain_tooltip


class MissingConsents(Button):
    """A button that is there only while something is missing; it never stands in anybody's way."""

    def __init__(self, way: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__("", icon_name="triangle-alert", role="quiet", parent=parent)
        self.clicked.connect(lambda: way())
        self.hide()

    def show_missing(self, kinds: Sequence[ConsentType]) -> None:
        """Tell which are missing, or nothing."""
        self.setVisible(bool(kinds))
        if kinds:
            named = listed(wording.status(one) for one in kinds)
            self.setText(ngettext("{n} consent is missing", "{n} consents are missing", len(kinds)).format(n=number_text(len(kinds))))
            self.setToolTip(plain_tooltip(_("Missing: {list}").format(list=named)))
            self.setAccessibleDescription(named)
