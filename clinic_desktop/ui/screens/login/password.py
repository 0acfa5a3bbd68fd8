"""A password field that can show what is typed and tells when Caps Lock is on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.widgets.inputs import keep_side


class PasswordEdit(QLineEdit):
    """A line of dots; ``value()`` is the text exactly as typed."""

    caps_lock = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        keep_side(self)
        self._reveal = QAction(icon("eye", "muted"), _("Show"), self)
        self._reveal.setCheckable(True)
        self._reveal.toggled.connect(self.show_text)
        self.addAction(self._reveal, QLineEdit.ActionPosition.TrailingPosition)

    def value(self) -> str | None:
        """What is typed; None when nothing is."""
        return self.text() or None

    def show_text(self, shown: bool) -> None:
        """Show the letters, or dots."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._reveal.setIcon(icon("eye-off" if shown else "eye", "muted"))
        self._reveal.setText(_("Hide") if shown else _("Show"))
        self._reveal.setChecked(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        # Qt does not tell the state of Caps Lock; a letter in the wrong case does.
        letter = event.text()
        if len(letter) == 1 and letter.isalpha() and letter.upper() != letter.lower():
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock.emit(letter.isupper() != is_shifted)
        elif event.key() == Qt.Key.Key_CapsLock:
            self.caps_lock.emit(False)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self.caps_lock.emit(False)
        super().focusOutEvent(event)
