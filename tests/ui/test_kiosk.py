"""The kiosk: what patients do at it with a finger, and that they get nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import end_sessions, set_password
from clinic_desktop.clinic.access.pins import set_pin
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.clinic.organisation.queries import workstations
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.patients.commands import issue_id_card
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.executor import Trouble
from clinic_desktop.ui.kiosk.kiosk import Kiosk
from clinic_desktop.ui.kiosk.pad import PadPage
from clinic_desktop.ui.kiosk.pages import MessagePage, StartPage, TicketPage, VisitsPage, WhoPage
from clinic_desktop.ui.kiosk.parts import TouchButton
from clinic_desktop.ui.kiosk.rating import RatingPage
from clinic_desktop.ui.screens.login.lock import LockPage
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.theme.tokens import KIOSK_TITLE, TOUCH
from clinic_desktop.ui.work import Work
from tests.clinic.frontdesk.desk import sign
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.example import SCREENS, SEARCHES
from tests.ui.pages import page
from tests.ui.screens.lobby import TODAY, Lobby
from tests.ui.texts import plain
from tests.ui.walk import unnamed

PASSWORD = "blue-Elephant-42"
PHONE, PIN = "9820011223", "7351"


@pytest.fixture
def lobby(world: World, clock: FrozenClock) -> Lobby:
    return Lobby(world, clock)


@pytest.fixture
def hall(world: World) -> UUID:
    """A workstation in the hall."""
    add = {"clinic_id": world.clinic_id, "name": "Hall", "kind": WorkstationKind.KIOSK}
    made = world.db.run(world.actor("admin"), organisation.add_workstation, **add)
    world.workstations["hall"] = made
    return made


class Finger:
    """Somebody who stands before the kiosk."""

    def __init__(self, kiosk: Kiosk, settle: Callable[[], None]) -> None:
        self.kiosk, self._settle = kiosk, settle

    def settle(self) -> None:
        for _round in range(3):
            self._settle()

    def touch(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def on(self, kind: type[Any]) -> Any:
        assert isinstance(self.kiosk.page, kind), self.kiosk.page
        return self.kiosk.page

    def number(self, digits: str) -> None:
        pad: PadPage = self.on(PadPage)
        for digit in digits:
            QTest.mouseClick(pad.keys[digit], Qt.MouseButton.LeftButton)
        self.touch(pad.go)

    def by_phone(self, phone: str = PHONE, year: str = "1990") -> None:
        self.touch(self.on(StartPage).by_phone)
        self.number(phone)
        self.number(year)

    @property
    def texts(self) -> list[str]:
        page: QWidget = self.on(QWidget)
        found = page.findChildren(QLabel) + page.findChildren(QPushButton)
        return [plain(one.text()) for one in found if one.isVisible() and one.text()]


@pytest.fixture
def finger(world: World, hall: UUID, work: Work, show: Callable[..., None], settle: Callable[[], None]) -> Finger:
    who = world.actor("receptionist", workstation="hall")
    work.actor = replace(who, name="Hall", permissions=who.permissions & {"kiosk.serve", "access.own_account"}, roles=frozenset(("kiosk",)))
    place = Place(world.clinic_id, hall, "Main Clinic", "Sunrise Hospital", world.timezone, world.currency)
    kiosk = Kiosk(work, place)
    show(kiosk, 1366, 768)
    return Finger(kiosk, settle)


def booked(lobby: Lobby, name: str = "Asha Rao", *, hours: int = 1, patient: UUID | None = None) -> tuple[UUID, UUID]:
    """Somebody with an appointment of today who has not come; the patient and the visit."""
    world = lobby.world
    who = patient or lobby.person(name, phone=PHONE, born=date(1990, 5, 17))
    row = world.db.run(
        world.actor("receptionist"),
        commands.book,
        key=new_id(),
        clinic_id=world.clinic_id,
        doctor_id=world.doctor_id,
        patient_id=who,
        service_id=world.services["CONS"],
        start=lobby.at(hours),
    )
    return who, row.visit_id


def seen(lobby: Lobby, visit_id: UUID) -> None:
    """The doctor has seen somebody."""
    lobby.start(visit_id)
    lobby.clock.advance(minutes=10)
    lobby.world.db.run(Actor.system(), sign, visit_id=visit_id)


def test_somebody_with_a_phone_number_arrives_by_finger_alone(finger: Finger, lobby: Lobby) -> None:
    _patient, visit = booked(lobby)
    finger.by_phone()
    shown: VisitsPage = finger.on(VisitsPage)
    assert "Hello, Asha R." in finger.texts
    assert not any("Rao" in text or PHONE in text for text in finger.texts)
    finger.touch(shown.arrive[visit])
    ticket: TicketPage = finger.on(TicketPage)
    row = lobby.visit(visit)
    assert (row.status, ticket.number.text()) == (VisitStatus.WAITING, str(row.queue_number))
    assert "Doctor One  ·  Room 1" in finger.texts
    assert "You will be called soon." in finger.texts
    finger.touch(ticket.foot.itemAt(0).widget())
    finger.by_phone()
    assert any("Number 1" in text for text in finger.texts)


def test_a_card_is_enough_and_a_forged_one_is_refused_politely(finger: Finger, lobby: Lobby) -> None:
    patient, visit = booked(lobby)
    world = lobby.world
    card = world.db.run(world.actor("receptionist"), issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=patient)
    finger.kiosk.scanned(card.qr_payload)
    finger.settle()
    assert visit in finger.on(VisitsPage).arrive
    finger.kiosk.start_over()
    finger.kiosk.scanned(card.qr_payload[:-6] + "AAAAAA")
    finger.settle()
    finger.on(MessagePage)
    assert "This card cannot be read" in finger.texts


def test_a_family_chooses_and_a_stranger_learns_nothing(finger: Finger, lobby: Lobby) -> None:
    owner, _visit = booked(lobby)
    lobby.person("Ila Rao", phone=PHONE, phone_owner_id=owner, born=date(1990, 1, 1))
    finger.by_phone()
    who: WhoPage = finger.on(WhoPage)
    assert [plain(button.text()) for button in who.buttons] == ["Asha R.", "Ila R."]
    finger.touch(who.buttons[1])
    assert "There is no appointment for you today." in finger.texts
    finger.kiosk.start_over()
    for _attempt in range(5):
        finger.by_phone(year="1971")
        finger.on(MessagePage)
        finger.kiosk.start_over()
    finger.by_phone()
    assert "There were too many attempts. Please wait 1 minute, or go to the reception desk." in finger.texts


def test_typing_mistakes_are_mended_and_impossible_years_refused(finger: Finger) -> None:
    finger.touch(finger.on(StartPage).by_phone)
    pad: PadPage = finger.on(PadPage)
    QTest.keyClicks(pad, "98x2")
    QTest.keyClick(pad, Qt.Key.Key_Backspace)
    finger.touch(pad.wipe)
    assert pad.digits == "9"
    finger.touch(pad.go)  # too short: nothing is asked
    assert finger.kiosk.page is pad
    QTest.keyClicks(pad, PHONE[1:])
    QTest.keyClick(pad, Qt.Key.Key_Return)
    finger.number("2090")
    assert "Please check the year." in finger.texts


def test_whoever_walks_away_leaves_nothing_on_the_screen(finger: Finger, lobby: Lobby, qapp: QApplication) -> None:
    booked(lobby)
    QTest.mouseClick(finger.kiosk.languages["hi"], Qt.MouseButton.LeftButton)
    finger.by_phone()
    finger.on(VisitsPage)
    finger.kiosk.idle.look()
    finger.on(VisitsPage)  # there is time to read
    finger.kiosk.idle.start(0)
    finger.kiosk.idle.look()
    finger.on(StartPage)
    assert finger.kiosk.language.code == "en"
    assert finger.kiosk.languages["en"].isChecked()


def test_an_answer_that_comes_too_late_is_shown_to_nobody(finger: Finger, lobby: Lobby) -> None:
    patient, _visit = booked(lobby)
    world = lobby.world
    card = world.db.run(world.actor("receptionist"), issue_id_card, key=new_id(), clinic_id=world.clinic_id, patient_id=patient)
    finger.kiosk.scanned(card.qr_payload)
    finger.kiosk.start_over()
    finger.settle()
    finger.on(StartPage)


def test_a_visit_is_rated_by_keys_without_a_name(finger: Finger, lobby: Lobby) -> None:
    patient, visit = booked(lobby)
    lobby.world.db.run(lobby.world.actor("receptionist"), commands.check_in, visit_id=visit)
    seen(lobby, visit)
    finger.touch(finger.on(StartPage).rate)
    finger.touch(finger.on(QWidget).by_ticket)
    finger.number(str(lobby.visit(visit).queue_number))
    finger.number("1990")
    rating: RatingPage = finger.on(RatingPage)
    finger.touch(rating.send)
    assert rating.trouble.text() == "Please choose a face first."
    QTest.keyClicks(rating, "2")
    rating.comment.setFocus()
    QTest.keyClicks(rating.comment, "Waited long 5")
    assert rating.rating == 2  # a figure in the comment is no face
    finger.touch(rating.nameless)
    finger.touch(rating.send)
    assert "Thank you" in finger.texts
    with lobby.world.db.read() as session:
        (row,) = queries.reviews(session, actor=lobby.world.actor("admin"))
    assert (row.rating, row.comment, row.patient_name, row.is_anonymous) == (2, "Waited long 5", None, True)
    finger.kiosk.start_over()
    finger.by_phone()
    assert "This visit is over. Thank you for your rating." in finger.texts
    assert patient


def test_a_number_is_taken_by_finger_once_and_paper_promised_only_where_it_comes(finger: Finger, lobby: Lobby, hall: UUID) -> None:
    world = lobby.world
    admin = world.actor("admin")
    world.db.run(admin, organisation.set_setting, key="kiosk.walk_ins", value=True, clinic_id=world.clinic_id)
    with world.db.read() as session:
        (place,) = [one for one in workstations(session) if one.id == hall]
    gone = {"queue_token": PrinterProfile("A printer that was taken away")}
    given = {"workstation_id": hall, "name": place.name, "kind": place.kind, "row_version": place.row_version}
    world.db.run(admin, organisation.change_workstation, **given, printers=gone)
    patient = lobby.person("Asha Rao", phone=PHONE)
    finger.by_phone()
    page: VisitsPage = finger.on(VisitsPage)
    assert "A number for Doctor One" in finger.texts
    button = page.doctors[world.doctor_id]
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)  # in a hurry
    finger.touch(button)
    ticket: TicketPage = finger.on(TicketPage)
    assert (ticket.number.text(), ticket.paper.text()) == ("1", "Please take a seat. Your number will be called.")
    with world.db.read() as session:
        rows = queries.waiting(session, clinic_id=world.clinic_id, day=TODAY)
    assert [(row.patient_id, row.queue_number, row.doctor_id) for row in rows] == [(patient, 1, world.doctor_id)]
    finger.touch(ticket.foot.itemAt(0).widget())
    finger.by_phone()
    assert not finger.on(VisitsPage).doctors  # one number is enough


def test_a_page_that_is_longer_than_the_screen_is_moved(show: Callable[..., None]) -> None:
    doctors = tuple((new_id(), f"Doctor {number}") for number in range(16))
    page = VisitsPage(Language("en"), "Asha R.", queries.KioskRow((), None, "", doctors), "Asia/Kolkata")
    show(page, 1366, 560)
    last = page.doctors[doctors[-1][0]]
    assert last.visibleRegion().isEmpty()
    QTest.keyClick(page, Qt.Key.Key_End)
    assert last.visibleRegion().boundingRect() == last.rect()
    assert page.doctors[doctors[0][0]].y() == page.doctors[doctors[1][0]].y()  # two beside each other


@pytest.mark.parametrize(
    ("theme", "language", "width", "height"),
    [("dark", "ar", 1366, 768), ("light", "en", 1080, 1920), ("light", "hi", 1920, 1080)],
)
def test_pages_in_every_language(
    finger: Finger,
    lobby: Lobby,
    qapp: QApplication,
    picture: Callable[[QWidget, str], Path],
    theme: str,
    language: str,
    width: int,
    height: int,
) -> None:
    apply_theme(qapp, theme)
    finger.kiosk.resize(width, height)
    patient, visit = booked(lobby)
    kiosk = finger.kiosk

    def look(name: str) -> None:
        picture(kiosk, f"kiosk-{name}-{theme}-{language}-{width}")
        assert unnamed(kiosk) == []
        assert (kiosk.width(), kiosk.height()) == (width, height), name
        assert kiosk.page is not None
        assert kiosk.page.is_whole, name
        touched = [one for one in kiosk.findChildren(QPushButton) if one.isVisible()]
        assert touched
        grown = max(1, min(height / 768, width / 928))  # letters and targets are as large as the screen has room
        assert kiosk.page.title.font().pixelSize() == round(KIOSK_TITLE * grown), name
        assert [(one.text(), one.height()) for one in touched if one.height() < round(TOUCH * grown)] == []
        for one in touched + [label for label in kiosk.findChildren(QLabel) if label.isVisible()]:
            assert kiosk.rect().contains(one.rect().translated(one.mapTo(kiosk, one.rect().topLeft()))), (name, one)

    finger.touch(kiosk.languages[language])
    look("start")
    assert (kiosk.layoutDirection() == Qt.LayoutDirection.RightToLeft) == (language == "ar")
    finger.touch(finger.on(StartPage).by_phone)
    QTest.keyClicks(kiosk.page, PHONE)
    look("phone")
    finger.touch(finger.on(PadPage).go)
    finger.number("1990")
    look("visits")
    finger.touch(finger.on(VisitsPage).arrive[visit])
    look("ticket")
    kiosk.start_over(keep_language=True)
    seen(lobby, visit)
    finger.by_phone()
    finger.touch(finger.on(VisitsPage).findChildren(TouchButton)[0])
    rating: RatingPage = finger.on(RatingPage)
    finger.touch(rating.faces[3])
    look("rating")
    finger.touch(rating.send)
    look("thanks")
    assert patient
    assert not kiosk.findChildren(QPlainTextEdit)


# The program as a kiosk


@pytest.fixture
def program(run_program: Callable[..., Session], world: World, hall: UUID) -> Callable[[], Session]:
    """Start the program on the world's database, at the computer of the hall."""
    password = passwords.new(PASSWORD, username="receptionist")
    user = world.users["receptionist"]
    world.db.run(Actor.system(), set_password, user_id=user, password=password, must_change_password=False)

    def start() -> Session:
        return run_program(f"sqlite:///{world.db.address.file}", registry=lambda: (SCREENS, SEARCHES))

    return start


