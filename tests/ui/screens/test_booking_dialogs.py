"""Around a booking, by keyboard: several services, follow-ups, series, the waiting list, confirmations, leaves, late doctors, no-shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, AppointmentStatus, VisitStatus, WaitingStatus
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.screens.booking.added_slots import AddedSlotsDialog
from clinic_desktop.ui.screens.booking.confirming import ConfirmDialog
from clinic_desktop.ui.screens.booking.delay import DelayDialog
from clinic_desktop.ui.screens.booking.follow_up import FollowUpDialog
from clinic_desktop.ui.screens.booking.missing import MissedDialog
from clinic_desktop.ui.screens.booking.rebooking import RebookDialog
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.booking.series import SeriesDialog
from clinic_desktop.ui.screens.booking.services_dialog import ServicesDialog
from clinic_desktop.ui.screens.booking.waiting import WaitDialog, WaitingListDialog
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets import Choice, Dialog
from tests.clinic.frontdesk.desk import sign
from tests.conftest import FrozenClock
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at
from tests.ui.walk import unnamed

Settle = Callable[[], None]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TOMORROW = TODAY + timedelta(days=1)
WEEK = timedelta(weeks=1)
Picture = Callable[[QWidget, str], Path]


@pytest.fixture
def asha(front: FrontDesk) -> PatientRow:
    return front.patient("Asha", "Kulkarni", phone="98200 11001", allergies="Penicillin")


@pytest.fixture
def booking(house: Callable[[str], Shell], settle: Settle) -> Callable[..., BookingScreen]:
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


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    found = QApplication.focusWidget() or QApplication.activeWindow()
    assert found is not None
    QTest.keyClick(found, key, modifier)


def opened(kind: type[Any], key: Qt.Key, qtbot: QtBot, settle: Settle, modifier: Qt.KeyboardModifier = CTRL | SHIFT) -> Any:
    """The dialog that a key of the screen opens, read and named."""
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    press(key, modifier)
    found = modal(kind, qtbot)
    settle()
    assert unnamed(found) == []
    return found


def test_further_services_lengthen_the_visit_and_are_booked(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, picture: Picture, qtbot: QtBot, settle: Settle
) -> None:
    screen = booking(asha)
    more = screen.wish.form["more"]
    more.add.setFocus()
    hands.press(Qt.Key.Key_Down)  # passing over one takes nothing
    hands.type("EC")
    assert more.value() == ()
    hands.press(Qt.Key.Key_Return)
    settle()
    assert more.value() == (front.world.services["ECG"],)
    assert "₹950.00" in screen.wish.fee.text()
    assert "30 min" in screen.wish.fee.text()
    picture(screen.window(), "booking-services")
    screen.calendar.slots.focus_first()
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = visits(front, asha)
    assert visit.planned_at == at(9)
    assert more.value() == ()
    screen.planned.table.setFocus()
    dialog = opened(ServicesDialog, Qt.Key.Key_S, qtbot, settle)
    picture(dialog, "services-dialog")
    dialog.form["more_services"].lines[0][1].click()
    press(Qt.Key.Key_Return)
    settle()
    booked = front.ask(queries.booked_services, appointment_id=visit.appointment_id)
    assert [one.name for one in booked] == ["Consultation"]


def test_a_follow_up_some_weeks_after_the_last_visit_in_one_step(
    booking: Callable[..., BookingScreen],
    front: FrontDesk,
    asha: PatientRow,
    hands: Hands,
    clock: FrozenClock,
    qtbot: QtBot,
    settle: Settle,
) -> None:
    arrival = front.walk_in(asha, doctor_id=front.world.second_doctor_id)
    front.run("doctor", commands.call_next, clinic_id=front.world.clinic_id, doctor_id=front.world.second_doctor_id, room="1")
    front.run("doctor", commands.start_consultation, visit_id=arrival.visit_id)
    front.world.db.run(front.world.system(), sign, visit_id=arrival.visit_id)
    clock.advance(days=1)
    screen = booking(asha)
    dialog = opened(FollowUpDialog, Qt.Key.Key_F, qtbot, settle)
    assert (dialog.form["number"].value(), dialog.wanted()) == (1, TODAY + WEEK)
    hands.type("3")
    hands.press(Qt.Key.Key_Return)
    screen.window().activateWindow()
    settle()
    assert screen.calendar.day == date(2026, 3, 23)
    hands.press(Qt.Key.Key_Return)
    settle()
    (visit,) = (one for one in visits(front, asha) if one.status is VisitStatus.SCHEDULED)
    assert (visit.planned_at, visit.doctor_id) == (at(9, day=date(2026, 3, 23)), front.world.second_doctor_id)
    assert screen.wish.form["kind"].value() is AppointmentKind.FOLLOW_UP


def test_a_series_shows_every_date_and_survives_a_lost_race(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, picture: Picture, qtbot: QtBot, settle: Settle
) -> None:
    front.book(front.patient("Ravi", "Menon"), at(9, day=TODAY + WEEK))
    screen = booking(asha)
    dialog = opened(SeriesDialog, Qt.Key.Key_D, qtbot, settle)
    assert dialog.chosen() == [at(9), at(9, 15, TODAY + WEEK), at(9, day=TODAY + 2 * WEEK), at(9, day=TODAY + 3 * WEEK)]
    picture(dialog, "series")
    dialog.table.setFocus()
    dialog.table.select(TODAY + 3 * WEEK)
    hands.press(Qt.Key.Key_Space, CTRL)
    assert dialog.book.text() == "Book 3 appointments"
    # Another desk is faster, and its news has not come yet.
    front.book(front.patient("Noor", "Shaikh"), at(9, day=TODAY + 2 * WEEK))
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert "has just been taken" in dialog.said.text()
    assert visits(front, asha) == []
    assert dialog.chosen()[2] == at(9, 15, TODAY + 2 * WEEK)
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert [one.planned_at for one in reversed(visits(front, asha))] == [at(9), at(9, 15, TODAY + WEEK), at(9, 15, TODAY + 2 * WEEK)]
    screen.window().activateWindow()
    screen.planned.table.select(visits(front, asha)[1].visit_id)
    screen.planned.cancel.click()
    asked = modal(Dialog, qtbot)
    hands.type("Recovered")
    asked.findChild(Choice).set_value(True)
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert [one.status for one in visits(front, asha)] == [VisitStatus.CANCELLED, VisitStatus.CANCELLED, VisitStatus.SCHEDULED]


def test_the_rest_of_a_series_is_moved_with_one_of_it(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, settle: Settle
) -> None:
    wish = {"doctor_id": front.world.doctor_id, "service_id": front.world.services["CONS"], "clinic_id": front.world.clinic_id}
    starts = [at(10, day=TODAY + WEEK * number) for number in range(3)]
    front.run("receptionist", commands.book_series, patient_id=asha.id, starts=starts, **wish)
    screen = booking(asha)
    screen.planned.move_button.click()
    settle()
    assert screen.notice.following.isVisible()
    screen.notice.following.click()
    screen.calendar.slots.focus_first()
    hands.press(Qt.Key.Key_Return)
    settle()
    assert [one.planned_at for one in reversed(visits(front, asha))] == [at(9, day=TODAY + WEEK * number) for number in range(3)]
    assert not screen.notice.isVisible()


def test_the_waiting_list_from_the_wish_to_the_booking(
    booking: Callable[..., BookingScreen], front: FrontDesk, asha: PatientRow, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    booked = front.book(front.patient("Om", "Rao"), at(12))
    screen = booking(asha)
    dialog = opened(WaitDialog, Qt.Key.Key_W, qtbot, settle)
    dialog.form["last_day"].setText("1/1/2026")
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert dialog.form.fields["last_day"].error != ""
    dialog.form["last_day"].setText("16/3/2026")
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert not screen.tools.alerts.isVisible()
    front.run("receptionist", commands.cancel, appointment_id=booked.appointment_id, reason="ill")
    qtbot.waitUntil(lambda: screen.tools.alerts.buttons["waiting"].isVisible())
    assert screen.tools.alerts.buttons["waiting"].text() == "1 place offered"
    screen.tools.alerts.buttons["waiting"].click()
    listed = modal(WaitingListDialog, qtbot)
    settle()
    (row,) = listed.table.rows
    assert (row.patient_name, row.status) == ("Asha Kulkarni", WaitingStatus.OFFERED)
    # Another desk sells the place first: it is said, and the patient stays on the list.
    rival = front.book(front.patient("Ravi", "Menon"), at(12))
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert "has just been taken" in listed.said.text()
    hands.press(Qt.Key.Key_N, CTRL)
    settle()
    assert listed.table.rows[0].status is WaitingStatus.WAITING
    front.run("receptionist", commands.cancel, appointment_id=rival.appointment_id, reason="ill")
    front.run("receptionist", commands.cancel, appointment_id=front.book(front.patient("Dev"), at(11)).appointment_id, reason="ill")
    qtbot.waitUntil(lambda: listed.table.rows[0].status is WaitingStatus.OFFERED)
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert listed.table.rows == []
    assert [one.planned_at for one in visits(front, asha)] == [at(11)]


def test_tomorrow_is_confirmed_by_keyboard(
    booking: Callable[..., BookingScreen], front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    people = [front.patient(name, "Menon") for name in ("Ravi", "Meera", "Joseph")]
    for number, patient in enumerate(people):
        front.book(patient, at(9, 15 * number, TOMORROW))
    screen = booking()
    screen.search.setFocus()
    dialog = opened(ConfirmDialog, Qt.Key.Key_T, qtbot, settle, CTRL)
    assert [one.patient_name for one in dialog.table.rows] == ["Ravi Menon", "Meera Menon", "Joseph Menon"]
    hands.press(Qt.Key.Key_Return)  # Ravi comes
    settle()
    hands.press(Qt.Key.Key_N, CTRL)  # Meera does not answer
    settle()
    assert dialog.table.current.patient_name == "Joseph Menon"
    hands.press(Qt.Key.Key_Return)
    settle()
    assert [(one.patient_name, one.attempts) for one in dialog.table.rows] == [("Meera Menon", 1)]
    assert [visits(front, one)[0].appointment_status for one in people] == [
        AppointmentStatus.CONFIRMED,
        AppointmentStatus.PENDING,
        AppointmentStatus.CONFIRMED,
    ]


def test_a_leave_is_worked_off_one_by_one_and_what_fails_stays(
    booking: Callable[..., BookingScreen], front: FrontDesk, hands: Hands, qtbot: QtBot, settle: Settle
) -> None:
    people = [front.patient(name, "Khan") for name in ("Sara", "Imran", "Zoya")]
    for number, patient in enumerate(people):
        front.book(patient, at(10, 15 * number, TOMORROW))
    leave = {"doctor_id": front.world.doctor_id, "first_day": TOMORROW, "last_day": TOMORROW}
    front.run("admin", staff.approve_leave, leave_id=front.run("doctor", staff.request_leave, **leave))
    screen = booking()
    assert screen.tools.alerts.buttons["rebook"].text() == "3 need a new time"
    dialog = opened(RebookDialog, Qt.Key.Key_N, qtbot, settle)
    hands.press(Qt.Key.Key_Return)  # Sara stays for now
    assert dialog.all.text() == "Move 2 appointments"
    after = TOMORROW + timedelta(days=1)
    front.book(front.patient("Faster"), at(10, 15, after))  # Imran's new place is gone meanwhile
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert [one.patient_name for one in dialog.table.rows] == ["Sara Khan", "Imran Khan"]
    assert visits(front, people[2])[0].planned_at == at(10, 30, after)
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert [one.patient_name for one in dialog.table.rows] == ["Sara Khan"]
    assert visits(front, people[1])[0].planned_at == at(9, 45, after)


def test_a_late_doctor_an_added_time_and_one_who_came_after_all(
    booking: Callable[..., BookingScreen],
    front: FrontDesk,
    asha: PatientRow,
    hands: Hands,
    clock: FrozenClock,
    qtbot: QtBot,
    settle: Settle,
) -> None:
    front.book(asha, at(9, 15))
    clock.advance(minutes=150)
    screen = booking()
    screen.search.setFocus()
    opened(DelayDialog, Qt.Key.Key_L, qtbot, settle)
    hands.type("25")
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.tools.alerts.late.isVisible())
    assert screen.tools.alerts.late.text().startswith("\u2068Doctor One\u2069 runs 25 minutes late")
    screen.window().activateWindow()
    slots = opened(AddedSlotsDialog, Qt.Key.Key_A, qtbot, settle)
    hands.type("20")
    slots.form["end"].setFocus()
    hands.type("19")
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert slots.form.fields["end"].error != ""
    slots.form["end"].setText("20:30")
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert [(one.start, one.end) for one in slots.table.rows] == [(time(20), time(20, 30))]
    slots.reject()
    screen.window().activateWindow()
    settle()
    assert screen.calendar.slots.buttons[-1].slot.start == at(20)
    missed = opened(MissedDialog, Qt.Key.Key_M, qtbot, settle)
    hands.press(Qt.Key.Key_N, CTRL)
    settle()
    assert [one.patient_name for one in missed.table.rows] == ["Asha Kulkarni"]
    hands.press(Qt.Key.Key_Return, CTRL)
    settle()
    assert missed.table.rows == []
    assert visits(front, asha)[0].status is VisitStatus.WAITING


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ar")])
def test_every_dialog_is_named_and_fits_a_small_screen(
    booking: Callable[..., BookingScreen],
    front: FrontDesk,
    asha: PatientRow,
    picture: Picture,
    qapp: QApplication,
    qtbot: QtBot,
    settle: Settle,
    theme: str,
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    for number, name in enumerate(("Ravi", "Meera", "Joseph")):
        patient = front.patient(name, "Menon", phone=f"98200 1100{number + 2}")
        front.book(patient, at(9, 15 * number, TOMORROW))
    leave = {"doctor_id": front.world.doctor_id, "first_day": TODAY + WEEK, "last_day": TODAY + WEEK}
    for number in (0, 1):
        front.book(front.patient("Sara", f"Khan{number}"), at(10, 15 * number, TODAY + WEEK))
    front.run("admin", staff.approve_leave, leave_id=front.run("doctor", staff.request_leave, **leave))
    front.run("nurse", commands.set_delay, clinic_id=front.world.clinic_id, doctor_id=front.world.doctor_id, minutes=25)
    wish = {"clinic_id": front.world.clinic_id, "service_id": front.world.services["CONS"], "first_day": TODAY, "last_day": TODAY + WEEK}
    front.run("receptionist", commands.add_waiting, patient_id=front.patient("Noor", "Shaikh").id, is_urgent=True, **wish)
    front.run("receptionist", commands.add_waiting, patient_id=front.patient("Dev", "Patil").id, **wish)
    row = front.book(front.patient("Om", "Rao"), at(12))
    front.run("receptionist", commands.cancel, appointment_id=row.appointment_id, reason="ill")
    screen = booking(asha)
    picture(screen.window(), f"booking-alerts-{language}")
    assert screen.minimumSizeHint().width() <= 1366 - 196
    for kind, key, mod, name in (
        (SeriesDialog, Qt.Key.Key_D, CTRL | SHIFT, "series"),
        (WaitDialog, Qt.Key.Key_W, CTRL | SHIFT, "wait"),
        (WaitingListDialog, Qt.Key.Key_W, CTRL, "waiting"),
        (ConfirmDialog, Qt.Key.Key_T, CTRL, "confirm"),
        (RebookDialog, Qt.Key.Key_N, CTRL | SHIFT, "rebook"),
        (MissedDialog, Qt.Key.Key_M, CTRL | SHIFT, "missed"),
        (DelayDialog, Qt.Key.Key_L, CTRL | SHIFT, "delay"),
        (AddedSlotsDialog, Qt.Key.Key_A, CTRL | SHIFT, "slots"),
    ):
        dialog = opened(kind, key, qtbot, settle, mod)
        picture(dialog, f"{name}-{language}")
        assert dialog.width() <= 1040, name
        assert dialog.height() <= 720, name
        dialog.reject()
        screen.window().activateWindow()  # as the desktop does when a dialog closes
        settle()
