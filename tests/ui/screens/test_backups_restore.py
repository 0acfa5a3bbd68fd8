"""The way back in the whole program: back up, change something, restore, log in, the change is gone and the former database is kept."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.backups.commands import FOLDER, TIMES
from clinic_desktop.clinic.organisation.commands import add_department, set_setting
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.kernel.backup.container import ENDING
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import UserPassword
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.screens.backups import SCREEN
from clinic_desktop.ui.screens.backups.restoring import RestoreDialog
from clinic_desktop.ui.screens.backups.screen import BackupsScreen
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets import Button, Dialog, Label
from tests.clinic.world import TIMEZONE, build_world
from tests.databases import bare, drop
from tests.ui.pages import page
from tests.ui.templates import copy_of
from tests.ui.texts import plain
from tests.ui.walk import unnamed

PASSWORD = "blue-Elephant-42"
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton
Open = Callable[..., Session]


def found(db: Database) -> None:
    """A clinic with an administrator, where no backup is due by itself: the tests count those that they make."""
    upgrade(db)
    world = build_world(db)
    hashed = passwords.new(PASSWORD, username="admin")
    db.run(Actor.system(), set_password, user_id=world.users["admin"], password=hashed, must_change_password=False)
    db.run(Actor.system(), set_setting, key=TIMES.key, value="")


def choose_folder(db: Database, folder: Path) -> None:
    folder.mkdir()
    db.run(Actor.system(), set_setting, key=FOLDER.key, value=str(folder))


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An encrypted clinic that the administrator's password opens. Its clock is the computer's own."""

    def opened(folder: Path) -> Database:
        return Database.open(f"sqlcipher:///{folder / 'data' / 'clinic.db'}", secret=UserPassword("admin", PASSWORD))

    def furnish(folder: Path) -> None:
        (folder / "data").mkdir()
        with closing(opened(folder)) as db:
            found(db)

    copy_of("to-restore", tmp_path, furnish)
    with closing(opened(tmp_path)) as db:
        choose_folder(db, tmp_path / "disk")
    return f"sqlcipher:///{tmp_path / 'data' / 'clinic.db'}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The same on a server."""
    db = bare("postgres", tmp_path)
    found(db)
    choose_folder(db, tmp_path / "disk")
    yield db.address.url.set(drivername="postgresql").render_as_string(hide_password=False)
    drop(db)


@pytest.fixture
def start(run_program: Open, qtbot: QtBot) -> Callable[[str], Session]:
    """The program with the administrator at the screen of backups."""

    def run(address: str) -> Session:
        session = run_program(address, registry=lambda: ((SCREEN,), ()))
        log_in(session, qtbot)
        return session

    return run


def log_in(session: Session, qtbot: QtBot) -> BackupsScreen:
    login: LoginPage = page(session, LoginPage, qtbot)
    login.username.setText("admin")
    login.password.setFocus()
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, KEY.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    screen = shell.current
    assert isinstance(screen, BackupsScreen)
    qtbot.waitUntil(lambda: screen.looked is not None and not session.work.is_busy)
    return screen


def screen_of(session: Session) -> BackupsScreen:
    shell = session.window.shell
    assert shell is not None
    assert isinstance(shell.current, BackupsScreen)
    return shell.current


def idle(session: Session, qtbot: QtBot) -> None:
    for _turn in range(4):
        qtbot.waitUntil(lambda: not session.work.is_busy, timeout=60_000)
        QApplication.processEvents()


def change(session: Session, name: str) -> None:
    session.work.db.run(Actor.system(), add_department, name=name)


def names(session: Session) -> set[str]:
    with session.work.db.read() as scope:
        return {one.name for one in departments(scope)}


def back_up(session: Session, qtbot: QtBot) -> None:
    QTest.mouseClick(screen_of(session).head.run, CLICK)
    idle(session, qtbot)


