"""Finds what blocks the UI thread: a side thread watches the beats of a timer and takes the main thread's stack when they stop."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer

LIMIT_MS = 100
_BEAT_MS = 10
_TASKS = "/proc/self/task"

_Call = tuple[str, int, str, None]
"""File, line and function; the text of the line is read later."""


@dataclass(frozen=True, slots=True)
class Stall:
    """One time in which the UI thread did not answer."""

    milliseconds: int
    stack: str


class Watchdog(QObject):
    """Watch the thread that makes this object, between ``start`` and ``stop``."""

    def __init__(self, *, limit_ms: int = LIMIT_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = limit_ms
        self._main = threading.get_ident()
        self._task = threading.get_native_id()
        self._waits = Waits()
        self._unserved: dict[str, int] = {}
        self._beat, self._computed = time.monotonic(), time.thread_time()
        self._longest = 0.0
        self._calls: list[_Call] = []
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.stalls: list[Stall] = []
        self._timer = QTimer(self, interval=_BEAT_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._note_beat)

    @property
    def longest_ms(self) -> int:
        """The longest time between two beats so far."""
        return round(self._longest * 1000)

    def start(self) -> None:
        """Begin to watch."""
        self._unserved = self._waits.so_far()
        self._beat, self._computed = time.monotonic(), time.thread_time()
        self._ended.clear()
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> list[Stall]:
        """End watching and return every stall over the limit, with the stack that was running."""
        self._note_beat()
        self._timer.stop()
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._waits.close()
        return list(self.stalls)

    def _note_beat(self) -> None:
        now, computed = time.monotonic(), time.thread_time()
        # The beat itself takes its interval; what is beyond that is the time that someone else took. What this thread
        # computed itself is ours in any case: a thread of ours that waited meanwhile is no excuse for it.
        passed = max(now - self._beat - _BEAT_MS / 1000 - self._time_not_given(), computed - self._computed)
        self._beat, self._computed = now, computed
        self._longest = max(self._longest, passed)
        if passed * 1000 > self._limit:
            self.stalls.append(Stall(round(passed * 1000), _worded(self._calls)))
        self._calls = []

    def _time_not_given(self) -> float:
        """Seconds since the last beat in which another program had the processor that we, or who we wait for, wanted."""
        before, self._unserved = self._unserved, self._waits.so_far()
        waited = {task: total - before.get(task, total) for task, total in self._unserved.items()}
        return (waited.pop(str(self._task), 0) + max(waited.values(), default=0)) / 1e9

    def _watch(self) -> None:
        while not self._ended.wait(self._limit / 4000):
            if time.monotonic() - self._beat > self._limit / 1000 and not self._calls:
                self._calls = self._take_stack()

    def _take_stack(self) -> list[_Call]:
        calls: list[_Call] = []
        frame = sys._current_frames().get(self._main)
        # One step after the other, keeping no frame and doing nothing else: a frame keeps its locals,
        # and a painter that outlives its paint event breaks the next one.
        while frame is not None:
            calls.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, None))
            frame = frame.f_back
        return calls[::-1]


def _worded(calls: list[_Call]) -> str:
    """A stack as Python shows it. Not beside what it was taken of: reading the lines of many files waits for the interpreter each time."""
    return "".join(traceback.format_list(traceback.StackSummary.from_list(calls)))


class Waits:
    """How long each thread of this program waited for a processor. Their files stay open: each beat reads all of them."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}

    def so_far(self) -> dict[str, int]:
        """For how many nanoseconds each thread was ready and did not run because others did; nothing where the system does not tell."""
        with suppress(OSError):
            for task in set(os.listdir(_TASKS)) - set(self._files):
                with suppress(OSError):  # the thread has just ended
                    self._files[task] = os.open(f"{_TASKS}/{task}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        found = {}
        for task in list(self._files):
            try:
                found[task] = int(os.pread(self._files[task], 100, 0).split()[1])
            except (OSError, IndexError, ValueError):
                os.close(self._files.pop(task))
        return found

    def close(self) -> None:
        """Let go of the files."""
        while self._files:
            os.close(self._files.popitem()[1])
