"""The places of one day, by morning, afternoon and evening: arrows move, Enter books, taken ones say why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.queries import DayRow, SlotRow
from clinic_desktop.kernel.formats import number_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import Button, Label

COLUMNS = 7
_MOVES = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def slot_note(slot: SlotRow, now: datetime) -> str:
    """Why a slot cannot be booked, or how much of it is left; nothing for a plain free one."""
    if slot.is_free:
        return number_text(slot.capacity - slot.booked) if slot.booked else ""
    if slot.start < now:
        return _("passed")
    return _("taken") if slot.booked >= slot.capacity else _("too short")


class SlotButton(Button):
    """One slot; the grid hears its keys."""

    focused = Signal()

    def __init__(self, slot: SlotRow) -> None:
        super().__init__("")
        self.slot = slot
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (*_MOVES, *_ENTER):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.focused.emit()


class SlotGrid(QScrollArea):
    """A day's slots; ``picked(start)`` when another is chosen, ``entered(start)`` on Enter."""

    picked = Signal(object)
    entered = Signal(object)

    def __init__(self, timezone: str, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._zone, self._clock = timezone, clock
        self.chosen: datetime | None = None
        self._lost: datetime | None = None
        self.buttons: list[SlotButton] = []
        self._starts: tuple[tuple[datetime, int], ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Places of the day"))

    @property
    def free(self) -> list[SlotButton]:
        """The slots that can be chosen, in order."""
        return [button for button in self.buttons if button.isEnabled()]

    def show_day(self, day: DayRow) -> None:
        """Show a day; the same slots keep their buttons, so that the focus stays where it is."""
        starts = tuple((slot.start, slot.capacity) for slot in day.slots)
        if starts != self._starts or not starts:
            self._starts = starts
            self._build(day)
        if self._loses_its_place(day):
            # Qt would hand the focus to the next place, and a second Enter would book what nobody asked for.
            self._lost = self.chosen
            self.setFocus()
        for button, slot in zip(self.buttons, day.slots, strict=True):
            self._show_slot(button, slot)
        if self.chosen not in [button.slot.start for button in self.free]:
            self._choose(None)

    def _loses_its_place(self, day: DayRow) -> bool:
        return any(one.hasFocus() and not slot.is_free for one, slot in zip(self.buttons, day.slots, strict=True))

    def focus_first(self) -> bool:
        """Go to the chosen slot, else to the first free one; False when there is none."""
        free = self.free
        target = next((one for one in free if one.slot.start == self.chosen), free[0] if free else None)
        if target is not None:
            self._go_to(target)
        return target is not None

    def _go_to(self, button: SlotButton) -> None:
        self._lost = None
        self._choose(button.slot.start)
        button.setFocus()
        self.ensureWidgetVisible(button)

    def forget(self) -> None:
        """Choose none of them."""
        self._choose(None)

    def _build(self, day: DayRow) -> None:
        inside = QWidget()
        inside.setObjectName("surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, GAP_8, 0)
        column.setSpacing(GAP_8)
        self.buttons = []
        if not day.slots:
            column.addWidget(Label(_closed_text(day), tone="muted", wrap=True))
        grid = QGridLayout()
        grid.setSpacing(GAP_8)
        for at in range(COLUMNS):
            grid.setColumnStretch(at + 1, 1)
        for part, slots in groupby(day.slots, key=self._part_of_day):
            line = grid.rowCount()
            grid.addWidget(Label(part, tone="muted"), line, 0)
            for place, slot in enumerate(slots):
                grid.addWidget(self._button(slot), line + place // COLUMNS, 1 + place % COLUMNS)
        column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(inside)

    def _button(self, slot: SlotRow) -> SlotButton:
        button = SlotButton(slot)
        button.focused.connect(lambda: self._choose(button.slot.start))
        button.clicked.connect(lambda: self._go_to(button))
        self.buttons.append(button)
        return button

    def _part_of_day(self, slot: SlotRow) -> str:
        hour = slot.start.astimezone(ZoneInfo(self._zone)).hour
        return _("Morning") if hour < 12 else _("Afternoon") if hour < 16 else _("Evening")

    def _show_slot(self, button: SlotButton, slot: SlotRow) -> None:
        button.slot = slot
        note, at = slot_note(slot, self._clock()), time_text(slot.start, timezone=self._zone)
        button.setText(at)
        button.setToolTip(note)
        # Struck out, not only paler: nothing is told by colour alone.
        drawn = button.font()
        drawn.setStrikeOut(not slot.is_free)
        button.setFont(drawn)
        button.setEnabled(slot.is_free)
        button.setAccessibleName(f"{at}, {note or _('free')}")
        mark(button, "role", "primary" if slot.is_free and slot.start == self.chosen else None)

    def _choose(self, start: datetime | None) -> None:
        self.chosen = start
        for button in self.buttons:
            mark(button, "role", "primary" if start is not None and button.slot.start == start else None)
        self.picked.emit(start)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in _ENTER:
            self.entered.emit(self.chosen)
        elif event.key() in _MOVES and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self._step(Qt.Key(event.key()))
        else:
            super().keyPressEvent(event)

    def _step(self, key: Qt.Key) -> None:
        free = self.free
        if not free:
            return
        here = next((place for place, one in enumerate(free) if one.slot.start == self.chosen), None)
        if here is None:
            lost = self._lost
            self._go_to(free[0] if lost is None else min(free, key=lambda one: abs(one.slot.start - lost)))
            return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            target = self._in_column(free[here], up=key == Qt.Key.Key_Up)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            target = free[0] if key == Qt.Key.Key_Home else free[-1]
        else:
            forward = (key == Qt.Key.Key_Right) != self.isRightToLeft()
            target = free[min(max(here + (1 if forward else -1), 0), len(free) - 1)]
        self._go_to(target)

    def _in_column(self, button: SlotButton, *, up: bool) -> SlotButton:
        """The nearest free slot in the rows above or below, by where it stands."""
        centre = button.geometry().center()
        there = [one for one in self.free if (one.y() < button.y() if up else one.y() > button.y())]
        return min(there, key=lambda one: (abs(one.y() - button.y()), abs(one.geometry().center().x() - centre.x())), default=button)


def _closed_text(day: DayRow) -> str:
    if day.closed == "holiday":
        return _("The clinic is closed on this day. Choose another day.")
    if day.closed == "leave":
        return _("The doctor is on leave. Choose another day or doctor.")
    return _("The doctor does not work on this day. Choose another day or doctor.")
