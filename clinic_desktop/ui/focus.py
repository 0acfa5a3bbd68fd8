"""Where the keyboard goes when a screen, or a part of one, is given it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


def begin_at(whole: QWidget, inside: QWidget) -> None:
    """Whoever gives ``whole`` the keyboard gives it to ``inside``; the latest call counts.

    Qt's focus proxy is for a widget and its one editor: Tab stops for good before a whole screen whose proxy is hidden,
    as the grid of an empty list is.
    """
    former = whole.findChild(_Hand, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if former is not None:
        former.inside = inside
    else:
        _Hand(whole, inside)


class _Hand(QObject):
    """Hands the focus of its parent on."""

    def __init__(self, whole: QWidget, inside: QWidget) -> None:
        super().__init__(whole)
        self.inside = inside
        whole.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusIn and watched is self.parent():
            self.inside.setFocus(event.reason())
            return True
        return False
