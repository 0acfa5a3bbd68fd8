"""Tab goes round every screen, empty as it is in a new clinic: nothing keeps the keyboard for itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens import collected
from clinic_desktop.ui.shell import Shell

MOST_STOPS = 250


def test_tab_leaves_a_screen_and_comes_back_to_it(
    subtests: pytest.Subtests,
    desk: Desk,
    preferences: Preferences,
    show: Callable[[QWidget], None],
    settle: Callable[[], None],
) -> None:
    desk.preferences = preferences
    shell = Shell(desk, preferences, Drafts(), *collected())
    show(shell)
    for spec in collected()[0]:
        with subtests.test(spec.code):
            shell.open(spec.code)
            settle()
            screen = shell.current
            assert screen is not None
            assert shell.current_code == spec.code
            for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                goes_round(screen, key)


def goes_round(screen: QWidget, key: Qt.Key) -> None:
    was_inside, left, came_back = False, False, False
    for _stop in range(MOST_STOPS):
        QTest.keyClick(QApplication.focusWidget() or screen, key)
        holder = QApplication.focusWidget()
        is_inside = holder is not None and screen.isAncestorOf(holder)
        came_back = left and is_inside
        left |= was_inside and not is_inside
        was_inside |= is_inside
        if came_back:
            break
    assert came_back, f"{key.name} stays at {QApplication.focusWidget()}"
