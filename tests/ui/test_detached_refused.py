"""A copy that the server takes back no more: its work is not lost by itself, and nobody is stuck on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinic_desktop.sync.copies import forget_copy
from clinic_desktop.ui.keeping import CopyState
from clinic_desktop.ui.screens.reconcile.copy import CopyDialog
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets import Button, Dialog
from tests.ui.lan_copies import Lan
from tests.ui.pages import page
from tests.ui.screens.frontdesk import FrontDesk
from tests.ui.test_detached import go_on_with_the_copy, is_said, keep_a_copy, keeping, on_top, panel, press
from tests.ui.test_detached import server as server
from tests.ui.test_detached import start as start
from tests.ui.test_setup_ways import log_in


def confirm(text: str, qtbot: QtBot) -> None:
    """Press the button of that name in the question on top."""
    qtbot.waitUntil(lambda: text in [one.text() for one in on_top(Dialog, qtbot).findChildren(Button)])
    press(next(one for one in on_top(Dialog, qtbot).findChildren(Button) if one.text() == text))


def test_a_copy_that_was_taken_back_its_right_is_left_and_removed_knowingly(
    start: Callable[[], Session], server: Lan, qtbot: QtBot
) -> None:
    session = start()
    log_in(session, qtbot, "admin")
    keep_a_copy(session, qtbot)
    home = session.work.db
    server.go(lambda: server.db.run(server.world.actor("admin"), forget_copy, code="D1"))
    is_said(session, qtbot, "The clinic\u2019s server does not answer.")
    go_on_with_the_copy(session, qtbot)
    is_said(session, qtbot, "Working on this computer\u2019s copy since")
    page(session, Shell, qtbot)
    FrontDesk(server.world.at(session.work.db)).patient()
    server.come_back()
    is_said(session, qtbot, "the clinic\u2019s server does not take its work back")
    QTest.keyClick(session.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = on_top(CopyDialog, qtbot)
    assert "does not let this site in any more" in dialog.why.text()
    press(dialog.leave_button)
    confirm("To the server", qtbot)
    qtbot.waitUntil(lambda: session.work.is_open and session.work.db is home)
    session.window.activateWindow()
    shell: Shell = page(session, Shell, qtbot)
    kept = keeping(session).state.kept
    assert kept is not None
    dialog = panel(shell, qtbot)
    qtbot.waitUntil(dialog.remove_button.isVisible)
    assert dialog.head.text() == "Work done on the copy is not handed over yet."
    shown: list[CopyState] = []
    keeping(session).changed.connect(shown.append)
    press(dialog.remove_button)
    confirm("Remove the copy", qtbot)
    confirm("Remove it all the same", qtbot)
    assert all(state.kept is not None for state in shown)  # it is there until it is gone: no click on it is lost
    qtbot.waitUntil(lambda: dialog.head.text() == "This computer keeps no copy.")
    qtbot.waitUntil(lambda: not kept.file.exists())
    dialog.accept()
