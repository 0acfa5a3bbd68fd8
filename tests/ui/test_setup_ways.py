"""The other ways to a clinic: joined on a server, restored from a backup, opened as an older copy; and out of a forgotten password."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.access.queries import users
from clinic_desktop.clinic.access.resets import issue_reset_code
from clinic_desktop.clinic.organisation.commands import add_department
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.kernel import device_keys
from clinic_desktop.kernel.backup.routine import back_up
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.identity import remember
from clinic_desktop.kernel.keys import DEVICE, UserPassword, key_file_path
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui import door
from clinic_desktop.ui.address import ENCRYPT, PLAIN, ServerAddress
from clinic_desktop.ui.screens.login.forgotten import ForgottenPage
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.login.trouble import TroublePage
from clinic_desktop.ui.screens.setup.choose import JOIN, RESTORE, ChoosePage
from clinic_desktop.ui.screens.setup.join import JoinPage, ServerPage, ServerPasswordPage
from clinic_desktop.ui.screens.setup.restore import BackupPage, PreviewPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import bare, drop, fresh
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.founding_steps import url_of
from tests.ui.pages import page
from tests.ui.templates import copy_of
from tests.ui.walk import unnamed

PASSWORD = "blue-Elephant-42"
Open = Callable[..., Session]


@pytest.fixture
def open_session(run_program: Open) -> Open:
    """Start the program with the screens of the tests."""
    return partial(run_program, registry=lambda: (SCREENS, SEARCHES))


class Memory(KeyringBackend):
    """An operating system's keyring, as far as the program uses it."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def system_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    """A computer whose operating system keeps secrets."""
    before, made = keyring.get_keyring(), Memory()
    monkeypatch.setattr(device_keys, "ALLOWED", frozenset({Memory.__module__}))
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def let_in(db: Database, world: World, *names: str) -> None:
    for name in names:
        password = passwords.new(PASSWORD, username=name)
        db.run(Actor.system(), set_password, user_id=world.users[name], password=password, must_change_password=False)


def log_in(session: Session, qtbot: QtBot, username: str = "receptionist", password: str = PASSWORD) -> Shell:
    login: LoginPage = page(session, LoginPage, qtbot)
    login.username.setText(username)
    login.password.setFocus()
    QTest.keyClicks(login.password, password)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    return shell


# A server


