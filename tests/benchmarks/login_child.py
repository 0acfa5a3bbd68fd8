"""The desktop as ``clinic-desktop`` starts it, up to the login page; says when that is painted and what is in memory then."""

from __future__ import annotations

import json
import os
import sys
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui import app as desktop
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.session import Session
from tests.benchmarks.painted import Painted, megabytes


class Watch:
    """Waits for the login page, then for the imports behind it."""

    def __init__(self, app: QApplication, session: Session) -> None:
        self._app, self._session = app, session
        self._seen = self._painted = self._loaded = False
        session.loaded.connect(self._note_loaded)
        self._look = QTimer(interval=0)
        self._look.timeout.connect(self._tick)
        self._look.start()

    def _tick(self) -> None:
        page = self._session.window.centralWidget()
        if isinstance(page, LoginPage) and not self._seen:
            self._seen = True
            self._look.setInterval(20)
            Painted(page, self._say)
        elif self._painted and self._loaded:
            self._look.stop()
            print(json.dumps(megabytes()), flush=True)
            self._session.window.close()
            self._app.quit()

    def _note_loaded(self) -> None:
        self._loaded = True

    def _say(self) -> None:
        if not self._painted:
            self._painted = True
            print("painted", flush=True)


def main() -> int:
    """Start as the program does, with settings of its own."""
    wanted = desktop.arguments(["--db", sys.argv[1]])
    app = QApplication(sys.argv[:1])
    with TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        session = desktop.compose(app, wanted.db, settings, passphrase=os.environ["CLINIC_PASSPHRASE"])
        watch = Watch(app, session)
        session.start()
        result = app.exec()
        del watch
    return result


if __name__ == "__main__":
    sys.exit(main())
