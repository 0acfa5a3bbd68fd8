"""Where the public display stands: on the second screen while there is one, out of the way while there is not.

The host belongs to the program's ``Work``: locking, logging out and another language leave the display as it is.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.display.window import DisplayWindow
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.work import Work


def display_host(work: Work, place: Place, preferences: Preferences | None = None) -> DisplayHost:
    """The one display of this program; with ``preferences`` it is open again after a restart."""
    found = work.findChild(DisplayHost)
    host = found if isinstance(found, DisplayHost) else DisplayHost(work, place)
    host.preferences = preferences or host.preferences
    return host


class DisplayHost(QObject):
    """Opens the display, and moves it when screens come and go."""

    changed = Signal(bool)
    """Opened or closed."""

    def __init__(self, work: Work, place: Place) -> None:
        super().__init__(work)
        self.setObjectName("display")
        self.window = DisplayWindow(work, place)
        self.window.closed.connect(lambda: self.changed.emit(False))
        self.window.put_away.connect(lambda: self._remember(False))
        self.preferences: Preferences | None = None
        self._wanted: str | None = None
        app = QApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenRemoved.connect(self._screen_gone)
        app.screenAdded.connect(self._screen_came)
        self.destroyed.connect(self.window.deleteLater)

    @property
    def is_open(self) -> bool:
        """Whether the waiting room sees anything, or would if its screen were plugged in."""
        return self.window.isVisible()

    def open(self, beside: QWidget) -> None:
        """Show the display on a screen that ``beside`` is not on, else as a window."""
        other = next((one for one in QGuiApplication.screens() if one is not beside.screen()), None)
        if other is None:
            self.window.setGeometry(_part_of(beside.screen()))
            self.window.showNormal()
        else:
            self._fill(other)
        self._remember(True)
        self.changed.emit(True)

    def close(self) -> None:
        """Put the display away."""
        self._remember(False)
        self.window.close()

    def _remember(self, is_open: bool) -> None:
        if self.preferences is not None:
            self.preferences.remember_display(is_open)

    def _fill(self, screen: QScreen) -> None:
        self._wanted = screen.name()
        self.window.winId()  # makes the native window, which alone can be put on a screen
        self.window.windowHandle().setScreen(screen)
        self.window.setGeometry(screen.geometry())
        self.window.showFullScreen()

    def _screen_gone(self, screen: QScreen) -> None:
        if self.is_open and screen.name() == self._wanted:
            # Qt moves windows off a screen after it has told of its end.
            QTimer.singleShot(0, self, self._step_aside)

    def _step_aside(self) -> None:
        rest = next((one for one in QGuiApplication.screens() if one.name() != self._wanted), QGuiApplication.primaryScreen())
        self.window.showNormal()
        self.window.windowHandle().setScreen(rest)
        self.window.setGeometry(_part_of(rest))
        self.window.showMinimized()  # not over the work of whoever sits at the remaining screen

    def _screen_came(self, screen: QScreen) -> None:
        is_mine = screen.name() == self._wanted or self._wanted is None
        if self.is_open and is_mine and not self.window.isFullScreen():
            self._fill(screen)


def _part_of(screen: QScreen) -> QRect:
    room = screen.availableGeometry()
    place = QRect(0, 0, room.width() * 2 // 3, room.height() * 2 // 3)
    place.moveCenter(room.center())
    return place
