"""A program with two screens, run by test_display; says on standard output where the display stood."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.display.host import DisplayHost, display_host
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.ui.children import wait_until


def place(host: DisplayHost) -> dict[str, Any]:
    window = host.window
    found = {"full": window.isFullScreen(), "screen": window.screen().name(), "minimised": window.isMinimized()}
    if window.isFullScreen():
        found["place"] = list(window.geometry().getRect())
    return found


def main(file: str, clinic_id: str, folder: str) -> None:
    app = QApplication([])
    apply_theme(app)
    load_departments()
    db = Database.open(f"sqlite:///{file}")
    work = Work(db)
    desk = QWidget()
    desk.show()
    host = display_host(work, Place(UUID(clinic_id), None, "Main Clinic", "Sunrise Hospital", "Asia/Kolkata", "INR"))
    said: dict[str, Any] = {}
    host.open(desk)
    wait_until(lambda: not work.is_busy)
    said["opened"] = place(host)
    wall = next(one for one in QGuiApplication.screens() if one.name() == "wall")
    # The offscreen platform cannot unplug a screen: the signals that Qt sends then are sent here.
    app.screenRemoved.emit(wall)
    wait_until(host.window.isMinimized)
    said["unplugged"] = place(host)
    app.screenAdded.emit(wall)
    wait_until(host.window.isFullScreen)
    said["plugged in"] = place(host)
    grabbed = host.window.grab()
    assert grabbed.save(str(Path(folder) / "display.png"))
    said["picture"] = [grabbed.width(), grabbed.height()]
    host.close()
    work.shut_down()
    db.close()
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
