"""The screen of backups, by keys and clicks, on a real encrypted database and real folders."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.backups import commands
from clinic_desktop.clinic.backups.looking import FileState, FoundBackup, look_around, trouble_of
from clinic_desktop.clinic.backups.queries import BackupRow, backup_state
from clinic_desktop.clinic.backups.queries import backups as recorded
from clinic_desktop.clinic.backups.rules import BackupOverdue, BackupReason
from clinic_desktop.clinic.backups.running import run_all, run_now
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.backup.container import ENDING
from clinic_desktop.kernel.backup.routine import save_journal
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.keys import Passphrase
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens.backups import SCREEN
from clinic_desktop.ui.screens.backups.checking import CheckDialog
from clinic_desktop.ui.screens.backups.restoring import RestoreDialog
from clinic_desktop.ui.screens.backups.screen import BackupsScreen
from clinic_desktop.ui.screens.backups.state import before
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.ui.screens.frontdesk import FrontDesk, Hands
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
            qtbot.waitUntil(lambda: not work.is_busy, timeout=30_000)
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


def rows(world: World) -> list[BackupRow]:
    with world.db.read() as session:
        return recorded(session)


def back_up(world: World, folder: Path) -> None:
    run_now(world.db, world.actor("admin"), folder)
    save_journal(world.db, folder)


def said(screen: BackupsScreen) -> list[str]:
    return [screen.head.headline.text(), *(one.text() for one in screen.head.lines if one.isVisible())]


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "").replace("\u00a0", " ")


def click_row(screen: BackupsScreen, place: int) -> None:
    grid = screen.table.grid
    QTest.mouseClick(grid.viewport(), CLICK, pos=grid.visualRect(screen.table.model.index(place, 0)).center())


def states(screen: BackupsScreen) -> list[FileState]:
    return [one.state for one in screen.table.rows]


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


# The list, and checking


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


# Where and when


def put(editor: QWidget, text: str, hands: Hands) -> None:
    editor.setFocus()
    hands.press(KEY.Key_A, CTRL)
    hands.press(KEY.Key_Delete)
    hands.type(text)


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
    qtbot.waitUntil(lambda: second.about.isVisible())
    assert second.about.text() == "On the same disk as the database: a broken disk takes both."
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
    qtbot.waitUntil(lambda: place.about.isVisible())
    assert place.about.text() == "Not there now. Plug the disk in, or create the folder."
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


# What stands elsewhere, and who may


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


# The way back, as far as the dialog goes (test_backups_restore goes to the end)


def opened(screen: BackupsScreen, hands: Hands) -> RestoreDialog:
    front_of(screen)
    screen.setFocus()
    hands.press(KEY.Key_F9)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RestoreDialog)
    front_of(dialog)
    assert unnamed(dialog) == []
    return dialog


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


# Looks


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("theme", ["light", "dark"])
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
