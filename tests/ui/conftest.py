"""Fixtures of the desktop's tests: offscreen, a real database, and the rule that no warning, widget or thread is left behind."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gc
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui import app as program
from clinic_desktop.ui import housekeeping
from clinic_desktop.ui.desk import Desk, Place
from clinic_desktop.ui.executor import Trouble
from clinic_desktop.ui.garbage import collect_due
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets import toast
from clinic_desktop.ui.work import Work
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.ui.flashes import watched

PATIENCE_MS = 30_000
"""How long tests wait for what comes at once where the processor is free: a machine may be busy with ten others."""
for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitExposed):
    _wait.__kwdefaults__ = {**(_wait.__kwdefaults__ or {}), "timeout": PATIENCE_MS}

# The offscreen platform has no window manager to take size hints to.
_PLATFORM_NOISE = ("This plugin does not support propagateSizeHints", "This plugin does not support raise")

_click = QTest.mouseClick


def _click_what_is_there(widget: QWidget, *arguments: Any, **choices: Any) -> None:
    """Qt delivers a click to what nobody sees, too."""
    assert widget.isVisible(), f"nobody can click {widget}: it is hidden"
    _click(widget, *arguments, **choices)


QTest.mouseClick = _click_what_is_there  # type: ignore[method-assign, assignment]

FAR = 1_000
"""How many times as long in tests the program's housekeeping rests, and messages stay."""

QUICK = 80
"""How hard a picture is compressed, in Qt's way to say it: hardly larger than the usual, in two thirds of the time."""

_QUIET_ROUNDS = 2
"""In a row without anything under way: then nothing more comes."""

# Threads that Qt keeps for itself to the end, and those that ended while we looked.
_QTS_OWN = ("Thread (pooled)", "")


