"""What hands do that QTest has no single call for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

_LEFT = Qt.MouseButton.LeftButton


def double_click(widget: QWidget) -> None:
    """Press, release, double press, release, as the platform sends them; QTest's mouseDClick leaves the releases out."""
    QTest.mouseClick(widget, _LEFT)
    QTest.mouseDClick(widget, _LEFT)
    QTest.mouseRelease(widget, _LEFT)


def enter(edit: QLineEdit, text: str) -> None:
    """Type any script by key events; QTest's own keys know ASCII only."""
    for character in text:
        QApplication.sendEvent(edit, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character))
