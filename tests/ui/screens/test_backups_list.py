"""The list of backups, checking one, and the way back as far as the dialog goes (test_backups_restore goes to the end)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.backups.looking import FileState, FoundBackup, look_around
from clinic_desktop.clinic.backups.running import run_now
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import Passphrase
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.backups.screen import BackupsScreen
from clinic_desktop.ui.screens.backups.state import before
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.ui.screens.backup_room import (
    CLICK,
    KEY,
    Wait,
    at,
    back_up,
    checked,
    click_row,
    files,
    folder,
    opened,
    plain,
    put,
    states,
    wait,
    world,
)
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.walk import unnamed

__all__ = ["at", "folder", "wait", "world"]


def test_what_is_damaged_gone_or_another_clinics_is_told_apart(
    at: Callable[[], BackupsScreen], folder: Path, world: World, clock: FrozenClock, wait: Wait, tmp_path: Path
) -> None:
    for _turn in range(3):
        back_up(world, folder)
        clock.advance(minutes=1)
    first, second, third = files(folder)
    first.unlink()
    third.write_bytes(third.read_bytes()[:-1000])
    other = f"sqlcipher:///{tmp_path / 'other.db'}"
    with closing(Database.open(other, secret=Passphrase("something else"), clock=clock)) as db:
        upgrade(db)
        build_world(db)
        run_now(db, Actor.system(), folder)
    screen = at()
    found = {one.path.name: one.state for one in screen.table.rows}
    assert found.pop(first.name) is FileState.MISSING
    assert found.pop(second.name) is FileState.READY
    assert found.pop(third.name) is FileState.DAMAGED
    assert list(found.values()) == [FileState.LOCKED]
    tip = screen.table.model.columns[3].tooltip
    assert tip is not None
    broken: FoundBackup = next(one for one in screen.table.rows if one.state is FileState.DAMAGED)
    assert plain(tip(broken)) == f"The file {third} is no backup, or a part of it is missing."
    assert not screen.check.isEnabled()


def test_a_backup_is_checked_again(
    at: Callable[[], BackupsScreen], folder: Path, world: World, wait: Wait, hands: Hands, qtbot: QtBot
) -> None:
    back_up(world, folder)
    screen = at()
    click_row(screen, 0)
    dialog = checked(screen, wait, hands)
    assert dialog.outcome.text == "Whole"
    assert dialog.said.text().startswith("It opens, all ")
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    content = bytearray(files(folder)[0].read_bytes())
    content[len(content) // 3] ^= 1
    files(folder)[0].write_bytes(content)
    dialog = checked(screen, wait, hands)
    assert dialog.outcome.text == "Damaged"
    assert "Use another one" in dialog.said.text()
    QTest.mouseClick(dialog.close_button, CLICK)
    wait()
    assert states(screen) == [FileState.DAMAGED]
    assert not screen.bring_back.isEnabled(), "nothing is left that could be restored"


def test_a_moment_is_checked_and_finds_its_backup(
    at: Callable[[], BackupsScreen], folder: Path, world: World, wait: Wait, hands: Hands, clock: FrozenClock, front: FrontDesk
) -> None:
    back_up(world, folder)
    clock.advance(hours=2)
    front.patient()
    back_up(world, folder)
    clock.advance(hours=1)
    screen = at()
    dialog = opened(screen, hands)
    hands.press(KEY.Key_Down)  # the way: a moment
    assert dialog.choose.is_moment
    form = dialog.choose.form
    for text, error in (("15:00", "This is in the future."), ("07:00", "No backup reaches back so far."), ("25:00", "Please enter a time")):
        put(form["time"], text, hands)
        hands.press(KEY.Key_Return)
        wait()
        assert any(one.error.startswith(error) for one in form.fields.values()), text
    put(form["day"], "01/01/2026", hands)
    put(form["time"], "10:00", hands)
    hands.press(KEY.Key_Return)
    assert form.fields["day"].error.startswith("Only the last 30 days")
    put(form["day"], "02/03/2026", hands)
    put(form["time"], "10:00:30", hands)
    assert plain(dialog.choose.about.text()).startswith("From the backup of Mar 2, 2026, 9:00 AM")
    hands.press(KEY.Key_Return)
    wait()
    assert dialog.preview is not None
    shown = dict(dialog.preview.lines)
    assert plain(shown["Backup of"]) == "Mar 2, 2026, 9:00 AM"
    assert "Patients: 0" in shown["It holds"]
    assert any("would be put aside" in text and tone == "bad" for text, tone in dialog.preview.costs)
    assert any("Patients: -1" in text for text, _tone in dialog.preview.costs)
    dialog.reject()


def test_nothing_is_confirmed_by_accident(
    at: Callable[[], BackupsScreen], folder: Path, world: World, wait: Wait, hands: Hands, desk: Desk
) -> None:
    wanted: list[object] = []
    desk.restore_wanted.connect(wanted.append)
    back_up(world, folder)
    screen = at()
    dialog = opened(screen, hands)
    QTest.mouseClick(dialog.look, CLICK)
    wait()
    assert dialog.preview is not None
    assert unnamed(dialog) == []
    form = dialog.preview.form
    QTest.mouseClick(dialog.restore_button, CLICK)
    assert {name for name, field in form.fields.items() if field.error} == {"reason", "password", "word"}
    put(form["reason"], "A wrong import", hands)
    put(form["password"], "whatever-it-is-1", hands)
    put(form["word"], "yes", hands)
    QTest.mouseClick(dialog.restore_button, CLICK)
    assert form.fields["word"].error == "Please type RESTORE."
    assert wanted == []
    kept = dialog.draft()
    assert kept is not None
    assert "whatever" not in str(kept)
    QTest.mouseClick(dialog.back, CLICK)
    assert dialog.choose.isVisible()
    dialog.reject()


def test_a_moment_takes_the_newest_backup_from_before_it(world: World, folder: Path, clock: FrozenClock, front: FrontDesk) -> None:
    for _turn in range(3):
        front.patient()
        back_up(world, folder)
        clock.advance(hours=1)
    found = look_around(world.db, world.actor("admin")).backups
    newest, middle, oldest = found
    assert newest.last_at is not None
    assert before(found, newest.last_at) == newest
    assert middle.last_at is not None
    assert before(found, middle.last_at.replace(microsecond=999)) == middle
    assert oldest.last_at is not None
    assert before(found, oldest.last_at.replace(year=2020)) is None
