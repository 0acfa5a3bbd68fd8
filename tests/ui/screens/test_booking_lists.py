"""The booking screen's lists, worked off by keyboard: confirmations, leaves, late doctors, added times, no-shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.screens.booking.added_slots import AddedSlotsDialog
from clinic_desktop.ui.screens.booking.confirming import ConfirmDialog
from clinic_desktop.ui.screens.booking.delay import DelayDialog
from clinic_desktop.ui.screens.booking.missing import MissedDialog
from clinic_desktop.ui.screens.booking.rebooking import RebookDialog
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.booking.series import SeriesDialog
from clinic_desktop.ui.screens.booking.waiting import WaitDialog, WaitingListDialog
from clinic_desktop.ui.theme.apply import apply_theme
from tests.conftest import FrozenClock
from tests.ui.screens.booking_desk import CTRL, SHIFT, TOMORROW, WEEK, Picture, Settle, asha, booking, opened, visits
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at

__all__ = ["asha", "booking"]


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