@pytest.fixture(autouse=True)
def plain_look(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts in English, light, at the design size; messages stay, however long a test takes to look at them."""
    activate("en")
    apply_theme(qapp, "light")
    for lasts in ("_LASTS", "_LASTS_WITH_UNDO"):
        monkeypatch.setattr(toast, lasts, getattr(toast, lasts) * FAR)


@pytest.fixture(scope="session")
def flashes() -> Iterator[list[str]]:
    """Labels, inputs and buttons that flashed up as windows before they had a parent."""
    with watched() as seen:
        yield seen


@pytest.fixture(autouse=True)
def garbage_goes_on_the_ui_thread() -> Iterator[None]:
    """As in the program: widgets are never taken apart by a collection that begins on another thread."""
    gc.disable()
    yield
    collect_due()
    gc.enable()


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication, flashes: list[str]) -> Iterator[None]:
    """Fail on windows and threads that a test leaves behind, and on parts that flash up as windows before they have a parent."""
    widgets = set(map(id, qapp.topLevelWidgets()))
    threads = _threads()
    flashes.clear()
    yield
    assert not flashes, f"shown before it had a parent: {flashes}"
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [w for w in qapp.topLevelWidgets() if id(w) not in widgets and w.isVisible()]
    assert not left, f"windows left open: {left}"
    patience = time.monotonic() + 20  # the system lists a thread for a moment after it was joined
    while (running := _threads() - threads) and time.monotonic() < patience:
        os.sched_yield()
    assert not running, f"threads left running: {running}"


def _threads() -> set[tuple[str, str]]:
    """Number and name of each thread of this process, Python's and Qt's, by the system's own list."""
    return {(task.name, name) for task in Path("/proc/self/task").iterdir() if (name := _name_of(task)) not in _QTS_OWN}


def _name_of(task: Path) -> str:
    try:
        return (task / "comm").read_text().strip()
    except OSError:  # it has just ended
        return ""


@pytest.fixture(autouse=True)
def no_warnings(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Fail on Qt's warnings and on warnings in the log; a test that expects one takes it out of the list."""
    said: list[str] = []

    def hear(kind: QtMsgType, _context: object, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not text.startswith(_PLATFORM_NOISE):
            said.append(text)

    former = qInstallMessageHandler(hear)
    yield said
    qInstallMessageHandler(former)
    said += [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not said, f"unexpected warnings: {said}"


@pytest.fixture
def world(tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    """The clinic of the tests, on plain SQLite."""
    db, built = fresh("sqlite", tmp_path, clock, recipe="world", build=build_world)
    yield built.at(db)
    drop(db)


@pytest.fixture
def ui_db(world: World) -> Database:
    """The database of the world."""
    return world.db


@pytest.fixture
def refusals() -> list[ClinicError]:
    """Refusals that no screen handled; a test that expects one takes it out."""
    return []


@pytest.fixture
def work(world: World, refusals: list[ClinicError], qapp: QApplication) -> Iterator[Work]:
    """Work on the world's database as the administrator; unhandled refusals and troubles fail the test."""
    made = Work(world.db, world.actor("admin"))
    troubles: list[Trouble] = []
    made.refused.connect(refusals.append)
    made.failed.connect(troubles.append)
    yield made
    made.shut_down()
    made.deleteLater()
    assert not refusals, f"refusals that no screen handled: {refusals}"
    assert not troubles, f"unexpected: {[one.details for one in troubles]}"


@pytest.fixture
def desk_as(world: World, work: Work) -> Callable[[str], Desk]:
    """A desk at which a person of that role sits: ``desk_as("receptionist")``."""

    def sit(role: str) -> Desk:
        work.actor = world.actor(role)
        place = Place(world.clinic_id, world.workstations["front desk"], "Main Clinic", "Sunrise Hospital", world.timezone, world.currency)
        return Desk(work, place, work)

    return sit


@pytest.fixture
def desk(desk_as: Callable[[str], Desk]) -> Desk:
    """A desk of the administrator."""
    return desk_as("admin")


@pytest.fixture
def settle(work: Work, qtbot: QtBot) -> Callable[[], None]:
    """Wait until everything that was asked has been answered, and what the answers asked."""

    def wait() -> None:
        rounds = 0
        while rounds < _QUIET_ROUNDS:
            qtbot.waitUntil(lambda: not work.is_busy, timeout=60_000)
            QCoreApplication.processEvents()  # what was committed is told now, and read again
            rounds = 0 if work.is_busy else rounds + 1

    return wait


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Show a widget at the size of a small screen and wait until it is there."""

    def bring_up(widget: QWidget, width: int = 1366, height: int = 768) -> None:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)

    return bring_up


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    """Preferences in a file of the test."""
    return Preferences(QSettings(str(tmp_path / "likes.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[QWidget, str], Path]:
    """Save a picture of a widget, in the folder CLINIC_PICTURES when that is set."""
    folder = Path(os.environ.get("CLINIC_PICTURES", tmp_path))

    def save(widget: QWidget, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        assert widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32).save(str(path), quality=QUICK)
        return path

    return save


@pytest.fixture
def run_program(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Session]]:
    """Start the program on a database: ``run_program(url)``, with what ``compose`` can be told besides.

    What it does by itself a while after a login never comes: on a slow machine that would be in the midst of a test.
    """
    for pause in ("FIRST_MS", "DAY_MS", "MESSAGES_MS", "BACKUPS_MS", "CLOCK_MS"):
        monkeypatch.setattr(housekeeping, pause, getattr(housekeeping, pause) * FAR)
    started: list[Session] = []

    def run(url: str, **choices: Any) -> Session:
        session = program.compose(qapp, url, QSettings(str(tmp_path / "likes.ini"), QSettings.Format.IniFormat), **choices)
        started.append(session)
        session.start()
        session.window.activateWindow()
        return session

    yield run
    for session in started:
        session.window.may_close = None  # no question: the test is over
        session.window.close()
        session.window.deleteLater()
        session.deleteLater()
