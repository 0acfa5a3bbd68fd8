"""A thread of its own for what may wait for a network, and for nobody's screen: one job after another, answers on the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.executor import Answer, Executor, Job

Then = Callable[[Any], object]
Failed = Callable[[ClinicError], object]


class SideThread(QObject):
    """Unlike the background thread of the work it counts for nothing as busy, and may be at one job for an hour."""

    failed = Signal(object)
    """A Trouble: what nobody expected."""

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._name, self._numbers = name, 0
        self._executor: Executor | None = None
        self._asked: dict[int, tuple[Then, Failed, Callable[[], object]]] = {}

    def run(
        self, function: Callable[[], Any], *, then: Then, failed: Failed = lambda _error: None, settled: Callable[[], object] = lambda: None
    ) -> None:
        """Run a function; ``then(result)`` or ``failed(error)`` follows, and ``settled()`` in any case."""
        if self._executor is None:
            self._executor = Executor(self._name, self)
            self._executor.answered.connect(self._answered)
        self._numbers += 1
        self._asked[self._numbers] = then, failed, settled
        self._executor.ask(Job(self._numbers, function))

    def end(self) -> None:
        """Finish what was asked, tell nobody, and end the thread."""
        self._asked.clear()
        if self._executor is not None:
            self._executor.join()
            self._executor = None

    def _answered(self, answer: Answer) -> None:
        then, failed, settled = self._asked.pop(answer.number, (None, None, None))
        if then is None or failed is None or settled is None:
            return
        try:
            if answer.trouble is not None:
                self.failed.emit(answer.trouble)
            elif answer.refusal is not None:
                failed(answer.refusal)
            else:
                then(answer.value)
        finally:
            settled()


def side_of(work: QObject, name: str) -> SideThread:
    """The side thread of that name beside the work, which ends it with itself; made when it is first asked for."""
    there = work.findChild(SideThread, name, Qt.FindChildOption.FindDirectChildrenOnly)
    return SideThread(name, work) if there is None else there
