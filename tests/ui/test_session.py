"""From a closed, encrypted, empty database to a person at work, and back to the lock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.access.passwords import PRODUCTION
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui import app as program
from clinic_desktop.ui.entering import set_up
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.screens.login.first_run import FirstRunPage
from clinic_desktop.ui.screens.login.pages import LoginPage, NewPasswordPage, UnlockPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from tests.clinic.world import World
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.hands import double_click
from tests.ui.pages import page
from tests.ui.walk import unnamed

SECRET, PASSWORD = "correct horse", "blue-Elephant-42"
Open = Callable[..., Session]


@pytest.fixture
def open_session(run_program: Open) -> Open:
    """Start the program with the screens of the tests."""
    return partial(run_program, registry=lambda: (SCREENS, SEARCHES))


def fill(login: LoginPage, username: str, password: str) -> None:
    login.username.setText(username)
    login.password.setFocus()
    QTest.keyClicks(login.password, password)
    QTest.keyClick(login.password, Qt.Key.Key_Return)


def test_a_new_encrypted_database_is_protected_set_up_and_entered(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "data" / "clinic.db"
    session = open_session(f"sqlcipher:///{file}")
    unlock: UnlockPage = page(session, UnlockPage, qtbot)
    assert unnamed(unlock) == []
    assert unlock.first.hasFocus()
    assert min(unlock.first.height(), unlock.again.height()) >= unlock.first.sizeHint().height()
    QTest.keyClicks(unlock.first, SECRET)
    QTest.keyClick(unlock.first, Qt.Key.Key_Tab)
    assert unlock.again.hasFocus()
    QTest.keyClicks(unlock.again, "another one")
    QTest.keyClick(unlock.again, Qt.Key.Key_Return)
    assert unlock.form.fields["again"].error == "The two are not the same."
    unlock.again.setText(SECRET)
    QTest.keyClick(unlock.again, Qt.Key.Key_Return)
    first: FirstRunPage = page(session, FirstRunPage, qtbot)
    assert unnamed(first) == []
    values = {
        "hospital": "Asha Hospital",
        "clinic": "Main",
        "full_name": "Dr. Asha",
        "username": "asha",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    for name, text in values.items():
        first.form[name].setText(text)
    first.form["timezone"].set_value("Asia/Kolkata")
    first.form["currency"].set_value("INR")
    double_click(first.button)
    login: LoginPage = page(session, LoginPage, qtbot)
    assert unnamed(login) == []
    assert login.heading.text() == "Asha Hospital"
    fill(login, "asha", PASSWORD)
    shell: Shell = page(session, Shell, qtbot)
    assert shell.desk.actor.name == "Dr. Asha"
    assert shell.desk.place.currency == "INR"
    assert b"Asha" not in file.read_bytes()


@pytest.fixture
def clinic_url(world: World) -> str:
    password = PRODUCTION.new(PASSWORD, username="receptionist")
    world.db.run(Actor.system(), set_password, user_id=world.users["receptionist"], password=password, must_change_password=False)
    return f"sqlite:///{world.db.address.file}"


def test_a_wrong_password_is_told_and_the_next_try_enters(open_session: Open, clinic_url: str, qtbot: QtBot) -> None:
    session = open_session(clinic_url)
    login: LoginPage = page(session, LoginPage, qtbot)
    fill(login, "receptionist", "wrong-password-1")
    assert login.button.is_busy
    qtbot.waitUntil(lambda: login.trouble.isVisible())
    assert login.trouble.text() == "Wrong username or password."
    assert login.password.selectedText() != ""
    fill(login, "receptionist", PASSWORD)
    assert isinstance(page(session, Shell, qtbot), Shell)
    assert session.preferences.username == "receptionist"


def test_too_many_failures_count_down(open_session: Open, clinic_url: str, qtbot: QtBot) -> None:
    session = open_session(clinic_url)
    login: LoginPage = page(session, LoginPage, qtbot)
    for _attempt in range(20):
        fill(login, "receptionist", "wrong-password-1")
        qtbot.waitUntil(lambda: not session.work.is_busy)
        if not login.button.isEnabled():
            break
    assert login.trouble.text().startswith("Too many failed attempts. Try again in ")
    said = login.trouble.text()
    qtbot.waitUntil(lambda: login.trouble.text() != said, timeout=3_000)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    assert not session.work.is_busy


def test_a_password_that_must_be_changed_is_changed(open_session: Open, world: World, clinic_url: str, qtbot: QtBot) -> None:
    given = PRODUCTION.new("given-By-Admin-1", username="nurse")
    world.db.run(Actor.system(), set_password, user_id=world.users["nurse"], password=given, must_change_password=True)
    session = open_session(clinic_url)
    fill(page(session, LoginPage, qtbot), "nurse", "given-By-Admin-1")
    new: NewPasswordPage = page(session, NewPasswordPage, qtbot)
    for field in ("password", "again"):
        new.form[field].setText("short")
    new.button.click()
    qtbot.waitUntil(lambda: bool(new.form.fields["password"].error) or new.trouble.isVisible())
    for field in ("password", "again"):
        new.form[field].setText("my-Own-Secret-77")
    QTest.keyClick(new.form["again"], Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    assert shell.desk.actor.user_id == world.users["nurse"]


def test_lock_goes_to_the_login_and_theme_and_language_rebuild_the_frame(open_session: Open, clinic_url: str, qtbot: QtBot) -> None:
    session = open_session(clinic_url)
    fill(page(session, LoginPage, qtbot), "receptionist", PASSWORD)
    before: Shell = page(session, Shell, qtbot)
    session.preferences.set_language("ar")
    after: Shell = page(session, Shell, qtbot)
    assert after is not before
    assert after.layoutDirection() == Qt.LayoutDirection.RightToLeft
    session.preferences.set_theme("dark")
    session.preferences.set_scale(130)
    shell: Shell = page(session, Shell, qtbot)
    QTest.keyClick(shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    login: LoginPage = page(session, LoginPage, qtbot)
    assert session.work.actor is None
    assert login.username.text() == "receptionist"
    fill(login, "receptionist", PASSWORD)
    shell = page(session, Shell, qtbot)
    shell.header.logged_out.emit()
    page(session, LoginPage, qtbot)


def test_a_wrong_passphrase_is_told_and_can_be_typed_again(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    url = f"sqlcipher:///{tmp_path / 'clinic.db'}"
    first = open_session(url, passphrase=SECRET)
    page(first, FirstRunPage, qtbot)
    first.window.close()
    session = open_session(url)
    unlock: UnlockPage = page(session, UnlockPage, qtbot)
    assert unlock.again is None
    QTest.keyClicks(unlock.first, "not the one")
    QTest.keyClick(unlock.first, Qt.Key.Key_Return)
    field = unlock.form.fields["passphrase"]
    qtbot.waitUntil(lambda: field.error != "" and not unlock.button.is_busy)
    assert field.error == "This passphrase does not open the database. Nothing was changed."
    assert unlock.first.selectionLength() == len("not the one")
    QTest.keyClicks(unlock.first, SECRET)
    QTest.keyClick(unlock.first, Qt.Key.Key_Return)
    page(session, FirstRunPage, qtbot)


def test_a_database_that_cannot_be_opened_says_why(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "clinic.db").write_bytes(b"this is no database" * 100)
    session = open_session(f"sqlite:///{tmp_path / 'clinic.db'}")
    page(session, WaitPage, qtbot)

    def dialog() -> list[QDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]

    qtbot.waitUntil(lambda: len(dialog()) == 1)
    QTest.keyClick(dialog()[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not session.window.isVisible())


def test_demo_data_is_offered_filled_in_the_background_and_told(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    class Report:
        usernames = ("reception",)
        password = PASSWORD

    def demo(db: Any, *, progress: Callable[[int, int], None]) -> Report:
        progress(1, 2)
        form = {"hospital": "Demo", "clinic": "Main", "currency": "INR", "timezone": "Asia/Kolkata"}
        set_up(db, form={**form, "full_name": "Demo", "username": "reception", "password": PASSWORD})
        progress(2, 2)
        return Report()

    session = open_session(f"sqlite:///{tmp_path / 'clinic.db'}", demo=demo)
    first: FirstRunPage = page(session, FirstRunPage, qtbot)
    qtbot.mouseClick(first.demo, Qt.MouseButton.LeftButton)
    page(session, LoginPage, qtbot)
    told = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    assert told.windowTitle() == "The demo clinic is ready"
    QTest.keyClick(told, Qt.Key.Key_Return)


def test_the_command_line_names_the_database_or_takes_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLINIC_DATABASE_URL", raising=False)
    assert program.arguments([]).db is None
    assert program.arguments(["--db", "sqlite:///x"]).db == "sqlite:///x"
    monkeypatch.setenv("CLINIC_DATABASE_URL", "postgresql://h/d")
    assert program.arguments([]).db == "postgresql://h/d"
    assert program.default_url().startswith("sqlcipher:///")
    assert program.default_url().endswith("clinic.db")
