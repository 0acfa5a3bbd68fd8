"""Hurried hands at booking and registration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.conftest import FrozenClock
from tests.ui.hands import all_is_double, modal
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at
from tests.ui.screens.hurried import ALT, CTRL, House, Settle, asha, zoya

__all__ = ["asha", "zoya"]


def visits(front: FrontDesk, patient: PatientRow) -> list[VisitRow]:
    found = front.ask(queries.visits_of_patient, patient_id=patient.id)
    assert isinstance(found, list)
    return found


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
    with all_is_double():
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
    asked = modal(Dialog, qtbot)
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
    modal(Dialog, qtbot)
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
