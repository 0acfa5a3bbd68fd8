"""One tour from the first start to the settlement, and its report."""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.executor import Trouble, report
from clinic_desktop.ui.late import load
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.tour import entrance
from clinic_desktop.ui.tour.album import Album
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.entrance import log_in
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.stage import Wanted
from clinic_desktop.ui.tour.story import DayClock, Part, RealClock, Story

PARTS = (
    "reception:PART",
    "calendar:PART",
    "registration:PART",
    "folder:DOCUMENTS",
    "duplicates:PART",
    "booking:PART",
    "reception:ARRIVAL",
    "cards:PART",
    "queue:PART",
    "doctor:PART",
    "pharmacy:PART",
    "cashier:PART",
    "folder:TEXTS",
    "folder:CONSENTS",
    "account:PART",
    "kiosk:PART",
    "administration:PART",
)
ASKED = ("copies",)
"""Parts of the demo that are played only for whoever names them: they take long, and the program's own tests do it in earnest."""
# The offscreen platform has no window manager to take these to.
_PLATFORM_NOISE = ("This plugin does not support",)


def run(asked: Wanted, app: QApplication, session: Session, clock: DayClock | RealClock) -> int:
    """Play all parts and write the report; 1 when anything stood still or went wrong."""
    began = time.monotonic()
    album = Album(asked.folder)
    driver = Driver(app, session, album, Story(asked.language), clock)
    errors = driver.errors
    _listen(session, album, errors)
    session.start()
    album.watch()
    play(driver, entrance.PART)
    # The other parts import what the program has loaded by now, and not before it: that is watched.
    album.look_away()
    parts = [*(load(f"clinic_desktop.ui.tour.{place}") for place in PARTS), entrance.LOCKED]
    if driver.is_demo_day:  # a clinic's own database is not left for another one
        named = [name for name in ASKED if name in asked.parts]
        parts += [load(f"clinic_desktop.ui.tour.{name}:PART") for name in (*named, "founding")]
    album.watch()
    for part in parts:
        if not asked.parts or part.name in asked.parts:
            play(driver, part)
    album.look_away()
    session.window.close()
    return write_report(asked, driver, time.monotonic() - began)


def play(driver: Driver, part: Part) -> None:
    """One part; after a step that failed there is a picture of it, and the rest of the part is left out."""
    album, step_name = driver.album, "log_in"
    try:
        album.step = f"{part.name}: {step_name}"
        if part.person is not None:
            log_in(driver, part.person)
        for step in part.steps:
            step_name = step.__name__
            album.step = f"{part.name}: {step_name}"
            step(driver)
            driver.quiet()
    except Exception as error:
        # Whatever it was, the next part can be looked at all the same.
        driver.errors.append(f"{album.step}: {error}" if isinstance(error, StepFailed) else f"{album.step}: {report(error).details}")
        album.snap(f"failed-{part.name}-{step_name}", driver.session.window)
        driver.close_all()


def write_report(asked: Wanted, driver: Driver, seconds: float) -> int:
    """Leave ``tour.json`` and return the exit code."""
    album, errors = driver.album, driver.errors
    stalls = [{"step": step, "milliseconds": one.milliseconds, "stack": one.stack} for step, one in album.stalls]
    found = {
        "pictures": album.pictures,
        "documents": album.documents,
        "stalls": stalls,
        "errors": errors,
        "longest_ms": album.longest_ms,
        "registration_keys": driver.story.registration_keys,
        "seconds": round(seconds, 1),
    }
    (asked.folder / "tour.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    for line in errors:
        print(f"error: {line}", file=sys.stderr)  # noqa: T201 - the report for whoever runs the tour
    for step, stall in album.stalls:
        print(f"stall of {stall.milliseconds} ms in {step}", file=sys.stderr)  # noqa: T201
    return 1 if errors or stalls else 0


def _listen(session: Session, album: Album, errors: list[str]) -> None:
    """Take note of everything unexpected: troubles, exceptions in slots, warnings of Qt."""

    def trouble(found: Trouble) -> None:
        errors.append(f"{album.step}: {found.summary}\n{found.details}")

    def unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        trouble(report(error.with_traceback(trace)))

    def warned(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and kind is not QtMsgType.QtInfoMsg and not text.startswith(_PLATFORM_NOISE):
            errors.append(f"{album.step}: Qt warns: {text}")

    session.work.failed.connect(trouble)
    sys.excepthook = unexpected
    qInstallMessageHandler(warned)
