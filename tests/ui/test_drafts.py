"""Drafts save themselves and outlive lock, logout, another language, the end of the program and its being killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import commands, passwords
from clinic_desktop.clinic.access.queries import DraftRow, own_drafts
from clinic_desktop.clinic.access.rules import MOST_DRAFTED
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.work import Work
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.ui.example import SCREENS
from tests.ui.example.screen import ExampleScreen
from tests.ui.pages import page

PASSWORD = "blue-Elephant-42"
Shells = Callable[..., Shell]
Wait = Callable[[], None]


@pytest.fixture
def shell_for(desk_as: Callable[[str], Desk], preferences: Preferences, show: Callable[[QWidget], None], settle: Wait) -> Shells:
    """``shell_for("receptionist")``: a program that was started anew, with what the database holds of that person."""

    made: list[Shell] = []

    def build(role: str, drafts: Drafts | None = None) -> Shell:
        for former in made:
            former.unfinished.pulse.stop()  # it has ended: what stands in it is not kept for whoever comes next
        desk = desk_as(role)
        if drafts is None:
            drafts = Drafts(desk.work)
            drafts.load(desk.actor.user_id, held(desk.work.db, desk.actor))
        shell = Shell(desk, preferences, drafts, SCREENS, ())
        made.append(shell)
        show(shell)
        shell.open_home()
        settle()
        return shell

    return build


def held(db: Database, actor: Actor) -> list[DraftRow]:
    with db.read() as session:
        return own_drafts(session, actor)


def drafts_of(world: World, role: str) -> dict[str, str | None]:
    return {row.screen: row.body for row in held(world.db, world.actor(role))}


def name_in(shell: Shell) -> Any:
    assert isinstance(shell.current, ExampleScreen)
    return shell.current.form["name"]


def said(shell: Shell) -> list[str]:
    return [toast.text for toast in shell.toasts.toasts]


def test_typing_is_kept_by_itself_once_and_the_save_ends_it(
    shell_for: Shells, world: World, work: Work, qtbot: QtBot, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = shell_for("receptionist")
    shell.unfinished.pulse.setInterval(100)
    asked: list[dict[str, Any]] = []
    do = work.do
    monkeypatch.setattr(work, "do", lambda *args, **params: (asked.append(params), do(*args, **params)))
    QTest.keyClicks(name_in(shell), "Dermatology")
    qtbot.waitUntil(lambda: "Dermatology" in str(drafts_of(world, "receptionist").get("queue")))
    settle()
    before = len(asked)
    pulses: list[bool] = []
    shell.unfinished.pulse.timeout.connect(lambda: pulses.append(True))
    qtbot.waitUntil(lambda: len(pulses) == 2)
    assert len(asked) == before, "written again though nothing changed"
    with qtbot.waitSignal(shell.unfinished.drafts.written):
        name_in(shell).clear()
    assert drafts_of(world, "receptionist") == {"queue": None}, "only where the person was is left"


def test_a_program_started_anew_puts_back_what_was_typed_and_says_from_when(
    shell_for: Shells, world: World, settle: Wait, clock: FrozenClock
) -> None:
    shell = shell_for("receptionist")
    assert said(shell) == []
    shell.open("plain")
    shell.open("queue")
    QTest.keyClicks(name_in(shell), "Half a na")
    shell.open("plain")
    shell.keep_drafts()
    settle()
    typed_at = clock.now
    clock.advance(hours=14)
    other = shell_for("nurse")
    assert said(other) == []
    again = shell_for("receptionist")
    assert again.current_code == "plain"
    assert said(again) == [f"As you left it on {datetime_text(typed_at, timezone=world.timezone)}: Queue"]
    again.open("queue")
    assert name_in(again).text() == "Half a na"
    assert len(said(again)) == 1


def test_a_lock_in_the_same_program_says_nothing(shell_for: Shells, world: World, settle: Wait) -> None:
    drafts = Drafts()
    shell = shell_for("receptionist", drafts)
    QTest.keyClicks(name_in(shell), "Half a na")
    shell.keep_drafts()
    settle()
    drafts.load(world.users["receptionist"], held(world.db, world.actor("receptionist")))
    again = shell_for("receptionist", drafts)
    assert name_in(again).text() == "Half a na"
    assert said(again) == []


def keep(world: World, role: str, open_screen: str | None = None, **bodies: str) -> None:
    world.db.run(world.actor(role), commands.keep_drafts, changed=bodies, open_screen=open_screen)


def test_a_draft_that_cannot_be_put_back_is_said_and_stays_where_it_is(
    shell_for: Shells, world: World, settle: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    of_an_older_version = '{"screen": {"phone": 12, "name": "Asha"}, "dialogs": {}}'
    keep(world, "receptionist", "queue", queue=of_an_older_version)
    shell = shell_for("receptionist")
    assert said(shell) == ["Queue: what you had typed cannot be put back by this version of the program. It is kept."]
    assert [record.getMessage() for record in caplog.records] == ["the draft of queue cannot be put back"]
    caplog.clear()
    assert name_in(shell).text() == "", "half of it was shown"
    shell.keep_drafts()
    settle()
    assert drafts_of(world, "receptionist")["queue"] == of_an_older_version
    QTest.keyClicks(name_in(shell), "New")
    shell.keep_drafts()
    settle()
    assert "New" in str(drafts_of(world, "receptionist")["queue"])


def test_a_screen_whose_draft_fails_keeps_nobody_from_locking(
    shell_for: Shells, world: World, settle: Wait, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = shell_for("receptionist")
    QTest.keyClicks(name_in(shell), "Kept")
    shell.keep_drafts()
    monkeypatch.setattr(ExampleScreen, "draft", lambda _screen: {"at": datetime.now(UTC)})  # not for JSON
    shell.open("plain")
    shell.keep_drafts()
    settle()
    assert [record.getMessage() for record in caplog.records] == ["the draft of queue cannot be kept"]
    caplog.clear()
    assert "Kept" in str(drafts_of(world, "receptionist")["queue"])


def test_too_much_is_said_once(shell_for: Shells, settle: Wait, refusals: list[ClinicError], monkeypatch: pytest.MonkeyPatch) -> None:
    shell = shell_for("receptionist")
    monkeypatch.setattr(ExampleScreen, "draft", lambda _screen: {"notes": "x" * MOST_DRAFTED})
    for _pulse in range(3):
        shell.unfinished.autosave()
        settle()
    assert [error.code for error in refusals] == ["drafts_too_large"]
    refusals.clear()


def test_what_a_lost_database_could_not_be_told_is_told_when_it_is_back(
    shell_for: Shells, world: World, work: Work, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = shell_for("receptionist")
    run = world.db.run

    def gone(*_args: Any, **_params: Any) -> None:
        raise DatabaseUnavailable(reason="unreachable")

    monkeypatch.setattr(work.db, "run", gone)
    QTest.keyClicks(name_in(shell), "While it was away")
    shell.unfinished.autosave()
    settle()
    assert "queue" not in drafts_of(world, "receptionist")
    monkeypatch.setattr(work.db, "run", run)
    work.reachable.emit(True)  # as the follower of a server's journal says it
    settle()
    assert "While it was away" in str(drafts_of(world, "receptionist")["queue"])


def test_what_could_not_be_told_before_a_lock_is_there_after_the_login(world: World) -> None:
    drafts, user = Drafts(), world.users["receptionist"]
    drafts.keep(user, "queue", {"screen": "newer", "is_typed": True})
    drafts.keep(user, "cashier", None)
    rows = [DraftRow(code, '{"screen": "older"}', False, world.db.clock()) for code in ("queue", "pharmacy")]
    drafts.load(user, rows)
    assert drafts.draft(user, "queue") == {"screen": "newer", "is_typed": True}
    assert drafts.draft(user, "pharmacy") == {"screen": "older"}
    assert drafts.draft(world.users["nurse"], "queue") is None


def test_who_has_no_right_to_keep_drafts_still_has_them_over_a_lock(
    shell_for: Shells, world: World, work: Work, settle: Wait, refusals: list[ClinicError]
) -> None:
    drafts = Drafts()
    shell = shell_for("receptionist", drafts)
    actor = shell.desk.actor
    work.actor = Actor(actor.user_id, actor.name, actor.permissions - {commands.OWN_DRAFTS.code}, actor.roles, actor.clinic_id)
    QTest.keyClicks(name_in(shell), "Half a na")
    shell.keep_drafts()
    settle()
    assert drafts_of(world, "receptionist") == {}
    assert name_in(shell_for("receptionist", drafts)).text() == "Half a na"


# The whole program


@pytest.fixture
def anywhere(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[World]:
    """The clinic on both engines; the receptionist and the nurse have passwords."""
    db, built = fresh(engine_name, tmp_path, clock, recipe="world", build=build_world)
    world: World = built.at(db)
    for role in ("receptionist", "nurse"):
        password = passwords.new(PASSWORD, username=role)
        db.run(Actor.system(), commands.set_password, user_id=world.users[role], password=password, must_change_password=False)
    yield world
    drop(db)


def url_of(world: World) -> str:
    address = world.db.address
    return f"sqlite:///{address.file}" if address.file is not None else address.url.render_as_string(hide_password=False)


Start = Callable[[World], Session]


@pytest.fixture
def start(run_program: Callable[..., Session]) -> Start:
    """Start the program as it is shipped, on the database of a clinic."""
    return lambda world: run_program(url_of(world))


def log_in(session: Session, username: str, qtbot: QtBot) -> Shell:
    login: LoginPage = page(session, LoginPage, qtbot)
    login.username.setText(username)
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    qtbot.waitUntil(lambda: shell.current is not None and not session.work.is_busy)
    return shell


def registration(shell: Shell) -> RegistrationScreen:
    assert isinstance(shell.current, RegistrationScreen)
    return shell.current


def test_a_killed_program_loses_nothing_that_was_typed(anywhere: World, start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    words = (sys.executable, "-m", "tests.ui.typing_child", url_of(anywhere), str(tmp_path), "receptionist", PASSWORD, "Asha Kulkarni")
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    assert child.stdout is not None
    with child.stdout as output:
        assert output.readline().strip() == "kept"
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    session = start(anywhere)
    nurse = log_in(session, "nurse", qtbot)
    assert (nurse.current_code != "registration", said(nurse)) == (True, [])
    nurse.header.logged_out.emit()
    shell = log_in(session, "receptionist", qtbot)
    assert shell.current_code == "registration"
    assert registration(shell).form.main["name"].text() == "Asha Kulkarni"
    assert said(shell)[0].startswith("As you left it on ")
    assert said(shell)[0].endswith(": Registration")


@pytest.mark.parametrize("engine_name", ["sqlite"])  # on both engines: what is kept and dropped in tests/clinic/access, and the kill above
def test_lock_language_logout_and_the_end_of_the_program_lose_nothing_and_a_save_ends_it(
    anywhere: World, start: Start, qtbot: QtBot
) -> None:
    session = start(anywhere)
    shell = log_in(session, "receptionist", qtbot)
    shell.open("registration")
    QTest.keyClicks(registration(shell).form.main["name"], "Asha")
    session.preferences.set_language("ar")
    shell = page(session, Shell, qtbot)
    assert registration(shell).form.main["name"].text() == "Asha"
    session.preferences.set_language("en")
    shell = page(session, Shell, qtbot)
    QTest.keyClicks(registration(shell).form.main["name"], " K")
    QTest.keyClick(shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    shell = log_in(session, "receptionist", qtbot)
    QTest.keyClicks(registration(shell).form.main["name"], "ulkarni")
    shell.header.logged_out.emit()
    shell = log_in(session, "receptionist", qtbot)
    registration(shell).form.main["birth"].setFocus()
    QTest.keyClicks(registration(shell).form.main["birth"], "34")
    session.window.close()
    second = start(anywhere)
    shell = log_in(second, "receptionist", qtbot)
    form = registration(shell).form
    assert (form.main["name"].text(), form.main["birth"].text()) == ("Asha Kulkarni", "34")
    QTest.keyClick(form.main["gender"], Qt.Key.Key_F)
    form.main["phone"].setFocus()
    QTest.keyClicks(form.main["phone"], "9800000012")
    with qtbot.waitSignal(second.drafts.written):
        QTest.keyClick(form, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: form.main["name"].text() == "" and not second.work.is_busy)
    qtbot.waitUntil(lambda: held(anywhere.db, anywhere.actor("receptionist"))[0].body is None)
    with anywhere.db.read() as read:
        assert [hit.full_name for hit in patients.search(read, "asha")] == ["Asha Kulkarni"]
