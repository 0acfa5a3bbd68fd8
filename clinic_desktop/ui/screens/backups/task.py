"""A long piece of work that outlives the widget that began it: the desk may be locked, or another screen opened, meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.work import Work


class Task(QObject):
    """``succeeded(result)`` or ``failed(error)``, then ``ended()`` in any case. Found again by its name: ``task_of(work, name)``."""

    advanced = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, work: Work, name: str, function: Callable[..., Any], **params: Any) -> None:
        super().__init__(work)
        self.setObjectName(name)
        self.how_far: tuple[int, int, str] = (0, 0, "")
        self._progress = Progress(self)
        self._progress.advanced.connect(self._advance)
        work.background(
            self,
            function,
            progress=self._progress,
            then=self.succeeded.emit,
            failed=self.failed.emit,
            settled=self._end,
            db=work.db,
            **params,
        )

    def cancel(self) -> None:
        """Ask it to stop; ``failed`` tells when it has."""
        self._progress.cancel()

    def _advance(self, done: int, total: int, label: str) -> None:
        self.how_far = (done, total, label)
        self.advanced.emit(done, total, label)

    def _end(self) -> None:
        self.setObjectName("")
        self.ended.emit()
        self.deleteLater()


def task_of(work: Work, name: str) -> Task | None:
    """The work of that name that is under way."""
    return work.findChild(Task, name)
