"""``clinic-desktop``: the composition root of the desktop."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.executor import report
from clinic_desktop.ui.late import late
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.scan import Scanner
from clinic_desktop.ui.screens import collected
from clinic_desktop.ui.session import Registry, Session
from clinic_desktop.ui.syncing import CHANNEL_OF, Connect, Syncing

_DEMO = late("clinic_desktop.clinic.simulation.demo:build_demo")


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="clinic-desktop", description="Runs a whole clinic, offline first.")
    parser.add_argument(
        "--db", metavar="URL", default=os.environ.get("CLINIC_DATABASE_URL"), help="sqlite:///path, sqlcipher:///path or postgresql://…"
    )
    return parser.parse_args(given)


def default_url() -> str:
    """An encrypted file in the data folder of the user."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return f"sqlcipher:///{Path(folder, 'clinic.db').as_posix()}"


def compose(
    app: QApplication,
    url: str,
    settings: QSettings,
    *,
    passphrase: str | None = None,
    demo: Callable[..., Any] = _DEMO,
    registry: Registry = collected,
    connect: Connect = CHANNEL_OF,
) -> Session:
    """Put the program together; nothing is shown yet."""
    session = Session(app, Preferences(settings), url, demo=demo, passphrase=passphrase, registry=registry)
    syncing = Syncing(session.work, connect)
    session.door.opened.connect(lambda _found: syncing.look())
    syncing.changed.connect(lambda _state: session.away.tell())
    scanner = Scanner(app)
    scanner.scanned.connect(session.kiosk.take_scan)
    return session


def main(given: Sequence[str] | None = None) -> int:
    """Run the desktop until its window closes."""
    wanted = arguments(sys.argv[1:] if given is None else given)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = QApplication(sys.argv[:1])
    app.setApplicationName("clinic-desktop")
    app.setApplicationDisplayName("Clinic Desktop")
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "clinic-desktop", "clinic-desktop")
    url = wanted.db or Preferences(settings).database or default_url()
    session = compose(app, url, settings, passphrase=os.environ.get("CLINIC_PASSPHRASE"))

    def unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            app.quit()
            return
        session.work.failed.emit(report(error.with_traceback(trace)))

    sys.excepthook = unexpected
    session.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
