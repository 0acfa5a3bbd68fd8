"""The screen of backups of a clinic on a computer of its own, and what its tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.backups import commands
from clinic_desktop.clinic.backups.looking import FileState
from clinic_desktop.clinic.backups.running import run_now
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.backup.container import ENDING
from clinic_desktop.kernel.backup.routine import save_journal
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import Passphrase
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.backups.checking import CheckDialog
from clinic_desktop.ui.screens.backups.restoring import RestoreDialog
from clinic_desktop.ui.screens.backups.screen import BackupsScreen
from clinic_desktop.ui.work import Work
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.ui import texts
from tests.ui.screens.frontdesk import Hands
from tests.ui.templates import copy_of
from tests.ui.walk import unnamed

Wait = Callable[[], None]
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SECRET = "an apple a day"


@pytest.fixture
def world(tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    """The clinic of the tests, encrypted."""

    def opened(folder: Path) -> Database:
        return Database.open(f"sqlcipher:///{folder / 'data' / 'clinic.db'}", secret=Passphrase(SECRET), clock=clock)

    def furnish(folder: Path) -> World:
        (folder / "data").mkdir()
        with closing(opened(folder)) as db:
            upgrade(db)
            return build_world(db)

    world = copy_of("encrypted", tmp_path, furnish)
    with closing(opened(tmp_path)) as db:
        yield world.at(db)


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """A folder that this workstation backs up to."""
    made = tmp_path / "disk"
    made.mkdir()
    choose(world, commands.FOLDER.key, str(made), workstation_id=world.workstations["front desk"])
    return made


@pytest.fixture
def wait(work: Work, qtbot: QtBot) -> Wait:
    """Wait until everything that was asked, and what followed from it, has been answered."""

    def until() -> None:
        for _turn in range(4):
            qtbot.waitUntil(lambda: not work.is_busy)
            QApplication.processEvents()

    return until


@pytest.fixture
def at(desk: Desk, show: Callable[..., None], wait: Wait) -> Callable[[], BackupsScreen]:
    """The open screen of the administrator."""

    def come() -> BackupsScreen:
        screen = BackupsScreen(desk)
        show(screen, 962, 690)
        wait()
        screen.setFocus()
        return screen

    return come


def choose(world: World, key: str, value: object, **place: Any) -> None:
    world.db.run(world.actor("admin"), set_setting, key=key, value=value, **place)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{ENDING}"))


def back_up(world: World, folder: Path) -> None:
    run_now(world.db, world.actor("admin"), folder)
    save_journal(world.db, folder)


def said(screen: BackupsScreen) -> list[str]:
    return [screen.head.headline.text(), *(one.text() for one in screen.head.lines if one.isVisible())]


def plain(text: str) -> str:
    """Without marks of direction, and with ordinary blanks."""
    return texts.plain(text).replace("\u00a0", " ")


def click_row(screen: BackupsScreen, place: int) -> None:
    grid = screen.table.grid
    QTest.mouseClick(grid.viewport(), CLICK, pos=grid.visualRect(screen.table.model.index(place, 0)).center())


def states(screen: BackupsScreen) -> list[FileState]:
    return [one.state for one in screen.table.rows]


def front_of(widget: QWidget) -> None:
    """Without a window manager nobody brings a window to the front again when its dialog has closed."""
    QTest.qWaitForWindowExposed(widget)
    widget.activateWindow()
    assert QTest.qWaitForWindowActive(widget)


def checked(screen: BackupsScreen, wait: Wait, hands: Hands) -> CheckDialog:
    front_of(screen)
    screen.setFocus()
    hands.press(KEY.Key_F8)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CheckDialog)
    front_of(dialog)
    assert unnamed(dialog) == []
    wait()
    return dialog


def put(editor: QWidget, text: str, hands: Hands) -> None:
    editor.setFocus()
    hands.press(KEY.Key_A, CTRL)
    hands.press(KEY.Key_Delete)
    hands.type(text)


def opened(screen: BackupsScreen, hands: Hands) -> RestoreDialog:
    front_of(screen)
    screen.setFocus()
    hands.press(KEY.Key_F9)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RestoreDialog)
    front_of(dialog)
    assert unnamed(dialog) == []
    return dialog
