"""Sync in the whole program: the runner works beside everybody, and the status line and its panel say how it stands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access.commands import sync_permissions
from clinic_desktop.clinic.organisation.commands import add_department
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.clinic.reconciling.commands import link_site
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import runner
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.joining import link
from clinic_desktop.sync.scope import link_of, writing
from clinic_desktop.sync.site import Site
from clinic_desktop.ui.screens import reconcile
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.reconcile.status import SyncDialog
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.syncing import Syncing, syncing_of
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import address_of, drop
from tests.sync.chain import Chain, Direct, caller, empty_databases
from tests.ui.chains import edit
from tests.ui.pages import page
from tests.ui.screens.frontdesk import FrontDesk
from tests.ui.test_setup_ways import let_in, log_in
from tests.ui.texts import plain
from tests.ui.walk import unnamed

ADDRESS = "https://central.example:8443"


@dataclass
class Line(Channel):
    """The way to central, which can be down."""

    way: Direct
    trouble: ClinicError | None = None
    asked: list[str] = field(default_factory=list)

    def ask(self, verb: str, body: bytes) -> bytes:
        self.asked.append(verb)
        if self.trouble is not None:
            raise self.trouble
        return self.way.ask(verb, body)


@dataclass
class Net:
    """A central server, this site's line to it, and another site."""

    chain: Chain
    line: Line
    world: World

    @property
    def known_departments(self) -> set[str]:
        with self.chain.central.read() as session:
            return {one.name for one in departments(session)}


@pytest.fixture
def net(world: World, tmp_path: Path, clock: FrozenClock) -> Iterator[Net]:
    """The world as a site of a chain with one other site, all in agreement."""
    folder = tmp_path / "others"
    folder.mkdir()
    central, city = empty_databases("sqlite", folder, clock, 2)
    for one in (central, city):
        one.run(Actor.system("start"), sync_permissions)
    chain = Chain(central)
    chain.join("MAIN", world.db, keeps_shared_data=True)
    chain.join("CITY", city)
    chain.settle()
    me = caller(world.db)
    world.db.run(Actor.system(), link_site, site_id=me.site_id, code="MAIN", name="Main house", keeps_shared_data=True)
    with writing(world.db) as tx:
        link_of(tx).address = ADDRESS
    let_in(world.db, world, "admin")
    for one in (central, city):
        one.clock = system_clock  # the program's own
    made = Net(chain, Line(Direct(central, world.db)), world)
    yield made
    for one in (central, city):
        drop(one)


@pytest.fixture
def program(net: Net, run_program: Callable[..., Session], clock: FrozenClock) -> Callable[[], Session]:
    """The program on the site's database; its line to central is the test's."""

    def start() -> Session:
        net.world.db.engine.dispose()
        return run_program(address_of(net.world.db), registry=lambda: ((reconcile.SCREEN,), ()), connect=lambda db: line_of(net, db))

    return start


def line_of(net: Net, db: Database) -> Line:
    """The line, for the database that the program has opened."""
    net.line.way = Direct(net.chain.central, db)
    return net.line


def syncing(session: Session) -> Syncing:
    found = syncing_of(session.work)
    assert found is not None
    return found


def at_work(session: Session, qtbot: QtBot) -> Shell:
    shell = log_in(session, qtbot, "admin")
    qtbot.waitUntil(lambda: shell.status.reach.text == "Online")
    return shell


def panel(qtbot: QtBot, shell: Shell) -> SyncDialog:
    QTest.keyClick(shell, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), SyncDialog))
    found = QApplication.activeModalWidget()
    assert isinstance(found, SyncDialog)
    qtbot.waitUntil(lambda: bool(found.facts.pairs))
    return found


def told(dialog: SyncDialog) -> dict[str, str]:
    return {caption.text(): value.text() for caption, value in dialog.facts.pairs if not caption.isHidden()}


def test_it_works_before_the_log_in_beside_the_work_and_ends_with_the_program(
    program: Callable[[], Session], net: Net, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "REST", timedelta(hours=1))  # no round comes without a reason
    session = program()
    page(session, LoginPage, qtbot)
    qtbot.waitUntil(lambda: "push" in net.line.asked)  # nobody has logged in yet
    shell = at_work(session, qtbot)
    syncing(session).now()  # the log-in itself is to be sent, too
    qtbot.waitUntil(lambda: (shell.status.unsent.text, shell.status.sync.text) == ("Unsent: 0", "just now"))
    assert shell.status.conflicts.isHidden()
    made = syncing(session)._made
    assert made is not None
    qtbot.waitUntil(lambda: not made.runner.phase.is_working and not made.runner._wanted.is_set())  # at rest for a quarter of a minute
    session.work.db.run(net.world.actor("admin"), add_department, name="Dermatology")
    qtbot.waitUntil(lambda: "Dermatology" in net.known_departments)  # by itself, after a moment

    began, computed = time.monotonic(), time.process_time()
    session.window.may_close = None
    session.window.close()
    assert time.process_time() - computed < 1.5
    assert time.monotonic() - began < 30  # it was woken: nobody waited for the next round


