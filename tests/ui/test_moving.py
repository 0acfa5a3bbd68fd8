"""A clinic moves from its file to a server, by the screen: to one that is there, to this computer, and not where nothing answers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from clinic_desktop.clinic.access.queries import users
from clinic_desktop.clinic.organisation.commands import add_department
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import UserPassword
from clinic_desktop.kernel.lan.copies import is_running, stop_copies
from clinic_desktop.kernel.lan.running import stop
from clinic_desktop.kernel.lan.units import has_systemd
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import store_of
from clinic_desktop.sync.copies import service_of
from clinic_desktop.ui.moving import is_moving
from clinic_desktop.ui.screens import organisation
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.organisation.move_dialog import THERE, MoveDialog
from clinic_desktop.ui.screens.organisation.workstations import WorkstationsScreen
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets import Dialog, Label
from tests.cli.test_cli import Clinic, clinic
from tests.lan.server import PASSWORD
from tests.lan.service import wait_for
from tests.postgres import MEMORY, cluster
from tests.ui.lan_copies import Cable
from tests.ui.pages import page
from tests.ui.screens.test_backups_restore import found
from tests.ui.templates import copy_of
from tests.ui.test_setup_ways import log_in
from tests.ui.walk import unnamed

__all__ = ["clinic"]
WORKSTATIONS = (next(one for one in organisation.SCREENS if one.code == "workstations"),)
Start = Callable[[], Session]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encrypted clinic that the administrator's password opens, with a document."""

    def opened(folder: Path) -> Database:
        return Database.open(f"sqlcipher:///{folder / 'data' / 'clinic.db'}", secret=UserPassword("admin", PASSWORD))

    def furnish(folder: Path) -> None:
        (folder / "data").mkdir()
        with closing(opened(folder)) as db:
            found(db)
            store_of(db).put(b"an old letter")

    copy_of("to-move", tmp_path, furnish)
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))
    return tmp_path / "data" / "clinic.db"


@pytest.fixture
def start(file: Path, run_program: Callable[..., Session]) -> Start:
    return lambda: run_program(f"sqlcipher:///{file}", registry=lambda: (WORKSTATIONS, ()))


@pytest.fixture
def there(clinic: Clinic) -> Iterator[str]:
    """A server that an administrator has prepared: its address as the program asks for it."""
    with cluster() as made:
        assert clinic("init", "--server", made.address, "--apply").code == 0
        yield made.address


def ask_to_move(session: Session, qtbot: QtBot) -> MoveDialog:
    shell = session.window.shell or log_in(session, qtbot, "admin")
    shell.open("workstations")
    qtbot.waitUntil(lambda: isinstance(shell.current, WorkstationsScreen) and shell.current.to_server.isVisible())
    screen = shell.current
    assert isinstance(screen, WorkstationsScreen)
    QTest.mouseClick(screen.to_server, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, MoveDialog)
    assert unnamed(dialog) == []
    return dialog


def type_in(dialog: MoveDialog, **texts: str) -> None:
    if "address" in texts and dialog.form["way"].value() != THERE:
        QTest.keyClick(dialog.form["way"], Qt.Key.Key_Down)
    for name, text in texts.items():
        dialog.form[name].setFocus()
        dialog.form[name].selectAll()
        QTest.keyClicks(dialog.form[name], text)
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)


def told(qtbot: QtBot) -> Any:
    """The dialog that says how it ended."""
    qtbot.waitUntil(lambda: type(QApplication.activeModalWidget()) is Dialog, timeout=120_000)
    return QApplication.activeModalWidget()


def words(dialog: Dialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(Label))


def is_at_work_there(session: Session, qtbot: QtBot, documents: int = 1) -> None:
    """The administrator comes in at the server with the password of before, and finds people and documents."""
    login: LoginPage = page(session, LoginPage, qtbot)
    assert session.work.db.address.file is None
    assert session.preferences.database.startswith("postgresql://clinic_d_")
    assert login.isVisible()
    log_in(session, qtbot, "admin")
    db = session.work.db
    with db.read(session.work.actor) as read:
        assert len(users(read)) > 1
    assert len(list(store_of(db).every())) == documents
    assert [store_of(db).get(one) for one in store_of(db).every()] == [b"an old letter"]


