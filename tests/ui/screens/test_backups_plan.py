"""Where and when backups are made, what needs somebody, and who may."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.backups import commands
from clinic_desktop.clinic.backups.looking import FileState, look_around, trouble_of
from clinic_desktop.clinic.backups.rules import BackupOverdue
from clinic_desktop.clinic.backups.running import run_all
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens.backups import SCREEN
from clinic_desktop.ui.screens.backups.screen import BackupsScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.work import Work
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.screens.backup_room import CLICK, CTRL, KEY, Wait, at, back_up, folder, front_of, plain, put, said, wait, world
from tests.ui.screens.frontdesk import Hands

__all__ = ["at", "folder", "wait", "world"]


def in_force(world: World, setting: Any) -> Any:
    with world.db.read() as session:
        return setting_value(session, setting, clinic_id=world.clinic_id, workstation_id=world.workstations["front desk"])


def test_where_and_when_is_changed_with_errors_at_the_field(
    at: Callable[[], BackupsScreen], folder: Path, world: World, wait: Wait, hands: Hands, qtbot: QtBot, tmp_path: Path
) -> None:
    screen = at()
    form = screen.settings.form
    assert form[commands.FOLDER.key].value() == str(folder)
    assert not screen.settings.save.isEnabled()
    stick = tmp_path / "stick"
    stick.mkdir()
    second = form[commands.SECOND_FOLDER.key]
    put(second, str(stick), hands)
    qtbot.waitUntil(lambda: second.about.text() == "On the same disk as the database: a broken disk takes both.")
    assert second.about.isVisible()
    put(form[commands.TIMES.key], "late", hands)
    form[commands.KEEP_DAYS.key].setFocus()
    hands.press(KEY.Key_Up)
    hands.press(KEY.Key_S, CTRL)
    wait()
    assert form.fields[commands.TIMES.key].error == "Please enter times such as 13:00 21:00."
    assert in_force(world, commands.KEEP_DAYS) == 14, "all of it or nothing"
    put(form[commands.TIMES.key], "12:30", hands)
    hands.press(KEY.Key_S, CTRL)
    wait()
    assert (in_force(world, commands.TIMES), in_force(world, commands.KEEP_DAYS)) == ("12:30", 15)
    assert in_force(world, commands.SECOND_FOLDER) == str(stick)
    with world.db.read() as session:
        assert setting_value(session, commands.SECOND_FOLDER, workstation_id=world.workstations["room 1"]) == ""
    assert screen.draft() is None
    assert plain(said(screen)[0]) == "There is no backup yet."


def test_a_folder_must_be_a_whole_path_and_is_chosen_by_a_dialog(
    at: Callable[[], BackupsScreen], folder: Path, wait: Wait, hands: Hands, qtbot: QtBot
) -> None:
    screen = at()
    place = screen.settings.form[commands.FOLDER.key]
    put(place, "backups", hands)
    hands.press(KEY.Key_S, CTRL)
    assert screen.settings.form.fields[commands.FOLDER.key].error == "Please enter the whole path of a folder, or choose one."
    QTest.mouseClick(place.file.choose, CLICK)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit("/nowhere/at/all")
    dialog.reject()
    # What was said of the folder before stands there until the new one is looked at.
    qtbot.waitUntil(lambda: place.about.text() == "Not there now. Plug the disk in, or create the folder.")
    assert place.about.isVisible()
    front_of(screen)
    QTest.mouseClick(screen.settings.cancel, CLICK)
    assert place.value() == str(folder)


def test_what_is_typed_is_kept(at: Callable[[], BackupsScreen], desk: Desk, folder: Path, show: Callable[..., None], wait: Wait) -> None:
    screen = at()
    QTest.keyClicks(screen.settings.form[commands.TIMES.key], " 23:00")
    kept = screen.draft()
    assert kept is not None
    other = BackupsScreen(desk)
    other.restore(kept)
    show(other, 962, 690)
    wait()
    assert other.settings.form[commands.TIMES.key].text() == "13:00 21:00 23:00"
    assert other.settings.save.isEnabled()
    assert other.draft() == kept


def test_what_needs_somebody_is_told_from_the_records(
    world: World, folder: Path, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    place = {"clinic_id": world.clinic_id, "workstation_id": world.workstations["front desk"]}
    assert isinstance(trouble_of(world.db, **place), BackupOverdue)
    back_up(world, folder)
    assert trouble_of(world.db, **place) is None
    clock.advance(minutes=1)
    shutil.rmtree(folder)
    run_all(world.db, world.actor("admin"))
    trouble = trouble_of(world.db, **place)
    assert trouble is not None
    assert trouble.params["reason"] == "folder_missing"
    caplog.clear()
    looked = look_around(world.db, world.actor("admin"))
    assert [one.state for one in looked.backups] == [FileState.AWAY]


def test_a_badge_stands_at_backups_before_anybody_opens_them(
    desk: Desk, preferences: Preferences, show: Callable[..., None], wait: Wait, folder: Path, world: World
) -> None:
    shell = Shell(desk, preferences, Drafts(), [SCREEN], [])
    show(shell)
    shell._badges.count()
    wait()
    assert shell.rail.buttons["backups"].badge == "1"
    back_up(world, folder)
    shell._badges.count()
    wait()
    assert shell.rail.buttons["backups"].badge == ""
    assert shell.screens == {}


def test_who_may_only_restore_makes_none(desk: Desk, folder: Path, show: Callable[..., None], wait: Wait, world: World, work: Work) -> None:
    back_up(world, folder)
    actor = world.actor("receptionist")
    assert not SCREEN.is_for(actor)
    work.actor = type(actor)(actor.user_id, actor.name, frozenset({"backups.restore"}), clinic_id=actor.clinic_id)
    assert SCREEN.is_for(work.actor)
    screen = BackupsScreen(desk)
    show(screen, 962, 690)
    wait()
    assert not screen.head.run.isVisible()
    assert not screen.check.isVisible()
    assert screen.bring_back.isVisible()
    assert not screen.settings.form.isEnabled()
