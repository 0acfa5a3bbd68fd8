"""A code, shown once in big letters, to be read out to whoever needs it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.widgets import Card, Dialog, Label

BIG = 34
"""Pixels: read from an arm's length over the desk."""


class CodeDialog(Dialog):
    """A code in big letters and what to do with it; gone for good when it is closed."""

    def __init__(self, parent: QWidget | None, title: str, text: str, code: str) -> None:
        super().__init__(parent, title, text, width=480)
        self.code = Label(code, voice=Text.STRONG)
        large = font(Text.STRONG)
        large.setPixelSize(scaled(BIG))
        large.setFixedPitch(True)
        self.code.setFont(large)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.code.setAccessibleName(_("Code {code}").format(code=" ".join(code)))
        card = Card(parent=self)
        card.body.addWidget(self.code)
        self.body.addWidget(card)
        self.body.addWidget(Label(_("It is shown only now. Tell it to this person and to nobody else."), tone="muted", wrap=True))
        self.add_button(_("Close"), "primary", self.accept, default=True)
