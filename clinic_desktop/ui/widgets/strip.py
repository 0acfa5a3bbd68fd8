"""A line across the window that stays until what it tells is over: a picture, the words, how far something is, and one way on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_12, GAP_24, Tone
from clinic_desktop.ui.widgets.buttons import Button
from clinic_desktop.ui.widgets.keys import keyed
from clinic_desktop.ui.widgets.text import Label, directed

_BAR = 180


class Strip(QFrame):
    """Says one thing at a time; ``pressed`` when somebody takes the way on."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._picture = QLabel()  # picture only
        self.words = Label(voice=Text.STRONG, wrap=True)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(scaled(_BAR))
        self.button = Button("")
        self.button.clicked.connect(lambda: self.pressed.emit())
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_24, GAP_4, GAP_12, GAP_4)
        across.setSpacing(GAP_12)
        across.addWidget(self._picture)
        across.addWidget(self.words, 1)
        across.addWidget(self.bar)
        across.addWidget(self.button)
        self.setMinimumHeight(scaled(34) + 2 * GAP_4)  # the same with and without a button: nothing below may jump
        self.hide()

    @property
    def text(self) -> str:
        """What it says; nothing while it is not there."""
        return "" if self.isHidden() else self.words.text().strip("\u200e\u200f")

    def say(self, text: str, icon_name: str, tone: Tone, *, way_on: str = "", keys: str = "", part: tuple[int, int] | None = None) -> None:
        """Say something, with a way on where there is one, and how far it is; a screen reader hears it when it is new."""
        is_new = self.isHidden() or self.accessibleName() != text
        mark(self, "tone", str(tone))
        self.words.set_tone(str(tone))
        self._picture.setPixmap(pixmap(icon_name, f"on_{tone}", ratio=self.devicePixelRatioF()))
        self.words.setText(directed(text))
        self.setAccessibleName(text)
        self.bar.setAccessibleName(text)
        if self.button.text() != way_on:
            self.button.setText(way_on)
            keyed(self.button, keys if way_on else "")
        self.button.setVisible(bool(way_on))
        self.bar.setVisible(part is not None)
        if part is not None:
            self.bar.setRange(0, part[1])
            self.bar.setValue(part[0])
        self.show()
        if is_new and part is None:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def leave(self) -> None:
        """Nothing to say any more."""
        self.hide()
