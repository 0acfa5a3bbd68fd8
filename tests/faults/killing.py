"""Workers that are killed in the middle of what they do, and what they had said until then."""

from __future__ import annotations

import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep


class Zygote:
    """The parent of workers; ``kill_after`` lets one live for a moment and returns its last words."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._said: queue.Queue[str] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, name="zygote", daemon=True)
        self._listener.start()
        assert self._next(60) == "ready"

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(line.strip())
        self._said.put("")

    def _next(self, seconds: float) -> str:
        return self._said.get(timeout=max(seconds, 0.001))

    def start(self, *task: str) -> int:
        """Let a worker begin; its process id."""
        assert self._process.stdin is not None
        print(shlex.join(task), file=self._process.stdin, flush=True)
        told = self._next(30)
        while not told.startswith("pid "):
            told = self._next(30)
        return int(told.split()[1])

    def hear(self, seconds: float = 60) -> str:
        """What is said next."""
        return self._next(seconds)

    def kill_after(self, seconds: float, pid: int, *, words: int = 1) -> list[str]:
        """SIGKILL a worker that many seconds after its first word, and after so many; all that it said. ``done``: it was faster."""
        said = [self._next(60)]
        until = monotonic() + seconds
        while len(said) < words and "done" not in said:
            said.append(self._next(60))  # on a busy machine it may not have come to do anything yet
        while monotonic() < until and "done" not in said:
            try:
                said.append(self._next(until - monotonic()))
            except queue.Empty:
                break
        if not _killed(pid):
            self._take_last(said)
        while not self._said.empty():
            said.append(self._said.get())
        return said

    def _take_last(self, said: list[str]) -> None:
        """The words of a worker that has ended by itself, which may still be on their way."""
        while "done" not in said:
            try:
                said.append(self._next(10))
            except queue.Empty:
                raise AssertionError("the worker failed by itself: its words are on standard error") from None

    def wait_for(self, pid: int, seconds: float = 30) -> None:
        """Wait until a worker that ends by itself is gone."""
        _wait_for(pid, seconds)

    def kill_at(self, word: str, seconds: float, pid: int) -> None:
        """SIGKILL a worker that many seconds after it said a word."""
        while self._next(60) != word:
            pass
        sleep(seconds)  # the moment of the kill
        _killed(pid)

    def close(self) -> None:
        """End the zygote; its workers are dead already."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._listener.join(timeout=30)


def _killed(pid: int) -> bool:
    """Kill a worker and wait until it is gone; False when it was gone already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    _wait_for(pid, 30)
    return True


def _wait_for(pid: int, seconds: float) -> None:
    until = monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        assert monotonic() < until, "a killed worker lives on"
        sleep(0.001)


@contextmanager
def zygote() -> Iterator[Zygote]:
    """A zygote for the length of a test."""
    command = [sys.executable, "-m", "tests.faults.zygote"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        made = Zygote(process)
        try:
            yield made
        finally:
            made.close()
