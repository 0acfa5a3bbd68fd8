"""A receptionist in a hurry: what is done again and again in a morning, by keys alone, and how many each takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.reception_desk import House, Settle, reception

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Morning:
    """The reception's home under two hands; ``keys`` says how many presses the last of each thing took."""

    def __init__(self, shell: Shell, hands: Hands, settle: Settle, qtbot: QtBot) -> None:
        self.shell, self.screen = shell, reception(shell)
        self.keys: dict[str, int] = {}
        self._hands, self._settle, self._qtbot = hands, settle, qtbot

    def do(self, what: str, *acts: Callable[[], None]) -> None:
        """Do one thing after the other, each to its end."""
        self.shell.activateWindow()  # the offscreen platform gives the keyboard to nobody when a dialog ends
        self._qtbot.waitUntil(self.shell.isActiveWindow)
        before = self._hands.presses
        for act in acts:
            act()
            self._settle()
        self.keys[what] = self._hands.presses - before

    def show_expected(self) -> None:
        self._hands.press(KEY.Key_1, CTRL)

    def show_everybody(self) -> None:
        """The same key once more."""
        self.show_expected()

    def undo(self) -> None:
        self._hands.press(KEY.Key_Z, CTRL)

    def check_in_first(self) -> None:
        self.show_expected()
        self._hands.press(KEY.Key_F4)

    def check_in_second(self) -> None:
        self.show_expected()
        self._hands.press(KEY.Key_Down)
        self._hands.press(KEY.Key_F4)

    def check_in_named(self, typed: str, meant: str = "") -> None:
        """By name; where somebody else is meant than was typed the last letter is taken back."""
        self._find(typed)
        if meant:
            self._hands.press(KEY.Key_Backspace)
        self._hit(meant)
        self._hands.press(KEY.Key_Return)
        self._settle()
        self._hands.press(KEY.Key_Return)

    def walk_in(self, typed: str) -> None:
        self._find(typed)
        self._hit()
        self._hands.press(KEY.Key_F6)
        modal(Dialog, self._qtbot)
        self._settle()
        self._hands.press(KEY.Key_Return)

    def no_show(self) -> None:
        self.show_expected()
        self._hands.press(KEY.Key_F9)
        modal(Dialog, self._qtbot)
        self._hands.press(KEY.Key_Return)

    def register(self) -> None:
        self._hands.press(KEY.Key_F2)

    def _find(self, typed: str) -> None:
        self._hands.press(KEY.Key_F, CTRL)
        self._hands.type(typed)

    def _hit(self, meant: str = "") -> None:
        hits = self.screen.hits
        self._qtbot.waitUntil(lambda: hits.current is not None and meant in ("", hits.current.full_name))


@pytest.fixture
def begin(qapp: QApplication, house: House, hands: Hands, settle: Settle, qtbot: QtBot) -> Callable[[str], Morning]:
    """The clinic opens, in a language: ``begin("ar")``."""

    def open_doors(language: str) -> Morning:
        activate(language)
        apply_theme(qapp, "light", right_to_left=language == "ar")
        shell = house("receptionist")
        settle()
        assert isinstance(shell.current, ReceptionScreen)
        return Morning(shell, hands, settle, qtbot)

    return open_doors
