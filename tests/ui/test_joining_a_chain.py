"""A new site of a chain, from the first page of the program to its first login, against a central server that runs in earnest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation.commands import add_clinic
from clinic_desktop.clinic.organisation.queries import clinics, sites
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import joining
from clinic_desktop.sync.site import Site
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.login.unlock import PassphrasePage
from clinic_desktop.ui.screens.setup.chain import ChainPage, PausedPage
from clinic_desktop.ui.screens.setup.choose import CHAIN, ChoosePage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from tests.clinic.world import World, build_world
from tests.databases import drop, fresh
from tests.server.serving import Served, serving
from tests.sync.chain import renewed
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.founding_steps import Founder, url_of
from tests.ui.pages import page
from tests.ui.test_setup_ways import let_in, log_in
from tests.ui.walk import unnamed

PASSPHRASE = "four quiet herons stood"


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Served]:
    """A central server in a process of its own, with TLS."""
    with serving("sqlite", tmp_path / "central") as made:
        yield made


@pytest.fixture
def main_house(central: Served, tmp_path: Path) -> Iterator[World]:
    """The site that founded the chain, and has sent everything."""
    (tmp_path / "main").mkdir()
    db, built = fresh("sqlcipher", tmp_path / "main", system_clock, recipe="world", build=build_world)
    renewed(db)
    world: World = built.at(db)
    let_in(db, world, "receptionist")
    joining.enrol(db, Actor.system("test"), address=central.address, code=central.code(code="MAIN", name="Main house").text)
    exchange(world)
    yield world
    drop(db)


def exchange(world: World) -> None:
    channel = joining.channel_of(world.db)
    assert channel is not None
    Site(world.db, channel).round()
    channel.close()


def write(edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)


def waiting_for_a_clinic(session: Session, qtbot: QtBot) -> PausedPage:
    qtbot.waitUntil(lambda: isinstance(session.window.centralWidget(), PausedPage))
    paused: PausedPage = page(session, PausedPage, qtbot)
    assert paused.heading.text() == "This site has no clinic yet"
    return paused


def test_a_new_site_loads_the_chain_waits_for_its_clinic_and_opens(
    central: Served, main_house: World, run_program: Callable[..., Session], tmp_path: Path, qtbot: QtBot, picture: Callable[..., Path]
) -> None:
    begin = {"registry": lambda: (SCREENS, SEARCHES)}
    url = url_of(tmp_path)
    session = run_program(url, **begin)
    first: ChoosePage = page(session, ChoosePage, qtbot)
    picture(session.window, "chain-choose")
    QTest.mouseClick(first.tiles[CHAIN], Qt.MouseButton.LeftButton)
    join: ChainPage = page(session, ChainPage, qtbot)
    assert unnamed(join) == []
    wrong, code = central.code(code="XX"), central.code(code="CITY", name="City")
    write(join.form["address"], central.address)
    write(join.form["code"], ("A" * 16) + wrong.pin)
    write(join.form["passphrase"], PASSPHRASE)
    write(join.form["again"], PASSPHRASE)
    picture(session.window, "chain-join")
    QTest.keyClick(join.form["again"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: join.trouble.isVisible() and not session.work.is_busy)
    assert join.trouble.text() == "This code is wrong or was used already. A code lets one site in, once: ask for a new one."
    assert not list((tmp_path).glob("**/clinic.db")), "nothing is left of a refused one"
    assert join.form["address"].text() == central.address
    write(join.form["code"], code.text)
    QTest.keyClick(join.form["code"], Qt.Key.Key_Return)
    waiting_for_a_clinic(session, qtbot)
    picture(session.window, "chain-waits")
    session.window.close()

    again = run_program(url, **begin)  # the same after a power cut: the passphrase opens it, and it goes on
    login: LoginPage = page(again, LoginPage, qtbot)
    qtbot.waitUntil(login.passphrase.isVisible)
    QTest.mouseClick(login.passphrase, Qt.MouseButton.LeftButton)
    unlock: Any = page(again, PassphrasePage, qtbot)
    write(unlock.focusWidget() or unlock, PASSPHRASE)
    QTest.keyClick(unlock.focusWidget() or unlock, Qt.Key.Key_Return)
    paused = waiting_for_a_clinic(again, qtbot)

    exchange(main_house)
    with main_house.db.read() as read:
        city = next(one.id for one in sites(read) if one.code == "CITY")
    main_house.db.run(Actor.system("test"), add_clinic, code="CTY", name="City clinic", timezone="Asia/Kolkata", site_id=city)
    exchange(main_house)
    QTest.mouseClick(paused.button, Qt.MouseButton.LeftButton)
    page(again, LoginPage, qtbot)
    shell = log_in(again, qtbot)  # with the chain's account
    assert (shell.desk.place.clinic_name, shell.desk.place.hospital_name) == ("City clinic", "Sunrise Hospital")
    qtbot.waitUntil(lambda: shell.status.reach.text == "Online")


def test_the_first_site_of_a_chain_brings_the_clinic(
    central: Served, run_program: Callable[..., Session], tmp_path: Path, qtbot: QtBot
) -> None:
    session = run_program(url_of(tmp_path))
    first: ChoosePage = page(session, ChoosePage, qtbot)
    QTest.mouseClick(first.tiles[CHAIN], Qt.MouseButton.LeftButton)
    join: ChainPage = page(session, ChainPage, qtbot)
    write(join.form["address"], central.address)
    write(join.form["code"], central.code(code="MAIN", name="Main house").text)
    write(join.form["passphrase"], PASSPHRASE)
    write(join.form["again"], PASSPHRASE)
    QTest.keyClick(join.form["again"], Qt.Key.Key_Return)
    founder = Founder(session, qtbot)
    founder.at("you")
    founder.up_to("summary")
    founder.go_on()
    shell: Shell = page(session, Shell, qtbot)
    assert shell.desk.place.hospital_name == "Sunrise Hospital"

    def arrived() -> bool:
        with central.database.read() as read:
            return [one.hospital_name for one in clinics(read)] == ["Sunrise Hospital"]

    qtbot.waitUntil(arrived)
    qtbot.waitUntil(lambda: shell.status.reach.text == "Online")
