"""What hands do on the screens of services and staff, and what they find there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.staff import queries
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from tests.clinic.world import World
from tests.ui.hands import modal

Wait = Callable[[], None]
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
_NOISE = "This plugin does not support grabbing the keyboard"


def opener(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Callable[..., Any]:
    """Opens a screen, the hands on it, as wide as beside the rail of a small screen."""

    def open_screen(kind: type[Screen], role: str = "admin") -> Screen:
        screen = kind(desk_as(role))
        show(screen, 940, 640)
        settle()
        settle()
        screen.setFocus()
        return screen

    return open_screen


def services(world: World) -> dict[str, queries.ServiceRow]:
    """The services by code."""
    with world.db.read() as session:
        return {one.code: one for one in queries.services(session, with_inactive=True)}


def choose_file(path: Path, qtbot: QtBot) -> None:
    """Type the name of a file into the dialog that asks for one."""
    dialog = modal(QFileDialog, qtbot)
    edit = dialog.findChild(QLineEdit, "fileNameEdit")
    edit.setText(str(path))
    edit.setFocus()
    QTest.keyClick(edit, KEY.Key_Return)


def choose_from_menu(place: int, qtbot: QtBot, warnings: list[str]) -> None:
    """Down to an entry of the menu, and Enter; the offscreen platform complains of menus."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    for _ in range(place + 1):
        QTest.keyClick(menu, KEY.Key_Down)
    QTest.keyClick(menu, KEY.Key_Return)
    while _NOISE in warnings:
        warnings.remove(_NOISE)
