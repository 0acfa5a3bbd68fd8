"""What the tests of registration share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.ui.screens.frontdesk import Hands

Settle = Callable[[], None]


@pytest.fixture
def screen(house: Callable[[str], Shell], settle: Settle) -> RegistrationScreen:
    return opened(house("receptionist"), settle)


def opened(shell: Shell, settle: Settle) -> RegistrationScreen:
    shell.open("registration", {"text": ""})
    settle()
    assert isinstance(shell.current, RegistrationScreen)
    return shell.current


def type_patient(hands: Hands, name: str = "Asha Kulkarni", sex: str = "f", birth: str = "34", phone: str = "9820011001") -> None:
    hands.type(name)
    hands.press(Qt.Key.Key_Tab)
    hands.type(sex)
    hands.press(Qt.Key.Key_Tab)
    hands.type(birth)
    hands.press(Qt.Key.Key_Tab)
    hands.type(phone)


def close_dialog() -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Dialog)
    dialog.reject()
