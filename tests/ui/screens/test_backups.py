"""The screen of backups: the sentence at its head, and making one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.clinic.backups import commands
from clinic_desktop.clinic.backups.looking import FileState
from clinic_desktop.clinic.backups.queries import BackupRow, backup_state
from clinic_desktop.clinic.backups.queries import backups as recorded
from clinic_desktop.clinic.backups.rules import BackupReason
from clinic_desktop.kernel.backup.routine import save_journal
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.backups.screen import BackupsScreen
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.screens.backup_room import (
    CLICK,
    KEY,
    Wait,
    at,
    back_up,
    checked,
    choose,
    click_row,
    files,
    folder,
    opened,
    plain,
    said,
    states,
    wait,
    world,
)
from tests.ui.screens.conftest import LOOKS
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.walk import unnamed

__all__ = ["at", "folder", "wait", "world"]


def rows(world: World) -> list[BackupRow]:
    with world.db.read() as session:
        return recorded(session)


# The sentence at the head


def test_a_clinic_without_a_backup_says_so_and_makes_one_at_a_key(
    at: Callable[[], BackupsScreen], folder: Path, hands: Hands, wait: Wait, world: World
) -> None:
    screen = at()
    assert said(screen) == ["There is no backup yet.", "Make one now; it takes a moment."]
    assert screen.table.rows == []
    assert not screen.bring_back.isEnabled()
    hands.press(KEY.Key_F2)
    assert screen.head.bar.isVisible()
    assert not screen.head.run.isVisible()
    wait()
    (file,) = files(folder)
    assert [(row.reason, row.error) for row in rows(world)] == [(BackupReason.MANUAL, None)]
    headline, last, saved, *_rest = map(plain, said(screen))
    assert headline == "Your data is backed up."
    assert last.startswith("The last verified backup is of Mar 2, 2026, 9:00 AM: ")
    assert last.endswith(f"in {folder}.")
    assert saved == "Every change since is saved there too: a lost disk would cost nothing."
    assert states(screen) == [FileState.READY]
    assert screen.table.rows[0].byte_count == file.stat().st_size
    assert screen.head.run.isVisible()
    assert not screen.head.bar.isVisible()
    assert unnamed(screen) == []


def test_it_says_what_a_lost_disk_would_cost(
    at: Callable[[], BackupsScreen], folder: Path, world: World, clock: FrozenClock, front: FrontDesk, wait: Wait
) -> None:
    back_up(world, folder)
    clock.advance(minutes=10)
    front.patient()
    clock.advance(minutes=6, seconds=30)
    screen = at()
    assert plain(said(screen)[2]) == "Changes are saved until Mar 2, 2026, 9:10 AM: a lost disk would cost at most 7 minutes of work."
    save_journal(world.db, folder)
    screen.refresh()
    wait()
    assert "would cost nothing" in said(screen)[2]
    front.patient("Ravi")
    clock.advance(hours=5)
    screen.refresh()
    wait()
    assert "at most 5 hours of work" in said(screen)[2]


def test_backups_on_the_databases_own_disk_are_warned_of(
    at: Callable[[], BackupsScreen], folder: Path, world: World, wait: Wait, tmp_path: Path
) -> None:
    back_up(world, folder)
    screen = at()
    assert any(line.startswith("Backups and database are on the same disk") for line in said(screen))
    elsewhere = Path("/dev/shm")
    if elsewhere.is_dir() and elsewhere.stat().st_dev != tmp_path.stat().st_dev:
        choose(world, commands.SECOND_FOLDER.key, str(elsewhere), workstation_id=world.workstations["front desk"])
        wait()
        assert not any(line.startswith("Backups and database are on the same disk") for line in said(screen))


def test_an_overdue_backup_stands_there_in_red_with_its_button_and_a_badge(
    at: Callable[[], BackupsScreen], desk: Desk, folder: Path, world: World, clock: FrozenClock, wait: Wait
) -> None:
    badges: list[tuple[str, int]] = []
    desk.badged.connect(lambda code, count: badges.append((code, count)))
    back_up(world, folder)
    clock.advance(hours=30)
    screen = at()
    assert said(screen)[0] == "No backup for 30 hours."
    assert screen.head.headline.property("tone") == "bad"
    assert badges[-1] == ("backups", 1)
    clock.advance(days=4)
    screen.refresh()
    wait()
    assert said(screen)[0] == "No backup for 5 days."
    QTest.mouseClick(screen.head.run, CLICK)
    wait()
    assert said(screen)[0] == "Your data is backed up."
    assert screen.head.headline.property("tone") is None
    assert badges[-1] == ("backups", 0)
    assert len(files(folder)) == 2


def test_a_failure_is_told_with_its_reason_until_the_same_folder_has_one(
    at: Callable[[], BackupsScreen],
    desk: Desk,
    folder: Path,
    world: World,
    hands: Hands,
    wait: Wait,
    caplog: pytest.LogCaptureFixture,
    clock: FrozenClock,
) -> None:
    toasts: list[str] = []
    badges: list[int] = []
    desk.toasted.connect(lambda text, _tone, _undo: toasts.append(text))
    desk.badged.connect(lambda _code, count: badges.append(count))
    back_up(world, folder)
    gone = folder.with_name("gone")
    choose(world, commands.SECOND_FOLDER.key, str(gone), workstation_id=world.workstations["front desk"])
    clock.advance(minutes=1)
    screen = at()
    assert plain(said(screen)[-2]) == f"The folder {gone} is not there now."
    hands.press(KEY.Key_F2)
    wait()
    headline, why, last, *_rest = map(plain, said(screen))
    assert headline == "The last backup failed."
    assert why == f"No backup was made: the folder {gone} is not there. Plug in the disk, or choose another folder."
    assert last.startswith("The last verified backup is of Mar 2, 2026, 9:01 AM")
    assert plain(toasts[-1]) == why
    assert badges[-1] == 1
    assert len(files(folder)) == 2, "the other folder has its backup all the same"
    gone.mkdir()
    hands.press(KEY.Key_F2)
    wait()
    assert said(screen)[0] == "Your data is backed up."
    assert badges[-1] == 0
    assert len(files(gone)) == 1
    caplog.clear()


def test_a_backup_is_stopped_and_that_is_no_failure(
    at: Callable[[], BackupsScreen], desk: Desk, folder: Path, world: World, wait: Wait, clock: FrozenClock
) -> None:
    toasts: list[str] = []
    desk.toasted.connect(lambda text, _tone, _undo: toasts.append(text))
    back_up(world, folder)
    clock.advance(minutes=1)
    screen = at()
    QTest.mouseClick(screen.head.run, CLICK)
    QTest.mouseClick(screen.head.cancel, CLICK)
    wait()
    assert [row.error for row in rows(world)] == ["backup_cancelled", None]
    with world.db.read() as session:
        assert backup_state(session, clock()).error is None
    assert toasts == ["This was stopped. Nothing was changed."]
    assert said(screen)[0] == "Your data is backed up."
    assert len(files(folder)) == 1
    assert screen.head.run.isVisible()


def test_a_backup_goes_on_when_the_desk_is_left_and_is_seen_again(
    at: Callable[[], BackupsScreen], desk: Desk, folder: Path, show: Callable[..., None], wait: Wait, front: FrontDesk, work: Work
) -> None:
    screen = at()
    QTest.mouseClick(screen.head.run, CLICK)
    front.patient()  # the rest of the program works meanwhile
    screen.hide()
    screen.deleteLater()
    again = BackupsScreen(desk)
    show(again, 962, 690)
    assert again.head.bar.isVisible()
    wait()
    assert len(files(folder)) == 1
    assert not again.head.bar.isVisible()
    assert said(again)[0] == "Your data is backed up."


# Looks


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_it_is_worth_a_look(
    theme: str,
    language: str,
    qapp: QApplication,
    at: Callable[[], BackupsScreen],
    folder: Path,
    world: World,
    clock: FrozenClock,
    front: FrontDesk,
    hands: Hands,
    wait: Wait,
    picture: Callable[[QWidget, str], Path],
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    for _turn in range(4):
        front.patient()
        back_up(world, folder)
        clock.advance(hours=4)
    files(folder)[1].write_bytes(b"short")
    if theme == "dark":
        clock.advance(hours=30)
    screen = at()
    picture(screen, f"backups-{theme}-{language}")
    assert screen.minimumSizeHint().width() <= 962
    assert screen.minimumSizeHint().height() <= 690
    assert screen.draft() is None
    click_row(screen, 1)
    dialog = checked(screen, wait, hands)
    picture(dialog, f"backups-check-{theme}-{language}")
    dialog.reject()
    restore = opened(screen, hands)
    hands.press(KEY.Key_Down)
    wait()
    picture(restore, f"backups-choose-{theme}-{language}")
    hands.press(KEY.Key_Up)
    QTest.mouseClick(restore.look, CLICK, pos=QPoint(5, 5))
    wait()
    assert restore.preview is not None
    picture(restore, f"backups-preview-{theme}-{language}")
    assert restore.width() <= 1366
    assert restore.height() <= 768
    restore.reject()
