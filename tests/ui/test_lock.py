"""The locked desk: nothing is seen, nothing typed is lost, and the quick way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import end_sessions, set_password
from clinic_desktop.clinic.access.locking import LOCK_MINUTES
from clinic_desktop.clinic.access.pins import set_pin
from clinic_desktop.clinic.organisation.commands import add_department, set_setting
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.display.host import display_host
from clinic_desktop.ui.screens.login.confirm import ConfirmPassword
from clinic_desktop.ui.screens.login.lock import LockPage
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets import tell
from tests.clinic.world import World
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.pages import page
from tests.ui.walk import unnamed

PASSWORD, PIN = "blue-Elephant-42", "7351"
Open = Callable[..., Session]


@pytest.fixture
def session(run_program: Open, world: World) -> Session:
    """The program on the world's database, where two people have passwords."""
    for username in ("receptionist", "admin"):
        password = passwords.new(PASSWORD, username=username)
        world.db.run(Actor.system(), set_password, user_id=world.users[username], password=password, must_change_password=False)
    return run_program(f"sqlite:///{world.db.address.file}", registry=lambda: (SCREENS, SEARCHES))


def log_in(session: Session, qtbot: QtBot, username: str = "receptionist") -> Shell:
    login: LoginPage = page(session, LoginPage, qtbot)
    login.username.setText(username)
    login.password.setFocus()
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    return shell


def give_pin(session: Session) -> None:
    assert session.work.actor is not None
    set_pin(session.work.db, session.work.actor, PASSWORD, PIN)


def lock(session: Session) -> None:
    QTest.keyClick(session.window.shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def type_pin(locked: LockPage, pin: str) -> None:
    QTest.keyClicks(locked.pin, pin)
    QTest.keyClick(locked.pin, Qt.Key.Key_Return)


def type_note(shell: Shell, text: str) -> None:
    screen: Any = shell.current
    QTest.keyClicks(screen.form["name"], text)


def note(shell: Shell) -> str:
    screen: Any = shell.current
    return str(screen.form["name"].text())


def seen_texts() -> str:
    labels = [one.text() for top in QApplication.topLevelWidgets() if top.isVisible() for one in top.findChildren(QLabel)]
    return "\n".join(labels)


def test_a_desk_that_nobody_touches_locks_and_comes_back_as_it_was(session: Session, qtbot: QtBot) -> None:
    shell = log_in(session, qtbot)
    type_note(shell, "Half typed")
    tell(shell, "About Asha Kulkarni", "Asha Kulkarni waits.")
    assert "Asha Kulkarni waits." in seen_texts()
    session.desk_lock.idle.start(0.2)
    qtbot.waitUntil(lambda: session.window.shell is None)
    session.window.activateWindow()  # no window manager does it here
    login: LoginPage = page(session, LoginPage, qtbot)
    assert "Asha" not in seen_texts()
    assert session.window.windowTitle() == "Clinic Desktop"
    assert session.work.actor is None
    assert login.username.text() == "receptionist"
    again = log_in(session, qtbot)
    assert note(again) == "Half typed"


def test_whoever_works_is_not_locked_out(session: Session, qtbot: QtBot) -> None:
    shell = log_in(session, qtbot)
    idle = session.desk_lock.idle
    idle.start(3_600)
    before = idle.touched
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(session.window.windowHandle(), QKeyEvent(kind, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier))
    assert idle.touched > before
    before = idle.touched
    QTest.mouseMove(session.window.windowHandle(), shell.rect().center())
    qtbot.waitUntil(lambda: idle.touched > before)
    idle.look()
    assert session.window.shell is shell


def test_after_how_many_minutes_is_a_setting_of_the_place(session: Session, world: World, qtbot: QtBot) -> None:
    world.db.run(world.system(), set_setting, key=LOCK_MINUTES.key, value=17, clinic_id=world.clinic_id)
    log_in(session, qtbot)
    assert session.desk_lock.idle.seconds == 17 * 60


def test_those_of_this_shift_come_back_by_pin_and_others_by_password(session: Session, qtbot: QtBot) -> None:
    first = log_in(session, qtbot)
    give_pin(session)
    type_note(first, "Mine")
    lock(session)
    locked: LockPage = page(session, LockPage, qtbot)
    assert unnamed(locked) == []
    assert list(locked.people) == ["receptionist"]
    assert locked.pin.hasFocus()
    QTest.mouseClick(locked.other, Qt.MouseButton.LeftButton)
    login: LoginPage = page(session, LoginPage, qtbot)
    assert login.username.text() == ""
    other = log_in(session, qtbot, "admin")
    assert note(other) == ""
    give_pin(session)
    type_note(other, "Not mine")
    lock(session)
    locked = page(session, LockPage, qtbot)
    assert set(locked.people) == {"receptionist", "admin"}
    assert locked.username == "admin"
    QTest.mouseClick(locked.people["receptionist"], Qt.MouseButton.LeftButton)
    type_pin(locked, PIN)
    shell: Shell = page(session, Shell, qtbot)
    assert shell.desk.actor.by_pin
    assert note(shell) == "Mine"


def test_after_wrong_pins_only_the_password_opens(session: Session, qtbot: QtBot) -> None:
    log_in(session, qtbot)
    give_pin(session)
    lock(session)
    locked: LockPage = page(session, LockPage, qtbot)
    type_pin(locked, "9999")
    qtbot.waitUntil(lambda: locked.trouble.isVisible() and not locked.button.is_busy)
    assert locked.trouble.text() != ""
    assert locked.pin.selectedText() != ""
    type_pin(locked, "9998")
    qtbot.waitUntil(lambda: not locked.button.is_busy)
    type_pin(locked, "9997")
    login: LoginPage = page(session, LoginPage, qtbot)
    assert login.trouble.text() != ""
    assert login.username.text() == "receptionist"
    log_in(session, qtbot)


@pytest.fixture
def by_pin(session: Session, qtbot: QtBot) -> Shell:
    """The administrator, come back by PIN."""
    log_in(session, qtbot, "admin")
    give_pin(session)
    lock(session)
    type_pin(page(session, LockPage, qtbot), PIN)
    shell: Shell = page(session, Shell, qtbot)
    return shell


def ask_department(shell: Shell, done: list[object], refused: list[object], name: str = "Skin") -> None:
    shell.desk.work.do(shell, add_department, then=done.append, failed=refused.append, name=name)


def dialog(qtbot: QtBot) -> ConfirmPassword:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ConfirmPassword))
    found = QApplication.activeModalWidget()
    assert isinstance(found, ConfirmPassword)
    return found