def log_in(session: Session, qtbot: QtBot) -> Shell:
    login: LoginPage = page(session, LoginPage, qtbot)
    login.username.setText("receptionist")
    login.password.setFocus()
    QTest.keyClicks(login.password, PASSWORD)
    QTest.keyClick(login.password, Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    return shell


def hand_over(session: Session, hall: UUID, qtbot: QtBot, shell: Shell | None = None) -> Kiosk:
    session.preferences.set_workstation(hall)
    shell = shell or log_in(session, qtbot)
    (opening,) = [one for one in shell.header.user.menu().actions() if one.text() == "Open as a kiosk"]
    opening.trigger()
    kiosk: Kiosk = page(session, Kiosk, qtbot)
    return kiosk


def test_a_kiosk_is_left_only_by_staff(program: Callable[[], Session], hall: UUID, qtbot: QtBot) -> None:
    session = program()
    kiosk = hand_over(session, hall, qtbot)
    assert session.window.isFullScreen()
    assert session.work.actor is not None
    assert session.work.actor.permissions == {"kiosk.serve", "access.own_account"}
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_F11, Qt.Key.Key_F1):
        QTest.keyClick(kiosk, key)
    QTest.keyClick(kiosk, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(kiosk, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert session.window.centralWidget() is kiosk
    closing = QCloseEvent()
    QApplication.sendEvent(session.window, closing)  # Alt+F4
    assert not closing.isAccepted()
    login: LoginPage = page(session, LoginPage, qtbot)
    assert session.work.actor is None
    closing = QCloseEvent()
    QApplication.sendEvent(session.window, closing)
    assert not closing.isAccepted()
    assert login.isVisible()
    session.kiosk._back.start(0)
    session.kiosk._back.look()  # nobody comes
    page(session, Kiosk, qtbot)
    QTest.mouseClick(session.kiosk.page.staff, Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    log_in(session, qtbot)
    assert not session.window.isFullScreen()
    assert not session.kiosk.is_on
    assert session.preferences.kiosk is None
    assert "queue.check_in" in session.work.actor.permissions  # type: ignore[union-attr]


def test_staff_come_back_by_pin_and_a_wrong_one_opens_nothing(program: Callable[[], Session], hall: UUID, qtbot: QtBot) -> None:
    session = program()
    session.preferences.set_workstation(hall)
    log_in(session, qtbot)
    set_pin(session.work.db, session.work.actor, PASSWORD, PIN)  # type: ignore[arg-type]
    kiosk = hand_over(session, hall, qtbot, shell=session.window.shell)
    QTest.mouseClick(kiosk.staff, Qt.MouseButton.LeftButton)
    locked: LockPage = page(session, LockPage, qtbot)
    QTest.keyClicks(locked.pin, "9999")
    QTest.keyClick(locked.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: locked.trouble.isVisible() and not locked.button.is_busy)
    assert session.window.centralWidget() is locked
    assert session.work.actor is None
    QTest.keyClicks(locked.pin, PIN)
    QTest.keyClick(locked.pin, Qt.Key.Key_Return)
    shell: Shell = page(session, Shell, qtbot)
    assert shell.desk.actor.by_pin
    assert not session.kiosk.is_on
    assert not session.window.isFullScreen()


def test_after_a_power_cut_it_is_a_kiosk_again_until_it_is_shut_out(
    program: Callable[[], Session], world: World, hall: UUID, qtbot: QtBot
) -> None:
    session = program()
    hand_over(session, hall, qtbot)
    session.window.may_close = None  # the power goes
    session.window.close()
    again = program()
    kiosk: Kiosk = page(again, Kiosk, qtbot)
    assert again.window.isFullScreen()
    world.db.run(world.actor("admin"), end_sessions, user_id=world.users["receptionist"])
    QTest.mouseClick(kiosk.page.by_phone, Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
    QTest.keyClicks(kiosk.page, PHONE)
    QTest.keyClick(kiosk.page, Qt.Key.Key_Return)
    QTest.keyClicks(kiosk.page, "1990")
    QTest.keyClick(kiosk.page, Qt.Key.Key_Return)
    page(again, LoginPage, qtbot)
    assert not again.kiosk.is_on


def test_cards_reach_the_kiosk_and_troubles_show_no_details(program: Callable[[], Session], hall: UUID, qtbot: QtBot) -> None:
    session = program()
    kiosk = hand_over(session, hall, qtbot)
    session.kiosk.take_scan("CLC1.bm90LWEtY2FyZA.bm90LXNpZ25lZA")
    qtbot.waitUntil(lambda: isinstance(kiosk.page, MessagePage))
    assert kiosk.page is not None
    assert kiosk.page.title.text() == "This card cannot be read"
    kiosk.start_over()
    session.work.failed.emit(Trouble("AB12CD34", "KeyError: secret", "Traceback: Asha Rao"))
    assert isinstance(kiosk.page, MessagePage)
    shown = " ".join(one.text() for one in session.window.findChildren(QLabel) if one.isVisible())
    assert "Please go to the reception desk." in shown
    assert "secret" not in shown
    assert QApplication.activeModalWidget() is None


def test_elsewhere_it_is_refused(program: Callable[[], Session], qtbot: QtBot) -> None:
    session = program()
    shell = log_in(session, qtbot)
    (opening,) = [one for one in shell.header.user.menu().actions() if one.text() == "Open as a kiosk"]
    opening.trigger()
    qtbot.waitUntil(lambda: "no kiosk" in " ".join(one.text() for one in session.window.findChildren(QLabel)))
    assert session.window.shell is not None
