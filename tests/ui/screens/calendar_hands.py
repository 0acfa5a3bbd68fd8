"""Hands on the calendar: real presses, moves and releases through the window, at times and doctors."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.ui.screens.calendar.screen import CalendarScreen
from clinic_desktop.ui.screens.calendar.week_cells import strip_of

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class CalendarHands:
    """One pair of hands."""

    def __init__(self, screen: CalendarScreen) -> None:
        self.screen, self.grid = screen, screen.grid

    @property
    def board(self) -> Any:
        assert self.grid.board is not None
        return self.grid.board

    def column(self, doctor_id: UUID, at: datetime) -> int:
        return next(
            n for n, one in enumerate(self.board.columns) if one.doctor_id == doctor_id and self.board.minute(at, one.day) // 1440 == 0
        )

    def point(self, doctor_id: UUID, at: datetime, into: float = 0.5) -> QPoint:
        """Where a quarter of an hour of a doctor lies in the window, scrolled into view."""
        rect = self.board.stretch(self.column(doctor_id, at), at, at + timedelta(minutes=15))
        self.grid.scroll_to(rect.adjusted(0, -60, 0, 60))  # nearer to the edge the board would scroll on under the mouse
        seen = self.grid.shown_rect(rect)
        place = QPointF(seen.center().x(), seen.top() + into * seen.height())
        return self.grid.viewport().mapTo(self.grid.window(), place.toPoint())

    def press(self, at: QPoint, button: Qt.MouseButton = _LEFT) -> None:
        QTest.mousePress(self._window(), button, _NONE, at)

    def carry(self, to: QPoint) -> None:
        """In two steps, as a mouse does."""
        QTest.mouseMove(self._window(), to - QPoint(3, 9))
        QTest.mouseMove(self._window(), to)
        QApplication.processEvents()

    def release(self, at: QPoint, button: Qt.MouseButton = _LEFT) -> None:
        QTest.mouseRelease(self._window(), button, _NONE, at)

    def drag(self, start: QPoint, end: QPoint) -> None:
        self.press(start)
        self.carry(end)
        self.release(end)

    def double_click(self, at: QPoint) -> None:
        for do in (QTest.mousePress, QTest.mouseRelease, QTest.mouseDClick, QTest.mouseRelease):
            do(self._window(), _LEFT, _NONE, at)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
        QTest.keyClick(self._window(), key, modifier)

    def menu_key(self, view: QWidget | None = None) -> None:
        """As a platform tells of it; the offscreen one does not."""
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        QApplication.sendEvent(view or self.grid, event)

    def wheel(self, up: bool, modifier: Qt.KeyboardModifier) -> None:
        view = self.grid.viewport()
        centre = QPointF(view.rect().center())
        turn, phase = QPoint(0, 120 if up else -120), Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(centre, view.mapToGlobal(centre), QPoint(), turn, Qt.MouseButton.NoButton, modifier, phase, False)
        QApplication.sendEvent(view, event)

    def _window(self) -> Any:
        return self.grid.window().windowHandle()


class WeekHands:
    """A mouse over the week of the clinic."""

    def __init__(self, screen: CalendarScreen) -> None:
        self._week, self._at = screen.matrix, QPoint()

    @property
    def held(self) -> tuple[str, str]:
        assert self._week.taking.hand is not None
        return self._week.taking.hand.lines

    def carry(self, appointment_id: UUID, doctor_id: UUID, day: date) -> None:
        """Take an appointment by its piece of a strip, and hold it over a doctor's day."""
        model = self._week.week
        assert model.shown is not None
        row = model.shown.appointment(appointment_id)
        assert row is not None
        self.press(row.visit_id)
        self.hover(doctor_id, day)

    def press(self, visit_id: UUID) -> None:
        """Press an appointment or a walk-in on its strip."""
        model = self._week.week
        row = model.strips.of_visit(visit_id)
        assert row is not None
        home = model.index_of(row.doctor_id, row.day)
        part = next(part for part, one in model.stops(home) if one.visit_id == visit_id)
        piece = self._week.piece(strip_of(QRectF(self._week.visualRect(home))), part, row)
        self._at = self._in_window(piece.center().toPoint())
        QTest.mousePress(self._window(), _LEFT, _NONE, self._at)

    def hover(self, doctor_id: UUID, day: date) -> None:
        self._at = self._in_window(self._week.visualRect(self._week.week.index_of(doctor_id, day)).center())
        QTest.mouseMove(self._window(), self._at - QPoint(9, 3))
        QTest.mouseMove(self._window(), self._at)
        QApplication.processEvents()

    def seen(self, doctor_id: UUID, day: date) -> QImage:
        """What is painted of a doctor's day."""
        return self._week.viewport().grab(self._week.visualRect(self._week.week.index_of(doctor_id, day))).toImage()

    def let_go(self) -> None:
        QTest.mouseRelease(self._window(), _LEFT, _NONE, self._at)

    def _in_window(self, at: QPoint) -> QPoint:
        return self._week.viewport().mapTo(self._week.window(), at)

    def _window(self) -> Any:
        return self._week.window().windowHandle()