def look(session: Session, qtbot: QtBot, *, moment: str | None = None) -> RestoreDialog:
    """Open the dialog and go on to its preview."""
    screen = screen_of(session)
    QTest.mouseClick(screen.bring_back, CLICK)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RestoreDialog)
    if moment is not None:
        QTest.keyClick(dialog.choose.form["way"], KEY.Key_Down)
        QTest.keyClicks(dialog.choose.form["time"], moment)
    QTest.mouseClick(dialog.look, CLICK)
    qtbot.waitUntil(lambda: dialog.preview is not None, timeout=60_000)
    idle(session, qtbot)
    return dialog


def confirm(dialog: RestoreDialog, *, password: str = PASSWORD) -> None:
    assert dialog.preview is not None
    for name, typed in (("reason", "A wrong import"), ("password", password), ("word", "restore")):
        edit = dialog.preview.form[name]
        edit.clear()
        QTest.keyClicks(edit, typed)
    QTest.mouseClick(dialog.restore_button, CLICK)


def told(session: Session, qtbot: QtBot) -> tuple[str, str]:
    """Title and text of the sentence above the login page, which is then closed."""

    def is_there() -> bool:
        return isinstance(found(), Dialog) and not isinstance(found(), RestoreDialog)

    def found() -> QWidget | None:
        return QApplication.activeModalWidget()

    qtbot.waitUntil(is_there, timeout=120_000)
    dialog = found()
    assert isinstance(dialog, Dialog)
    assert unnamed(dialog) == []
    said = plain(" ".join(one.text() for one in dialog.findChildren(Label)[1:]))
    title = dialog.windowTitle()
    QTest.keyClick(dialog, KEY.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    session.window.activateWindow()  # without a window manager nobody else does
    return title, said


def journal(session: Session) -> list[tuple[str, str | None, str]]:
    with session.work.db.engine.connect() as connection:
        found = connection.execute(text("SELECT command, reason, actor_name FROM journal ORDER BY seq")).all()
    return [(one.command, one.reason, one.actor_name) for one in found]


def test_back_up_change_restore_log_in(start: Callable[[str], Session], url: str, tmp_path: Path, qtbot: QtBot) -> None:
    session = start(url)
    change(session, "In the backup")
    back_up(session, qtbot)
    change(session, "A mistake")
    dialog = look(session, qtbot)
    assert dialog.preview is not None
    assert any("would be put aside" in line for line, _tone in dialog.preview.costs)
    confirm(dialog, password="not-my-password-1")
    idle(session, qtbot)
    assert dialog.preview.form.fields["password"].error == "Wrong username or password."
    assert dialog.isVisible()
    confirm(dialog)
    title, said = told(session, qtbot)
    assert title == "The clinic is restored"
    (kept,) = (tmp_path / "data").glob("clinic.before-restore-*.db")
    assert f"kept beside it as {kept.name}" in said
    assert "Log in with the password that you had then." in said
    log_in(session, qtbot)
    assert "In the backup" in names(session)
    assert "A mistake" not in names(session)
    with closing(Database.open(f"sqlcipher:///{kept}", secret=UserPassword("admin", PASSWORD))) as former:
        with former.read() as scope:
            assert {"In the backup", "A mistake"} <= {one.name for one in departments(scope)}
        with former.engine.connect() as connection:
            announced = connection.execute(text("SELECT reason, actor_name FROM journal WHERE command = 'backups.announce_restore'")).one()
    assert tuple(announced) == ("A wrong import", "Administrator One")
    # A copy: a second SQLite in this process shares its locks, takes itself for the last one there and removes the log.
    copy = shutil.copy(tmp_path / "data" / "clinic.db", tmp_path / "copy.db")
    with pytest.raises(sqlite3.DatabaseError), closing(sqlite3.connect(copy)) as plain:
        plain.execute("SELECT * FROM journal")
    assert ("kernel.restore", None, "Administrator One") in journal(session)
    # It goes on: the restored one is backed up, and changed, like any other.
    change(session, "Afterwards")
    back_up(session, qtbot)
    assert len(list((tmp_path / "disk").glob(f"*{ENDING}"))) == 2
    assert screen_of(session).head.headline.text() == "Your data is backed up."


def test_the_second_before_a_mistake_comes_back(start: Callable[[str], Session], url: str, qtbot: QtBot) -> None:
    session = start(url)
    back_up(session, qtbot)
    change(session, "Wanted")
    # The next whole second, so that the change lies before it and the mistake after it.
    moment = system_clock().replace(microsecond=0) + timedelta(seconds=1)
    qtbot.waitUntil(lambda: system_clock() > moment)
    wall = moment.astimezone(ZoneInfo(TIMEZONE))
    change(session, "A mistake")
    dialog = look(session, qtbot, moment=f"{wall:%H:%M:%S}")
    assert dialog.preview is not None
    assert "Added to it" in dict(dialog.preview.lines)
    confirm(dialog)
    told(session, qtbot)
    log_in(session, qtbot)
    assert "Wanted" in names(session)
    assert "A mistake" not in names(session)


class Stopping(QObject):
    """Presses the way out of the page that waits as soon as that is there: so small a clinic is back in an instant."""

    has_pressed = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        # The page on which a database is opened, which a slow machine shows too, has no way out.
        if isinstance(watched, WaitPage) and event.type() == QEvent.Type.Show and (ways := watched.findChildren(Button)):
            QTimer.singleShot(0, ways[0], lambda: self._press(ways[0]))
        return False

    def _press(self, cancel: Button) -> None:
        self.has_pressed = True
        QTest.mouseClick(cancel, CLICK)


def test_who_stops_it_finds_everything_as_it_was(
    start: Callable[[str], Session], url: str, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    session = start(url)
    back_up(session, qtbot)
    change(session, "A mistake")
    dialog, stopping = look(session, qtbot), Stopping(session.window)
    qapp.installEventFilter(stopping)
    confirm(dialog)
    qtbot.waitUntil(lambda: stopping.has_pressed)
    qapp.removeEventFilter(stopping)
    title, said = told(session, qtbot)
    assert (title, said) == ("Nothing was restored", "This was stopped. Nothing was changed.")
    log_in(session, qtbot)
    assert "A mistake" in names(session)
    left = {one.name.removeprefix("clinic.db") for one in (tmp_path / "data").iterdir()}
    assert left == {"", "-shm", "-wal", ".keys", ".open"}
    assert session.housekeeping.trouble == ""


def test_a_database_that_another_program_holds_stays(start: Callable[[str], Session], url: str, tmp_path: Path, qtbot: QtBot) -> None:
    session = start(url)
    back_up(session, qtbot)
    change(session, "A mistake")
    dialog = look(session, qtbot)
    with closing(Database.open(url, secret=UserPassword("admin", PASSWORD))) as other, other.read() as scope:
        departments(scope)
        confirm(dialog)
        title, said = told(session, qtbot)
    assert title == "Nothing was restored"
    assert said.startswith("Somebody still has the database open.")
    log_in(session, qtbot)
    assert "A mistake" in names(session)
    assert not list((tmp_path / "data").glob("*before-restore*"))


def test_a_server_keeps_what_was_there_in_a_schema(start: Callable[[str], Session], server: str, qtbot: QtBot) -> None:
    session = start(server)
    back_up(session, qtbot)
    change(session, "A mistake")
    dialog = look(session, qtbot)
    assert dialog.preview is not None
    assert "Everybody is logged out" in dialog.preview.after.text()
    before = session.work.db
    confirm(dialog)
    title, said = told(session, qtbot)
    assert title == "The clinic is restored"
    assert "kept there in the schema before_restore_" in said
    pool = before.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedin() == 0, "every connection of before is closed"
    log_in(session, qtbot)
    assert "A mistake" not in names(session)
