"""Looking through a camera from the UI thread: one picture is asked for when the one before is shown, so that none waits in a queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.screens.photo.cameras import CameraSource, Eye
from clinic_desktop.ui.side_thread import side_of
from clinic_desktop.ui.work import Work


class Live(QObject):
    """``seen(QImage)`` again and again from ``start`` on; the camera is let go by ``take``, by ``stop`` and by any trouble."""

    seen = Signal(QImage)
    taken = Signal(bytes)
    failed = Signal(object)
    """A ClinicError."""

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        # One thread for as long as the program runs: a camera that hangs makes nobody wait when a window closes.
        self._side = side_of(work, "camera")
        self._eye = Eye()
        self._number = 0
        self.is_on = False

    def start(self, source: CameraSource) -> None:
        """Look through a camera, and no longer through another one."""
        self._number += 1
        self.is_on = True
        self._ask(partial(self._eye.open, source), lambda _nothing: self._go_on())

    def take(self) -> None:
        """Keep what is seen now: ``taken`` follows."""
        if self.is_on:
            self._number += 1
            self._ask(self._eye.take, self._took)

    def stop(self) -> None:
        """Let the camera go, behind the picture that is being read."""
        if self.is_on:
            self.is_on = False
            self._number += 1
            self._side.run(self._eye.close, then=lambda _nothing: None)

    def _ask(self, function: Callable[[], Any], then: Callable[[Any], object]) -> None:
        number = self._number

        def answer(handed: Callable[[Any], object], what: Any) -> None:
            if shiboken6.isValid(self) and number == self._number:
                handed(what)

        self._side.run(function, then=partial(answer, then), failed=partial(answer, self._fail))

    def _go_on(self) -> None:
        self._ask(self._eye.look, self._show)

    def _show(self, picture: QImage) -> None:
        self.seen.emit(picture)
        if self.is_on:
            self._go_on()

    def _took(self, data: bytes) -> None:
        self.is_on = False
        self.taken.emit(data)

    def _fail(self, error: ClinicError) -> None:
        self.is_on = False
        self.failed.emit(error)