def test_a_clinic_moves_to_a_server_that_is_there(start: Start, file: Path, there: str, qtbot: QtBot, picture: Callable[..., Path]) -> None:
    session = start()
    dialog = ask_to_move(session, qtbot)
    picture(dialog, "move-here")
    url = make_url(there)
    given = {"address": f"127.0.0.1:{url.port}", "login": str(url.username)}
    type_in(dialog, **given, password="wrong-Elephant-42")
    qtbot.waitUntil(lambda: "password" in dialog.form.fields["password"].error)
    picture(dialog, "move-refused")
    type_in(dialog, **given, password=PASSWORD)
    said = told(qtbot)
    assert said.windowTitle() == "The clinic is on the server now"
    assert f"{url.port}" in words(said)
    assert str(file) in words(said)
    picture(said, "move-arrived")
    QTest.keyClick(said, Qt.Key.Key_Escape)
    session.window.activateWindow()
    is_at_work_there(session, qtbot)
    with closing(Database.open(f"sqlcipher:///{file}", secret=UserPassword("admin", PASSWORD))) as before:
        assert is_moving(db=before)


def test_where_no_server_answers_everybody_works_on_as_before(start: Start, qtbot: QtBot, picture: Callable[..., Path]) -> None:
    session = start()
    dialog = ask_to_move(session, qtbot)
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{closed.getsockname()[1]}"
    type_in(dialog, address=place, login="postgres", password=PASSWORD)
    assert dialog.go.is_busy
    qtbot.waitUntil(lambda: dialog.problem.isVisible(), timeout=30_000)
    assert "answers" in dialog.problem.text()
    picture(dialog, "move-no-answer")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    session.window.activateWindow()
    shell: Shell = page(session, Shell, qtbot)
    assert isinstance(shell.current, WorkstationsScreen)
    assert session.work.db.address.file is not None


def stays(session: Session, qtbot: QtBot) -> str:
    """It is said why, and the administrator works on in the file."""
    said = told(qtbot)
    assert said.windowTitle() == "The clinic has not moved"
    text = words(said)
    QTest.keyClick(said, Qt.Key.Key_Escape)
    session.window.activateWindow()
    shell = log_in(session, qtbot, "admin")
    assert session.work.db.address.file is not None
    session.work.db.run(Actor.system(), add_department, name=text[:40])
    shell.keep_drafts()
    return text


def test_a_server_that_falls_silent_in_between_leaves_the_file_in_use(
    start: Start, there: str, clinic: Clinic, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_PASSPHRASE", PASSWORD)
    assert clinic("init", "--server", there, "--apply", "--database", "other", "--administrator", "owner").code == 0
    monkeypatch.delenv("CLINIC_PASSPHRASE")
    session = start()
    dialog = ask_to_move(session, qtbot)
    with Cable(there) as cable:
        url = make_url(cable.address)
        given = {"login": str(url.username), "password": PASSWORD}
        type_in(dialog, address=f"127.0.0.1:{url.port}", **given)
        qtbot.waitUntil(lambda: isinstance(session.window.centralWidget(), WaitPage))
        cable.pull()
        assert "cannot be reached" in stays(session, qtbot)
        cable.put_back()
        type_in(ask_to_move(session, qtbot), address=f"127.0.0.1:{url.port}/other", **given)
        assert "at work in this database already" in stays(session, qtbot)


@pytest.mark.skipif(has_systemd(), reason="it would put a service of its own on this computer")
def test_this_computer_becomes_the_server_of_a_clinic_that_is_there(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, picture: Callable[..., Path]
) -> None:
    open_place = Path(tempfile.mkdtemp(prefix="clinic-lan-", dir=MEMORY))
    open_place.chmod(0o755)  # the server's account must get there, and pytest's own folders are closed to it
    folder = open_place / "server"
    monkeypatch.setenv("CLINIC_SERVER_FOLDER", str(folder))
    session = start()
    try:
        type_in(ask_to_move(session, qtbot), password=PASSWORD)
        said = told(qtbot)
        assert said.windowTitle() == "The clinic is on the server now"
        picture(said, "move-arrived-here")
        assert (folder / "service" / "service.json").exists()
        runs = is_running(folder)  # not where the server's account may not run this program, and then that is said
        assert ("none keeps a copy" in words(said)) is not runs
        QTest.keyClick(said, Qt.Key.Key_Escape)
        session.window.activateWindow()
        is_at_work_there(session, qtbot)
        wait_for(lambda: not runs or service_of(session.work.db) is not None)
    finally:
        stop_copies(folder)
        stop(folder)
        shutil.rmtree(open_place, ignore_errors=True)
