"""For the child processes with windows: saying when something was painted, and what the process holds in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_STATUS = Path("/proc/self/status")


class Painted(QObject):
    """Calls ``then`` once a widget, with everything on it, was painted."""

    def __init__(self, widget: QWidget, then: Callable[[], object]) -> None:
        super().__init__(widget)
        self._then = then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._then)  # comes when this round of painting is over
        return False


def megabytes() -> float | None:
    """Resident memory of this process; None where the system does not tell it so."""
    if not _STATUS.exists():
        return None
    kilobytes = next(line.split()[1] for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024
