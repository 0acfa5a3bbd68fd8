"""Waiting for the pages of the whole program."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell


def page(session: Session, kind: type[QWidget], qtbot: QtBot) -> Any:
    """The page of that kind, once it stands there complete and nothing is under way."""

    def is_there() -> bool:
        now = session.window.centralWidget()
        is_complete = isinstance(now, kind) and (now.current is not None if isinstance(now, Shell) else True)
        return is_complete and now.isVisible() and QApplication.activeWindow() is not None and not session.work.is_busy

    qtbot.waitUntil(is_there)
    return session.window.centralWidget()
