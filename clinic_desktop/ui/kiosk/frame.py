"""The frame of a kiosk: languages and clock above, the way back below, one page between them, and the end of patience."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.kernel.formats import time_text
from clinic_desktop.kernel.i18n import SHIPPED_CODES, Language, active
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.idle import Idle
from clinic_desktop.ui.kiosk.growing import fit, grown
from clinic_desktop.ui.kiosk.pages import StartPage
from clinic_desktop.ui.kiosk.parts import Page, TouchButton, Words
from clinic_desktop.ui.preferences import LANGUAGE_NAMES
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, GAP_24
from clinic_desktop.ui.work import Work

IDLE_SECONDS = 30


class KioskFrame(QWidget):
    """``staff_wanted`` when somebody asks to leave it, which only a member of staff can."""

    staff_wanted = Signal()

    def __init__(self, work: Work, place: Place) -> None:
        super().__init__()
        self._work, self._place = work, place
        self.language = active()
        self.page: Page | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.idle = Idle(app, self)
        self.idle.passed.connect(self.start_over)
        self._lay_out()
        self.start_over()

    def _lay_out(self) -> None:
        self.setAccessibleName(self.language.gettext("Kiosk"))
        self._clock = Words(bold=True)
        self._tick = QTimer(self, interval=1_000)
        self._tick.timeout.connect(self._tell_time)
        self._tick.start()
        self.languages = {code: TouchButton(LANGUAGE_NAMES[code]) for code in SHIPPED_CODES}
        group = QButtonGroup(self)
        head = QHBoxLayout()
        for code, button in self.languages.items():
            button.setCheckable(True)
            button.setProperty("role", "tile")
            group.addButton(button)
            head.addWidget(button)
            button.clicked.connect(lambda _on, one=code: self.speak(one))
        head.addStretch(1)
        head.addWidget(self._clock)
        self.over = TouchButton("", icon_name="undo-2")
        self.over.clicked.connect(lambda _on: self.start_over())
        self.staff = TouchButton("", role="quiet", icon_name="lock", size=15)
        self.staff.clicked.connect(lambda _on: self.staff_wanted.emit())
        foot = QHBoxLayout()
        foot.addWidget(self.over)
        foot.addStretch(1)
        foot.addWidget(self.staff)
        column = QVBoxLayout(self)
        column.addLayout(head)
        self._head, self._column = head, column
        self._middle = QVBoxLayout()
        column.addLayout(self._middle, 1)
        column.addLayout(foot)
        self._grow()

    def _grow(self) -> None:
        """What stands around the pages, at the size that the window has now."""
        self._head.setSpacing(grown(GAP_8))
        self._column.setContentsMargins(grown(GAP_24), grown(GAP_16), grown(GAP_24), grown(GAP_16))
        around: tuple[Words | TouchButton, ...] = (self._clock, self.over, self.staff, *self.languages.values())
        for one in around:
            one.grow()
        for button in self.languages.values():
            button.setMinimumWidth(button.sizeHint().width() + 2 * grown(GAP_24))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        fit(None)

    def _fit(self) -> None:
        if fit(self.size()):
            self._grow()
            if isinstance(self.page, StartPage):  # what somebody has begun stays as it is
                self.start_over(keep_language=True)

    # Pages

    def speak(self, code: str) -> None:
        """Go on in another language: of this window alone, and until the next person."""
        self.language = Language(code)
        if isinstance(self.page, StartPage) or self.page is None:
            self._show(self._start_page())
        else:
            self.start_over(keep_language=True)

    def start_over(self, *, keep_language: bool = False) -> None:
        """Forget whoever was here."""
        if not keep_language:
            self.language = active()
        self._show(self._start_page())

    def _start_page(self) -> StartPage:
        """The first page, with its ways on."""
        raise NotImplementedError

    def _show(self, page: Page) -> None:
        former, self.page = self.page, page
        if former is not None:
            self._middle.removeWidget(former)
            former.hide()
            former.deleteLater()
        direction = Qt.LayoutDirection.RightToLeft if self.language.is_right_to_left else Qt.LayoutDirection.LeftToRight
        self.setLayoutDirection(direction)
        self._middle.addWidget(page)
        page.setVisible(True)  # a layout would do it a turn later, and the keyboard needs it now
        for code, button in self.languages.items():
            button.setChecked(code == self.language.code)
        is_start = isinstance(page, StartPage)
        self.over.setText(self.language.gettext("Start over"))
        self.over.setVisible(not is_start)
        self.staff.setText(self.language.gettext("Staff"))
        self.staff.setVisible(is_start)
        page.setFocus()
        self._tell_time()
        if is_start:
            self.idle.stop()
        else:
            self.idle.start(IDLE_SECONDS)

    def _tell_time(self) -> None:
        if self._work.is_open:
            self._clock.setText(time_text(self._work.db.clock(), self.language, timezone=self._place.timezone))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.start_over()
        else:
            event.accept()  # no key leads out of here

    def contextMenuEvent(self, event: Any) -> None:  # noqa: N802
        event.accept()
