"""Joining a clinic's server from the first page: an address and a code; and inviting the next computer from there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.kernel.backup.folders import backups_in
from clinic_desktop.kernel.lan.codes import read_code
from clinic_desktop.kernel.lan.copies import is_running, stop_copies
from clinic_desktop.kernel.lan.joining import join, read_address
from clinic_desktop.kernel.lan.running import stop
from clinic_desktop.kernel.lan.units import has_systemd
from clinic_desktop.sync.copies import service_of
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.people import SCREENS as PEOPLE
from clinic_desktop.ui.screens.people.big_code import CodeDialog
from clinic_desktop.ui.screens.people.sessions import SessionsScreen
from clinic_desktop.ui.screens.setup.choose import JOIN, SERVE, ChoosePage
from clinic_desktop.ui.screens.setup.join import JoinPage
from clinic_desktop.ui.screens.setup.page import SetupPage
from clinic_desktop.ui.screens.setup.serve import ServePage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.lan.server import PASSWORD, LanServer, lan_server
from tests.lan.service import wait_for
from tests.postgres import MEMORY
from tests.ui.founding_steps import url_of
from tests.ui.pages import page
from tests.ui.walk import unnamed

Open = Callable[..., Session]


@pytest.fixture(scope="module")
def server() -> Iterator[LanServer]:
    with lan_server() as made:
        yield made


def type_in(join_page: JoinPage, **texts: str) -> None:
    for name, text in texts.items():
        join_page.form[name].setFocus()
        join_page.form[name].selectAll()
        QTest.keyClicks(join_page.form[name], text)
    QTest.keyClick(join_page.form["code"], Qt.Key.Key_Return)


def test_a_computer_joins_with_a_code_and_invites_the_next(
    run_program: Open, server: LanServer, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))
    session = partial(run_program, registry=lambda: (PEOPLE, ()))(url_of(tmp_path))
    first: ChoosePage = page(session, ChoosePage, qtbot)
    QTest.mouseClick(first.tiles[JOIN], Qt.MouseButton.LeftButton)
    joining: JoinPage = page(session, JoinPage, qtbot)
    assert unnamed(joining) == []
    code = server.invite().code
    right = read_code(code)
    type_in(joining, address="127.0.0.1:99999", code=code)
    qtbot.waitUntil(lambda: "server:port" in joining.form.fields["address"].error)
    wrong = code.replace(right.secret[:4], "0000" if right.secret[:4] != "0000" else "1111")
    type_in(joining, address=server.place, code=wrong)
    qtbot.waitUntil(lambda: "This code is wrong or over." in joining.form.fields["code"].error)
    assert joining.form["address"].text() == server.place
    type_in(joining, code=code.lower())
    login: LoginPage = page(session, LoginPage, qtbot)
    assert session.preferences.database.startswith("postgresql://clinic_d_")
    assert PASSWORD not in session.preferences.database
    login.username.setText("super_admin")
    login.password.setFocus()
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    sessions = shell.current
    if not isinstance(sessions, SessionsScreen):
        shell.open("sessions")
        qtbot.waitUntil(lambda: isinstance(shell.current, SessionsScreen))
        sessions = shell.current
    assert isinstance(sessions, SessionsScreen)
    assert sessions.invite.isVisible()
    QTest.mouseClick(sessions.invite, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(isinstance(one, CodeDialog) and one.isVisible() for one in QApplication.topLevelWidgets()))
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, CodeDialog) and one.isVisible())
    assert join(read_address(server.place), dialog.code.text(), name="next").secret
    dialog.accept()


@pytest.mark.skipif(has_systemd(), reason="it would put a service of its own on this computer")
def test_this_computer_becomes_the_server(run_program: Open, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    open_place = Path(tempfile.mkdtemp(prefix="clinic-lan-", dir=MEMORY))
    open_place.chmod(0o755)  # the server's account must get there, and pytest's own folders are closed to it
    folder = open_place / "server"
    monkeypatch.setenv("CLINIC_SERVER_FOLDER", str(folder))
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))
    session = run_program(url_of(tmp_path), registry=lambda: (PEOPLE, ()))
    first: ChoosePage = page(session, ChoosePage, qtbot)
    QTest.mouseClick(first.tiles[SERVE], Qt.MouseButton.LeftButton)
    serve: ServePage = page(session, ServePage, qtbot)
    assert unnamed(serve) == []
    try:
        for name, text in (("full_name", "Olga Owner"), ("username", "owner"), ("password", "short"), ("again", "short")):
            serve.form[name].setFocus()
            QTest.keyClicks(serve.form[name], text)
        QTest.mouseClick(serve.button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: serve.form.fields["password"].error != "")
        assert not folder.exists()
        for name in ("password", "again"):
            serve.form[name].setFocus()
            serve.form[name].selectAll()
            QTest.keyClicks(serve.form[name], PASSWORD)
        QTest.keyClick(serve.form["again"], Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: isinstance(session.window.centralWidget(), LoginPage), timeout=60_000)
        _see_the_service(session, folder, qtbot)
        login: LoginPage = page(session, LoginPage, qtbot)
        login.username.setText("owner")
        login.password.setFocus()
        QTest.keyClicks(login.password, PASSWORD)
        QTest.keyClick(login.password, Qt.Key.Key_Return)
        setup: SetupPage = page(session, SetupPage, qtbot)
        assert setup.code == "recovery"
        assert session.preferences.database.startswith("postgresql://clinic_d_")
    finally:
        stop_copies(folder)
        stop(folder)
        shutil.rmtree(open_place, ignore_errors=True)


def _see_the_service(session: Session, folder: Path, qtbot: QtBot) -> None:
    """It was set up with the server, and answers; where the server's account may not run this program, that is said."""
    assert (folder / "service" / "service.json").exists()
    database = session.work.db
    if is_running(folder):
        own = folder / "service" / "backups"
        wait_for(lambda: service_of(database) is not None and own.is_dir() and list(backups_in(own)))
        assert not [one for one in QApplication.topLevelWidgets() if isinstance(one, Dialog) and one.isVisible()]
        return
    qtbot.waitUntil(lambda: any(isinstance(one, Dialog) and one.isVisible() for one in QApplication.topLevelWidgets()))
    (said,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, Dialog) and one.isVisible())
    assert said.windowTitle() == "The service beside the server does not run"
    QTest.keyClick(said, Qt.Key.Key_Escape)
    session.window.activateWindow()  # no window manager does it here
