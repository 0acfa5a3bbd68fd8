"""Booking by real keys: who, when with the arrows, Enter; what is taken, a lost race, moving, cancelling, overriding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, AppointmentStatus, VisitStatus
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.booking.other_time import OtherTimeDialog
from clinic_desktop.ui.screens.booking.reading import week_of
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.clinic.frontdesk.desk import sign
from tests.clinic.world import HOLIDAY
from tests.conftest import FrozenClock
from tests.ui.hands import double_click, modal
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at
from tests.ui.walk import unnamed

House = Callable[[str], Shell]
Settle = Callable[[], None]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def asha(front: FrontDesk) -> PatientRow:
    return front.patient("Asha", "Kulkarni", phone="98200 11001", allergies="Penicillin")


@pytest.fixture
def booking(house: House, settle: Settle) -> Callable[..., BookingScreen]:
    """Open the screen for a patient, or for none."""

    def build(patient: PatientRow | None = None, role: str = "receptionist") -> BookingScreen:
        shell = house(role)
        shell.open("booking", {"patient_id": patient.id} if patient else None)
        settle()
        assert isinstance(shell.current, BookingScreen)
        return shell.current

    return build


def visits(front: FrontDesk, patient: PatientRow) -> list[VisitRow]:
    found = front.ask(queries.visits_of_patient, patient_id=patient.id)
    assert isinstance(found, list)
    return found


def slot_texts(screen: BookingScreen) -> list[str]:
    return [button.accessibleName() for button in screen.calendar.slots.buttons]


def focused() -> str:
    found = QApplication.focusWidget()
    assert found is not None
    return found.accessibleName()


def test_search_arrows_and_enter_book(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    screen = booking()
    assert screen.search.hasFocus()
    hands.type("kulk")
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: focused() == "9:00\u00a0AM, free")
    settle()
    assert screen.banner.accessibleName() == f"Asha Kulkarni, {asha.patient_number}"
    hands.press(Qt.Key.Key_Right)
    hands.press(Qt.Key.Key_Down)
    assert focused() == "11:00\u00a0AM, free"
    assert screen.book.text() == "Book 11:00\u00a0AM"
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = visits(front, asha)
    assert (visit.planned_at, visit.doctor_id, visit.status) == (at(11), front.world.doctor_id, VisitStatus.SCHEDULED)
    assert visit.booking_id == "APT-2026-00001"
    assert screen.note.text.text() == "\u2068APT-2026-00001\u2069  ·  \u2068token 1\u2069\nMar 2, 2026, 11:00\u00a0AM"
    assert screen.note.token.hasFocus()
    assert [row.visit_id for row in screen.planned.table.rows] == [visit.visit_id]


def test_taken_passed_and_short_places_say_so_and_are_passed_over(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, clock: FrozenClock, settle: Settle
) -> None:
    front.book(front.patient("Ravi", "Menon"), at(9, 45))
    clock.advance(minutes=20)
    screen = booking(asha)
    texts = slot_texts(screen)
    assert texts[:5] == ["9:00\u00a0AM, passed", "9:15\u00a0AM, passed", "9:30\u00a0AM, free", "9:45\u00a0AM, taken", "10:00\u00a0AM, free"]
    assert screen.calendar.slots.buttons[3].toolTip() == "taken"
    assert screen.calendar.slots.buttons[3].font().strikeOut()
    assert focused() == "9:30\u00a0AM, free"
    hands.press(Qt.Key.Key_Right)
    assert focused() == "10:00\u00a0AM, free"
    screen.wish.want(service=front.world.services["XRAY"])
    settle()
    assert slot_texts(screen)[2] == "9:30\u00a0AM, too short"


def test_the_week_counts_free_places_and_says_why_there_are_none(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, settle: Settle
) -> None:
    leave = TODAY + timedelta(days=2)
    asked = front.run("doctor", staff.request_leave, doctor_id=front.world.doctor_id, first_day=leave, last_day=leave, reason="Exam")
    front.run("admin", staff.approve_leave, leave_id=asked)
    front.book(asha, at(10))
    screen = booking(asha)
    notes = [button.text().partition("\n")[2] for button in screen.calendar.week.days]
    assert notes == ["27 free", "28 free", "on leave", "28 free", "28 free", "28 free", "not in"]
    screen.calendar.week.days[2].click()
    settle()
    assert screen.calendar.slots.buttons == []
    screen.open(day=HOLIDAY)
    settle()
    assert screen.calendar.week.days[4].text().endswith("holiday")


def test_days_and_weeks_by_keys(booking: Callable[..., BookingScreen], asha: PatientRow, hands: Hands, settle: Settle) -> None:
    screen = booking(asha)
    hands.press(Qt.Key.Key_Left, CTRL)
    settle()
    assert screen.calendar.day == TODAY
    hands.press(Qt.Key.Key_Right, CTRL)
    settle()
    assert screen.calendar.day == TODAY + timedelta(days=1)
    hands.press(Qt.Key.Key_PageDown, CTRL)
    settle()
    assert screen.calendar.day == TODAY + timedelta(days=8)
    assert focused() == "9:00\u00a0AM, free"


def test_a_lost_race_refreshes_the_places_and_keeps_the_form(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    screen = booking(asha)
    screen.wish.form["reason"].setFocus()
    hands.type("Fever")
    screen.calendar.slots.focus_first()
    chosen = screen.calendar.start
    # Another desk is faster, and its news has not come yet.
    screen.work.changed.disconnect()
    front.book(front.patient("Ravi", "Menon"), chosen)
    hands.press(Qt.Key.Key_Return)
    settle()
    assert "has just been taken" in screen.problem.text()
    assert visits(front, asha) == []
    assert screen.wish.form["reason"].text() == "Fever"
    assert slot_texts(screen)[0] == "9:00\u00a0AM, taken"
    screen.calendar.slots.focus_first()
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = visits(front, asha)
    assert (visit.planned_at, visit.reason) == (at(9, 15), "Fever")
    assert not screen.problem.isVisible()


def test_two_appointments_at_once_are_refused_in_words(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, settle: Settle
) -> None:
    front.book(asha, at(10), doctor_id=front.world.doctors[1])
    screen = booking(asha)
    ten = next(one for one in screen.calendar.slots.buttons if one.slot.start == at(10))
    ten.click()
    double_click(screen.book)
    settle()
    assert "another appointment" in screen.problem.text()
    assert len(visits(front, asha)) == 1


def test_a_double_click_books_once(booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, settle: Settle) -> None:
    screen = booking(asha)
    double_click(screen.book)
    settle()
    assert len(visits(front, asha)) == 1


def test_without_a_patient_nothing_is_booked(booking: Callable[..., BookingScreen], front: FrontDesk, hands: Hands, settle: Settle) -> None:
    screen = booking()
    screen.calendar.slots.buttons[0].click()
    hands.press(Qt.Key.Key_Return)
    settle()
    assert screen.problem.text() == "Choose a patient first."
    assert screen.search.hasFocus()
    assert front.board() == []


def test_a_return_soon_after_a_visit_is_a_follow_up_at_its_fee(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, clock: FrozenClock, settle: Settle
) -> None:
    arrival = front.walk_in(asha)
    front.run("doctor", commands.call_next, clinic_id=front.world.clinic_id, doctor_id=front.world.doctor_id, room="1")
    front.run("doctor", commands.start_consultation, visit_id=arrival.visit_id)
    front.world.db.run(front.world.system(), sign, visit_id=arrival.visit_id)
    clock.advance(days=3)
    screen = booking(asha)
    settle()
    assert screen.wish.form["kind"].value() is AppointmentKind.FOLLOW_UP
    assert "follow-up until Mar 9" in screen.wish.follow_up.text()
    assert "₹300.00" in screen.wish.fee.text()
    screen.open(day=date(2026, 3, 11))
    settle()
    assert screen.wish.form["kind"].value() is AppointmentKind.REGULAR
    assert "₹600.00" in screen.wish.fee.text()


def test_an_appointment_is_moved(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    booked = front.book(asha, at(10))
    screen = booking(asha)
    hands.press(Qt.Key.Key_M, CTRL)
    settle()
    assert "Moving APT-2026-00001" in screen.notice.text.text()
    hands.press(Qt.Key.Key_Escape)
    assert not screen.notice.isVisible()
    hands.press(Qt.Key.Key_M, CTRL)
    hands.press(Qt.Key.Key_Right, CTRL)
    settle()
    assert screen.book.text().startswith("Move to 9:00")
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = visits(front, asha)
    assert visit.visit_id == booked.visit_id
    assert visit.planned_at == at(9, 0, TODAY + timedelta(days=1))
    assert not screen.notice.isVisible()


def test_an_appointment_is_confirmed_and_cancelled_with_a_reason(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    front.book(asha, at(10))
    screen = booking(asha)
    screen.planned.confirm.click()
    settle()
    assert visits(front, asha)[0].appointment_status is AppointmentStatus.CONFIRMED
    assert not screen.planned.confirm.isEnabled()
    hands.press(Qt.Key.Key_F10)
    asked = modal(Dialog, qtbot)
    hands.type("Travels")
    next(one for one in asked.findChildren(QPushButton) if one.text() == "Cancel the appointment").click()
    settle()
    assert visits(front, asha)[0].status is VisitStatus.CANCELLED
    assert screen.planned.table.rows == []
    assert slot_texts(screen)[4] == "10:00\u00a0AM, free"


def test_another_time_is_for_those_who_may_override(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    assert not booking(asha).other.isVisible()
    screen = booking(asha, role="doctor")
    screen.other.click()
    asked = modal(OtherTimeDialog, qtbot)
    assert isinstance(asked, OtherTimeDialog)
    assert unnamed(asked) == []
    hands.type("20:15")
    hands.press(Qt.Key.Key_Return)
    assert asked.isVisible()
    asked.form["reason"].setFocus()
    hands.type("Emergency of a neighbour")
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = visits(front, asha)
    assert visit.planned_at == at(20, 15)


def test_nobody_found_leads_to_registration(house: House, hands: Hands, qtbot: QtBot, settle: Settle) -> None:
    shell = house("receptionist")
    shell.open("booking")
    settle()
    hands.type("Kiran Bedi")
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(shell.current, RegistrationScreen))
    settle()


def test_a_draft_comes_back(house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle) -> None:
    shell = house("receptionist")
    shell.open("booking", {"patient_id": asha.id, "doctor_id": front.world.doctors[1], "day": TODAY + timedelta(days=3)})
    settle()
    assert isinstance(shell.current, BookingScreen)
    shell.current.wish.form["reason"].setFocus()
    hands.type("Fever")
    shell.keep_drafts()
    again = house("receptionist")
    again.open("booking")
    settle()
    screen = again.current
    assert isinstance(screen, BookingScreen)
    assert screen.file is not None
    assert screen.file.patient.id == asha.id
    assert screen.wish.form["doctor"].value() == front.world.doctors[1]
    assert screen.wish.form["reason"].text() == "Fever"
    assert screen.calendar.day == TODAY + timedelta(days=3)


def test_the_screen_hears_of_other_desks(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, qtbot: QtBot, settle: Settle
) -> None:
    screen = booking(asha)
    front.book(front.patient("Ravi", "Menon"), at(9))
    qtbot.waitUntil(lambda: slot_texts(screen)[0] == "9:00\u00a0AM, taken")
    settle()


def test_who_may_not_book_is_refused(
    desk_as: Callable[[str], Desk], show: Callable[[QWidget], None], front: FrontDesk, asha: PatientRow, settle: Settle
) -> None:
    screen = BookingScreen(desk_as("cashier"))
    show(screen)
    screen.open(patient_id=asha.id)
    settle()
    screen._book_at(at(10))
    settle()
    assert "You may not do this" in screen.problem.text()
    assert visits(front, asha) == []


def test_right_to_left_turns_the_arrows(
    booking: Callable[..., BookingScreen], asha: PatientRow, hands: Hands, qapp: QApplication, settle: Settle
) -> None:
    activate("ar")
    apply_theme(qapp, "light", right_to_left=True)
    screen = booking(asha)
    first = screen.calendar.start
    hands.press(Qt.Key.Key_Left)
    assert isinstance(first, datetime)
    assert screen.calendar.start == first + timedelta(minutes=15)
    assert screen.minimumSizeHint().width() <= 1366 - 196


def test_every_control_has_a_name_and_all_fits_a_small_screen(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, picture: Callable[[QWidget, str], Path], settle: Settle
) -> None:
    front.book(asha, at(10))
    screen = booking(asha)
    assert unnamed(screen) == []
    assert screen.window().size().toTuple() == (1366, 768)
    assert picture(screen.window(), "booking").stat().st_size > 10_000


def test_a_week_begins_on_monday() -> None:
    assert week_of(date(2026, 3, 8)) == week_of(TODAY) == TODAY
