"""Nobody has touched the program for a while: said once, until somebody does again."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)
_LOOK_MS = 1_000


class Idle(QObject):
    """Watches the windows as the system delivers their input: a filter over every event of every widget would cost each of them."""

    passed = Signal()

    def __init__(self, app: QGuiApplication, parent: QObject) -> None:
        super().__init__(parent)
        self.seconds = 0.0
        self.touched = self._now()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        app.focusWindowChanged.connect(self._watch)
        for window in app.allWindows():
            self._watch(window)

    def start(self, seconds: float) -> None:
        """Begin to count."""
        self.seconds, self.touched = seconds, self._now()
        self._timer.start()

    def stop(self) -> None:
        """Nobody is at work: there is nothing to lock."""
        self._timer.stop()

    def look(self) -> None:
        """Whether it has been long enough. A computer that slept counts, too: only one of the clocks goes on meanwhile."""
        now = self._now()
        if max(new - old for new, old in zip(now, self.touched, strict=True)) >= self.seconds:
            self.stop()
            self.passed.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in _INPUT:
            self.touched = self._now()
        return False

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.monotonic(), time.time()
