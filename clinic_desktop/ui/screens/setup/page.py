"""The frame of the set-up: the steps at the side, one of them in the middle, Back and Continue below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_16, GAP_24
from clinic_desktop.ui.widgets.buttons import BusyButton, Button
from clinic_desktop.ui.widgets.layout import line
from clinic_desktop.ui.widgets.text import Label
from clinic_desktop.ui.widgets.toast import ToastArea

_SIDE, _BODY = 264, 720


@dataclass(frozen=True, slots=True)
class Heading:
    """How a step is called at the side, and what stands over it."""

    code: str
    short: str
    title: str
    text: str


class _Mark(QWidget):
    """One step at the side: done, here, or still to come."""

    def __init__(self, number: int, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = number
        self._picture = QLabel(self)  # picture only
        self._picture.setFixedWidth(scaled(20))
        self._text = Label(text, self)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_8)
        across.addWidget(self._picture)
        across.addWidget(self._text, 1)

    def show_state(self, *, is_here: bool, is_done: bool) -> None:
        name, colour = ("circle-check", "accent") if is_done else ("circle-dot", "accent") if is_here else ("circle", "muted")
        self._picture.setPixmap(pixmap(name, colour, size=16, ratio=self.devicePixelRatioF()))
        font = self._text.font()
        font.setBold(is_here)
        self._text.setFont(font)
        self._text.set_tone(None if is_here else "muted")
        state = _("done") if is_done else _("now") if is_here else _("to come")
        self.setAccessibleName(f"{self._number}. {self._text.text()}: {state}")


class SetupPage(Screen):
    """Shows one step; ``continued`` and ``went_back`` say what is wanted. What follows decides who runs the set-up."""

    continued = Signal()
    went_back = Signal()

    def __init__(self, desk: Desk, headings: Sequence[Heading], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.headings = {one.code: one for one in headings}
        self.step: Step | None = None
        self.code = ""
        self._side = QWidget(self)
        self._side.setProperty("role", "rail")
        self._side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._side.setFixedWidth(scaled(_SIDE))
        self.title, self.text = Label(voice=Text.TITLE, wrap=True), Label(tone="muted", wrap=True)
        self.trouble = Label(tone="bad", wrap=True)
        self.trouble.hide()
        self.back, self.forward = Button(_("Back"), role="quiet", icon_name="arrow-left"), BusyButton(_("Continue"))
        self.back.clicked.connect(self.went_back)
        self.forward.clicked.connect(lambda: self.continued.emit() if not self.forward.is_busy else None)
        self.toasts = ToastArea(self)
        desk.toasted.connect(lambda text, tone, undo: self.toasts.show_toast(text, tone, undo))
        self._marks: dict[str, _Mark] = {}
        self._lay_out_side()
        self._lay_out()

    def host(self) -> QWidget:
        """Where steps are made: what is put somewhere else later would be styled twice."""
        return self._body

    def show_step(self, code: str, step: Step, *, done: Sequence[str], back: bool, button: str) -> None:
        """Show a step, in place of the former one."""
        if self.step is not None:
            self.step.hide()
        heading = self.headings[code]
        self.code, self.step = code, step
        self.title.setText(heading.title)
        self.text.setText(heading.text)
        self.text.setVisible(bool(heading.text))
        self.say(None)
        for one, mark in self._marks.items():
            mark.show_state(is_here=one == code, is_done=one in done and one != code)
        if self._column.indexOf(step) < 0:
            self._column.insertWidget(self._column.indexOf(self.trouble), step)
        self.back.setVisible(back)
        self.forward.setText(button)
        step.show()
        self._area.verticalScrollBar().setValue(0)
        step.start()
        focused = self.focusWidget()
        if focused is None or not step.isAncestorOf(focused):
            self.forward.setFocus()

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal at its field or below the step."""
        if self.step is None or not self.step.refuse(error):
            self.say(wording.sentence(error))

    def say(self, text: str | None) -> None:
        """Show what went wrong, or take it away."""
        self.trouble.setText(text or "")
        self.trouble.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self.back.isVisible() and not self.forward.is_busy:
            self.back.click()
        else:
            super().keyPressEvent(event)

    def _lay_out_side(self) -> None:
        column = QVBoxLayout(self._side)
        column.setContentsMargins(GAP_24, GAP_24 + GAP_8, GAP_16, GAP_24)
        column.setSpacing(GAP_16)
        column.addWidget(Label(_("Set up the clinic"), self._side, voice=Text.STRONG, wrap=True))
        for number, heading in enumerate(self.headings.values(), start=1):
            mark = self._marks[heading.code] = _Mark(number, heading.short, self._side)
            column.addWidget(mark)
        column.addStretch(1)
        text = _("What you enter is saved at every step. You can stop at any time and go on later, and change everything afterwards.")
        column.addWidget(Label(text, self._side, tone="muted", wrap=True))

    def _lay_out(self) -> None:
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        around = QWidget(self._area)
        self._body = QWidget(around)
        self._body.setMaximumWidth(scaled(_BODY))
        self._body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, GAP_24 + GAP_8, 0, GAP_24)
        self._column.setSpacing(GAP_16)
        top = QVBoxLayout()
        top.setSpacing(GAP_4)
        top.addWidget(self.title)
        top.addWidget(self.text)
        self._column.addLayout(top)
        self._column.addWidget(self.trouble)
        self._column.addStretch(1)
        beside = QHBoxLayout(around)
        beside.setContentsMargins(GAP_24 * 2, 0, GAP_24 * 2, 0)
        beside.addWidget(self._body, 1)
        beside.addStretch(0)
        self._area.setWidget(around)
        foot = QHBoxLayout()
        foot.setContentsMargins(GAP_24 * 2, GAP_12, GAP_24 * 2, GAP_12)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.forward)
        self.forward.setMinimumWidth(scaled(150))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._area, 1)
        right.addWidget(line())
        right.addLayout(foot)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._side)
        across.addLayout(right, 1)
