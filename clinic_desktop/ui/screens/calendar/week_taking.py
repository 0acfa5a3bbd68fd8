"""Mouse and keys over the week of the clinic: choosing one of a day's appointments, taking it up, and letting it go elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from clinic_desktop.clinic.frontdesk.commands import move
from clinic_desktop.clinic.frontdesk.commands.places import OVERRIDE
from clinic_desktop.clinic.frontdesk.queries import PlannedRow, WalkInRow
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.calendar.keys import HELD_KEYS
from clinic_desktop.ui.screens.calendar.taking import Taking
from clinic_desktop.ui.screens.calendar.week_hand import WeekHand
from clinic_desktop.ui.screens.calendar.words import doctor_name, spoken
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import beside

if TYPE_CHECKING:
    from clinic_desktop.ui.screens.calendar.matrix import WeekMatrix

_NEAR, _SCROLL_MS = 28, 60
_LEFT, _SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
_ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}


class WeekTaking(QObject):
    """The hand over the week; what may be moved is what may be moved on the board."""

    def __init__(self, view: WeekMatrix, rules: Taking) -> None:
        super().__init__(view)
        self._view, self._rules = view, rules
        self.hand: WeekHand | None = None
        self._pressed_at: QPoint | None = None
        self._point = QPoint()
        self._scroll = QTimer(self, interval=_SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)

    # Taking up and letting go

    def take(self, row: PlannedRow, *, by_keys: bool = False) -> None:
        """Take an appointment up; the screen says why where it cannot be moved any more."""
        view, desk = self._view, self._view.desk
        if not self._rules.can_move(row):
            if desk.may(move) and row.id != self._rules.posting:
                view.fixed.emit(row)
        elif view.week.shown is not None:
            self.hand = WeekHand(view.week.shown, row, now=desk.now, may_override=desk.actor.may(OVERRIDE))
            self.hand.is_by_keys = by_keys
            self._tell()

    def drop(self) -> None:
        """Let go where it is held; what cannot stand there is still held by keys, and back in its place by mouse."""
        hand = self.hand
        if hand is None or (hand.verdict.is_refused and hand.is_by_keys):
            return
        self.let_go()
        if hand.has_left:
            self._view.dropped.emit(hand.drop())

    def let_go(self) -> None:
        """Hold nothing any more; everything is where it was."""
        self.hand, self._pressed_at = None, None
        self._scroll.stop()
        self._view.viewport().unsetCursor()
        self._view.viewport().update()

    # The mouse

    def pressed(self, event: QMouseEvent) -> bool:
        """Whether the press was of an appointment, or let go of one that is held by keys."""
        if event.button() != _LEFT:
            return False
        if self.hand is not None:
            self._follow(event.position().toPoint())
            self.drop()
            return True
        row = self._view.row_at(event.position().toPoint())
        self._view.pick(row)
        self._pressed_at = None if row is None else event.position().toPoint()
        return row is not None

    def moved(self, event: QMouseEvent) -> bool:
        """Take up what was pressed once it is meant, then go along."""
        at = event.position().toPoint()
        if self.hand is not None:
            self._follow(at)
            return True
        if self._pressed_at is None:
            return False
        row = self._view.picked  # a walk-in goes nowhere: nobody booked a time for it
        if row is not None and (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self.take(row)
            self._follow(at)
        return True

    def released(self, event: QMouseEvent) -> bool:
        """Let go of what was dragged."""
        was_pressed, self._pressed_at = self._pressed_at is not None, None
        if event.button() == _LEFT and self.hand is not None and not self.hand.is_by_keys:
            self.drop()
            return True
        return was_pressed

    def _follow(self, at: QPoint) -> None:
        self._point = at
        hand, index = self.hand, self._view.indexAt(at)
        if hand is None:
            return
        if not hand.is_by_keys and self._edge() and not self._scroll.isActive():
            self._scroll.start()
        if index.isValid():
            cell = self._view.week.cell(index)
            if (cell.doctor_id, cell.day) != (hand.doctor_id, hand.day):
                hand.place(cell.doctor_id, cell.day)
            self._tell()

    def _edge(self) -> int:
        near, height = scaled(_NEAR), self._view.viewport().height()
        return -1 if self._point.y() < near else 1 if self._point.y() > height - near else 0

    def _scroll_on(self) -> None:
        bar = self._view.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + self._edge() * bar.singleStep())
        if self.hand is None or bar.value() == before:
            self._scroll.stop()
        else:
            self._follow(self._point)

    # The keys

    def key(self, event: QKeyEvent) -> bool:
        """Whether a key meant something to the hand, or chose one of the day's appointments."""
        key, is_shifted = Qt.Key(event.key()), bool(event.modifiers() & _SHIFT)
        if self.hand is None:
            if key == Qt.Key.Key_Space:
                self._view.pick_next(-1 if is_shifted else 1)
            return key == Qt.Key.Key_Space
        if key in _ARROWS:
            self._step(*_ARROWS[key], is_shifted=is_shifted)
        elif key == Qt.Key.Key_Escape:
            self.let_go()
        elif key in HELD_KEYS and not event.isAutoRepeat():
            self.drop()
        else:
            return False
        return True

    def _step(self, doctors: int, days: int, *, is_shifted: bool) -> None:
        hand, view = self.hand, self._view
        assert hand is not None
        forward = -days if view.isRightToLeft() else days
        if is_shifted:
            hand.later(forward or doctors)
        else:
            hand.go(doctors=doctors, days=forward)
        view.scrollTo(view.week.index_of(hand.doctor_id, hand.day))
        self._tell()

    # What is told

    def say(self, row: PlannedRow | WalkInRow) -> None:
        """Say which appointment or walk-in is chosen."""
        shown = self._view.week.shown
        if shown is not None:
            self._announce(spoken(row, doctor_name(shown, row.doctor_id), shown.timezone))

    def _tell(self) -> None:
        hand, view, shown = self.hand, self._view, self._view.week.shown
        if hand is None or shown is None:
            return
        if hand.is_by_keys:
            whose = doctor_name(shown, hand.doctor_id)
            self._announce(beside(_("Moving"), *hand.lines, date_text(hand.day, weekday=True), whose))
        view.viewport().setCursor(Qt.CursorShape.ForbiddenCursor if hand.verdict.is_refused else Qt.CursorShape.ClosedHandCursor)
        view.viewport().update()

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._view, text))
