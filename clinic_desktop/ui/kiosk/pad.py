"""Numbers by finger: a phone number, a year, a ticket. The keyboard works as well."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui.kiosk.growing import grown
from clinic_desktop.ui.kiosk.parts import Page, TouchButton, Words
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_24, KIOSK_TITLE, TOUCH

_DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "")


class PadPage(Page):
    """``entered(digits)`` once enough were typed."""

    entered = Signal(str)

    def __init__(self, language: Language, title: str, text: str, *, fewest: int, most: int) -> None:
        super().__init__(language, title, text)
        _ = language.gettext
        self._fewest, self._most = fewest, most
        self.digits = ""
        self.shown = Words("", size=KIOSK_TITLE, bold=True)
        self.shown.setMinimumHeight(grown(KIOSK_TITLE + GAP_24))
        self.go = TouchButton(_("Go on"), role="primary", icon_name="check")
        self.wipe = TouchButton(_("Delete"), icon_name="arrow-left")
        self.keys = {digit: TouchButton(digit, size=28) for digit in _DIGITS if digit}
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(grown(GAP_8))
        for place, digit in enumerate(_DIGITS):
            if digit:
                self.keys[digit].setFixedWidth(grown(TOUCH) * 2)
                grid.addWidget(self.keys[digit], *divmod(place, 3))
                self.keys[digit].clicked.connect(partial(self._press, digit))
        pad = QWidget()
        pad.setLayout(grid)
        pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # digits stand the same way round in every language
        grid.setContentsMargins(0, 0, 0, 0)
        beside = QVBoxLayout()
        beside.setSpacing(grown(GAP_24))
        beside.addWidget(self.shown)
        beside.addWidget(self.wipe)
        beside.addWidget(self.go)
        beside.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(grown(GAP_24))
        across.addWidget(pad)
        across.addLayout(beside, 1)
        self.body.addLayout(across)
        self.go.clicked.connect(self._go)
        self.wipe.clicked.connect(self._wipe)

    def _press(self, digit: str, _checked: bool = False) -> None:
        if len(self.digits) < self._most:
            self.digits += digit
        self.say("")
        self._show()

    def _wipe(self) -> None:
        self.digits = self.digits[:-1]
        self._show()

    def _show(self) -> None:
        self.shown.setText("\u2066" + (self.digits or "\u2013") + "\u2069")
        self.shown.setAccessibleName(self.digits)

    def _go(self) -> None:
        if len(self.digits) >= self._fewest and not self.go.is_busy:
            self.entered.emit(self.digits)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        text = event.text()
        if len(text) == 1 and text.isdecimal():
            self._press(str(int(text)))
        elif event.key() == Qt.Key.Key_Backspace:
            self._wipe()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        else:
            super().keyPressEvent(event)
