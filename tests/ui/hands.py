"""What hands do that QTest has no single call for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

D = TypeVar("D", bound=QWidget)
_LEFT = Qt.MouseButton.LeftButton


def double_click(widget: QWidget) -> None:
    """Press, release, double press, release, as the platform sends them; QTest's mouseDClick leaves the releases out."""
    QTest.mouseClick(widget, _LEFT)
    QTest.mouseDClick(widget, _LEFT)
    QTest.mouseRelease(widget, _LEFT)


@contextmanager
def all_is_double() -> Iterator[None]:
    """However slow this machine is: what follows comes right after what was before."""
    usual = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(3_600_000)
    try:
        yield
    finally:
        QApplication.setDoubleClickInterval(usual)


def enter(edit: QLineEdit, text: str) -> None:
    """Type any script by key events; QTest's own keys know ASCII only."""
    for character in text:
        QApplication.sendEvent(edit, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character))


def modal(kind: type[D], qtbot: QtBot) -> D:
    """The dialog on top, once it is of that kind and has the keyboard."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    qtbot.waitUntil(found.isActiveWindow)
    return found


def warned() -> str:
    """All that the dialog on top says."""
    window = QApplication.activeModalWidget()
    assert window is not None
    return " ".join(label.text() for label in window.findChildren(QLabel))
