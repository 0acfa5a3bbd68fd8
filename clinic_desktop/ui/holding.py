"""One program on one database file: a second one of the same desktop would show two truths side by side."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLockFile


class Holding:
    """The mark beside a database file that this program has it open; that of a program that died does not count."""

    def __init__(self) -> None:
        self._lock: QLockFile | None = None
        self._file: Path | None = None

    def take(self, file: Path) -> bool:
        """Hold this file and no other; False when another program does. A folder that is not there or read-only has its own page."""
        if self._file == file:
            return True
        self.release()
        lock = QLockFile(str(file.with_name(f"{file.name}.open")))
        lock.setStaleLockTime(0)  # never by age: a program may be open for weeks
        if not lock.tryLock(0):
            return lock.error() != QLockFile.LockError.LockFailedError
        self._lock, self._file = lock, file
        return True

    def release(self) -> None:
        """Hold nothing any more."""
        if self._lock is not None:
            self._lock.unlock()
        self._lock = self._file = None
