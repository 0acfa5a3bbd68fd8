"""Doctors, their fees, weekly hours and leave under real hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.hours import WORKING_HOURS
from clinic_desktop.clinic.staff import commands, queries
from clinic_desktop.clinic.staff.rules import FeeKind, LeaveStatus
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.moved_away import MovedAwayDialog
from clinic_desktop.ui.screens.booking.rebooking import RebookDialog
from clinic_desktop.ui.screens.staff.deciding import DecideLeave
from clinic_desktop.ui.screens.staff.doctors import DoctorsScreen
from clinic_desktop.ui.screens.staff.fees import EndFee, FeeDialog
from clinic_desktop.ui.screens.staff.hours_dialogs import ChangeHours, CopyDay, EndHours, NewHours
from clinic_desktop.ui.screens.staff.leaves import LeavesScreen
from clinic_desktop.ui.screens.staff.schedules import SchedulesScreen
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.world import OPENED, World, money
from tests.ui.hands import double_click, modal
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at
from tests.ui.screens.staffroom import CLICK, CTRL, KEY, Wait, opener
from tests.ui.walk import unnamed

TOMORROW = TODAY + timedelta(days=1)
SUNDAY = TODAY + timedelta(days=6)


@pytest.fixture
def come(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Callable[..., Any]:
    """Opens a screen, the hands on it."""
    return opener(desk_as, show, settle)


def ask(world: World, query: Any, *args: Any, **params: Any) -> Any:
    with world.db.read() as session:
        return query(session, *args, **params)


def press(widget: QWidget, text: str) -> None:
    """Click the button with that text."""
    QTest.mouseClick(next(one for one in widget.findChildren(QPushButton) if one.text() == text and one.isVisible()), CLICK)


def spans(world: World, day: date) -> list[tuple[time, time]]:
    return [(one.start, one.end) for one in ask(world, queries.schedules, doctor_id=world.doctor_id, on=day)]


def test_an_account_becomes_a_doctor(come: Any, world: World, hands: Hands, settle: Wait) -> None:
    screen = come(DoctorsScreen)
    form = screen.records.form
    hands.press(KEY.Key_F2)
    assert [screen.tabs.isTabEnabled(place) for place in range(3)] == [True, False, False]
    form["user_id"].set_value(world.users["dentist"])
    form["license_number"].setText("MMC-1001")
    form["specialty_id"].setCurrentIndex(1)
    form["share_basis_points"].setText("12.5")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert form.fields["license_number"].error == "There is already a doctor named \u2068MMC-1001\u2069."
    form["license_number"].setText("DEN-7")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    made = next(one for one in ask(world, queries.doctors) if one.user_id == world.users["dentist"])
    assert (made.license_number, made.share_basis_points, made.default_fee) == ("DEN-7", 1250, None)
    assert screen.records.panel.title.text() == "Dentist One"
    assert not form["user_id"].isEnabled()
    assert unnamed(screen) == []


def test_only_accounts_without_a_doctor_are_offered(come: Any, hands: Hands) -> None:
    screen = come(DoctorsScreen)
    offered = [screen.records.form["user_id"].itemText(place) for place in range(screen.records.form["user_id"].count())]
    assert "Dentist One · dentist" in offered
    assert not any(text.endswith("· doctor") for text in offered)
    opened: list[str] = []
    screen.desk.opened.connect(lambda code, _what: opened.append(code))
    QTest.mouseClick(screen.account, CLICK)
    assert opened == ["users"]


def test_fees_are_set_and_ended_on_their_page(come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot) -> None:
    screen = come(DoctorsScreen)
    screen.tabs.setCurrentIndex(1)
    assert [(one.visit_type, one.amount) for one in screen.fees.table.rows][:1] == [(FeeKind.EMERGENCY, money(1200))]
    QTest.mouseClick(screen.fees.new, CLICK)
    dialog = modal(FeeDialog, qtbot)
    assert unnamed(dialog) == []
    dialog.form["visit_type"].set_value(FeeKind.HOME_VISIT)
    hands.press(KEY.Key_Tab)
    hands.type("900")
    dialog.form["valid_to"].setText("1/1/2026")
    hands.press(KEY.Key_Return)
    settle()
    assert dialog.form.fields["valid_to"].error == "The end lies before the start."
    dialog.form["valid_to"].setText("")
    dialog.form["amount"].setFocus()
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert ask(world, queries.fee, world.doctor_id, FeeKind.HOME_VISIT, TODAY) == money(900)
    screen.fees.table.select(next(one.id for one in screen.fees.table.rows if one.visit_type is FeeKind.EMERGENCY))
    QTest.mouseClick(screen.fees.end, CLICK)
    modal(EndFee, qtbot)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert ask(world, queries.fee, world.doctor_id, FeeKind.EMERGENCY, TOMORROW) == money(600)


def test_a_doctor_with_appointments_stays_and_the_form_says_why(come: Any, front: FrontDesk, settle: Wait) -> None:
    front.book(front.patient("Asha", "Rao"), at(10, 0, TOMORROW))
    screen = come(DoctorsScreen)
    press(screen.records.panel, "Deactivate")
    settle()
    settle()
    assert "Appointments from now on: 1. Waiting or in the room: 0." in screen.records.panel.problem.text()
    screen.records.choose(front.world.second_doctor_id)
    press(screen.records.panel, "Deactivate")
    settle()
    settle()
    assert [one.id for one in ask(front.world, queries.doctors)] == [front.world.doctor_id]
    press(screen.records.panel, "Activate")
    settle()
    settle()
    press(screen.records.panel, "Stop bookings")
    settle()
    settle()
    assert [one.is_available for one in ask(front.world, queries.doctors)] == [True, False]


def test_the_hours_of_a_doctor_lead_to_the_week(come: Any, world: World) -> None:
    screen = come(DoctorsScreen)
    opened: list[Any] = []
    screen.desk.opened.connect(lambda code, what: opened.append((code, what)))
    screen.tabs.setCurrentIndex(2)
    assert screen.hours.said.text().splitlines()[0] == "Monday  \u20689:00\xa0AM–1:00\xa0PM\u2069, \u20684:00\xa0PM–7:00\xa0PM\u2069"
    QTest.mouseClick(screen.hours.week, CLICK)
    assert opened == [("schedules", {"doctor_id": world.doctor_id})]


def test_hours_are_added_and_conflicts_said_at_the_field(come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot) -> None:
    screen = come(SchedulesScreen)
    assert unnamed(screen) == []
    QTest.mouseClick(screen.week.days[6].add, CLICK)
    dialog = modal(NewHours, qtbot)
    assert (dialog.form["weekdays"].value(), dialog.form["start"].hasFocus(), unnamed(dialog)) == ([6], True, [])
    dialog.form["weekdays"].set_value([0, 6])
    hands.type("10")
    hands.press(KEY.Key_Tab)
    hands.type("1230")
    hands.press(KEY.Key_Return)
    settle()
    assert dialog.form.fields["start"].error == "The doctor or the room is already scheduled from 9:00\xa0AM to 1:00\xa0PM."
    dialog.form["weekdays"].set_value([6])
    double_click(dialog.save)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert spans(world, SUNDAY) == [(time(10), time(12, 30))]
    (button,) = screen.week.days[6].spans.values()
    assert button.text().splitlines()[-1] == "Room \u20681\u2069"


def test_new_hours_begin_with_those_of_the_clinic(come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot) -> None:
    week = "mo 09:00-13:00 14:00-15:30; sa 08:00-12:00; su 10:00-14:00"
    world.db.run(world.system(), organisation.set_setting, key=WORKING_HOURS.key, value=week)
    screen = come(SchedulesScreen)
    QTest.mouseClick(screen.week.days[6].add, CLICK)
    dialog = modal(NewHours, qtbot)
    assert (dialog.form["start"].text(), dialog.form["end"].text(), dialog.form["start"].hasFocus()) == ("10:00", "14:00", True)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert spans(world, SUNDAY) == [(time(10), time(14))]

    QTest.mouseClick(screen.week.days[6].add, CLICK)
    again = modal(NewHours, qtbot)
    assert (again.form["start"].text(), again.form["end"].text()) == ("", ""), "the doctor is there already"
    again.form["weekdays"].set_value([0])
    assert (again.form["start"].text(), again.form["end"].text()) == ("14:00", "15:30"), "the morning is taken"
    again.form["start"].selectAll()
    hands.type("13")
    again.form["weekdays"].set_value([5])
    assert (again.form["start"].text(), again.form["end"].text()) == ("13", "15:30"), "what is typed stays"
    again.reject()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    QTest.mouseClick(screen.new, CLICK)
    dialog = modal(NewHours, qtbot)
    hands.type("1330")
    assert dialog.form["start"].text() == "1330", "typing replaces what was proposed"
    dialog.reject()


def test_hours_change_and_end_from_a_day_on(come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot) -> None:
    screen = come(SchedulesScreen)
    next(iter(screen.week.days[0].spans.values())).setFocus()
    hands.press(KEY.Key_Return)
    dialog = modal(ChangeHours, qtbot)
    dialog.form["end"].setText("12:00")
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert spans(world, TODAY)[0] == (time(9), time(12))
    assert spans(world, TODAY - timedelta(days=7))[0] == (time(9), time(13))
    QTest.mouseClick(next(iter(screen.week.days[0].spans.values())), CLICK)
    press(modal(ChangeHours, qtbot), "End…")
    ending = modal(EndHours, qtbot)
    ending.form["last_day"].set_value(TODAY - timedelta(days=1))
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert spans(world, TODAY) == [(time(16), time(19))]
    assert len(screen.week.days[0].spans) == 1


def test_a_day_is_copied_to_others(come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot) -> None:
    screen = come(SchedulesScreen)
    QTest.mouseClick(screen.week.days[0].copy, CLICK)
    dialog = modal(CopyDay, qtbot)
    assert 0 not in dialog.form["to_weekdays"].boxes
    hands.press(KEY.Key_Return)
    assert dialog.form.fields["to_weekdays"].error == "Please fill this in."
    QTest.mouseClick(dialog.form["to_weekdays"].boxes[6], CLICK, pos=dialog.form["to_weekdays"].boxes[6].rect().center() * 0.2)
    QTest.mouseClick(dialog.save, CLICK)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert spans(world, SUNDAY) == spans(world, TODAY)
    QTest.mouseClick(screen.week.days[0].copy, CLICK)
    again = modal(CopyDay, qtbot)
    again.form["to_weekdays"].set_value([6])
    QTest.mouseClick(again.save, CLICK)
    settle()
    assert "already scheduled" in again.form.fields["to_weekdays"].error
    again.reject()


def test_the_week_of_another_doctor_and_of_another_clinic(come: Any, world: World, settle: Wait) -> None:
    north = world.db.run(world.system(), organisation.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata")
    hours = {"clinic_id": north, "weekdays": [6], "start": time(9), "end": time(10), "valid_from": OPENED}
    world.db.run(world.system(), commands.add_schedule, doctor_id=world.second_doctor_id, **hours)
    screen = come(SchedulesScreen)
    assert screen.clinic.isVisible()
    screen.open(doctor_id=world.second_doctor_id)
    settle()
    assert (screen.doctor.value(), len(screen.week.days[6].spans)) == (world.second_doctor_id, 0)
    assert "North" in screen.elsewhere.text()
    screen.clinic.set_value(north)
    assert [len(day.spans) for day in screen.week.days] == [0, 0, 0, 0, 0, 0, 1]


def test_a_doctor_asks_and_an_administrator_sees_what_is_hit(come: Any, front: FrontDesk, hands: Hands, settle: Wait, qtbot: QtBot) -> None:
    patient = front.patient("Asha", "Rao")
    booked = front.book(patient, at(10, 0, TOMORROW))
    screen = come(LeavesScreen, "doctor")
    hands.press(KEY.Key_F2)
    form = screen.records.form
    assert form["doctor_id"].value() == front.world.doctor_id  # who asks is known
    form["first_day"].set_value(TOMORROW)
    form["reason"].setText("Conference")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    (leave,) = ask(front.world, queries.leaves)
    assert (leave.first_day, leave.last_day, leave.status) == (TOMORROW, TOMORROW, LeaveStatus.REQUESTED)
    assert not screen.approve.isVisible()
    decider = come(LeavesScreen, "admin")
    assert decider.hits.said.text() == "It hits 1 appointment:"
    assert [one.booking_id for one in decider.hits.table.rows] == [booked.booking_id]
    assert unnamed(decider) == []
    opened: list[Any] = []
    decider.desk.opened.connect(lambda code, what: opened.append((code, what)))
    decider.hits.table.select_first()
    decider.hits.table.setFocus()
    hands.press(KEY.Key_Return)
    assert opened == [("patient", {"patient_id": patient.id, "visit_id": booked.visit_id})]
    QTest.mouseClick(decider.approve, CLICK)
    modal(DecideLeave, qtbot)
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    assert [one.status for one in ask(front.world, queries.leaves)] == [LeaveStatus.APPROVED]
    assert not decider.approve.isVisible()
    assert "Approved by \u2068Administrator One\u2069." in decider.told.text()
    decider.hits.rebook.click()
    rebook = modal(RebookDialog, qtbot)
    settle()
    assert [one.booking_id for one in rebook.table.rows] == [booked.booking_id]
    hands.press(KEY.Key_Return, CTRL)
    settle()
    settle()
    assert rebook.table.rows == []
    assert decider.hits.said.text() == "It hits no appointments."
    rebook.accept()
    QTest.mouseClick(decider.take_back, CLICK)
    dialog = modal(DecideLeave, qtbot)
    dialog.note.setFocus()
    hands.type("The conference was cancelled")
    QTest.mouseClick(dialog.decide, CLICK)
    named = modal(MovedAwayDialog, qtbot)
    settle()
    assert [(one.booking_id, one.is_free) for one in named.table.rows] == [(booked.booking_id, True)]
    assert unnamed(named) == []
    hands.press(KEY.Key_Return)
    assert opened[-1] == ("patient", {"patient_id": patient.id, "visit_id": booked.visit_id})
    settle()
    assert [one.status for one in ask(front.world, queries.leaves)] == [LeaveStatus.WITHDRAWN]
    assert not decider.take_back.isVisible()
    assert front.visit(booked.visit_id).business_date > TOMORROW  # nobody is moved back


def test_a_leave_is_rejected_with_a_note(come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot) -> None:
    away = {"doctor_id": world.doctor_id, "first_day": TOMORROW, "last_day": SUNDAY}
    world.db.run(world.actor("doctor"), commands.request_leave, **away)
    screen = come(LeavesScreen)
    assert screen.hits.said.text() == "It hits no appointments."
    QTest.mouseClick(screen.reject, CLICK)
    dialog = modal(DecideLeave, qtbot)
    dialog.note.setFocus()
    hands.type("Two are away already")
    QTest.mouseClick(dialog.decide, CLICK)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    settle()
    (leave,) = ask(world, queries.leaves)
    assert (leave.status, leave.decision_note) == (LeaveStatus.REJECTED, "Two are away already")
    assert not screen.hits.isVisible()


def test_leave_is_asked_for_from_the_week(come: Any, world: World, settle: Wait) -> None:
    screen = come(LeavesScreen)
    screen.open(doctor_id=world.second_doctor_id)
    settle()
    assert screen.records.is_new
    assert screen.records.form["doctor_id"].value() == world.second_doctor_id
    assert screen.records.form.isVisible()


@pytest.mark.parametrize("look", ["en-dark", "ar-light"])
@pytest.mark.parametrize("kind", [DoctorsScreen, SchedulesScreen, LeavesScreen])
def test_it_fits_in_each_language_and_theme(
    come: Any, kind: type[Screen], look: str, qapp: QApplication, picture: Callable[[QWidget, str], Path]
) -> None:
    code, theme = look.split("-")
    activate(code)
    apply_theme(qapp, theme)
    right = Qt.LayoutDirection.RightToLeft if code == "ar" else Qt.LayoutDirection.LeftToRight
    qapp.setLayoutDirection(right)
    try:
        screen = come(kind)
        assert screen.minimumSizeHint().width() <= 940
        assert picture(screen, f"{kind.__name__}-{look}").exists()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
