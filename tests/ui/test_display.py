"""The public display: what it shows, when it sounds, and where it stands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import DisplayPrivacy
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import Language, activate, active
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.display.host import DisplayHost, display_host
from clinic_desktop.ui.display.speech import spoken_call
from clinic_desktop.ui.display.window import DisplayWindow
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.screens.lobby import Lobby
from tests.ui.walk import unnamed


@pytest.fixture
def lobby(world: World, clock: FrozenClock) -> Lobby:
    return Lobby(world, clock)


@pytest.fixture
def host(desk: Desk, work: Work) -> Iterator[DisplayHost]:
    made = display_host(work, desk.place)
    yield made
    made.close()


@pytest.fixture
def window(host: DisplayHost, show: Callable[..., None], settle: Callable[[], None]) -> DisplayWindow:
    show(host.window, 1920, 1080)
    settle()
    return host.window


def call(lobby: Lobby, work: Work, settle: Callable[[], None], doctor: int = 0) -> None:
    """A doctor calls the next, on this computer."""
    lobby.clock.advance(minutes=1)
    world = lobby.world
    doctor_id = world.doctors[doctor]
    work.do(work, commands.call_next, clinic_id=world.clinic_id, doctor_id=doctor_id, room=str(doctor + 1))
    settle()
    settle()


def test_it_shows_who_is_called_and_who_is_next(window: DisplayWindow, lobby: Lobby, work: Work, settle: Callable[[], None]) -> None:
    assert window.call.call is None
    for name in ("Asha Rao", "Om Prakash", "Farah Ansari"):
        lobby.walk_in(name)
    call(lobby, work, settle)
    assert window.call.accessibleName() == "Now calling, 1, Room 1, Doctor One"
    assert [one.queue_number for one in window.next.calls] == [2, 3]
    call(lobby, work, settle)
    assert window.call.accessibleName() == "Now calling, 2, Room 1, Doctor One"
    assert window.others.accessibleName() == "1, Room 1"
    assert unnamed(window) == []


def test_a_call_pulses_and_sounds_once(window: DisplayWindow, lobby: Lobby, work: Work, settle: Callable[[], None], qtbot: QtBot) -> None:
    played: list[bool] = []
    window.chime.played.connect(lambda: played.append(True))
    visit_id = lobby.walk_in("Asha Rao")
    window.refresh()
    settle()
    assert not played
    assert not window.call.is_pulsing
    call(lobby, work, settle)
    assert (len(played), window.call.is_pulsing) == (1, True)
    window.refresh()
    settle()
    assert len(played) == 1  # reading the same call again is no call
    lobby.clock.advance(minutes=1)
    work.do(work, commands.recall, visit_id=visit_id)
    qtbot.waitUntil(lambda: len(played) == 2)
    work.do(work, commands.skip, visit_id=visit_id)
    qtbot.waitUntil(lambda: window.call.call is None)
    assert len(played) == 2


def test_opening_it_in_the_middle_of_the_day_is_silent(
    host: DisplayHost, lobby: Lobby, work: Work, show: Callable[..., None], settle: Callable[[], None]
) -> None:
    played: list[bool] = []
    host.window.chime.played.connect(lambda: played.append(True))
    lobby.call(lobby.walk_in("Asha Rao"))
    show(host.window, 1920, 1080)
    settle()
    assert host.window.call.call is not None
    assert not played


def test_calls_made_at_another_computer_are_seen(window: DisplayWindow, lobby: Lobby, settle: Callable[[], None], qtbot: QtBot) -> None:
    visit_id = lobby.walk_in("Asha Rao")
    other = lobby.elsewhere()
    try:
        other.run(lobby.world.actor("doctor"), commands.call, visit_id=visit_id, room="7")
    finally:
        other.close()
    qtbot.waitUntil(lambda: window.call.call is not None and window.call.call.room == "7")


def test_a_call_of_another_process_is_shown_and_sounds(
    window: DisplayWindow, lobby: Lobby, settle: Callable[[], None], qtbot: QtBot
) -> None:
    visit_id = lobby.walk_in("Asha Rao")
    window.refresh()
    settle()
    with qtbot.waitSignal(window.chime.played):
        script = [sys.executable, "-m", "tests.ui.calling_child", f"sqlite:///{lobby.world.db.address.url.database}", str(visit_id), "7"]
        subprocess.run(script, check=True, timeout=120)
    assert window.call.accessibleName() == "Now calling, 1, Room 7, Doctor One"


@pytest.mark.parametrize(
    ("privacy", "shown"), [(DisplayPrivacy.NUMBER, None), (DisplayPrivacy.INITIALS, "A. R."), (DisplayPrivacy.NAME, "Asha Rao")]
)
def test_names_only_as_the_clinic_allows(
    window: DisplayWindow, lobby: Lobby, work: Work, settle: Callable[[], None], privacy: DisplayPrivacy, shown: str | None
) -> None:
    lobby.walk_in("Asha Rao")
    call(lobby, work, settle)
    work.do(work, set_setting, key=queries.PRIVACY.key, value=privacy, clinic_id=lobby.world.clinic_id)
    settle()
    settle()
    assert window.call.call is not None
    assert window.call.call.name == shown


def test_the_message_stands_when_it_fits_and_runs_when_it_does_not(
    window: DisplayWindow, lobby: Lobby, work: Work, settle: Callable[[], None]
) -> None:
    assert window.ticker.isHidden()
    for text, runs in (("Please keep your token.", False), ("Wash your hands often. " * 20, True), ("", False)):
        work.do(work, set_setting, key=queries.TICKER.key, value=text, clinic_id=lobby.world.clinic_id)
        settle()
        settle()
        assert (window.ticker.text, window.ticker.is_running) == (text.strip(), runs)
    assert window.ticker.isHidden()


def test_without_a_message_its_room_is_the_others(
    window: DisplayWindow, lobby: Lobby, work: Work, settle: Callable[[], None], qtbot: QtBot
) -> None:
    least = window.height() - 4 * window.head.unit
    assert window.next.geometry().bottom() >= least
    work.do(work, set_setting, key=queries.TICKER.key, value="Please keep your token.", clinic_id=lobby.world.clinic_id)
    qtbot.waitUntil(lambda: window.next.geometry().bottom() < least)
    assert window.ticker.geometry().bottom() >= least
    settle()


def test_the_clock_is_the_clinics(window: DisplayWindow) -> None:
    assert window.head.time.replace("\u00a0", " ") == "9:00 AM"


def test_there_is_one_display_and_logging_out_leaves_it(
    host: DisplayHost, desk: Desk, work: Work, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    beside = QWidget()
    qtbot.addWidget(beside)
    beside.show()
    host.open(beside)
    work.actor = None
    assert display_host(work, desk.place) is host
    assert host.is_open
    settle()
    assert not host.window.isFullScreen()  # one screen only: a window


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pictures(
    window: DisplayWindow,
    lobby: Lobby,
    work: Work,
    settle: Callable[[], None],
    qapp: QApplication,
    picture: Callable[[QWidget, str], Path],
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, "light" if language == "en" else "dark", right_to_left=language == "ar")
    for name in ("Asha Rao", "محمد عبد الله الزهراني", "सुनीता देशपांडे", "Jean-Luc Fernandes", "Ravi Menon", "Farah Ansari", "Om Prakash"):
        lobby.walk_in(name)
    for number in range(3):
        lobby.walk_in(f"Priya Iyer{number}", doctor=1)
    work.do(work, set_setting, key=queries.PRIVACY.key, value=DisplayPrivacy.INITIALS, clinic_id=lobby.world.clinic_id)
    message = (
        "Please keep your token ready. Masks are at the entrance." if language == "en" else "يرجى إبقاء الرقم جاهزاً. الكمامات عند المدخل."
    )
    work.do(work, set_setting, key=queries.TICKER.key, value=message, clinic_id=lobby.world.clinic_id)
    for doctor in (0, 0, 1):
        call(lobby, work, settle, doctor)
    taken = picture(window, f"display-{language}")
    assert taken.stat().st_size > 20_000
    activate("en")


def set_up(lobby: Lobby, work: Work, settle: Callable[[], None], **values: Any) -> None:
    for key, value in values.items():
        work.do(work, set_setting, key=f"display.{key}", value=value, clinic_id=lobby.world.clinic_id)
    settle()
    settle()


def test_languages_take_turns(window: DisplayWindow, lobby: Lobby, work: Work, settle: Callable[[], None]) -> None:
    lobby.walk_in("Asha Rao")
    call(lobby, work, settle)
    set_up(lobby, work, settle, languages="en, ar hi")
    told = []
    for _turn in range(4):
        told.append((window.call.accessibleName(), window.layoutDirection()))
        window.take_turns()
    left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    assert [side for _name, side in told] == [left, right, left, left]
    assert told[0][0] == "Now calling, 1, Room 1, Doctor One"
    assert len({name for name, _side in told}) == 3
    assert told[3] == told[0]
    assert active().code == "en"  # the desk beside it stays as it is
    refused: list[ClinicError] = []
    work.do(work, set_setting, key="display.languages", value="en, xx", clinic_id=lobby.world.clinic_id, failed=refused.append)
    settle()
    assert [error.params["known"] for error in refused] == ["en, ar, hi"]


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program by the name of espeak-ng that writes down what it says, and when it begins and ends."""
    said = tmp_path / "said.txt"
    program = tmp_path / "espeak-ng"
    program.write_text(f'#!/bin/sh\necho "[$2] $6" >> {said}\nsleep 0.05\necho end >> {said}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return said


def test_calls_are_spoken_one_after_the_other(
    window: DisplayWindow, lobby: Lobby, work: Work, settle: Callable[[], None], qtbot: QtBot, voice: Path
) -> None:
    for name in ("Asha Rao", "Om Prakash"):
        lobby.walk_in(name)
    call(lobby, work, settle)
    assert not window.speaker.is_speaking  # the clinic does not wish it
    set_up(lobby, work, settle, speech=True, languages="en,hi")
    call(lobby, work, settle)
    work.do(work, commands.recall, visit_id=lobby.walk_in("-w/tmp/evil", doctor=1), failed=lambda _error: None)
    qtbot.waitUntil(lambda: not window.speaker.is_speaking)
    assert voice.read_text().splitlines() == [
        "[en] Number 2, please go to room 1.",
        "end",
        f"[hi] {spoken_call(window.call.call, Language('hi'))}",  # type: ignore[arg-type]
        "end",
    ]


def test_without_a_voice_it_is_quiet(
    window: DisplayWindow, lobby: Lobby, work: Work, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    set_up(lobby, work, settle, speech=True)
    lobby.walk_in("Asha Rao")
    call(lobby, work, settle)
    assert not window.speaker.is_speaking
    assert window.call.is_pulsing


def test_it_is_open_again_after_a_restart_until_it_is_put_away(
    run_program: Callable[..., Any], world: World, qtbot: QtBot, preferences: Any
) -> None:
    def start() -> Any:
        return run_program(f"sqlite:///{world.db.address.file}")

    def host_of(session: Any) -> DisplayHost | None:
        found: DisplayHost | None = session.work.findChild(DisplayHost)
        return found

    session = start()
    qtbot.waitUntil(lambda: session.work.is_open and not session.work.is_busy)
    assert host_of(session) is None
    session.preferences.remember_display(True)
    session.window.close()
    again = start()
    qtbot.waitUntil(lambda: host_of(again) is not None and not again.work.is_busy)
    host = host_of(again)
    assert host is not None
    assert host.is_open
    assert host.window.head.time
    host.close()
    assert not again.preferences.has_display
    host.open(again.window)
    again.window.close()
    host.window.close()  # the end of the program, not a person
    assert again.preferences.has_display


SCREENS: list[dict[str, Any]] = [
    {"name": name, "x": x, "y": 0, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    for name, x, width, height in (("desk", 0, 1366, 768), ("wall", 1366, 1920, 1080))
]


def test_two_screens(tmp_path: Path, world: World) -> None:
    """In a program of its own, with two screens: full screen on the second, aside when it goes, back when it comes."""
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": SCREENS}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    script = [sys.executable, "-m", "tests.ui.two_screens", str(world.db.address.url.database), str(world.clinic_id), str(tmp_path)]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "opened": {"full": True, "screen": "wall", "place": [1366, 0, 1920, 1080], "minimised": False},
        "unplugged": {"full": False, "screen": "desk", "minimised": True},
        "plugged in": {"full": True, "screen": "wall", "place": [1366, 0, 1920, 1080], "minimised": False},
        "picture": [1920, 1080],
    }
