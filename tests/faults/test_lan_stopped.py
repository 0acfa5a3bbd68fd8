"""The clinic's server stops in the middle of the day, or its network swallows everything, and comes back: nobody loses a word."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable, Iterator

import psycopg
import pytest
from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.frontdesk.commands import call_next
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.clinic.patients.queries import PatientHit, search
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.servers import POSTGRES_ARGUMENTS
from clinic_desktop.ui.display.host import DisplayHost
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.queue.screen import QueueScreen
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.statusline import StatusLine
from tests.clinic.world import World, build_world
from tests.conftest import START, FrozenClock
from tests.kernel.proxy import Proxy, network_to
from tests.postgres import Cluster, cluster
from tests.ui.conftest import (  # noqa: F401 - fixtures: no warning, widget or thread is left behind here either
    flashes,
    garbage_goes_on_the_ui_thread,
    no_warnings,
    nothing_left_behind,
    plain_look,
    run_program,
)
from tests.ui.pages import page
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.lobby import Lobby

PASSWORD = "blue-Elephant-42"
SYSTEM_MS = 10_000
"""After which the system itself gives a silent line up. Who is told earlier was told by the program, on however slow a machine: that
its own waits add up to less than three seconds is in tests/kernel/test_following.py."""
PATIENCE_MS = 60_000
"""For what comes at once where the processor is free."""
_copies = itertools.count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server of these tests' own: all of the others go on."""
    with cluster() as made:
        yield made


@pytest.fixture(scope="module")
def furnished(server: Cluster) -> str:
    """The clinic on that server; the receptionist may log in, and somebody is called."""
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE furnished")
    clock = FrozenClock(START)
    db = Database.open(named(server, "furnished"), clock=clock)
    upgrade(db)
    world = build_world(db)
    password = passwords.new(PASSWORD, username="receptionist")
    db.run(Actor.system(), set_password, user_id=world.users["receptionist"], password=password, must_change_password=False)
    called(world, clock)
    db.close()
    return "furnished"


def named(server: Cluster, database: str) -> str:
    return make_url(server.address).set(database=database).render_as_string(hide_password=False)


@pytest.fixture
def url(server: Cluster, furnished: str) -> str:
    """A copy of it."""
    name = f"clinic_{next(_copies)}"
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {furnished}")  # type: ignore[arg-type]
    return named(server, name)


def called(world: World, clock: FrozenClock) -> None:
    lobby = Lobby(world, clock)
    first, _second = lobby.walk_in("Om Prakash"), lobby.walk_in("Farah Ansari")
    lobby.call(first)


@pytest.fixture
def network(url: str) -> Iterator[Proxy]:
    """Between the program and the server."""
    with network_to(url) as made:
        yield made


@pytest.fixture
def session(run_program: Callable[..., Session], network: Proxy, clock: FrozenClock, qtbot: QtBot) -> Session:  # noqa: F811
    """The real program on it, with the receptionist at work."""
    session = run_program(network.address)
    login: LoginPage = page(session, LoginPage, qtbot)
    session.work.db.clock = clock
    login.username.setText("receptionist")
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    page(session, Shell, qtbot)
    return session


def open_display(session: Session, qtbot: QtBot) -> DisplayHost:
    """What the waiting room sees, opened as a person opens it."""
    shell: Shell = page(session, Shell, qtbot)
    shell.open("queue", {})
    qtbot.waitUntil(lambda: isinstance(shell.current, QueueScreen) and not session.work.is_busy)
    assert isinstance(shell.current, QueueScreen)
    host = shell.current.display
    QTest.mouseClick(shell.current.show_display, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: host.window.call.call is not None)
    session.window.activateWindow()
    qtbot.waitUntil(session.window.isActiveWindow)
    return host


def half_a_registration(session: Session, hands: Hands, qtbot: QtBot) -> RegistrationScreen:
    shell: Shell = page(session, Shell, qtbot)
    shell.open("registration", {"text": ""})
    qtbot.waitUntil(lambda: isinstance(shell.current, RegistrationScreen) and not session.work.is_busy)
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    qtbot.waitUntil(screen.form.main["name"].hasFocus)
    for text in ("Asha Kulkarni", "f", "34"):
        hands.type(text)
        hands.press(Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not session.work.is_busy)
    return screen


