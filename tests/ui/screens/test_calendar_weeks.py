"""Walk-ins in the calendar, the weeks, and what is shown and remembered of it, by real mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.ui.screens.calendar.bar import View
from clinic_desktop.ui.screens.calendar.choosing import DoctorsDialog, GoToDialog
from clinic_desktop.ui.screens.calendar.screen import CalendarScreen
from clinic_desktop.ui.shell import Shell
from tests.conftest import FrozenClock
from tests.ui.hands import enter, modal
from tests.ui.screens.calendar_desk import Settle, entries, first, opened, row, second, toasts, undo
from tests.ui.screens.calendar_hands import CalendarHands, WeekHands
from tests.ui.screens.frontdesk import TODAY, FrontDesk, at

__all__ = ["first", "opened", "second"]
TOMORROW = TODAY + timedelta(days=1)
KEY = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def test_walk_ins_stand_beside_the_appointments_and_open_their_visit(
    opened: Callable[..., CalendarHands],
    front: FrontDesk,
    clock: FrozenClock,
    settle: Settle,
    qtbot: QtBot,
    no_warnings: list[str],
) -> None:
    """Told by word and frame, reached by keys, and not to be dragged anywhere."""
    booked = front.book(front.patient(), at(9))
    clock.advance(minutes=5)
    came = front.walk_in(front.patient("Ravi", "Menon"))
    hands = opened()
    (block,) = hands.board.walk_ins
    assert not block.rect.intersects(hands.board.block(booked.appointment_id).rect)
    hands.grid.select(booked.appointment_id)
    for _place in range(3):
        if hands.grid.walk_in is None:
            hands.key(KEY.Key_Down)
    name = QAccessible.queryAccessibleInterface(hands.grid).text(QAccessible.Text.Name)
    assert all(word in name for word in ("Ravi Menon", "Expected", "Walk-in", "Waiting", f"token {came.queue_number}"))
    for key in (KEY.Key_M, KEY.Key_L):
        hands.key(key)
        assert hands.grid.taking.hand is None
    hands.grid.scroll_to(block.rect)
    place = hands.grid.viewport().mapTo(hands.grid.window(), hands.grid.shown_rect(block.rect).center().toPoint())
    hands.drag(place, place + QPoint(0, 60))
    assert hands.grid.walk_in is not None
    assert isinstance(hands.screen.window(), Shell)
    assert hands.screen.window().current is hands.screen
    hands.menu_key()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert entries(menu) == ["Patient's file"]
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()
    settle()
    assert hands.screen.window().current is not hands.screen
    no_warnings[:] = [text for text in no_warnings if "grabbing the keyboard" not in text]


def test_in_the_week_of_the_clinic_walk_ins_have_a_row_of_their_own(
    opened: Callable[..., CalendarHands],
    front: FrontDesk,
    clock: FrozenClock,
    first: UUID,
    settle: Settle,
    qtbot: QtBot,
    no_warnings: list[str],
) -> None:
    """Counted in words, chosen by keys and by mouse, nothing to carry; and the week of one doctor has them beside the appointments."""
    booked = front.book(front.patient(), at(9))
    hands = opened()
    hands.key(KEY.Key_A)
    settle()
    week, matrix = WeekHands(hands.screen), hands.screen.matrix
    before = week.seen(first, TODAY)
    clock.advance(minutes=5)
    came = front.walk_in(front.patient("Ravi", "Menon"))
    settle()
    assert week.seen(first, TODAY) != before
    assert "1 walk-in" in matrix.week.index_of(first, TODAY).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "walk-in" not in matrix.week.index_of(first, TOMORROW).data(Qt.ItemDataRole.AccessibleTextRole)
    hands.key(KEY.Key_Space)
    assert matrix.picked is not None
    hands.key(KEY.Key_Space)
    assert (matrix.picked, matrix.walk_in and matrix.walk_in.visit_id) == (None, came.visit_id)
    hands.key(KEY.Key_M)
    week.press(booked.visit_id)
    assert (matrix.picked and matrix.picked.id) == booked.appointment_id
    week.let_go()
    week.press(came.visit_id)
    week.hover(first, TOMORROW)
    assert matrix.taking.hand is None
    week.let_go()
    hands.menu_key(matrix)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert entries(menu) == ["Patient's file"]
    assert isinstance(menu, QMenu)
    menu.close()
    hands.key(KEY.Key_W)
    settle()
    assert [block.row.visit_id for block in hands.board.walk_ins] == [came.visit_id]
    no_warnings[:] = [text for text in no_warnings if "grabbing the keyboard" not in text]


def test_in_the_week_of_the_clinic_appointments_go_across_days_and_doctors(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, settle: Settle
) -> None:
    """By mouse with a ghost that says the time, refused and taken back as on the board."""
    booked = front.book(front.patient(), at(10))
    front.book(front.patient("Ravi", "Menon"), at(10, 0, TOMORROW), doctor_id=second)
    hands = opened()
    hands.key(KEY.Key_A)
    settle()
    week, span = WeekHands(hands.screen), "10:00\u00a0AM – 10:15\u00a0AM"
    before = week.seen(second, TODAY)
    week.carry(booked.appointment_id, second, TODAY)
    assert week.held == (span, "Asha Rao")
    ghost, ground = week.seen(second, TODAY), before.pixelColor(before.width() // 2, 4)
    assert ground != ghost.pixelColor(ghost.width() // 2, 4)
    assert before.size() == ghost.size()
    week.hover(second, TOMORROW)  # taken at ten: the nearest time at which it fits
    assert week.held == ("9:45\u00a0AM – 10:00\u00a0AM", "Asha Rao")
    week.hover(second, date(2026, 3, 8))
    assert week.held == (span, "Outside working hours")
    week.let_go()
    settle()
    assert "Not moved: Outside working hours." in toasts(hands)
    week.carry(booked.appointment_id, second, TOMORROW)
    week.let_go()
    settle()
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(9, 45, TOMORROW), second)
    assert hands.screen.matrix.picked is not None  # and the cursor went along
    assert hands.screen.matrix.chosen == (second, TOMORROW)
    undo(hands)
    settle()
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(10), first)
    week.carry(booked.appointment_id, second, TODAY)
    front.run("receptionist", commands.cancel, appointment_id=booked.appointment_id, reason="Is ill")
    settle()
    assert hands.screen.matrix.taking.hand is None
    assert "Another desk has just changed the appointment that you held." in toasts(hands)


def test_in_the_week_of_the_clinic_keys_choose_and_carry(
    opened: Callable[..., CalendarHands], front: FrontDesk, second: UUID, settle: Settle, qtbot: QtBot, no_warnings: list[str]
) -> None:
    _first, booked = front.book(front.patient(), at(9)), front.book(front.patient("Ravi", "Menon"), at(10))
    hands = opened()
    for key in (KEY.Key_A, None, KEY.Key_Space, KEY.Key_Space):
        settle() if key is None else hands.key(key)
    matrix = hands.screen.matrix
    assert (matrix.picked and matrix.picked.id) == booked.appointment_id
    for key, modifier in ((KEY.Key_M, NONE), (KEY.Key_Down, NONE), (KEY.Key_Right, NONE), (KEY.Key_Right, SHIFT)):
        hands.key(key, modifier)
    assert matrix.taking.hand is not None
    assert matrix.taking.hand.lines == ("10:15\u00a0AM – 10:30\u00a0AM", "Ravi Menon")
    hands.key(KEY.Key_PageDown)  # to the next week, and it is still held
    settle()
    hands.key(KEY.Key_Return)
    settle()
    assert (row(front, booked).planned_at, row(front, booked).doctor_id) == (at(10, 0, TOMORROW + timedelta(days=7)), second)
    hands.key(KEY.Key_M)
    hands.key(KEY.Key_Left)
    hands.key(KEY.Key_Escape)
    hands.key(KEY.Key_Return)  # the doctor's week, at this appointment
    settle()
    assert hands.screen.view is View.WEEK
    assert hands.grid.current is not None
    assert hands.grid.current.id == booked.appointment_id
    hands.key(KEY.Key_A)
    settle()
    hands.menu_key(matrix)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert entries(menu) == ["Patient's file", "Confirm", "Move…", "Book follow-up…", "Cancel…"]
    menu.close()
    no_warnings[:] = [text for text in no_warnings if "grabbing the keyboard" not in text]


def test_views_days_and_the_next_free_place(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, qtbot: QtBot, settle: Settle
) -> None:
    for quarter in range(3):
        front.book(front.patient(f"Asha {quarter}"), at(9, 15 * quarter), doctor_id=second)
    hands = opened()
    hands.grid.select_place(second, at(10))
    hands.key(KEY.Key_W)
    settle()
    assert {one.doctor_id for one in hands.board.columns} == {second}
    assert len(hands.board.columns) == 7
    hands.key(KEY.Key_N)
    settle()
    assert hands.grid.cursor_at is not None
    assert hands.grid.cursor_at.start == at(10, 15)
    hands.key(KEY.Key_A)
    settle()
    assert hands.screen.matrix.hasFocus()
    assert hands.screen.matrix.chosen == (first, TODAY)
    hands.key(KEY.Key_Down)
    hands.key(KEY.Key_Right)
    hands.key(KEY.Key_Return)
    settle()
    assert (hands.screen.view, hands.screen.day, hands.board.columns[0].doctor_id) == (View.WEEK, TOMORROW, second)
    hands.key(KEY.Key_G)
    dialog = modal(GoToDialog, qtbot)
    enter(dialog.form["day"], "20/3/2026")
    QTest.keyClick(dialog.windowHandle(), KEY.Key_Return)
    settle()
    assert date(2026, 3, 20) in hands.board.shown.days
    assert hands.grid.heads.heads[4].detail == "Holiday"


def test_filters_and_what_is_remembered(
    opened: Callable[..., CalendarHands], front: FrontDesk, first: UUID, second: UUID, qtbot: QtBot, settle: Settle
) -> None:
    gone = front.book(front.patient(), at(10))
    stays = front.book(front.patient("Ravi", "Menon"), at(10, 15))
    front.run("receptionist", commands.cancel, appointment_id=gone.appointment_id, reason="Is ill")
    hands = opened()
    assert [block.row.id for block in hands.board.blocks] == [stays.appointment_id]
    hands.screen.bar.kind.set_value("freed")
    assert [block.row.id for block in hands.board.blocks] == [gone.appointment_id]
    hands.screen.bar.kind.set_value("standing")
    hands.key(KEY.Key_F, Qt.KeyboardModifier.ControlModifier)
    enter(hands.screen.search, "menon")
    hands.key(KEY.Key_Return)
    assert hands.grid.current is not None
    assert hands.grid.current.id == stays.appointment_id
    hands.key(KEY.Key_D, Qt.KeyboardModifier.ControlModifier)
    dialog = modal(DoctorsDialog, qtbot)
    dialog.boxes[first].click()
    QTest.mouseClick(dialog.shown, Qt.MouseButton.LeftButton)
    settle()
    assert [one.doctor_id for one in hands.board.columns] == [second]
    assert hands.screen.bar.doctors.text() == "Doctors: 1 of 2"
    hands.wheel(True, Qt.KeyboardModifier.ControlModifier)
    assert hands.grid.step == 10
    again = CalendarScreen(hands.screen.desk, hands.screen.window())
    assert (again.filters.hidden, again.grid.step) == ({first}, 10)
