"""A kiosk and the display of a clinic on a server: with the logins and grants that they have there, and while the server is away."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation.commands import add_workstation
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.display.host import display_host
from clinic_desktop.ui.kiosk.kiosk import Kiosk
from clinic_desktop.ui.kiosk.pad import PadPage
from clinic_desktop.ui.kiosk.pages import MessagePage, StartPage, TicketPage, VisitsPage
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from tests.conftest import FrozenClock
from tests.lan.conftest import ComeIn
from tests.lan.server import DATABASE, PASSWORD, LanServer
from tests.ui.conftest import (  # noqa: F401 - fixtures: no warning, widget or thread is left behind here either
    flashes,
    garbage_goes_on_the_ui_thread,
    no_warnings,
    nothing_left_behind,
    plain_look,
    run_program,
)
from tests.ui.pages import page

PHONE, BORN = "9820077665", 1987


@pytest.fixture
def expected(server: LanServer, pc: Database, come_in: ComeIn, clock: FrozenClock) -> commands.BookingRow:
    """Somebody with a phone who comes in an hour, at a time of their own: the server is that of other tests, too."""
    desk, world = come_in("receptionist"), server.world
    who = {"first_name": "Asha", "last_name": "Rao", "gender": Gender.FEMALE, "date_of_birth": date(BORN, 5, 5), "phone": PHONE}
    patient = pc.run(desk, register_patient, key=new_id(), clinic_id=world.clinic_id, **who)
    wish = {"clinic_id": world.clinic_id, "doctor_id": world.doctor_id, "service_id": world.services["CONS"]}
    row: commands.BookingRow = pc.run(
        desk, commands.book, key=new_id(), patient_id=patient.id, start=clock.now + timedelta(minutes=75), **wish
    )
    return row


class Hall:
    """The computer in the hall: a kiosk, and the display beside it."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        shell: Shell = page(session, Shell, qtbot)
        self.display = display_host(session.work, shell.desk.place, session.preferences)
        self.display.open(session.window)
        (opening,) = [one for one in shell.header.user.menu().actions() if one.text() == "Open as a kiosk"]
        opening.trigger()
        self.kiosk: Kiosk = page(session, Kiosk, qtbot)

    def ask(self) -> None:
        """By phone and year of birth, key by key."""
        assert isinstance(self.kiosk.page, StartPage)
        QTest.mouseClick(self.kiosk.page.by_phone, Qt.MouseButton.LeftButton)
        for digits in (PHONE, str(BORN)):
            assert isinstance(self.kiosk.page, PadPage)
            QTest.keyClicks(self.kiosk.page, digits)
            QTest.keyClick(self.kiosk.page, Qt.Key.Key_Return)

    def wait_for(self, kind: type) -> None:
        self.qtbot.waitUntil(lambda: isinstance(self.kiosk.page, kind), timeout=60_000)

    @property
    def said(self) -> str:
        return " ".join(one.text() for one in self.kiosk.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def hall(
    server: LanServer,
    run_program: Callable[..., Session],  # noqa: F811
    clock: FrozenClock,
    qtbot: QtBot,
    expected: commands.BookingRow,
) -> Iterator[Hall]:
    owner = server.owner()
    try:
        add = {"clinic_id": server.world.clinic_id, "name": f"Hall {new_id()}", "kind": WorkstationKind.KIOSK}
        here = owner.run(Actor.system("test"), add_workstation, **add)
    finally:
        owner.close()
    session = run_program(server.url)
    session.preferences.set_workstation(here)
    login: LoginPage = page(session, LoginPage, qtbot)
    session.work.db.clock = clock
    login.username.setText("receptionist")
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    page(session, Shell, qtbot)
    made = Hall(session, qtbot)
    yield made
    made.display.close()


def test_patients_arrive_and_are_called_also_after_the_server_was_away(
    hall: Hall, server: LanServer, pc: Database, come_in: ComeIn, expected: commands.BookingRow, qtbot: QtBot
) -> None:
    work, world = hall.session.work, server.world
    assert work.actor is not None
    assert work.actor.permissions == {"kiosk.serve", "access.own_account"}
    with work.db.read(work.actor) as session:
        who = session.connection().exec_driver_sql("SELECT session_user").scalar_one()
    assert who == names.person(DATABASE, world.users["receptionist"])  # no login of the program's own, and no owner's
    hall.ask()
    hall.wait_for(VisitsPage)

    server.cluster.stop(signal.SIGINT)
    news = hall.display.window.news
    qtbot.waitUntil(news.isVisible, timeout=60_000)
    QTest.mouseClick(hall.kiosk.page.arrive[expected.visit_id], Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    hall.wait_for(MessagePage)
    assert "That did not work" in hall.said
    assert "The database server cannot be reached." in hall.said
    assert "Rao" not in hall.said
    hall.kiosk.start_over()

    server.cluster.start()
    pc.rest()  # it follows nothing, and a connection that was used a moment ago is not tried before use
    qtbot.waitUntil(news.isHidden, timeout=60_000)
    hall.ask()
    hall.wait_for(VisitsPage)
    QTest.mouseClick(hall.kiosk.page.arrive[expected.visit_id], Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    hall.wait_for(TicketPage)
    doctor = come_in("doctor")
    with pc.read(doctor) as session:
        row = queries.visit(session, expected.visit_id)
    assert (row.status, str(row.queue_number)) == (VisitStatus.WAITING, hall.kiosk.page.number.text())  # type: ignore[union-attr]
    pc.run(doctor, commands.call, visit_id=expected.visit_id, room="1")
    shown = f"Now calling, {row.queue_number}, Room 1, Doctor One"
    qtbot.waitUntil(lambda: hall.display.window.call.accessibleName() == shown, timeout=60_000)
    hall.kiosk.start_over()
    hall.ask()
    hall.wait_for(VisitsPage)
    assert "You are called now." in hall.said