def called_elsewhere(url: str, clock: FrozenClock) -> None:
    """A doctor at another computer calls the next."""
    db = Database.open(url, clock=clock)
    try:
        with db.read() as session:
            clinic_id = clinics(session)[0].id
        db.run(Actor.system(), call_next, clinic_id=clinic_id, room="7")
    finally:
        db.close()


def wait_for_word(status: StatusLine, word: str, qtbot: QtBot) -> None:
    """It says so in time."""
    since = QElapsedTimer()
    since.start()
    qtbot.waitUntil(lambda: status.reach.text == word)
    assert since.elapsed() < SYSTEM_MS


def on_the_display(host: DisplayHost) -> tuple[str, list[int]]:
    return host.window.call.accessibleName(), [one.queue_number for one in host.window.next.calls]


def registered(url: str) -> list[PatientHit]:
    """Who is there, asked by another program."""
    db = Database.open(url)
    try:
        with db.read() as session:
            return list(search(session, "Kulkarni"))
    finally:
        db.close()


def test_the_server_stops_while_somebody_types_and_the_same_save_works_once_it_is_back(
    session: Session, server: Cluster, url: str, qtbot: QtBot
) -> None:
    hands, host = Hands(), open_display(session, qtbot)
    screen = half_a_registration(session, hands, qtbot)
    status = page(session, Shell, qtbot).status
    shown, typed, news = on_the_display(host), screen.form.draft(), host.window.news
    assert (status.reach.text, shown, news.isVisible()) == ("Connected", ("Now calling, 1, Room 1, Doctor One", [2]), False)

    server.stop(signal.SIGINT)
    wait_for_word(status, "Server does not answer", qtbot)
    assert screen.form.draft() == typed
    assert QApplication.activeModalWidget() is None
    assert (host.is_open, on_the_display(host), news.isVisible()) == (True, shown, True)
    assert " ".join(news.text.split()) == "No connection. As of 9:00 AM. Please listen for your number."

    hands.type("9820011001")  # whoever types goes on
    typed = screen.form.draft()
    since = QElapsedTimer()
    since.start()
    hands.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(screen.problem.isVisible)
    assert since.elapsed() < POSTGRES_ARGUMENTS["connect_timeout"] * 1000  # nobody waits for a connection that does not come
    assert screen.problem.text() == "The database server cannot be reached. Your input is kept; check the network and try again."
    qtbot.waitUntil(lambda: not screen.saver.is_busy)
    assert screen.form.draft() == typed
    with pytest.raises(DatabaseUnavailable):
        registered(url)

    server.start()
    wait_for_word(status, "Connected", qtbot)
    assert (screen.form.draft(), registered(url), news.isVisible()) == (typed, [], False)
    hands.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.saved.isVisible())
    assert not screen.problem.isVisible()
    assert [one.full_name for one in registered(url)] == ["Asha Kulkarni"]
    assert on_the_display(host) == shown
    host.close()


def test_a_network_that_swallows_everything_is_told_in_time_and_work_resumes_by_itself(
    session: Session, network: Proxy, url: str, clock: FrozenClock, qtbot: QtBot
) -> None:
    hands, host = Hands(), open_display(session, qtbot)
    screen = half_a_registration(session, hands, qtbot)
    shown, status = on_the_display(host), page(session, Shell, qtbot).status

    network.swallow()
    hands.type("9820011001")
    typed = screen.form.draft()
    hands.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)  # on its way when nothing arrives any more
    wait_for_word(status, "Server does not answer", qtbot)
    assert (on_the_display(host), host.window.news.isVisible()) == (shown, True)
    qtbot.waitUntil(screen.problem.isVisible)
    qtbot.waitUntil(lambda: not screen.saver.is_busy)
    assert screen.form.draft() == typed

    called_elsewhere(url, clock)
    assert on_the_display(host) == shown
    network.mend()
    wait_for_word(status, "Connected", qtbot)
    qtbot.waitUntil(lambda: on_the_display(host) == ("Now calling, 2, Room 7, Doctor One", []))  # what was missed is made good
    assert not host.window.news.isVisible()
    hands.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.saved.isVisible())
    assert [one.full_name for one in registered(url)] == ["Asha Kulkarni"]
    host.close()
