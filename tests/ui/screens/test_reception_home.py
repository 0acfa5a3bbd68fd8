"""The most used screen: figures that filter, families, slips of the hand taken back, debts, what waits to be done, and a whole morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients.commands import issue_id_card
from clinic_desktop.clinic.patients.commands.cards import VALID_MONTHS
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.screens.booking.confirming import ConfirmDialog
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.patients.folder import signed, texts
from tests.conftest import FrozenClock
from tests.ui.hands import modal
from tests.ui.screens.conftest import LOOKS
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at
from tests.ui.screens.morning import Morning, begin
from tests.ui.screens.reception_desk import House, Settle, asha, reception
from tests.ui.walk import unnamed

__all__ = ["asha", "begin"]
KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CTRL_SHIFT = CTRL | SHIFT


def names(screen: ReceptionScreen) -> list[str]:
    return [visit.patient_name for visit in screen.board.table.rows]


def cell(screen: ReceptionScreen, patient: str, title: str) -> str:
    row = next(visit for visit in screen.board.table.rows if visit.patient_name == patient)
    return next(column for column in screen.board.table.model.columns if column.title == title).text(row)


def test_a_figure_shows_only_its_patients_and_the_next_key_is_about_the_first(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    ravi = front.patient("Ravi", "Menon")
    front.book(asha, at(10))
    front.walk_in(ravi)
    screen = reception(house("receptionist"))
    hands.press(KEY.Key_2, CTRL)
    assert names(screen) == ["Ravi Menon"]
    assert screen.stats["waiting"].isChecked()
    assert screen.stats["waiting"].accessibleName() == "Waiting: 1, only these are shown"
    hands.press(KEY.Key_1, CTRL)
    assert names(screen) == ["Asha Kulkarni"]
    assert not screen.stats["waiting"].isChecked()
    hands.press(KEY.Key_F4)
    settle()
    assert names(screen) == []
    assert screen.board.table.empty.isVisible()
    hands.press(KEY.Key_1, CTRL)
    assert sorted(names(screen)) == ["Asha Kulkarni", "Ravi Menon"]


def test_a_family_is_checked_in_by_one_key_and_taken_back_by_one(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    shell = house("receptionist")
    for number, name in enumerate(("Bela", "Chitra")):
        front.book(front.patient(name, "Kulkarni", phone="98200 11001", phone_owner_id=asha.id), at(10, 15 * (number + 1)))
    front.book(asha, at(10))
    screen = reception(shell)
    settle()
    screen.board.table.select_first()
    screen.board.table.grid.setFocus()
    hands.press(KEY.Key_Down, SHIFT)
    hands.press(KEY.Key_Down, SHIFT)
    assert len(screen.board.chosen) == 3
    assert not screen.board.no_show.isEnabled()
    hands.press(KEY.Key_F4)
    settle()
    assert {visit.status for visit in front.board()} == {VisitStatus.WAITING}
    hands.press(KEY.Key_Z, CTRL)
    settle()
    assert {visit.status for visit in front.board()} == {VisitStatus.SCHEDULED}


def test_late_long_allergic_and_indebted_is_said_in_words(
    house: House,
    front: FrontDesk,
    asha: PatientRow,
    clock: FrozenClock,
    hands: Hands,
    settle: Settle,
    picture: Callable[[QWidget, str], Path],
) -> None:
    ravi, zoya = front.patient("Ravi", "Menon"), front.patient("Zoya", "Khan")
    front.walk_in(ravi)
    front.book(asha, at(9, 30))
    seen = front.walk_in(zoya)
    front.run("doctor", commands.call, visit_id=seen.visit_id, room="1")
    front.run("doctor", commands.start_consultation, visit_id=seen.visit_id)
    assert seen.invoice_id is not None
    front.run("cashier", billing.issue_invoice, invoice_id=seen.invoice_id)
    clock.advance(minutes=45)
    shell = house("receptionist")
    screen = reception(shell)
    settle()
    assert cell(screen, "Asha Kulkarni", "Status") == "15 min late"
    assert cell(screen, "Asha Kulkarni", "Allergies") == "Penicillin"
    assert cell(screen, "Ravi Menon", "Waiting") == "45 min"
    assert cell(screen, "Ravi Menon", "Owes") == ""  # a draft of a visit that is not over
    assert cell(screen, "Zoya Khan", "Owes") == "₹600.00"
    picture(shell, "reception-board")


def test_the_menu_of_a_row_offers_what_its_keys_do(
    house: House, front: FrontDesk, asha: PatientRow, settle: Settle, qtbot: QtBot, no_warnings: list[str]
) -> None:
    booked = front.book(asha, at(10))
    screen = reception(house("receptionist"))
    settle()
    screen.board.table.select_first()
    grid = screen.board.table.grid
    grid.customContextMenuRequested.emit(QPoint(40, 10))
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entries = [action.text().partition("\t")[0] for action in menu.actions() if not action.isSeparator()]
    assert entries == ["Open the file", "Walk-in", "Book follow-up", "Check in", "Print token", "Cancel…", "Print appointment slip"]
    check_in = next(action for action in menu.actions() if action.text().startswith("Check in"))
    assert check_in.text() == "Check in\tF4"
    check_in.trigger()
    menu.close()
    settle()
    no_warnings[:] = [one for one in no_warnings if "grabbing the keyboard" not in one]  # the offscreen platform and menus
    assert front.visit(booked.visit_id).status is VisitStatus.WAITING


def test_what_waits_to_be_done_is_one_key_away(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    front.book(asha, at(10, day=TODAY + timedelta(days=1)))
    shell = house("receptionist")
    opened: list[str] = []
    shell.desk.opened.connect(lambda screen, _what: opened.append(screen))
    screen = reception(shell)
    settle()
    assert [one.text() for one in screen.todos.buttons.values() if one.isVisible()] == [
        "To remind for tomorrow: 1",
        "To confirm for tomorrow: 1",
    ]
    hands.press(KEY.Key_1, CTRL_SHIFT)
    assert opened == ["reminders"]
    shell.open("reception")
    hands.press(KEY.Key_2, CTRL_SHIFT)
    dialog = modal(ConfirmDialog, qtbot)
    settle()
    assert [one.patient_name for one in dialog.table.rows] == ["Asha Kulkarni"]


def test_what_papers_want_of_who_is_here_is_counted_as_it_changes_and_leads_to_its_list(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle, picture: Callable[[QWidget, str], Path]
) -> None:
    offered = texts(front.world)
    front.world.db.run(front.world.system(), set_setting, key=VALID_MONTHS.key, value=1)
    ravi = front.patient("Ravi", "Menon")
    shell = house("receptionist")
    opened: list[tuple[str, Any]] = []
    shell.desk.opened.connect(lambda screen, what: opened.append((screen, what)))
    screen = reception(shell)
    settle()
    assert not screen.todos.isVisible()
    front.walk_in(ravi)
    front.book(asha, at(10))
    front.run("receptionist", issue_id_card, clinic_id=front.world.clinic_id, patient_id=asha.id)
    settle()
    assert [one.text() for one in screen.todos.buttons.values() if one.isVisible()] == [
        "Consents to sign: 1",
        "Cards to print: 1",
        "Cards to renew: 1",
    ]
    hands.press(KEY.Key_1, CTRL_SHIFT)
    settle()
    assert names(screen) == ["Ravi Menon"]
    assert screen.todos.buttons["unsigned"].isChecked()
    picture(shell, "reception-unsigned")
    for kind in (ConsentType.TREATMENT, ConsentType.DATA_PROCESSING):
        signed(front.world, ravi.id, offered[kind, "en"])
    settle()
    assert names(screen) == []
    assert not screen.todos.buttons["unsigned"].isVisible()
    hands.press(KEY.Key_1, CTRL)
    assert names(screen) == ["Asha Kulkarni"]
    hands.press(KEY.Key_2, CTRL_SHIFT)
    assert opened == [("reception", {"figure": "unsigned"}), ("cards", {"listed": "TO_RENEW"})]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_whole_morning_by_keys(
    front: FrontDesk, asha: PatientRow, clock: FrozenClock, begin: Callable[[str], Morning], language: str
) -> None:
    names = ("Ravi", "Zoya", "Om", "Lila", "Jay", "Uma")
    people = {name: front.patient(name, "Menon", phone=f"98200 220{n:02}") for n, name in enumerate(names)}
    first, ravi, zoya = (front.book(one, at(9, 15 * (n + 1))) for n, one in enumerate((asha, people["Ravi"], people["Zoya"])))
    late = front.book(people["Om"], at(9))
    morning = begin(language)

    morning.do("a wrong arrival and its undoing", morning.check_in_first, morning.undo)
    assert front.visit(late.visit_id).status is VisitStatus.SCHEDULED
    morning.do("everybody again", morning.show_everybody)
    morning.do("the second on the board", morning.check_in_second)
    morning.do("everybody again", morning.show_everybody)
    morning.do("by name", partial(morning.check_in_named, "ravi"))
    morning.do("by name with a mistake", partial(morning.check_in_named, "zoyx", "Zoya Menon"))
    assert [front.visit(one.visit_id).status for one in (first, ravi, zoya)] == [VisitStatus.WAITING] * 3
    for name in ("lila", "jay", "uma"):
        morning.do("walk-in", partial(morning.walk_in, name))
    assert len(front.board()) == 7

    clock.advance(minutes=20)
    morning.do("did not come", morning.no_show)
    assert front.visit(late.visit_id).appointment_status is AppointmentStatus.NO_SHOW
    assert morning.screen.stats["no_show"].figure == number_text(1)
    morning.do("to the form of a new patient", morning.register)
    assert isinstance(morning.shell.current, RegistrationScreen)
    most = {"the second on the board": 3, "by name": 7, "by name with a mistake": 8, "walk-in": 8, "did not come": 3}
    assert {what: morning.keys[what] for what in most if morning.keys[what] > most[what]} == {}, morning.keys


@pytest.mark.parametrize(("theme", "language"), [*LOOKS, ("light", "hi")])
def test_the_board_is_looked_at(
    qapp: QApplication,
    house: House,
    front: FrontDesk,
    asha: PatientRow,
    clock: FrozenClock,
    settle: Settle,
    picture: Callable[[QWidget, str], Path],
    theme: str,
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    front.book(asha, at(9))
    front.walk_in(front.patient("Ravi", "Menon"))
    clock.advance(minutes=40)
    shell = house("receptionist")
    settle()
    picture(shell, f"reception-board-{language}")
    assert unnamed(shell) == []
