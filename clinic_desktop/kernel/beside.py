"""Work that goes on beside everything else: again and again on a thread of its own, until it is told to end."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rest:
    """How long to wait before the next time; whoever wakes it ends the wait, except a ``fixed`` one."""

    wait: timedelta
    fixed: bool = False


class Beside(ABC):
    """One thread from ``start`` to ``stop``; the first time is at once."""

    name = "beside"
    """Of the thread."""
    pause = Rest(timedelta(seconds=20))
    """After a time that failed by a mistake of the program: the next one may do better, and none would be worse."""
    patience = timedelta(seconds=10)
    """For how long ``stop`` waits."""

    def __init__(self) -> None:
        self._wanted, self._ended = Event(), Event()
        self._is_left = False
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = Thread(target=self._work, name=self.name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Go now: somebody asked, or something happened."""
        self._wanted.set()

    def end(self) -> None:
        """Begin nothing more; ``stop`` waits for what is under way."""
        self._ended.set()
        self._wanted.set()

    def stop(self, timeout: float | None = None) -> None:
        """End after what is under way. What has not ended by then is left to itself, and tells nobody anything more."""
        self.end()
        if self._thread is not None:
            self._thread.join(self.patience.total_seconds() if timeout is None else timeout)
            self._is_left = self._thread.is_alive()
            self._thread = None

    @abstractmethod
    def once(self) -> Rest:
        """Do it once; returns how long to wait before the next time."""

    def leave(self) -> None:  # noqa: B027 - most have nothing to give back
        """The last act on the thread."""

    def _work(self) -> None:
        while not self._ended.is_set():
            self._wanted.clear()
            try:
                rest = self.once()
            except Exception:
                log.exception("%s failed", self.name)
                rest = self.pause
            if not self._ended.is_set():
                (self._ended if rest.fixed else self._wanted).wait(rest.wait.total_seconds())
        self.leave()
