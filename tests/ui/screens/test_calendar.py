"""The calendar by real mouse and keys: carried, pulled, drawn and refused; what other desks do meanwhile; what is offered to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import AppointmentStatus, VisitStatus
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets import Dialog
from tests.clinic.world import money
from tests.conftest import FrozenClock
from tests.ui.hands import enter, modal
from tests.ui.screens.calendar_desk import Settle, end_of, entries, first, held, opened, row, second, toasts, undo
from tests.ui.screens.calendar_hands import CalendarHands
from tests.ui.screens.frontdesk import TODAY, FrontDesk, at

__all__ = ["first", "opened", "second"]
TOMORROW = TODAY + timedelta(days=1)
KEY = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def test_an_appointment_is_dragged_to_another_doctor_and_time_and_taken_back(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle
) -> None:
    booked = front.book(front.patient(), at(10))
    hands = opened()
    hands.press(hands.point(first, at(10)))
    hands.carry(hands.point(second, at(11, 15)))
    assert held(hands) == ("11:15\u00a0AM – 11:30\u00a0AM", "Asha Rao")
    hands.release(hands.point(second, at(11, 15)))
    settle()
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(11, 15), second)
    assert hands.grid.current is not None
    assert hands.grid.current.start == at(11, 15)
    undo(hands)
    settle()
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(10), first)
    block = hands.board.block(booked.appointment_id)
    assert hands.board.columns[block.column].doctor_id == first


def test_what_stands_in_the_way_is_said_while_it_is_held_and_nothing_moves(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle
) -> None:
    booked, _other = front.book(front.patient(), at(10)), front.book(front.patient("Ravi", "Menon"), at(11), doctor_id=second)
    part = {"first_day": TODAY, "last_day": TODAY, "start": time(16), "end": time(18)}
    asked = front.run("doctor2", staff.request_leave, doctor_id=second, reason="Exam", **part)
    front.run("admin", staff.approve_leave, leave_id=asked)
    hands = opened()
    for place, problem in ((at(11), "No free place"), (at(16, 30), "On leave"), (at(14), "Outside working hours")):
        start = hands.point(first, at(10))
        hands.press(start)
        hands.carry(hands.point(second, place))
        assert held(hands)[1] == problem
        hands.release(hands.point(second, place))
        settle()
        assert f"Not moved: {problem}." in toasts(hands)
    start = hands.point(first, at(10))
    hands.press(start)
    hands.carry(hands.point(second, at(12)))
    hands.key(KEY.Key_Escape)
    assert hands.grid.taking.hand is None
    hands.release(hands.point(second, at(12)))
    settle()
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(10), first)


def test_the_lower_edge_makes_it_longer_and_shorter(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, settle: Settle
) -> None:
    booked = front.book(front.patient(), at(10))
    hands = opened()
    hands.drag(hands.point(first, at(10), into=0.88), hands.point(first, at(10, 30), into=0.8))
    settle()
    assert end_of(front, booked) == at(10, 45)
    assert row(front, booked).planned_at == at(10)
    hands.drag(hands.point(first, at(10, 30), into=0.88), hands.point(first, at(10, 15), into=0.9))
    settle()
    assert end_of(front, booked) == at(10, 30)
    undo(hands)
    settle()
    assert end_of(front, booked) == at(10, 45)


def test_an_empty_place_is_booked_with_its_doctor_and_time(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle
) -> None:
    front.book(front.patient(), at(10))
    hands = opened()
    shell = hands.screen.window()
    assert isinstance(shell, Shell)
    ways: tuple[Callable[[], None], ...] = (
        lambda: hands.double_click(hands.point(second, at(11, 15))),
        lambda: hands.drag(hands.point(second, at(11, 15)), hands.point(second, at(11, 45))),
        lambda: (hands.grid.select_place(second, at(11, 15)), hands.key(KEY.Key_Return)),  # type: ignore[func-returns-value]
    )
    for way in ways:
        shell.open("calendar")
        settle()
        hands.grid.setFocus()
        way()
        settle()
        screen = shell.current
        assert isinstance(screen, BookingScreen)
        assert (screen.wish.form["doctor"].value(), screen.calendar.start) == (second, at(11, 15))
        screen.open(doctor_id=first)
        screen.calendar.slots.forget()


def test_a_stretch_is_booked_as_long_as_it_was_drawn(
    opened: Callable[..., CalendarHands], front: FrontDesk, second: UUID, settle: Settle
) -> None:
    """By mouse and by keys; the form shows the length and the person may change it."""
    asha, ravi = front.patient(), front.patient("Ravi", "Menon")
    hands = opened()
    shell = hands.screen.window()
    assert isinstance(shell, Shell)
    hands.drag(hands.point(second, at(11, 15)), hands.point(second, at(11, 45), into=0.8))
    settle()
    screen = shell.current
    assert isinstance(screen, BookingScreen)
    screen.open(patient_id=asha.id)
    settle()
    assert (screen.wish.form["minutes"].text(), screen.calendar.start) == ("45", at(11, 15))
    screen.book.click()
    settle()
    assert front.ask(queries.appointment_by_booking_id, "APT-2026-00001").end == at(12)
    assert screen.wish.form["minutes"].text() == ""
    shell.open("calendar")
    settle()
    hands.drag(hands.point(second, at(11)), hands.point(second, at(11, 15), into=0.8))
    assert "Nothing can be booked there: No free place." in toasts(hands)
    assert shell.current is hands.screen
    hands.grid.setFocus()
    hands.grid.select_place(second, at(12))
    for key in (KEY.Key_L, KEY.Key_Down, KEY.Key_Right, KEY.Key_Return):
        hands.key(key)
    settle()
    assert shell.current is screen
    screen.open(patient_id=ravi.id)
    settle()
    assert (screen.wish.form["minutes"].text(), screen.calendar.start) == ("30", at(12))
    screen.wish.form["minutes"].selectAll()
    enter(screen.wish.form["minutes"], "60")
    settle()
    screen.book.click()
    settle()
    assert front.ask(queries.appointment_by_booking_id, "APT-2026-00002").end == at(13)


def test_who_leaves_the_day_over_which_something_is_held_is_told_so(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle
) -> None:
    """A stretch and a length belong to their day: no other desk has changed anything."""
    booked = front.book(front.patient(), at(10))
    hands = opened()
    for key, start, end in (
        (KEY.Key_PageDown, hands.point(second, at(11, 15)), hands.point(second, at(11, 45))),
        (KEY.Key_PageUp, hands.point(first, at(10), into=0.88), hands.point(first, at(10, 30), into=0.8)),
    ):
        hands.press(start)
        hands.carry(end)
        assert held(hands)
        hands.key(key)
        settle()
        assert hands.grid.taking.hand is None
        assert toasts(hands)[-1] == "What you held is no longer in view. Nothing was changed."
        hands.release(end)
        hands.key(KEY.Key_T)
        settle()
    shell = hands.screen.window()
    assert isinstance(shell, Shell)
    assert shell.current is hands.screen
    assert end_of(front, booked) == at(10, 15)


def test_keys_go_from_place_to_place_and_carry(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle
) -> None:
    booked = front.book(front.patient(), at(9, 15))
    hands = opened()
    for key in (KEY.Key_Down, KEY.Key_Down):
        hands.key(key)
    assert hands.grid.current is not None
    assert hands.grid.current.id == booked.appointment_id
    face = QAccessible.queryAccessibleInterface(hands.grid)
    assert face.text(QAccessible.Text.Name) == (
        "Calendar, 9:15\u00a0AM – 9:30\u00a0AM, Asha Rao, Consultation, Scheduled, Doctor One, Mar 2, 2026, First visit"
    )
    hands.key(KEY.Key_M)
    for key in (KEY.Key_Right, KEY.Key_Down, KEY.Key_Down):
        hands.key(key)
    hands.key(KEY.Key_PageDown)
    settle()
    assert held(hands)[0] == "9:45\u00a0AM – 10:00\u00a0AM"
    hands.key(KEY.Key_Return)
    settle()
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(9, 45, TOMORROW), second)
    hands.grid.select(booked.appointment_id)
    hands.key(KEY.Key_L)
    hands.key(KEY.Key_Down)
    hands.key(KEY.Key_Return)
    settle()
    assert end_of(front, booked) == at(10, 15, TOMORROW)
    hands.key(KEY.Key_M)
    there = hands.point(first, at(12, 0, TOMORROW))
    hands.carry(there)
    hands.press(there)
    hands.release(there)
    settle()
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(12, 0, TOMORROW), first)
    hands.key(KEY.Key_M)
    hands.key(KEY.Key_Right)
    hands.key(KEY.Key_Escape)
    hands.key(KEY.Key_T)
    settle()
    assert hands.screen.day == TODAY
    assert row(front, booked).doctor_id == first


def test_from_the_right_everything_is_mirrored(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle, qapp: QApplication
) -> None:
    booked = front.book(front.patient(), at(10))
    activate("ar")
    apply_theme(qapp, "light", right_to_left=True)
    hands = opened()
    here, there = hands.point(first, at(10)), hands.point(second, at(10))
    assert there.x() < here.x()
    assert hands.grid.axis.x() > hands.grid.viewport().x()
    hands.drag(here, there)
    settle()
    assert row(front, booked).doctor_id == second
    hands.grid.select(booked.appointment_id)
    hands.key(KEY.Key_M)
    hands.key(KEY.Key_Right)
    hands.key(KEY.Key_Return)
    settle()
    assert row(front, booked).doctor_id == first


def test_another_desk_was_faster(opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle) -> None:
    booked = front.book(front.patient(), at(10))
    hands = opened()
    start, end = hands.point(first, at(10)), hands.point(second, at(11))
    # Its news has not come yet when the appointment is let go.
    hands.screen.work.changed.disconnect()
    front.run("receptionist", commands.move, appointment_id=booked.appointment_id, start=at(12))
    hands.drag(start, end)
    settle()
    assert "Another desk has just changed this appointment. The calendar shows it as it is now." in toasts(hands)
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(12), first)
    assert hands.board.block(booked.appointment_id).row.start == at(12)


def test_what_other_desks_do_comes_in_without_losing_anything(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle
) -> None:
    booked = front.book(front.patient(), at(12))
    hands = opened()
    hands.press(hands.point(first, at(12)))
    hands.carry(hands.point(second, at(11)))
    scrolled = hands.grid.verticalScrollBar().value()
    front.book(front.patient("Ravi", "Menon"), at(11), doctor_id=second)
    settle()
    assert (held(hands)[1], hands.grid.verticalScrollBar().value()) == ("No free place", scrolled)
    assert hands.grid.current is not None
    assert hands.grid.current.id == booked.appointment_id
    front.run("receptionist", commands.cancel, appointment_id=booked.appointment_id, reason="Is ill")
    settle()
    assert hands.grid.taking.hand is None
    assert "Another desk has just changed the appointment that you held." in toasts(hands)
    assert hands.board.block(booked.appointment_id) is None


def test_outside_of_hours_a_doctor_gives_a_reason(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, qtbot: QtBot, settle: Settle
) -> None:
    booked = front.book(front.patient(), at(10))
    hands = opened("doctor")
    start = hands.point(first, at(10))
    hands.press(start)
    hands.carry(hands.point(first, at(14)))
    hands.release(hands.point(first, at(14)))
    modal(Dialog, qtbot)
    QApplication.processEvents()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "Late train")
    QTest.keyClick(focus, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert QApplication.activeModalWidget() is None
    assert row(front, booked).planned_at == at(14)


def test_another_fee_is_said_before(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, qtbot: QtBot, settle: Settle
) -> None:
    booked = front.book(front.patient(), at(10))
    front.run("admin", staff.set_fee, doctor_id=second, visit_type="OPD", amount=money(900), valid_from=TODAY)
    hands = opened()
    hands.drag(hands.point(first, at(10)), hands.point(second, at(10)))
    dialog = modal(Dialog, qtbot)
    assert any("₹900.00" in one.text() and "₹600.00" in one.text() for one in dialog.findChildren(QLabel))
    assert row(front, booked).doctor_id == first
    dialog.accept()
    settle()
    assert row(front, booked).doctor_id == second


def test_the_menu_offers_what_status_and_permissions_allow(
    opened: Callable[..., CalendarHands],
    front: FrontDesk,
    first: UUID,
    clock: FrozenClock,
    qtbot: QtBot,
    settle: Settle,
    no_warnings: list[str],
) -> None:
    booked = front.book(front.patient(), at(9))
    clock.advance(minutes=10)
    hands = opened()
    hands.press(hands.point(first, at(9)), Qt.MouseButton.RightButton)
    hands.release(hands.point(first, at(9)), Qt.MouseButton.RightButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    everything = ["Patient's file", "Check in", "Confirm", "Move…", "Change the length…", "Book follow-up…", "Did not come", "Cancel…"]
    assert entries(menu) == everything
    assert isinstance(menu, QMenu)
    menu.actions()[2].trigger()
    menu.close()
    settle()
    assert row(front, booked).appointment_status is AppointmentStatus.CONFIRMED
    hands.key(KEY.Key_F4)
    settle()
    assert row(front, booked).status is VisitStatus.WAITING
    hands.menu_key()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert entries(menu) == ["Patient's file", "Change the length…", "Book follow-up…", "Cancel…"]
    assert isinstance(menu, QMenu)
    menu.close()
    hands.drag(hands.point(first, at(9)), hands.point(first, at(12)))
    assert "The appointment of Asha Rao cannot be moved any more: Waiting." in toasts(hands)
    no_warnings[:] = [text for text in no_warnings if "grabbing the keyboard" not in text]  # the offscreen platform and menus


def test_who_may_not_book_looks_and_checks_in(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle, no_warnings: list[str]
) -> None:
    booked = front.book(front.patient(), at(10))
    front.run("admin", access.define_role, code="greeter", name="Greeter", permissions=["queue.check_in"])
    front.world.users["greeter"] = front.run("admin", access.create_user, username="greeter", full_name="Greta", roles=("greeter",))
    hands = opened("greeter")
    hands.drag(hands.point(first, at(10)), hands.point(second, at(11)))
    hands.key(KEY.Key_M)
    assert hands.grid.taking.hand is None
    menu = hands.screen.acts.menu(hands.grid.current, QPoint())
    assert entries(menu) == ["Patient's file", "Check in"]
    no_warnings[:] = [text for text in no_warnings if "grabbing the keyboard" not in text]
    assert menu is not None
    menu.close()
    assert not hands.screen.book.isVisible()
    settle()
    assert row(front, booked).planned_at == at(10)
