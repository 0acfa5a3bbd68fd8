"""From a closed database to a person at work: unlocking, logging in, and every trouble on the way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.access.queries import users
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import USER, RecoveryKey, UserPassword, key_file_path, new_recovery_key
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui import app as program
from clinic_desktop.ui.screens.login.pages import FREE_FAILURES, LoginPage, NewPasswordPage
from clinic_desktop.ui.screens.login.trouble import TroublePage
from clinic_desktop.ui.screens.login.unlock import PassphrasePage, RecoveredPage, RecoveryPage
from clinic_desktop.ui.screens.setup.restore import BackupPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.pages import page
from tests.ui.templates import copy_of
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


@pytest.fixture
def clinic_url(world: World) -> str:
    password = passwords.new(PASSWORD, username="receptionist")
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
    qtbot.waitUntil(lambda: login.trouble.text() != said)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    assert not session.work.is_busy


def test_a_password_that_must_be_changed_is_changed(open_session: Open, world: World, clinic_url: str, qtbot: QtBot) -> None:
    given = passwords.new("given-By-Admin-1", username="nurse")
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


@pytest.fixture
def locked_url(tmp_path: Path, clock: FrozenClock) -> str:
    """An encrypted clinic that two secrets open: a passphrase, and the password of the receptionist."""

    def furnish(folder: Path) -> None:
        with closing(Database.open(f"sqlcipher:///{folder / 'clinic.db'}", passphrase=SECRET, clock=clock)) as db:
            upgrade(db)
            world = build_world(db)
            password = passwords.new(PASSWORD, username="receptionist")
            db.run(Actor.system(), set_password, user_id=world.users["receptionist"], password=password, must_change_password=False)
            db.vault.add(UserPassword("receptionist", PASSWORD))

    copy_of("two-secrets", tmp_path, furnish)
    return f"sqlcipher:///{tmp_path / 'clinic.db'}"


def test_one_page_unlocks_and_logs_in(open_session: Open, locked_url: str, qtbot: QtBot) -> None:
    session = open_session(locked_url)
    login: LoginPage = page(session, LoginPage, qtbot)
    assert unnamed(login) == []
    assert login.heading.text() == "Clinic Desktop"
    assert login.recovery.isVisible()
    fill(login, "receptionist", "wrong-password-1")
    qtbot.waitUntil(lambda: login.trouble.isVisible())
    assert login.trouble.text() == "Wrong username or password."
    assert not session.work.is_open
    fill(login, "receptionist", PASSWORD)
    shell: Shell = page(session, Shell, qtbot)
    assert shell.desk.place.hospital_name == "Sunrise Hospital"


def test_who_types_before_the_program_is_ready_is_not_lost(open_session: Open, locked_url: str, qtbot: QtBot) -> None:
    session = open_session(locked_url)
    login = session.window.centralWidget()
    assert isinstance(login, LoginPage)
    fill(login, "receptionist", PASSWORD)
    assert isinstance(page(session, Shell, qtbot), Shell)


def test_a_locked_database_makes_whoever_guesses_wait(open_session: Open, locked_url: str, qtbot: QtBot) -> None:
    session = open_session(locked_url)
    login: LoginPage = page(session, LoginPage, qtbot)
    for _attempt in range(FREE_FAILURES):
        fill(login, "receptionist", "wrong-password-1")
        qtbot.waitUntil(lambda: not login.button.is_busy and not session.work.is_busy)
    assert login.trouble.text().startswith("Too many failed attempts. Try again in 0:")
    fill(login, "receptionist", PASSWORD)
    assert not session.work.is_busy


def test_a_wrong_passphrase_is_told_and_can_be_typed_again(open_session: Open, locked_url: str, qtbot: QtBot) -> None:
    session = open_session(locked_url)
    login: LoginPage = page(session, LoginPage, qtbot)
    qtbot.waitUntil(lambda: login.passphrase.isVisible())
    QTest.mouseClick(login.passphrase, Qt.MouseButton.LeftButton)
    unlock: PassphrasePage = page(session, PassphrasePage, qtbot)
    assert unnamed(unlock) == []
    QTest.keyClicks(unlock.first, "not the one")
    QTest.keyClick(unlock.first, Qt.Key.Key_Return)
    field = unlock.form.fields["passphrase"]
    qtbot.waitUntil(lambda: field.error != "" and not unlock.button.is_busy)
    assert field.error == "This passphrase does not open the database. Nothing was changed."
    assert unlock.first.selectionLength() == len("not the one")
    QTest.keyClicks(unlock.first, SECRET)
    QTest.keyClick(unlock.first, Qt.Key.Key_Return)
    login = page(session, LoginPage, qtbot)
    assert login.heading.text() == "Sunrise Hospital"
    fill(login, "receptionist", PASSWORD)
    page(session, Shell, qtbot)


def test_whoever_logs_in_to_open_data_can_open_it_the_next_time(
    open_session: Open, locked_url: str, clock: FrozenClock, qtbot: QtBot
) -> None:
    db = Database.open(locked_url, passphrase=SECRET, clock=clock)
    with db.read() as scope:
        nurse = next(one.id for one in users(scope) if one.username == "nurse")
    password = passwords.new(PASSWORD, username="nurse")
    db.run(Actor.system(), set_password, user_id=nurse, password=password, must_change_password=False)
    db.close()
    session = open_session(locked_url, passphrase=SECRET)
    fill(page(session, LoginPage, qtbot), "nurse", PASSWORD)
    page(session, Shell, qtbot)
    qtbot.waitUntil(lambda: session.work.db.vault.has(USER, "nurse"))
    session.window.close()
    again = open_session(locked_url)
    fill(page(again, LoginPage, qtbot), "nurse", PASSWORD)
    assert isinstance(page(again, Shell, qtbot), Shell)


def test_the_recovery_key_opens_and_lets_an_administrator_choose_a_password(
    open_session: Open, locked_url: str, clock: FrozenClock, qtbot: QtBot
) -> None:
    key = new_recovery_key()
    db = Database.open(locked_url, passphrase=SECRET, clock=clock)
    db.vault.add(RecoveryKey(key))
    db.close()
    session = open_session(locked_url)
    login: LoginPage = page(session, LoginPage, qtbot)
    QTest.mouseClick(login.recovery, Qt.MouseButton.LeftButton)
    ask: RecoveryPage = page(session, RecoveryPage, qtbot)
    assert unnamed(ask) == []
    wrong = ("A" if key[0] != "A" else "B") + key[1:]
    QTest.keyClicks(ask.key, wrong)
    QTest.keyClick(ask.key, Qt.Key.Key_Return)
    field = ask.form.fields["recovery_key"]
    qtbot.waitUntil(lambda: field.error == "There is a typing error in group 1." and not ask.button.is_busy)
    ask.key.selectAll()
    QTest.keyClicks(ask.key, new_recovery_key())
    QTest.keyClick(ask.key, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: field.error.startswith("This is a recovery key, but not of this database.") and not ask.button.is_busy)
    ask.key.selectAll()
    QTest.keyClicks(ask.key, key.lower())
    QTest.keyClick(ask.key, Qt.Key.Key_Return)
    new: RecoveredPage = page(session, RecoveredPage, qtbot)
    assert unnamed(new) == []
    for name in ("password", "again"):
        QTest.keyClicks(new.form[name], "a-Fresh-Start-77")
    QTest.keyClick(new.form["again"], Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    assert "admin" in shell.desk.actor.roles or "super_admin" in shell.desk.actor.roles


TROUBLES = {
    "no database": (lambda file: file.write_bytes(b"this is no database" * 100), "sqlite", "The database cannot be opened"),
    "no keys": (lambda file: key_file_path(file).unlink(), "sqlcipher", "The key file does not fit"),
    "broken keys": (lambda file: key_file_path(file).write_bytes(b"{}"), "sqlcipher", "The key file does not fit"),
}


@pytest.mark.parametrize("what", TROUBLES)
def test_a_database_that_does_not_open_says_why_and_what_to_do(
    what: str, open_session: Open, locked_url: str, tmp_path: Path, qtbot: QtBot
) -> None:
    spoil, kind, heading = TROUBLES[what]
    file = tmp_path / "clinic.db"
    spoil(file)
    before = {one.name: one.read_bytes() for one in tmp_path.glob("clinic.db*")}
    session = open_session(f"{kind}:///{file}")
    trouble: TroublePage = page(session, TroublePage, qtbot)
    assert unnamed(trouble) == []
    assert trouble.accessibleName() == heading
    assert trouble.said.text() != ""
    QTest.mouseClick(trouble.copy, Qt.MouseButton.LeftButton)
    assert str(file) in QApplication.clipboard().text()
    QTest.mouseClick(trouble.buttons["retry"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.window.centralWidget() is not trouble)
    page(session, TroublePage, qtbot)
    assert {one.name: one.read_bytes() for one in tmp_path.glob("clinic.db*") if not one.name.endswith(".open")} == before
    QTest.mouseClick(session.window.centralWidget().buttons["close"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.window.isVisible())


def test_a_flipped_byte_is_noticed_before_anybody_works(open_session: Open, locked_url: str, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "clinic.db"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    session = open_session(locked_url)
    fill(page(session, LoginPage, qtbot), "receptionist", PASSWORD)
    trouble: TroublePage = page(session, TroublePage, qtbot)
    assert trouble.accessibleName() == "The database cannot be opened"
    assert "damaged" in trouble.said.text()
    assert trouble.buttons["restore"].hasFocus()
    assert file.read_bytes() == content
    assert not session.work.is_open
    QTest.keyClick(trouble.buttons["restore"], Qt.Key.Key_Space)
    page(session, BackupPage, qtbot)


def test_a_damaged_file_is_not_brought_up_to_date(open_session: Open, world: World, clinic_url: str, qtbot: QtBot) -> None:
    file = world.db.address.file
    assert file is not None
    with world.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0011'"))
        size, root = connection.execute(
            text("SELECT page_size, rootpage FROM pragma_page_size, sqlite_schema WHERE name = 'patients'")
        ).one()
    world.db.close()
    content = bytearray(file.read_bytes())
    content[(root - 1) * size] ^= 0xFF  # the kind of that page
    file.write_bytes(content)
    trouble: TroublePage = page(open_session(clinic_url), TroublePage, qtbot)
    assert "damaged" in trouble.said.text()
    assert file.read_bytes() == content


def test_a_second_program_on_one_file_is_told_so(open_session: Open, clinic_url: str, qtbot: QtBot) -> None:
    first = open_session(clinic_url)
    page(first, LoginPage, qtbot)
    second = open_session(clinic_url)
    trouble: TroublePage = page(second, TroublePage, qtbot)
    assert trouble.accessibleName() == "The program is open already"
    first.window.close()
    QTest.mouseClick(trouble.buttons["retry"], Qt.MouseButton.LeftButton)
    page(second, LoginPage, qtbot)


def test_a_newer_database_is_left_alone(open_session: Open, world: World, clinic_url: str, qtbot: QtBot) -> None:
    with world.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    session = open_session(clinic_url)
    trouble: TroublePage = page(session, TroublePage, qtbot)
    assert trouble.accessibleName() == "This program is too old"


def test_the_command_line_names_the_database_or_takes_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLINIC_DATABASE_URL", raising=False)
    assert program.arguments([]).db is None
    assert program.arguments(["--db", "sqlite:///x"]).db == "sqlite:///x"
    monkeypatch.setenv("CLINIC_DATABASE_URL", "postgresql://h/d")
    assert program.arguments([]).db == "postgresql://h/d"
    assert program.default_url().startswith("sqlcipher:///")
    assert program.default_url().endswith("clinic.db")
