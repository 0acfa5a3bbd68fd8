"""A person who logs in, types into registration and is cut off: run by test_drafts, which kills it. Says when a draft is kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.clinic.access.queries import own_drafts
from clinic_desktop.ui import app as desktop
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from tests.ui.children import wait_until


def page(session: Session, kind: type[QWidget]) -> Any:
    wait_until(lambda: isinstance(session.window.centralWidget(), kind) and not session.work.is_busy)
    return session.window.centralWidget()


def is_kept(session: Session, name: str) -> bool:
    """Whether what was typed is in the database."""
    assert session.work.actor is not None
    with session.work.db.read() as read:
        return any(name in (one.body or "") for one in own_drafts(read, session.work.actor))


def main(url: str, folder: str, username: str, password: str, name: str) -> None:
    """Type, and go on working until the power goes."""
    app = QApplication([])
    session = desktop.compose(app, url, QSettings(str(Path(folder) / "child.ini"), QSettings.Format.IniFormat))
    session.start()
    login: LoginPage = page(session, LoginPage)
    login.username.setText(username)
    QTest.keyClicks(login.password, password)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    shell: Shell = page(session, Shell)
    wait_until(lambda: shell.current is not None)
    shell.open("registration")
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    told: list[bool] = []
    session.drafts.written.connect(lambda: told.append(True))
    QTest.keyClicks(screen.form.main["name"], name)
    screen.form.main["gender"].setFocus()
    # Where the cursor is now does not matter; that the draft is in the database does. Nothing tells the program to keep it.
    wait_until(lambda: told and told.pop() and is_kept(session, name))
    print("kept", flush=True)
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