def test_what_a_pin_may_not_asks_for_the_password_and_goes_on(by_pin: Shell, qtbot: QtBot) -> None:
    done: list[object] = []
    refused: list[object] = []
    ask_department(by_pin, done, refused)
    asked = dialog(qtbot)
    assert unnamed(asked) == []
    QTest.keyClicks(asked.password, "wrong-password-1")
    QTest.keyClick(asked.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked.field.error == "This is not your password.")
    QTest.keyClicks(asked.password, PASSWORD)
    QTest.keyClick(asked.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(done) == 1)
    ask_department(by_pin, done, refused, "Eyes")
    qtbot.waitUntil(lambda: len(done) == 2)
    with by_pin.desk.work.db.read() as session:
        assert {"Skin", "Eyes"} <= {one.name for one in departments(session)}
    assert refused == []


def test_who_gives_no_password_is_refused_and_nothing_was_done(by_pin: Shell, qtbot: QtBot) -> None:
    done: list[object] = []
    refused: list[Any] = []
    ask_department(by_pin, done, refused)
    QTest.keyClick(dialog(qtbot), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(refused) == 1)
    assert refused[0].code == "password_needed"
    assert done == []


def test_a_lock_in_the_midst_of_the_question_refuses_the_act(by_pin: Shell, session: Session, qtbot: QtBot) -> None:
    done: list[object] = []
    refused: list[Any] = []
    ask_department(by_pin, done, refused)
    dialog(qtbot)
    session.lock()
    session.window.activateWindow()  # no window manager does it here
    page(session, LockPage, qtbot)
    assert QApplication.activeModalWidget() is None
    assert done == []


def test_a_session_that_was_ended_elsewhere_locks_and_says_so(session: Session, world: World, qtbot: QtBot) -> None:
    shell = log_in(session, qtbot)
    type_note(shell, "Not lost")
    elsewhere = Database.open(f"sqlite:///{world.db.address.file}")
    elsewhere.run(Actor.system(), end_sessions, user_id=world.users["receptionist"])
    elsewhere.close()
    qtbot.waitUntil(lambda: session.window.shell is None)
    login: LoginPage = page(session, LoginPage, qtbot)
    assert login.trouble.text() == "Your session has ended. Please log in again; your input is kept."
    again = log_in(session, qtbot)
    assert note(again) == "Not lost"


def test_the_public_display_goes_on_while_the_desk_is_locked(session: Session, world: World, qtbot: QtBot, tmp_path: Path) -> None:
    log_in(session, qtbot)
    place = Place(world.clinic_id, None, "Main Clinic", "Sunrise Hospital", world.timezone, world.currency)
    host = display_host(session.work, place)
    host.open(session.window)
    session.lock()
    page(session, LoginPage, qtbot)
    assert host.window.isVisible()
    host.close()
