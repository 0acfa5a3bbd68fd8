"""Around one patient's booking, by keyboard: several services, follow-ups, series, the waiting list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, VisitStatus, WaitingStatus
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screens.booking.follow_up import FollowUpDialog
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.screens.booking.series import SeriesDialog
from clinic_desktop.ui.screens.booking.services_dialog import ServicesDialog
from clinic_desktop.ui.screens.booking.waiting import WaitDialog, WaitingListDialog
from clinic_desktop.ui.widgets import Choice, Dialog
from tests.clinic.frontdesk.desk import sign
from tests.conftest import FrozenClock
from tests.ui.hands import modal
from tests.ui.screens.booking_desk import CTRL, WEEK, Picture, Settle, asha, booking, opened, press, visits
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at

__all__ = ["asha", "booking"]


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
