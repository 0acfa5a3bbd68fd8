"""The screens of users, roles and accounts, and what their tests share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import queries
from clinic_desktop.clinic.access.queries import UserRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.clinic.world import World

Wait = Callable[[], None]
Show = Callable[..., None]
D = TypeVar("D", bound=Dialog)
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def said(desk: Desk) -> list[str]:
    """What the toasts said."""
    told: list[str] = []
    desk.toasted.connect(lambda text, _tone, _undo: told.append(text))
    return told


def press(parent: QWidget, text: str) -> None:
    QTest.mouseClick(next(one for one in parent.findChildren(QPushButton) if one.text() == text), CLICK)


def back(screen: QWidget, qtbot: QtBot) -> None:
    screen.window().activateWindow()
    qtbot.waitUntil(screen.window().isActiveWindow)


def stored(world: World) -> dict[str, UserRow]:
    with world.db.read() as session:
        return {row.username: row for row in queries.users(session)}
