"""A new patient's way over the desk by keyboard alone, with a typing mistake at every step: registered, booked, here, called, paid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens import collected
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets import BusyButton
from tests.clinic.frontdesk.desk import sign
from tests.conftest import FrozenClock
from tests.ui.screens.frontdesk import FrontDesk, Hands

KEY, ALT, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NAMES = {"en": ("Nirmala Joshi", "f"), "ar": ("نرملا جوشي", "\u0627")}


class Typist(Hands):
    """Types any script into whatever has the focus, and says what that is."""

    def words(self, text: str) -> None:
        self.presses += len(text)
        assert self.at is not None
        for letter in text:
            QApplication.sendEvent(self.at, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))

    @property
    def at(self) -> QWidget | None:
        return QApplication.focusWidget()


@pytest.mark.parametrize("language", NAMES)
def test_nobody_needs_the_mouse_nor_types_anything_twice(
    language: str,
    desk_as: Callable[[str], Desk],
    preferences: Preferences,
    drafts: Drafts,
    front: FrontDesk,
    clock: FrozenClock,
    show: Callable[[QWidget], None],
    settle: Callable[[], None],
    qapp: QApplication,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QApplication, "doubleClickInterval", lambda: 0)
    activate(language)
    apply_theme(qapp, "light", right_to_left=language == "ar")
    screens, searches = collected()
    shell = Shell(desk_as("admin"), preferences, drafts, list(screens), list(searches))
    show(shell)
    shell.open("reception")
    settle()
    hands, (name, sex) = Typist(), NAMES[language]

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        hands.press(key, modifier)
        settle()

    hands.words(name + "x")
    press(KEY.Key_Backspace)
    press(KEY.Key_Return)  # nobody is found: a new patient, of that name
    qtbot.waitUntil(lambda: isinstance(shell.current, RegistrationScreen) and hands.at is shell.current.form.main["name"])
    hands.press(KEY.Key_Tab)
    hands.words(sex)
    hands.press(KEY.Key_Tab)
    hands.type("31/2/1990")
    hands.press(KEY.Key_Tab)
    hands.type("98200o11001")
    settle()
    press(KEY.Key_F9)
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    assert screen.form.main["gender"].value() is Gender.FEMALE
    assert (hands.at, bool(screen.form.main.fields["birth"].error)) == (screen.form.main["birth"], True)
    hands.press(KEY.Key_A, CTRL)
    hands.type("13/2/1990")
    press(KEY.Key_F9)
    press(KEY.Key_F7)  # the key of the form means whom it has just saved
    press(KEY.Key_F9)
    (booked,) = front.board()
    assert (booked.patient_name, booked.status) == (name, VisitStatus.SCHEDULED)
    registered_and_booked = hands.presses

    press(KEY.Key_1, ALT)
    hands.words(name[:4] + "q")
    press(KEY.Key_Backspace)
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: isinstance(hands.at, BusyButton))  # the question whether it is this patient
    press(KEY.Key_Return)
    assert front.visit(booked.visit_id).status is VisitStatus.WAITING
    press(KEY.Key_F4, SHIFT)
    assert front.visit(booked.visit_id).status is VisitStatus.CALLED
    here_and_called = hands.presses - registered_and_booked

    front.run("doctor", commands.start_consultation, visit_id=booked.visit_id)
    clock.advance(minutes=9)
    front.world.db.run(Actor.system(), sign, visit_id=booked.visit_id)
    shell.current.refresh()
    settle()
    press(KEY.Key_F11)
    hands.type("500o")
    press(KEY.Key_Return)
    press(KEY.Key_F10)
    press(KEY.Key_Return)
    assert front.visit(booked.visit_id).status is VisitStatus.COMPLETED
    paid = hands.presses - registered_and_booked - here_and_called
    # The name is as long as it is; all else is the same in every language, four mistakes and their mending included.
    assert (registered_and_booked - len(name), here_and_called, paid) == (41, 10, 8)