def test_what_stands_in_the_way_is_said_and_now_means_now(
    program: Callable[[], Session], net: Net, qtbot: QtBot, picture: Callable[..., Path]
) -> None:
    session = program()
    shell = at_work(session, qtbot)
    syncing(session).now()  # the log-in itself is to be sent, too
    qtbot.waitUntil(lambda: shell.status.unsent.text == "Unsent: 0")
    net.line.trouble = Offline(reason="unreachable")
    session.work.db.run(net.world.actor("admin"), add_department, name="Dermatology")
    # A round that began before the commit may have found central away already: the next one counts what waits.
    qtbot.waitUntil(lambda: (shell.status.reach.text, shell.status.unsent.text) == ("Offline", "Unsent: 1"))
    dialog = panel(qtbot, shell)
    facts = told(dialog)
    assert plain(facts["Central server"]) == "central.example:8443"
    assert facts["Not sent yet"] == "1 change"
    assert dialog.why.text() == "The central server does not answer. Work goes on here; it is tried again by itself."
    net.line.trouble = Refused("revoked")
    QTest.keyClick(dialog, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "does not let this site in any more" in dialog.why.text())
    assert dialog.head.text() == "Sync stands still"
    picture(dialog, "sync-panel")
    QApplication.processEvents()
    picture(shell, "sync-shell")
    assert unnamed(dialog) == []
    net.line.trouble = None
    QTest.keyClick(dialog, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: dialog.head.text() == "Online" and dialog.why.isHidden())
    assert "Dermatology" in net.known_departments
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: shell.status.unsent.text == "Unsent: 0")


def test_what_two_sites_did_at_once_arrives_and_the_decision_travels(
    program: Callable[[], Session], net: Net, qtbot: QtBot, clock: FrozenClock
) -> None:
    asha = FrontDesk(net.world).patient()
    net.chain.settle()
    city = net.chain.sites["CITY"].database
    edit(city, net.world, asha.id, date_of_birth=asha.date_of_birth.replace(day=9) if asha.date_of_birth else None)
    edit(net.world.db, net.world, asha.id, date_of_birth=asha.date_of_birth.replace(day=8) if asha.date_of_birth else None)
    net.chain.sync("CITY")
    session = program()
    shell = at_work(session, qtbot)
    qtbot.waitUntil(lambda: shell.status.conflicts.text == "To decide: 1")
    assert not shell.status.conflicts.isHidden()
    screen: Any = shell.current
    qtbot.waitUntil(lambda: len(screen.open_ones.table.rows) == 1)
    screen.open_ones.table.grid.setFocus()
    QTest.keyClick(screen.open_ones.table.grid, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(screen.open_ones.table.grid, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shell.status.conflicts.isHidden())
    syncing(session).now()
    with city.read() as read:
        before = read.connection().exec_driver_sql("SELECT count(*) FROM sync_conflicts WHERE status = 'DECIDED'").scalar()
    assert before == 0

    def has_heard() -> bool:
        net.chain.sync("CITY")
        with city.read() as read:
            return read.connection().exec_driver_sql("SELECT count(*) FROM sync_conflicts WHERE status = 'DECIDED'").scalar() == 1

    qtbot.waitUntil(has_heard)


def test_another_computer_of_the_clinic_does_it_already(program: Callable[[], Session], net: Net, qtbot: QtBot) -> None:
    net.world.db.clock = system_clock
    other = Site(net.world.db, net.line, runner_id=new_id())
    other.take_hold()
    session = program()
    shell = log_in(session, qtbot, "admin")
    qtbot.waitUntil(lambda: shell.status.reach.text == "Runs on another computer")
    other.let_go()
    syncing(session).now()
    qtbot.waitUntil(lambda: shell.status.reach.text == "Online")


def test_a_database_that_stands_alone_says_so(world: World, run_program: Callable[..., Session], qtbot: QtBot) -> None:
    let_in(world.db, world, "admin")
    world.db.engine.dispose()
    session = run_program(address_of(world.db), registry=lambda: ((reconcile.SCREEN,), ()))
    shell = log_in(session, qtbot, "admin")
    assert [shell.status.reach.text, shell.status.sync.text, shell.status.unsent.text] == ["Works offline", "Standalone", "Unsent: 0"]
    QTest.mouseClick(shell.status.sync, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), SyncDialog))
    dialog: Any = QApplication.activeModalWidget()
    qtbot.waitUntil(dialog.join_button.isVisible)
    assert dialog.head.text() == "This database stands alone: no other site sees what is done here."
    assert not dialog.now.isVisible()
    QTest.mouseClick(dialog.join_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not dialog)
    join: Any = QApplication.activeModalWidget()
    QTest.keyClicks(join.form["address"], "central.example")
    QTest.keyClicks(join.form["code"], "ABCD")
    QTest.keyClick(join.form["code"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: join.form.fields["code"].error != "")
    assert join.form.fields["code"].error == "An enrolment code has 32 letters and figures."
    assert join.form["address"].text() == "central.example"
    with world.db.read() as read:
        assert not link(read).is_linked
    join.reject()
    dialog.reject()
