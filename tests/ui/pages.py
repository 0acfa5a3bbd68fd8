"""Waiting for the pages of the whole program."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as NeverCame
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell


def page(session: Session, kind: type[QWidget], qtbot: QtBot) -> Any:
    """The page of that kind, once it stands there complete and nothing is under way."""

    def is_there() -> bool:
        now = session.window.centralWidget()
        is_complete = isinstance(now, kind) and (now.current is not None if isinstance(now, Shell) else True)
        return is_complete and now is not None and now.isVisible() and QApplication.activeWindow() is not None and not session.work.is_busy

    try:
        qtbot.waitUntil(is_there)
    except NeverCame as late:
        raise AssertionError(f"no {kind.__name__}: {_told(session)}") from late
    return session.window.centralWidget()


def _told(session: Session) -> str:
    """What a person sees instead."""
    now = session.window.centralWidget()
    said = [now.trouble.text(), *(field.error for field in now.form.fields.values())] if isinstance(now, CardPage) else []
    return (
        f"{now} {said}, visible: {now is not None and now.isVisible()}, active: {QApplication.activeWindow()}, busy: {session.work.is_busy}"
    )