@pytest.fixture
def server(tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    """The world's clinic, on a server."""
    db, built = fresh("postgres", tmp_path, clock, recipe="world", build=build_world)
    world: World = built.at(db)
    let_in(db, world, "receptionist")
    yield world
    drop(db)


def choose(session: Session, way: str, qtbot: QtBot) -> None:
    first: ChoosePage = page(session, ChoosePage, qtbot)
    QTest.mouseClick(first.tiles[way], Qt.MouseButton.LeftButton)


def join_as_user(session: Session, qtbot: QtBot) -> ServerPage:
    choose(session, JOIN, qtbot)
    joining: JoinPage = page(session, JoinPage, qtbot)
    QTest.mouseClick(joining.other, Qt.MouseButton.LeftButton)
    found: ServerPage = page(session, ServerPage, qtbot)
    return found


def fill_in(join: ServerPage, address: str, *, security: str = PLAIN, **others: str) -> None:
    url = make_url(address)
    join.form["port"].setValue(url.port)
    join.form["security"].set_value(security)
    texts = {"host": str(url.host), "database": str(url.database), "user": str(url.username), "password": "", **others}
    for name, text in texts.items():
        join.form[name].setFocus()
        join.form[name].selectAll()
        QTest.keyClicks(join.form[name], text)


def test_a_clinic_on_a_server_is_joined_and_remembered(open_session: Open, server: World, tmp_path: Path, qtbot: QtBot) -> None:
    session = open_session(url_of(tmp_path))
    join = join_as_user(session, qtbot)
    assert unnamed(join) == []
    fill_in(join, os.environ["CLINIC_TEST_POSTGRES"], database=str(server.db.address.url.database))
    QTest.mouseClick(join.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: join.trouble.text() == "The connection works, and the clinic is there.")
    QTest.keyClick(join.form["password"], Qt.Key.Key_Return)
    shell = log_in(session, qtbot)
    assert shell.desk.place.hospital_name == "Sunrise Hospital"
    remembered = session.preferences.database
    assert remembered.startswith("postgresql://clinic@127.0.0.1:")
    session.window.close()
    again = open_session(remembered)
    log_in(again, qtbot)


@pytest.mark.parametrize(
    ("change", "security", "sentence"),
    [
        ({"database": "not_there"}, PLAIN, "The server has no database named \u2068not_there\u2069."),
        ({}, ENCRYPT, "The server offers no encryption. Have it switched on there, or choose another kind of connection."),
        ({"user": "nobody"}, PLAIN, "The server does not accept this user and password."),
    ],
)
def test_what_stands_in_the_way_is_told(
    change: dict[str, str], security: str, sentence: str, open_session: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    session = open_session(url_of(tmp_path))
    join = join_as_user(session, qtbot)
    fill_in(join, os.environ["CLINIC_TEST_POSTGRES"], security=security, **change)
    QTest.mouseClick(join.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: join.trouble.isVisible() and not join.test.is_busy)
    assert join.trouble.text() == sentence
    assert session.preferences.database == ""
    QTest.mouseClick(join.back, Qt.MouseButton.LeftButton)
    joining: JoinPage = page(session, JoinPage, qtbot)
    QTest.mouseClick(joining.back, Qt.MouseButton.LeftButton)
    page(session, ChoosePage, qtbot)


def test_an_open_way_over_the_network_needs_a_yes(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    session = open_session(url_of(tmp_path))
    join = join_as_user(session, qtbot)
    fill_in(join, os.environ["CLINIC_TEST_POSTGRES"], host="no-such-computer.invalid")
    join.submit()
    asked = QApplication.activeModalWidget()
    assert asked is not None
    assert asked.windowTitle() == "Without encryption?"
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert not session.work.is_busy


def test_an_empty_database_on_a_server_is_set_up(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    empty = bare("postgres", tmp_path)
    session = open_session(empty.address.url.set(drivername="postgresql").render_as_string(hide_password=False))
    page(session, ChoosePage, qtbot)
    session.window.close()
    qtbot.waitUntil(lambda: not session.window.isVisible())
    drop(empty)


def test_the_servers_password_is_kept_by_the_system_or_asked_for(
    open_session: Open, server: World, tmp_path: Path, system_keyring: Memory, qtbot: QtBot
) -> None:
    url = make_url(os.environ["CLINIC_TEST_POSTGRES"])
    address = ServerAddress(str(url.host), int(url.port or 0), str(server.db.address.url.database), "clinic", PLAIN)
    session = open_session(url_of(tmp_path))
    join = join_as_user(session, qtbot)
    fill_in(join, os.environ["CLINIC_TEST_POSTGRES"], database=address.database, password="trusted anyway")
    QTest.keyClick(join.form["password"], Qt.Key.Key_Return)
    page(session, LoginPage, qtbot)
    assert "trusted anyway" in system_keyring.kept.values()
    assert "trusted anyway" not in "".join(one.read_text() for one in tmp_path.glob("*.ini"))


def test_a_server_that_wants_a_password_is_asked_again(open_session: Open, tmp_path: Path, qtbot: QtBot) -> None:
    url = make_url(os.environ["CLINIC_TEST_POSTGRES"])
    session = open_session(ServerAddress(str(url.host), int(url.port or 0), "postgres", "nobody_here", PLAIN).url())
    asked: ServerPasswordPage = page(session, ServerPasswordPage, qtbot)
    assert unnamed(asked) == []
    QTest.keyClicks(asked.first, "wrong")
    QTest.keyClick(asked.first, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked.trouble.isVisible())
    assert asked.trouble.text() == "The server does not accept this user and password."


# A backup


@pytest.fixture
def clinic(tmp_path: Path, clock: FrozenClock) -> str:
    """An encrypted clinic that the receptionist's password opens, and a backup of it in ``backups``."""

    def opened(folder: Path) -> Database:
        return Database.open(f"sqlcipher:///{folder / 'clinic.db'}", secret=UserPassword("receptionist", PASSWORD), clock=clock)

    def furnish(folder: Path) -> None:
        with closing(opened(folder)) as db:
            upgrade(db)
            let_in(db, build_world(db), "receptionist", "admin")
            (folder / "backups").mkdir()
            db.run(Actor.system(), add_department, name="In the backup")
            back_up(db, folder / "backups", reason="MANUAL")
            db.run(Actor.system(), add_department, name="After the backup")

    copy_of("backed-up", tmp_path, furnish)
    with closing(opened(tmp_path)) as db:
        remember(db)  # by its address, which is another for each test
    return f"sqlcipher:///{tmp_path / 'clinic.db'}"


def names(session: Session) -> set[str]:
    with session.work.db.read() as scope:
        return {one.name for one in departments(scope)}


def test_a_clinic_is_restored_on_a_new_computer(open_session: Open, clinic: str, tmp_path: Path, qtbot: QtBot) -> None:
    session = open_session(url_of(tmp_path))
    choose(session, RESTORE, qtbot)
    ask: BackupPage = page(session, BackupPage, qtbot)
    assert unnamed(ask) == []
    ask.form["place"].edit.setText(str(tmp_path / "backups"))
    QTest.keyClicks(ask.form["name"], "receptionist")
    QTest.keyClicks(ask.form["password"], "wrong-password-1")
    QTest.keyClick(ask.form["password"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ask.form.fields["password"].error != "" and not ask.button.is_busy)
    ask.form["password"].selectAll()
    QTest.keyClicks(ask.form["password"], PASSWORD)
    QTest.keyClick(ask.form["password"], Qt.Key.Key_Return)
    seen: PreviewPage = page(session, PreviewPage, qtbot)
    assert unnamed(seen) == []
    assert {"Backup of", "Last change", "Patients"} <= dict(seen.shown).keys()
    QTest.mouseClick(seen.button, Qt.MouseButton.LeftButton)
    log_in(session, qtbot)
    assert "In the backup" in names(session)
    assert "After the backup" not in names(session)
    assert (tmp_path / "clinic.db").exists(), "the other clinic is where it was"


def test_who_goes_back_restores_nothing(open_session: Open, clinic: str, tmp_path: Path, qtbot: QtBot) -> None:
    session = open_session(url_of(tmp_path))
    choose(session, RESTORE, qtbot)
    ask: BackupPage = page(session, BackupPage, qtbot)
    QTest.mouseClick(ask.back, Qt.MouseButton.LeftButton)
    page(session, ChoosePage, qtbot)
    assert not (tmp_path / "data" / "clinic.db").exists()


def test_a_broken_database_is_replaced_by_its_backup_and_kept(open_session: Open, clinic: str, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "clinic.db"
    broken = b"\xff" * file.stat().st_size
    file.write_bytes(broken)
    session = open_session(clinic)
    login: LoginPage = page(session, LoginPage, qtbot)
    login.username.setText("receptionist")
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    trouble: TroublePage = page(session, TroublePage, qtbot)
    QTest.mouseClick(trouble.buttons["restore"], Qt.MouseButton.LeftButton)
    ask: BackupPage = page(session, BackupPage, qtbot)
    ask.form["place"].edit.setText(str(tmp_path / "backups"))
    QTest.keyClicks(ask.form["name"], "receptionist")
    QTest.keyClicks(ask.form["password"], PASSWORD)
    QTest.keyClick(ask.form["password"], Qt.Key.Key_Return)
    seen: PreviewPage = page(session, PreviewPage, qtbot)
    QTest.mouseClick(seen.button, Qt.MouseButton.LeftButton)
    log_in(session, qtbot)
    assert "In the backup" in names(session)
    assert any(one.read_bytes() == broken for one in tmp_path.glob("clinic.before-restore-*.db"))


# An older copy


def test_an_older_copy_is_opened_only_knowingly(open_session: Open, clinic: str, tmp_path: Path, clock: FrozenClock, qtbot: QtBot) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    file = tmp_path / "clinic.db"
    db = Database.open(clinic, secret=UserPassword("receptionist", PASSWORD), clock=clock)
    db.close()  # what was in the log is in the file now
    for one in (file, key_file_path(file)):
        shutil.copy(one, aside)
    db = Database.open(clinic, secret=UserPassword("receptionist", PASSWORD), clock=clock)
    db.run(Actor.system(), add_department, name="Missing later")
    remember(db)
    db.close()
    for one in aside.iterdir():
        shutil.copy(one, tmp_path)
    session = open_session(clinic)
    login: LoginPage = page(session, LoginPage, qtbot)
    login.username.setText("receptionist")
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    trouble: TroublePage = page(session, TroublePage, qtbot)
    assert trouble.accessibleName() == "This is an older copy"
    QTest.mouseClick(trouble.buttons["accept"], Qt.MouseButton.LeftButton)
    log_in(session, qtbot)
    assert "Missing later" not in names(session)


# This computer's own key


@pytest.fixture
def known_computer(open_session: Open, clinic: str, system_keyring: Memory, qtbot: QtBot) -> str:
    """The clinic on a computer that opens it by itself."""
    first = open_session(clinic)
    log_in(first, qtbot)
    qtbot.waitUntil(lambda: first.work.db.vault.has(DEVICE))
    first.window.close()
    qtbot.waitUntil(lambda: not first.window.isVisible())
    return clinic


def test_a_computer_with_a_keyring_opens_the_data_by_itself(open_session: Open, known_computer: str, qtbot: QtBot) -> None:
    session = open_session(known_computer)
    login: LoginPage = page(session, LoginPage, qtbot)
    qtbot.waitUntil(lambda: session.work.is_open)
    assert login.heading.text() == "Sunrise Hospital"
    log_in(session, qtbot)


# A forgotten password


def code_for_admin(clinic: str) -> str:
    with closing(Database.open(clinic, secret=UserPassword("receptionist", PASSWORD))) as db:
        with db.read() as scope:
            admin = next(one for one in users(scope) if one.username == "admin")
        return issue_reset_code(db, Actor.system(), admin.id).text


def forgotten(session: Session, qtbot: QtBot) -> ForgottenPage:
    login: LoginPage = page(session, LoginPage, qtbot)
    QTest.mouseClick(login.forgot, Qt.MouseButton.LeftButton)
    ask: ForgottenPage = page(session, ForgottenPage, qtbot)
    return ask


def test_a_code_opens_the_data_and_sets_a_new_password(open_session: Open, clinic: str, qtbot: QtBot) -> None:
    code = code_for_admin(clinic)
    session = open_session(clinic)
    ask = forgotten(session, qtbot)
    assert unnamed(ask) == []
    assert not ask.mail.isVisible(), "nobody has set up a mail server"
    QTest.keyClicks(ask.username, "admin")
    QTest.keyClicks(ask.code, "WRONG-CODE0")
    for name in ("password", "again"):
        QTest.keyClicks(ask.form[name], "a-Fresh-Start-77")
    QTest.keyClick(ask.form["again"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ask.form.fields["code"].error != "" and not ask.button.is_busy)
    ask.code.selectAll()
    QTest.keyClicks(ask.code, code.lower())
    QTest.keyClick(ask.form["again"], Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    assert shell.desk.actor.roles & {"admin", "super_admin"}


@pytest.mark.parametrize("opens", ["while one types", "while the code opens it", "after one came in"])
def test_data_that_opens_by_itself_takes_no_page_away(
    opens: str, open_session: Open, known_computer: str, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    code = code_for_admin(known_computer)
    monkeypatch.setattr(door, "PAINTED_MS", 400 if opens == "after one came in" else 0)
    session = open_session(known_computer)
    login = session.window.centralWidget()
    assert isinstance(login, LoginPage)
    QTest.mouseClick(login.forgot, Qt.MouseButton.LeftButton)
    ask = session.window.centralWidget()
    assert isinstance(ask, ForgottenPage)
    ask.username.selectAll()
    QTest.keyClicks(ask.username, "admin")
    if opens == "while one types":
        qtbot.waitUntil(lambda: session.work.is_open)
    assert session.window.centralWidget() is ask
    QTest.keyClicks(ask.code, code)
    for name in ("password", "again"):
        QTest.keyClicks(ask.form[name], "a-Fresh-Start-77")
    if opens == "while the code opens it":
        QApplication.processEvents()  # it has begun, and the code comes second
    QTest.keyClick(ask.form["again"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.work.is_open)
    first = session.work.db
    shell: Shell = page(session, Shell, qtbot)
    qtbot.waitUntil(lambda: not session.door.is_trying)
    assert page(session, Shell, qtbot) is shell
    assert session.work.db is first
