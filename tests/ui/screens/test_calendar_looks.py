"""The calendar as it looks: its views in dark and from the right, named for screen readers; and what its geometry never does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import PlannedRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, AppointmentStatus, VisitStatus
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.screens.calendar import SCREEN
from clinic_desktop.ui.screens.calendar.bar import View
from clinic_desktop.ui.screens.calendar.board import lanes
from clinic_desktop.ui.screens.calendar.choosing import DoctorsDialog
from clinic_desktop.ui.screens.calendar.screen import CalendarScreen
from tests.conftest import FrozenClock
from tests.ui.screens.conftest import LOOKS, Look
from tests.ui.screens.frontdesk import TODAY, FrontDesk, at
from tests.ui.walk import unnamed

Picture = Callable[[QWidget, str], Path]
Settle = Callable[[], None]


@pytest.mark.parametrize(("theme", "language"), [*LOOKS, ("contrast", "hi")])
def test_every_view_in_every_look(
    look: Look, front: FrontDesk, picture: Picture, settle: Settle, clock: FrozenClock, theme: str, language: str
) -> None:
    days = {"first_day": TODAY + timedelta(days=2), "last_day": TODAY + timedelta(days=2)}
    asked = front.run("doctor", staff.request_leave, doctor_id=front.world.doctor_id, reason="Exam", **days)
    front.run("admin", staff.approve_leave, leave_id=asked)
    booked = [front.book(front.patient(f"Asha {n}"), at(9, 15 * n), notes="Wheelchair" if n == 2 else None) for n in range(4)]
    front.run("receptionist", commands.confirm, appointment_id=booked[1].appointment_id)
    front.run("receptionist", commands.resize_appointment, appointment_id=booked[3].appointment_id, end=at(10, 30))
    clock.advance(minutes=5)
    front.run("receptionist", commands.check_in, visit_id=booked[0].visit_id)
    for name in ("Ravi", "Meera"):
        front.walk_in(front.patient(name, "Menon"))
    screen = look(SCREEN, theme, language)
    assert isinstance(screen, CalendarScreen)
    screen.grid.setFocus()
    screen.grid.select(booked[3].appointment_id)
    for view in View:
        screen.choose_view(view)
        settle()
        picture(screen, f"calendar-{view}-{theme}-{language}")
        assert unnamed(screen) == []
    screen.choose_view(View.WEEK)
    settle()
    board = screen.grid.board
    assert board is not None
    # On leave is hatched where a working day is plain: told by more than a colour, in this theme too.
    leave, work = (board.stretch(column, at(11, 0, board.columns[column].day), at(12, 0, board.columns[column].day)) for column in (2, 3))
    assert drawn(screen, leave) > 2 * drawn(screen, work) > 0
    assert screen.found is not None
    dialog = DoctorsDialog(screen, screen.found.doctors, set(), lambda _hidden: None)
    dialog.open()
    picture(dialog, f"calendar-doctors-{theme}-{language}")
    assert unnamed(dialog) == []
    dialog.reject()


def drawn(screen: CalendarScreen, rect: QRectF) -> float:
    """What part of a stretch of the board is not of its one ground."""
    screen.grid.scroll_to(rect)
    image = screen.grid.viewport().grab(screen.grid.shown_rect(rect).toRect()).toImage()
    pixels = Counter(image.pixel(x, y) for x in range(image.width()) for y in range(image.height()))
    return 1 - pixels.most_common(1)[0][1] / pixels.total()


def test_the_board_scrolls_on_where_what_is_held_comes_to_its_edge(look: Look, front: FrontDesk, qtbot: object) -> None:
    booked = front.book(front.patient(), at(9))
    screen = look(SCREEN, "light", "en")
    grid = screen.grid
    assert grid.board is not None
    block = grid.board.block(booked.appointment_id)
    window, view = grid.window().windowHandle(), grid.viewport()
    start = view.mapTo(grid.window(), grid.shown_rect(block.rect).center().toPoint())
    foot = view.mapTo(grid.window(), QPoint(start.x() // 2, view.height() - 4))
    QTest.mousePress(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(window, QPoint(start.x(), start.y() + 20))
    QTest.mouseMove(window, foot)
    bar = grid.verticalScrollBar()
    before = bar.value()
    qtbot.waitUntil(lambda: bar.value() > before + 60)  # type: ignore[attr-defined]
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert grid.taking.hand is None
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, foot)


def planned(start: int, length: int) -> PlannedRow:
    begin = datetime(2026, 3, 2, 4, tzinfo=UTC) + timedelta(minutes=start)
    key: UUID = new_id()
    return PlannedRow(
        *(key, "APT-1", key, key, "Doctor", key, "PAT-1", "Asha Rao", None, "Consultation", length),
        *(AppointmentKind.REGULAR, AppointmentStatus.PENDING, VisitStatus.SCHEDULED, date(2026, 3, 2)),
        *(begin, begin + timedelta(minutes=length), 1, None, None, None, False, False, 1),
    )


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(5, 120)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_blocks_of_one_lane_never_lie_over_each_other(spans: list[tuple[int, int]]) -> None:
    rows = sorted((planned(*span) for span in spans), key=lambda row: row.start)
    placed = lanes(rows)
    assert [row for row, _lane, _of in placed] == rows
    assert all(0 <= lane < of for _row, lane, of in placed)
    for number, (row, lane, of) in enumerate(placed):
        for other, its_lane, its_of in placed[number + 1 :]:
            if row.start < other.end and other.start < row.end:
                assert lane != its_lane
                assert of == its_of, "neighbours are as wide as each other"
