"""One long-lived thread that runs jobs in the order of asking; answers return as queued signals.

A QRunnable with a signal object of its own crashes when the pool deletes it while the signal is on its way: hence one
executor object per thread that lives as long as the program.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QObject, QThread, Signal, Slot

from clinic_desktop.kernel.errors import ClinicError

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised inside a background function at its next report after the person has cancelled."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An unexpected failure as it travels to the UI thread: text only, so that no frame or session leaves its thread."""

    report: str
    summary: str
    details: str


@dataclass(slots=True, eq=False)
class Job:
    """Something to run on an executor. It holds no widget: the last reference may die on the executor's thread."""

    number: int
    function: Callable[[], Any]
    is_stale: Callable[[], bool] = field(default=lambda: False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a job: exactly one of the outcomes."""

    number: int
    value: Any = None
    refusal: ClinicError | None = None
    trouble: Trouble | None = None
    dropped: bool = False


class _Runner(QObject):
    answered = Signal(object)

    @Slot(object)
    def run(self, job: Job) -> None:
        self.answered.emit(carry_out(job))

    @Slot()
    def end(self) -> None:
        QThread.currentThread().quit()


def carry_out(job: Job) -> Answer:
    """Run a job and turn every outcome into an answer; unexpected failures are logged with a report id."""
    if job.is_stale():
        return Answer(job.number, dropped=True)
    try:
        return Answer(job.number, value=job.function())
    except Cancelled:
        return Answer(job.number, dropped=True)
    except ClinicError as error:
        return Answer(job.number, refusal=_bare(error))
    except Exception as error:
        return Answer(job.number, trouble=report(error))


def report(error: BaseException) -> Trouble:
    """Log an unexpected failure under a fresh report id."""
    number = uuid4().hex[:8].upper()
    details = "".join(traceback.format_exception(error))
    log.error("unexpected failure, report %s\n%s", number, details)
    return Trouble(number, f"{type(error).__name__}: {error}", details)


def _bare(error: ClinicError) -> ClinicError:
    # A traceback would carry frames, and with them sessions, to another thread.
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


class Executor(QObject):
    """A thread of its own that runs one job after another."""

    _asked = Signal(object)
    _ended = Signal()
    answered = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName(name)
        self._runner = _Runner()
        self._runner.moveToThread(self._thread)
        self._asked.connect(self._runner.run)
        self._ended.connect(self._runner.end)
        self._runner.answered.connect(self.answered)
        self._thread.start()

    def ask(self, job: Job) -> None:
        """Queue a job; its answer comes by ``answered`` on the thread that made this executor."""
        self._asked.emit(job)

    def join(self) -> None:
        """Finish what was asked so far, then end the thread."""
        # Queued behind the jobs: a command that a person has asked for is not lost by closing the window.
        self._ended.emit()
        self._thread.wait()
