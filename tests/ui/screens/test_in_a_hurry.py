"""A receptionist in a hurry: keys faster than answers, slips of the fingers, and others who are faster."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.screens.reception.walk_in import WalkInDialog
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.hurried import CTRL, House, Settle, asha, zoya

__all__ = ["asha", "zoya"]


def reception(shell: Shell) -> ReceptionScreen:
    assert isinstance(shell.current, ReceptionScreen)
    return shell.current


# Keys before the answer


def test_f6_right_after_typing_is_about_whom_was_typed(
    house: House, front: FrontDesk, asha: PatientRow, zoya: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    screen = reception(house("receptionist"))
    hands.type("asha")
    qtbot.waitUntil(lambda: screen.hits.current is not None)
    screen.search.selectAll()
    hands.type("zoya")
    assert screen.hits.current.id == asha.id  # the answer to what was typed before
    hands.press(Qt.Key.Key_F6)
    modal(WalkInDialog, qtbot)
    settle()
    hands.press(Qt.Key.Key_Return)
    settle()
    assert [visit.patient_id for visit in front.board()] == [zoya.id]


def test_f7_before_the_first_answer_books_whom_was_typed(
    house: House, zoya: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    shell = house("receptionist")
    hands.type("98200 11002")
    hands.press(Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: isinstance(shell.current, BookingScreen))
    settle()
    assert isinstance(shell.current, BookingScreen)
    assert shell.current.file is not None
    assert shell.current.file.patient.id == zoya.id


def test_f6_for_nobody_does_nothing_and_typing_on_forgets_it(
    house: House, asha: PatientRow, hands: Hands, settle: Settle, qtbot: QtBot
) -> None:
    screen = reception(house("receptionist"))
    hands.type("zebulon")
    hands.press(Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: "zebulon" in screen.hits.register.text())
    settle()
    assert QApplication.activeModalWidget() is None
    hands.type("x")
    hands.press(Qt.Key.Key_F6)
    screen.search.selectAll()
    hands.type("asha")
    qtbot.waitUntil(lambda: screen.hits.current is not None)
    settle()
    assert QApplication.activeModalWidget() is None


def test_two_f_keys_at_once_open_one_dialog(house: House, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle) -> None:
    shell = house("receptionist")
    hands.type("asha")
    hands.press(Qt.Key.Key_F6)
    hands.press(Qt.Key.Key_F6)
    modal(WalkInDialog, qtbot)
    settle()
    assert len(reception(shell).findChildren(WalkInDialog)) == 1
    hands.press(Qt.Key.Key_Escape)
    settle()


def test_enter_in_the_header_before_the_answer_opens_the_first_hit(
    house: House, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    shell = house("receptionist")
    hands.press(Qt.Key.Key_K, CTRL)
    hands.type("kulkarni")
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(shell.current, PatientScreen))
    settle()
    assert isinstance(shell.current, PatientScreen)
    assert shell.current.file.file is not None
    assert shell.current.file.file.patient.id == asha.id
    assert not shell.finder.popup.isVisible()


# Esc


def test_esc_in_the_header_goes_back_to_where_the_hands_were(house: House, asha: PatientRow, hands: Hands, settle: Settle) -> None:
    shell = house("receptionist")
    screen = reception(shell)
    screen.open(patient_id=asha.id)
    settle()
    assert screen.file.walk_in.hasFocus()
    hands.press(Qt.Key.Key_K, CTRL)
    hands.type("zo")
    settle()
    hands.press(Qt.Key.Key_Escape)
    assert shell.finder.box.text() == ""
    assert not shell.finder.popup.isVisible()
    assert screen.file.isVisible()
    assert screen.file.walk_in.hasFocus()


def test_esc_and_letters_in_the_list_of_hits_go_back_to_the_box(
    house: House, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    screen = reception(house("receptionist"))
    hands.type("ash")
    qtbot.waitUntil(lambda: screen.hits.current is not None)
    hands.press(Qt.Key.Key_Down)
    assert screen.hits.table.grid.hasFocus()
    hands.type("a")
    assert screen.search.hasFocus()
    assert screen.search.text() == "asha"
    qtbot.waitUntil(lambda: screen.hits.current is not None)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Escape)
    assert screen.search.hasFocus()
    assert screen.search.text() == ""
    assert screen.board.isVisible()
    settle()


# The queue, twice


def test_who_waits_already_is_refused_and_esc_leads_back(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    front.walk_in(asha)
    screen = reception(house("receptionist"))
    hands.type("asha")
    hands.press(Qt.Key.Key_F6)
    made = modal(WalkInDialog, qtbot)
    settle()
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return)
    settle()
    assert "number 1" in made.problem.text()
    hands.press(Qt.Key.Key_Escape)
    settle()
    assert len(front.board()) == 1
    assert screen.search.text() == "asha"


def test_a_double_enter_adds_once_and_goes_on(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    shell = house("receptionist")
    screen = reception(shell)
    hands.type("asha")
    hands.press(Qt.Key.Key_F6)
    modal(WalkInDialog, qtbot)
    settle()
    hands.press(Qt.Key.Key_Return)
    settle()
    shell.activateWindow()  # there is no window manager that would
    qtbot.waitUntil(shell.isActiveWindow)
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = front.board()
    assert visit.status is VisitStatus.WAITING
    assert screen.board.isVisible()
    assert screen.board.table.current == visit


def test_enter_presses_the_button_that_has_the_focus_not_the_default(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    house("receptionist")
    hands.type("asha")
    hands.press(Qt.Key.Key_F6)
    made = modal(WalkInDialog, qtbot)
    settle()
    cancel = next(one for one in made.findChildren(QPushButton) if one.text() == "Cancel")
    cancel.setFocus()
    hands.press(Qt.Key.Key_Return)
    settle()
    assert front.board() == []


def test_a_reason_is_given_from_the_keyboard(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    booked = front.book(asha)
    screen = reception(house("receptionist"))
    screen.board.table.select_first()
    screen.board.table.grid.setFocus()
    hands.press(Qt.Key.Key_F10)
    modal(Dialog, qtbot)
    hands.type("Ill at home")
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert front.visit(booked.visit_id).status is VisitStatus.CANCELLED
