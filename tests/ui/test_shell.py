"""The frame: departments by permission, search, scan, keys, drafts, languages, and everything named for screen readers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access.commands import define_role
from clinic_desktop.clinic.organisation.events import HospitalCreated
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.scan import Scanner
from clinic_desktop.ui.screens import collected
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme import apply_theme
from clinic_desktop.ui.watchdog import Watchdog
from clinic_desktop.ui.widgets import Button, Dialog, LineEdit, Notes
from clinic_desktop.ui.work import Work
from tests.clinic.world import World
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.example.screen import ExampleScreen, PlainScreen
from tests.ui.hands import double_click
from tests.ui.test_scan import Keyboard
from tests.ui.walk import unnamed

Show = Callable[[QWidget], None]
Settle = Callable[[], None]


@pytest.fixture
def drafts() -> Drafts:
    return Drafts()


@pytest.fixture
def shell_for(
    desk_as: Callable[[str], Desk], preferences: Preferences, drafts: Drafts, show: Show, settle: Settle
) -> Callable[[str], Shell]:
    made: list[Shell] = []

    def build(role: str) -> Shell:
        for former in made:
            former.unfinished.pulse.stop()  # in the program it is gone: what stands in it is not kept for whoever comes next
        shell = Shell(desk_as(role), preferences, drafts, SCREENS, SEARCHES)
        made.append(shell)
        show(shell)
        shell.open_home()
        settle()
        return shell

    return build


@pytest.fixture
def shell(shell_for: Callable[[str], Shell]) -> Shell:
    return shell_for("receptionist")


def test_the_rail_holds_what_the_actor_may_use_and_opens_at_his_home(shell_for: Callable[[str], Shell]) -> None:
    shell = shell_for("receptionist")
    assert "settings" not in shell.rail.buttons
    assert shell.current_code == "queue"
    assert "settings" in shell_for("admin").rail.buttons


def test_screens_are_made_when_first_opened(shell: Shell, qtbot: QtBot) -> None:
    assert set(shell.screens) == {"queue"}
    qtbot.mouseClick(shell.rail.buttons["cashier"], Qt.MouseButton.LeftButton)
    assert isinstance(shell.current, PlainScreen)
    assert shell.rail.buttons["cashier"].isChecked()
    assert set(shell.screens) == {"queue", "cashier"}


def test_the_first_screen_overtakes_nobody(
    desk_as: Callable[[str], Desk], preferences: Preferences, drafts: Drafts, show: Show, settle: Settle, work: Work
) -> None:
    def fresh_shell() -> Shell:
        shell = Shell(desk_as("receptionist"), preferences, drafts, SCREENS, SEARCHES)
        shell.unfinished.pulse.stop()  # nobody sits before those that were left
        show(shell)
        return shell

    unhurried = fresh_shell()
    unhurried.begin()
    assert (set(unhurried.screens), unhurried.current) == ({"queue"}, None)
    settle()
    assert unhurried.current_code == "queue"

    faster = fresh_shell()
    faster.begin()
    faster.open("cashier")
    settle()
    assert faster.current_code == "cashier"

    fastest = fresh_shell()
    fastest.open("queue")
    opened = fastest.current
    fastest.begin()
    settle()
    assert fastest.current is opened
    assert fastest.findChildren(ExampleScreen) == [opened]

    for turn in ("before", "between"):
        left = fresh_shell()
        if turn == "between":
            left.begin()
        left.hide()
        work.actor = None
        if turn == "before":
            left.begin()
        settle()
        assert left.current is None


def test_a_screen_that_the_role_may_not_open_is_refused_in_words(shell: Shell) -> None:
    shell.desk.open("settings")
    assert shell.current_code == "queue"
    assert [toast.text for toast in shell.toasts.toasts] == ["Your role may not open this."]


def test_search_finds_as_one_types_and_enter_opens(shell: Shell, settle: Settle, world: World) -> None:
    QTest.keyClick(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert shell.finder.box.hasFocus()
    QTest.keyClicks(shell.finder.box, "cardio")
    settle()
    texts = [shell.finder.list.item(row).text() for row in range(shell.finder.list.count())]
    assert texts == ["Departments", "Cardiology, PAT-2026-00001"]
    QTest.keyClick(shell.finder.box, Qt.Key.Key_Return)
    screen = shell.current
    assert isinstance(screen, PlainScreen)
    assert screen.opened == [{"department_id": world.departments["Cardiology"]}]
    assert not shell.finder.popup.isVisible()
    assert shell.finder.box.text() == ""


def test_search_also_goes_to_departments_and_says_when_there_is_nothing(shell: Shell, settle: Settle) -> None:
    shell.finder.start()
    QTest.keyClicks(shell.finder.box, "pharm")
    settle()
    QTest.keyClick(shell.finder.box, Qt.Key.Key_Return)
    assert shell.current_code == "pharmacy"
    QTest.keyClicks(shell.finder.box, "zzz")
    settle()
    assert shell.finder.list.item(0).text() == "Nothing found"
    QTest.keyClick(shell.finder.box, Qt.Key.Key_Return)
    assert shell.current_code == "pharmacy"
    QTest.keyClick(shell.finder.box, Qt.Key.Key_Escape)
    assert not shell.finder.popup.isVisible()


def test_a_scan_goes_to_the_screen_then_to_what_it_belongs_to(
    shell: Shell, settle: Settle, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(ExampleScreen, "scanned", lambda self, code: taken.append(code) or code == "HERE")
    shell.take_scan("HERE")
    settle()
    assert shell.current_code == "queue"
    shell.take_scan("PAT-CAR-001")
    settle()
    screen = shell.current
    assert isinstance(screen, PlainScreen)
    assert screen.opened == [{"department_id": world.departments["Cardiology"]}]
    assert taken == ["HERE", "PAT-CAR-001"]
    shell.take_scan("PAT-XXX-404")
    settle()
    assert [toast.text for toast in shell.toasts.toasts] == ["Nothing belongs to PAT-XXX-404."]


@pytest.fixture
def scanner(qapp: QApplication, shell: Shell) -> Iterator[Scanner]:
    """As the program wires it."""
    made = Scanner(qapp)
    made.scanned.connect(shell.take_scan)
    yield made
    shell.window().windowHandle().removeEventFilter(made)
    made.deleteLater()
    QCoreApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize("code", ["PAT-CAR-001", "8901030865278"])
def test_a_scan_behind_a_dialog_changes_nothing_and_says_so(
    shell: Shell, scanner: Scanner, settle: Settle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(ExampleScreen, "scanned", lambda self, code: taken.append(code) or False)
    dialog = Dialog(shell.current, "Walk-in")
    typed, notes, answers = LineEdit("Reason"), Notes("Notes"), []
    typed.setText("Fever")
    notes.setPlainText("Since Monday")
    for widget in (typed, notes):
        dialog.body.addWidget(widget)
    dialog.add_button("Add", "primary", lambda: answers.append("added"), default=True)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    keys = Keyboard(dialog)
    for widget in (typed, notes, dialog.findChild(Button)):
        widget.setFocus()
        keys.type(code, gap=8)
        keys.enter()
        keys.now += 300
        settle()
    assert (typed.text(), notes.toPlainText(), answers, taken) == ("Fever", "Since Monday", [], [])
    assert (shell.current_code, dialog.isVisible()) == ("queue", True)
    said = "A code was scanned, but nothing was done with it. Close this window first, then scan again."
    assert {toast.text for toast in shell.toasts.toasts} == {said}
    dialog.reject()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    keys = Keyboard(shell)
    keys.type("PAT-CAR-001", gap=8)
    keys.enter()
    settle()
    assert taken == ["PAT-CAR-001"]
    assert isinstance(shell.current, PlainScreen)


def test_a_hidden_screen_refreshes_when_it_is_shown_again(shell: Shell, work: Work, settle: Settle) -> None:
    screen = shell.current
    assert isinstance(screen, ExampleScreen)
    screen.watch(HospitalCreated)
    assert screen.refreshed == 1
    shell.open("plain")
    work._heard([HospitalCreated(shell.desk.clinic_id)] * 2)
    work._heard([HospitalCreated(shell.desk.clinic_id)])
    settle()
    assert screen.refreshed == 1
    shell.open("queue")
    assert screen.refreshed == 2
    work._heard([HospitalCreated(shell.desk.clinic_id)])
    settle()
    assert screen.refreshed == 3


def test_the_status_line_says_who_where_and_how_it_is_connected(shell: Shell) -> None:
    status = shell.status
    found = [item.text for item in (status.user, status.site, status.database, status.reach, status.sync, status.unsent)]
    assert found == ["Receptionist One", "Main Clinic", "This computer", "Works offline", "Standalone", "Unsent: 0"]
    shell.desk.work.reachable.emit(False)
    assert status.reach.text == "Server does not answer"


def test_badges_and_toasts_of_a_screen_reach_the_frame(shell: Shell) -> None:
    shell.desk.badge("pharmacy", 120)
    assert shell.rail.buttons["pharmacy"].badge == "99+"
    assert "120" in shell.rail.buttons["pharmacy"].accessibleName()
    shell.desk.badge("pharmacy", 0)
    assert shell.rail.buttons["pharmacy"].badge == ""
    shell.desk.badge("nowhere", 3)
    shell.desk.toast("Saved")
    assert [toast.text for toast in shell.toasts.toasts] == ["Saved"]


def test_f1_shows_the_keys_of_the_screen_and_of_the_frame(shell: Shell) -> None:
    QTest.keyClick(shell, Qt.Key.Key_F1)
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    texts = {label.text() for label in dialog.findChildren(type(shell.rail.buttons["queue"]._badge))}
    assert {"F8", "Call next", "Ctrl+K", "F1", "Ctrl+L", "Lock", "Alt+1"} <= texts
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_alt_and_a_number_open_the_departments(shell: Shell) -> None:
    QTest.keyClick(shell, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert shell.current_code == "calendar"


def test_drafts_come_back_to_the_same_person_only(shell_for: Callable[[str], Shell], drafts: Drafts) -> None:
    shell = shell_for("receptionist")
    assert isinstance(shell.current, ExampleScreen)
    shell.current.form["name"].setText("Half a na")
    shell.open("cashier")
    shell.keep_drafts()
    other = shell_for("nurse")
    other.open("queue")
    assert isinstance(other.current, ExampleScreen)
    assert other.current.form["name"].text() == ""
    again = shell_for("receptionist")
    assert again.current_code == "cashier"
    again.open("queue")
    assert isinstance(again.current, ExampleScreen)
    assert again.current.form["name"].text() == "Half a na"


def test_a_double_click_on_save_makes_one_department_and_says_so(shell: Shell, work: Work, world: World, settle: Settle) -> None:
    work.actor = world.actor("admin")
    screen = shell.current
    assert isinstance(screen, ExampleScreen)
    QTest.keyClicks(screen.form["name"], "Dermatology")
    double_click(screen.save)
    settle()
    assert [toast.text for toast in shell.toasts.toasts] == ["Saved"]


@pytest.mark.parametrize("right_to_left", [False, True])
def test_the_frame_fits_small_screens_in_both_directions(
    qapp: QApplication, shell_for: Callable[[str], Shell], right_to_left: bool
) -> None:
    apply_theme(qapp, "light", right_to_left=right_to_left)
    shell = shell_for("admin")
    assert shell.minimumSizeHint().width() <= 1366
    assert shell.minimumSizeHint().height() <= 768
    assert shell.size().toTuple() == (1366, 768)
    assert (shell.rail.x() > shell.content.x()) == right_to_left


def test_every_control_has_a_name_and_the_walk_finds_one_without(shell: Shell) -> None:
    assert unnamed(shell) == []
    nameless = QToolButton(shell)
    nameless.show()
    assert len(unnamed(shell)) == 1


def test_screens_are_collected_from_their_folders_and_their_codes_are_declared() -> None:
    screens, searches = collected()
    from clinic_desktop.kernel.security import declared_permissions

    known = {one.code for one in declared_permissions()}
    assert {code for one in (*screens, *searches) for code in one.permissions} <= known
    assert len({one.code for one in screens}) == len(screens)
    assert {one.screen for one in searches} <= {one.code for one in screens}


def test_a_role_without_screens_is_told_so(work: Work, desk: Desk, preferences: Preferences, drafts: Drafts, show: Show) -> None:
    work.actor = Actor(None, "Nobody")
    shell = Shell(desk, preferences, drafts, [SCREENS[-1]], ())
    show(shell)
    shell.open_home()
    assert shell.current is None
    assert shell.content.currentWidget() is not None


def test_the_watchdog_names_what_blocked_the_ui_thread(qapp: QApplication, qtbot: QtBot) -> None:
    dog = Watchdog(limit_ms=60)
    dog.start()
    qtbot.waitUntil(lambda: dog._timer.isActive())
    QApplication.processEvents()
    _hold_up_the_ui_thread()
    qtbot.waitUntil(lambda: bool(dog.stalls))
    stalls = dog.stop()
    assert stalls[0].milliseconds >= 60
    assert "_hold_up_the_ui_thread" in stalls[0].stack
    assert dog.longest_ms >= stalls[0].milliseconds
    dog.deleteLater()


def _hold_up_the_ui_thread() -> None:
    until = time.thread_time() + 0.15  # computed, whatever else runs on this machine
    while time.thread_time() < until:
        sum(range(1000))


def test_commands_of_the_example_are_guarded(world: World, desk_as: Callable[[str], Desk]) -> None:
    assert desk_as("admin").may(define_role)
    assert not desk_as("receptionist").may(define_role)
