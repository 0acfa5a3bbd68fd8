"""The machine that a tour runs on: two screens that nobody sees, a fresh database, and the program as it is."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.app import compose
from clinic_desktop.ui.late import load
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.tour.story import DayClock, RealClock

START = datetime(2026, 3, 10, 5, 10, tzinfo=UTC)
"""A Tuesday, twenty to eleven in the morning where the demo clinic stands: every tour of the same demo shows the same day."""
PATIENTS = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    folder: Path
    width: int
    height: int
    language: str
    theme: str
    url: str | None
    parts: tuple[str, ...] = ()
    """Only these, for whoever works on one of them."""


def set_up_screens(folder: Path, width: int, height: int) -> None:
    """Give the offscreen platform a desk and, beside it, the screen of the waiting room; before the application is made."""
    both = (("desk", 0, width, height), ("wall", width, 1920, 1080))
    screens: list[dict[str, Any]] = [
        {"name": name, "x": x, "y": 0, "width": w, "height": h, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1} for name, x, w, h in both
    ]
    file = folder / "screens.json"
    file.write_text(json.dumps({"screens": screens}))
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"


def raise_curtain(wanted: Wanted, folder: Path) -> tuple[QApplication, Session, DayClock | RealClock]:
    """The program, composed as for everybody, in a window that fills the first screen; nothing is shown yet."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("clinic-desktop-tour")
    app.setCursorFlashTime(0)  # pictures do not depend on when they were taken
    likes = QSettings(str(folder / "likes.ini"), QSettings.Format.IniFormat)
    likes.setValue("language", wanted.language)
    likes.setValue("theme", wanted.theme)
    clock = DayClock(START) if wanted.url is None else RealClock()
    url = wanted.url or f"sqlcipher:///{(folder / 'clinic.db').as_posix()}"
    passphrase = os.environ.get("CLINIC_PASSPHRASE")

    def demo(db: Any, *, progress: Any) -> Any:
        if wanted.url is None:
            db.clock = clock
        return load("clinic_desktop.clinic.simulation.demo:build_demo")(db, patients=PATIENTS, progress=progress)

    session = compose(app, url, likes, passphrase=passphrase, demo=demo)
    session.window.setGeometry(0, 0, wanted.width, wanted.height)
    return app, session, clock
