"""A receptionist in a hurry: keys faster than answers, slips of the fingers, and others who are faster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, VisitStatus
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.screens.reception.walk_in import WalkInDialog
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.conftest import FrozenClock
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at

House = Callable[[str], Shell]
Settle = Callable[[], None]
D = TypeVar("D", bound=Dialog)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def asha(front: FrontDesk) -> PatientRow:
    return front.patient("Asha", "Kulkarni", phone="98200 11001")


@pytest.fixture
def zoya(front: FrontDesk) -> PatientRow:
    return front.patient("Zoya", "Khan", phone="98200 11002")


def reception(shell: Shell) -> ReceptionScreen:
    assert isinstance(shell.current, ReceptionScreen)
    return shell.current


def dialog(qtbot: QtBot, kind: type[D]) -> D:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    qtbot.waitUntil(found.isActiveWindow)
    return found


def visits(front: FrontDesk, patient: PatientRow) -> list[VisitRow]:
    found = front.ask(queries.visits_of_patient, patient_id=patient.id)
    assert isinstance(found, list)
    return found


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
    dialog(qtbot, WalkInDialog)
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
    dialog(qtbot, WalkInDialog)
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
    made = dialog(qtbot, WalkInDialog)
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
    dialog(qtbot, WalkInDialog)
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
    made = dialog(qtbot, WalkInDialog)
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
    dialog(qtbot, Dialog)
    hands.type("Ill at home")
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert front.visit(booked.visit_id).status is VisitStatus.CANCELLED


# Places


@pytest.fixture
def booking(house: House, settle: Settle) -> Callable[..., BookingScreen]:
    """Open the screen for a patient, perhaps with more that is asked for."""

    def build(patient: PatientRow, **what: object) -> BookingScreen:
        shell = house("receptionist")
        shell.open("booking", {"patient_id": patient.id, **what})
        settle()
        assert isinstance(shell.current, BookingScreen)
        return shell.current

    return build


def test_a_follow_up_that_the_doctor_asks_for_is_one_at_any_date(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    what = {"doctor_id": front.world.doctor_id, "day": TODAY + timedelta(days=28), "kind": AppointmentKind.FOLLOW_UP}
    screen = booking(asha, **what)
    assert screen.wish.form["kind"].value() is AppointmentKind.FOLLOW_UP
    assert "₹300.00" in screen.wish.fee.text()
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = visits(front, asha)
    assert visit.business_date == TODAY + timedelta(days=28)
    screen.open(patient_id=front.patient("Ravi", "Menon").id)
    settle()
    assert screen.wish.form["kind"].value() is AppointmentKind.REGULAR


def test_enter_again_does_not_take_the_place_beside_the_one_that_was_lost(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, zoya: PatientRow, hands: Hands, settle: Settle
) -> None:
    screen = booking(asha)
    hands.press(Qt.Key.Key_Right)
    assert screen.calendar.start == at(9, 15)
    screen.work.changed.disconnect()  # the news of the other desk has not come yet
    front.book(zoya, at(9, 15))
    hands.press(Qt.Key.Key_Return)
    settle()
    assert "has just been taken" in screen.problem.text()
    hands.press(Qt.Key.Key_Return)
    settle()
    assert visits(front, asha) == []
    hands.press(Qt.Key.Key_Right)
    assert screen.calendar.start in (at(9, 0), at(9, 30))  # beside the lost one, and only now
    hands.press(Qt.Key.Key_Return)
    settle()
    assert len(visits(front, asha)) == 1


def test_a_place_that_passed_while_one_talked_is_refused(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, clock: FrozenClock, settle: Settle
) -> None:
    screen = booking(asha)
    assert screen.calendar.start == at(9)
    clock.advance(minutes=70)
    hands.press(Qt.Key.Key_Return)
    settle()
    assert visits(front, asha) == []
    assert screen.problem.text()
    assert screen.calendar.start is None
    assert not screen.calendar.slots.buttons[0].isEnabled()


def test_without_a_free_place_the_hands_stay_on_the_calendar(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    sunday = TODAY + timedelta(days=6)
    screen = booking(asha, day=sunday)
    assert screen.calendar.day == sunday
    assert screen.calendar.slots.buttons == []
    hands.press(Qt.Key.Key_Right, CTRL)
    settle()
    assert screen.calendar.day == sunday + timedelta(days=1)
    assert screen.calendar.start is not None
    assert visits(front, asha) == []


def test_a_new_appointment_is_not_the_one_that_was_about_to_be_moved(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    front.book(asha, at(10))
    screen = booking(asha)
    hands.press(Qt.Key.Key_M, CTRL)
    settle()
    assert screen.moving is not None
    screen.desk.open("patient", patient_id=asha.id)
    settle()
    hands.press(Qt.Key.Key_F7)
    settle()
    assert screen.isVisible()
    assert not screen.notice.isVisible()
    hands.press(Qt.Key.Key_Return)
    settle()
    assert len(visits(front, asha)) == 1 + 1


def test_all_places_of_a_day_stand_above_what_is_booked(booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow) -> None:
    front.book(asha, at(10))
    screen = booking(asha)
    assert screen.window().height() == 768
    assert screen.planned.isVisible()
    assert screen.calendar.slots.verticalScrollBar().maximum() == 0
    assert screen.planned.table.grid.verticalScrollBar().maximum() == 0


# Registration


def test_a_double_f9_leaves_a_clean_form(house: House, front: FrontDesk, hands: Hands, settle: Settle) -> None:
    shell = house("receptionist")
    shell.open("registration")
    settle()
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    for text in ("Asha Kulkarni", "f", "34", "98200 11001"):
        hands.type(text)
        hands.press(Qt.Key.Key_Tab)
    hands.press(Qt.Key.Key_F9)
    settle()
    assert screen.saved.isVisible()
    hands.press(Qt.Key.Key_F9)
    settle()
    assert [field.error for field in screen.form.main.fields.values()] == ["", "", "", ""]
    assert screen.saved.isVisible()


def test_esc_asks_before_it_throws_away_what_is_typed(house: House, hands: Hands, qtbot: QtBot, settle: Settle, asha: PatientRow) -> None:
    shell = house("receptionist")
    shell.open("registration")
    settle()
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    hands.type("Kiran Bedi")
    hands.press(Qt.Key.Key_Escape)
    asked = dialog(qtbot, Dialog)
    assert asked.windowTitle() == "Leave what is typed?"
    hands.press(Qt.Key.Key_Return)  # a double Enter keeps it
    settle()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    assert screen.form.main["name"].text() == "Kiran Bedi"
    screen.form.unfold(True)
    screen.form.family.setFocus()
    hands.type("asha")
    hands.press(Qt.Key.Key_Escape)  # only empties the search
    settle()
    assert QApplication.activeModalWidget() is None
    assert screen.form.family.text() == ""
    screen.form.main["name"].setFocus()
    hands.press(Qt.Key.Key_Escape)
    dialog(qtbot, Dialog)
    hands.press(Qt.Key.Key_Tab)
    hands.press(Qt.Key.Key_Return)
    settle()
    assert screen.form.main["name"].text() == ""


def test_a_scan_while_a_name_is_typed_opens_the_card_and_keeps_the_name(
    house: House, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    shell = house("receptionist")
    shell.open("registration")
    settle()
    hands.type("Kiran")
    shell.take_scan(asha.patient_number)
    settle()
    assert isinstance(shell.current, PatientScreen)
    QTest.keyClick(shell, Qt.Key.Key_2, ALT)
    settle()
    screen = shell.current
    assert isinstance(screen, RegistrationScreen)
    assert screen.form.main["name"].text() == "Kiran"
