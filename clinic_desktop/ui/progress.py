"""How far a long job is, and whether the person has cancelled it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from clinic_desktop.ui.executor import Cancelled


class Progress(QObject):
    """How far a background function is; the function reports, the screen listens and may cancel."""

    advanced = Signal(int, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cancelled = False

    def report(self, done: int, total: int, label: str = "") -> None:
        """Called by the function, on its thread; raises Cancelled once the person has cancelled."""
        if self._cancelled:
            raise Cancelled
        self.advanced.emit(done, total, label)

    @property
    def is_cancelled(self) -> bool:
        """Whether the person has asked for the end of it."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask the function to stop at its next report."""
        self._cancelled = True
