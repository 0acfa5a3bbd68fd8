"""Keys of buttons."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton


def keyed(button: QAbstractButton, keys: str) -> None:
    """Give a button its key, and say so in its tooltip; once more after its text has changed. No keys take it away.

    Not by ``setShortcut``: that presses the button for a tenth of a second before anything happens, and goes with ``setText``.
    """
    text = (button.text() or button.accessibleName()).replace("&", "")
    button.setToolTip(f"{text}  ({keys})" if keys else "")
    shortcut = button.findChild(QShortcut)
    if shortcut is None:
        shortcut = QShortcut(button)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(button.click)
    shortcut.setKey(QKeySequence(keys))
    shortcut.setWhatsThis(text)
