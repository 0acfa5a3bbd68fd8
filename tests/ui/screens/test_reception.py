"""The reception by real keys and clicks: the day, finding patients, scanning a card to checked in, and the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.patients.commands import issue_id_card
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screens import booking as booking_screens
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.conftest import FrozenClock
from tests.ui.hands import double_click, modal
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at
from tests.ui.screens.reception_desk import House, Settle, asha, reception
from tests.ui.walk import unnamed

__all__ = ["asha"]


def rows(screen: ReceptionScreen) -> list[tuple[str, str]]:
    """What the board shows of each visit: patient and status."""
    model = screen.board.table.model
    return [(model.index(n, 2).data(), model.index(n, 5).data()) for n in range(model.rowCount())]


def figures(screen: ReceptionScreen) -> dict[str, str]:
    return {name: stat.figure for name, stat in screen.stats.items()}


# The day


def test_the_day_is_there_at_a_glance(house: House, front: FrontDesk, asha: PatientRow, clock: FrozenClock, settle: Settle) -> None:
    ravi, zoya, om = front.patient("Ravi", "Menon"), front.patient("Zoya", "Khan"), front.patient("Om", None)
    front.book(asha, at(10))
    early = front.book(ravi, at(9, 15))
    front.walk_in(zoya, doctor_id=front.world.doctors[1])
    clock.advance(minutes=20)
    front.run("receptionist", commands.mark_no_show, appointment_id=early.appointment_id)
    front.run("receptionist", commands.cancel_visit, visit_id=front.walk_in(om).visit_id, reason="Mistake")
    screen = reception(house("receptionist"))
    assert rows(screen) == [
        ("Zoya Khan", "Waiting"),
        ("Ravi Menon", "Did not come"),
        ("Om", "Cancelled"),
        ("Asha Kulkarni", "Scheduled"),
    ]
    assert figures(screen) == {"expected": "1", "waiting": "1", "in_room": "0", "to_pay": "0", "done": "0", "no_show": "1"}
    assert screen.board.table.model.index(0, 6).data() == "20 min"
    assert screen.search.hasFocus()
    screen.board.doctor.set_value(front.world.doctors[1])
    assert rows(screen) == [("Zoya Khan", "Waiting")]


def test_the_board_follows_what_others_do(house: House, front: FrontDesk, asha: PatientRow, settle: Settle, qtbot: QtBot) -> None:
    screen = reception(house("receptionist"))
    assert rows(screen) == []
    booked = front.book(asha)
    qtbot.waitUntil(lambda: rows(screen) == [("Asha Kulkarni", "Scheduled")])
    front.run("receptionist", commands.check_in, visit_id=booked.visit_id)
    qtbot.waitUntil(lambda: rows(screen) == [("Asha Kulkarni", "Waiting")])
    settle()


def test_one_key_checks_the_selected_row_in(house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle) -> None:
    booked = front.book(asha)
    screen = reception(house("receptionist"))
    screen.board.table.grid.setFocus()
    screen.board.table.select_first()
    hands.press(Qt.Key.Key_F4)
    hands.press(Qt.Key.Key_F4)
    settle()
    assert front.visit(booked.visit_id).status is VisitStatus.WAITING
    assert rows(screen) == [("Asha Kulkarni", "Waiting")]
    assert not screen.board.check_in.isEnabled()


def test_a_double_click_on_check_in_is_one_arrival(house: House, front: FrontDesk, asha: PatientRow, settle: Settle) -> None:
    booked = front.book(asha)
    screen = reception(house("receptionist"))
    screen.board.table.select_first()
    double_click(screen.board.check_in)
    settle()
    assert front.visit(booked.visit_id).status is VisitStatus.WAITING


def test_no_show_asks_and_is_offered_only_when_the_time_has_come(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, clock: FrozenClock, qtbot: QtBot, settle: Settle
) -> None:
    booked = front.book(asha, at(10))
    screen = reception(house("receptionist"))
    screen.board.table.select_first()
    assert not screen.board.no_show.isEnabled()
    clock.advance(hours=2)
    screen.refresh()
    settle()
    screen.board.table.grid.setFocus()
    hands.press(Qt.Key.Key_F9)
    modal(Dialog, qtbot)
    hands.press(Qt.Key.Key_Return)
    settle()
    assert front.visit(booked.visit_id).appointment_status is AppointmentStatus.NO_SHOW
    assert figures(screen)["no_show"] == "1"


def test_cancelling_needs_a_reason(house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle) -> None:
    booked = front.book(asha)
    screen = reception(house("receptionist"))
    screen.board.table.select_first()
    screen.board.table.grid.setFocus()
    hands.press(Qt.Key.Key_F10)
    asked = modal(Dialog, qtbot)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QPlainTextEdit))
    button(asked, "Cancel the visit").click()
    assert asked.isVisible()
    assert front.visit(booked.visit_id).status is VisitStatus.SCHEDULED
    hands.type("Ill at home")
    button(asked, "Cancel the visit").click()
    settle()
    assert front.visit(booked.visit_id).status is VisitStatus.CANCELLED
    assert rows(screen) == [("Asha Kulkarni", "Cancelled")]


def button(parent: QWidget, text: str) -> QPushButton:
    return next(one for one in parent.findChildren(QPushButton) if one.text() == text)


def test_who_went_away_leaves_the_queue(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    arrived = front.walk_in(asha)
    screen = reception(house("receptionist"))
    screen.board.table.select_first()
    screen.board.table.grid.setFocus()
    hands.press(Qt.Key.Key_F12)
    modal(Dialog, qtbot)
    hands.press(Qt.Key.Key_Return)
    settle()
    assert front.visit(arrived.visit_id).status is VisitStatus.LEFT


def test_a_token_is_shown_for_printing(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    front.walk_in(asha)
    screen = reception(house("receptionist"))
    screen.board.table.select_first()
    screen.board.table.grid.setFocus()
    hands.press(Qt.Key.Key_F8)
    shown = modal(Dialog, qtbot)
    assert shown.windowTitle() == "Queue token"
    shown.reject()
    settle()


# The file


def test_a_file_of_nobody_says_what_to_do_and_one_that_was_open_is_found_again(
    house: House, asha: PatientRow, qtbot: QtBot, settle: Settle
) -> None:
    shell = house("receptionist")
    shell.open("patient")
    settle()
    screen = shell.current
    assert isinstance(screen, PatientScreen)
    file = screen.file
    actions = (file.walk_in, file.book, file.card, file.edit, file.more)
    assert not file.check_in.isVisible()
    assert not any(button.isEnabled() for button in actions)
    assert file.now.text() == "Find a patient with Ctrl+K, or scan a card."
    assert screen.kept() is None
    shell.open("patient", {"patient_id": asha.id})
    settle()
    assert all(button.isEnabled() for button in actions)
    again = PatientScreen(shell.desk)
    qtbot.addWidget(again)
    kept = screen.kept()
    assert kept is not None
    assert not kept["is_typed"]
    again.put_back(kept)
    settle()
    assert again.file.file is not None
    assert again.file.file.patient.id == asha.id


def test_the_file_shows_what_is_planned_what_was_and_what_is_owed(
    house: House, front: FrontDesk, asha: PatientRow, clock: FrozenClock, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    front.patient("Kulkarni", "Asha")
    arrival = front.walk_in(asha)
    front.run("cashier", billing.issue_invoice, invoice_id=arrival.invoice_id)
    front.run("receptionist", commands.leave_unseen, visit_id=front.walk_in(asha, doctor_id=front.world.doctors[1]).visit_id)
    front.book(asha, at(10, 0, TODAY + timedelta(days=7)))
    shell = house("receptionist")
    shell.open("patient", {"patient_id": asha.id})
    settle()
    screen = shell.current
    assert isinstance(screen, PatientScreen)
    file = screen.file
    assert [row.business_date for row in file.visits.upcoming.rows] == [date(2026, 3, 9)]
    assert {row.status for row in file.visits.past.rows} == {VisitStatus.WAITING, VisitStatus.LEFT}
    assert "₹600.00" in file.owed.text()
    assert "token 1" in file.now.text()
    assert file.file is not None
    assert file.file.same_name
    hands.press(Qt.Key.Key_F7)
    settle()
    assert isinstance(shell.current, BookingScreen)
    qtbot.waitUntil(lambda: isinstance(shell.current, BookingScreen) and shell.current.file is not None)


def test_the_id_card_is_issued_once_and_shown_again(
    house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    shell = house("receptionist")
    shell.open("patient", {"patient_id": asha.id})
    settle()
    for _time in range(2):
        hands.press(Qt.Key.Key_F8)
        modal(Dialog, qtbot).reject()
        settle()
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
    card = front.run("receptionist", issue_id_card, clinic_id=front.world.clinic_id, patient_id=asha.id)
    assert card.card_number == "CRD-2026-000002"


def test_edit_opens_the_form_with_the_patient(house: House, front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle) -> None:
    shell = house("receptionist")
    shell.open("patient", {"patient_id": asha.id})
    settle()
    hands.press(Qt.Key.Key_F3)
    settle()
    assert isinstance(shell.current, RegistrationScreen)
    assert shell.current.form.main["name"].text() == "Asha Kulkarni"


# Who may, and looks


def test_what_a_nurse_may_not_do_is_not_offered(house: House, front: FrontDesk, asha: PatientRow, settle: Settle) -> None:
    shell = house("nurse")
    shell.open("patient", {"patient_id": asha.id})
    settle()
    screen = shell.current
    assert isinstance(screen, PatientScreen)
    assert screen.file.walk_in.isVisible()
    assert not screen.file.card.isVisible()
    assert "reception" not in house("doctor").rail.buttons
    assert booking_screens.SCREEN.code in house("doctor").rail.buttons


def test_every_control_has_a_name(house: House, front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle) -> None:
    front.book(asha)
    screen = reception(house("receptionist"))
    assert unnamed(screen) == []
    hands.type("asha")
    qtbot.waitUntil(lambda: screen.hits.current is not None)
    assert unnamed(screen.hits) == []
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.file.file is not None)
    assert unnamed(screen) == []
    settle()


def test_pictures(house: House, front: FrontDesk, asha: PatientRow, picture: Callable[[QWidget, str], Path], settle: Settle) -> None:
    front.book(asha)
    shell = house("receptionist")
    assert picture(shell, "reception").stat().st_size > 10_000
    shell.take_scan(asha.patient_number)
    settle()
    QTest.keyClick(shell, Qt.Key.Key_Shift)
    assert picture(shell, "reception-file").stat().st_size > 10_000
