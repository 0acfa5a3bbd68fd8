"""The recovery key: shown, printed, and typed back before anything else is entered."""

from __future__ import annotations

import secrets
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QFrame, QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12, GAP_16, GAP_24, TITLE_PIXELS
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.form import Form
from clinic_desktop.ui.widgets.inputs import LineEdit
from clinic_desktop.ui.widgets.layout import row
from clinic_desktop.ui.widgets.text import Label

_COLUMNS = 4
_ASKED = 2


class Recovery(Step):
    """``print_wanted(key)``; Continue asks for two groups of the key, then hands them over."""

    print_wanted = Signal(str)
    turned = Signal()
    """Another side is shown: what Continue says changes with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.form.hide()
        self._key = ""
        self.sides = QStackedWidget(self)
        self.shown, self.asked, self.made = QWidget(self.sides), QWidget(self.sides), QWidget(self.sides)
        for side in (self.shown, self.asked, self.made):
            self.sides.addWidget(side)
        self.column.addWidget(self.sides)
        self.typed_back = Form(columns=2, starred=False, parent=self.asked)
        self._asked_column = QVBoxLayout(self.asked)
        self._lay_out_shown()
        self._lay_out_asked()
        column = QVBoxLayout(self.made)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Label(_("The recovery key is made. Keep the sheet where only you can reach it."), wrap=True))
        column.addStretch(1)

    @property
    def has_key(self) -> bool:
        """Whether there is something to show."""
        return bool(self._key) or self.sides.currentWidget() is self.made

    @property
    def groups(self) -> list[str]:
        """The key in the groups in which it is written."""
        return self._key.split("-")

    @property
    def button_text(self) -> str:
        """What Continue says here."""
        return _("I have it on paper") if self.sides.currentWidget() is self.shown else _("Continue")

    def show_key(self, key: str) -> None:
        """Show a fresh key."""
        self._key = key
        for place, group in enumerate(self.groups):
            written = Label(group, self._frame)
            written.setFont(_monospaced())
            written.setAlignment(Qt.AlignmentFlag.AlignCenter)
            written.setAccessibleName(_("Group {number}: {letters}").format(number=place + 1, letters=" ".join(group)))
            number = Label(str(place + 1), self._frame, tone="muted")
            number.setAlignment(Qt.AlignmentFlag.AlignCenter)
            line, column = divmod(place, _COLUMNS)
            self._grid.addWidget(number, 2 * line, column)
            self._grid.addWidget(written, 2 * line + 1, column)
            written.show()
            number.show()
        self.print.setEnabled(True)
        self._turn(self.shown)

    def show_made(self) -> None:
        """The key was typed back: nothing of it is kept here any more."""
        self._key = ""
        self._turn(self.made)

    def start(self) -> None:
        """Where the hands are needed."""
        if self.sides.currentWidget() is self.shown:
            self.print.setFocus()

    def read(self) -> dict[str, Any] | None:
        """The key and what was typed back; the first Continue only asks for it."""
        if self.sides.currentWidget() is self.made:
            return {}
        if self.sides.currentWidget() is self.shown:
            if self._key:
                self._ask()
            return None
        found = self.typed_back.values()
        return None if found is None else {"key": self._key, "typed": found}

    def refuse(self, error: ClinicError) -> bool:
        """A group that was read or written wrongly."""
        return self.typed_back.refuse(error)

    def draft(self) -> dict[str, Any]:
        """Nothing: a key that was not typed back is made anew."""
        return {}

    def restore(self, draft: dict[str, Any]) -> None:
        """Nothing is kept."""

    def _ask(self) -> None:
        """Ask for two groups by chance: whoever has only clicked cannot answer."""
        numbers = sorted(secrets.SystemRandom().sample(range(len(self.groups)), _ASKED))
        self.typed_back.hide()
        self.typed_back.deleteLater()
        self.typed_back = Form(columns=2, starred=False, parent=self.asked)
        for number in numbers:
            edit = LineEdit(limit=80, parent=self.typed_back)
            edit.setFont(_monospaced())
            edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            edit.returnPressed.connect(self.entered)
            self.typed_back.add(str(number), _("Group {number} of your sheet").format(number=number + 1), edit, required=True)
        self._asked_column.insertWidget(0, self.typed_back)
        self.typed_back.show()
        self._turn(self.asked)
        self.typed_back[str(numbers[0])].setFocus()

    def _turn(self, side: QWidget) -> None:
        self.sides.setCurrentWidget(side)
        self.turned.emit()

    def _lay_out_shown(self) -> None:
        self._frame = QFrame(self.shown)
        self._frame.setProperty("role", "card")
        self._grid = QGridLayout(self._frame)
        self._grid.setContentsMargins(GAP_24, GAP_16, GAP_24, GAP_16)
        self._grid.setHorizontalSpacing(GAP_24)
        # Letters and figures are read from the left in every language.
        self._frame.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.print = Button(_("Print…"), icon_name="printer")
        self.print.setEnabled(False)
        self.print.clicked.connect(lambda: self.print_wanted.emit(self._key))
        column = QVBoxLayout(self.shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self._frame)
        column.addLayout(row(self.print))
        column.addWidget(Label(_("Without a printer, copy it by hand. It is shown only now, and saved nowhere."), tone="muted", wrap=True))
        column.addStretch(1)

    def _lay_out_asked(self) -> None:
        self.again = Button(_("Show the key again"), role="quiet", icon_name="eye")
        self.again.clicked.connect(lambda: self._turn(self.shown))
        self._asked_column.setContentsMargins(0, 0, 0, 0)
        self._asked_column.setSpacing(GAP_16)
        self._asked_column.addWidget(self.typed_back)
        self._asked_column.addLayout(row(self.again))
        self._asked_column.addStretch(1)


def _monospaced() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(scaled(TITLE_PIXELS))
    font.setBold(True)
    return font
