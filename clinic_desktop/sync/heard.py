"""What central told a moment ago: of a crowd that comes back at once everybody asks for nearly the same change sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from clinic_desktop.kernel.db import Database
from clinic_desktop.sync.lineage import hash_at
from clinic_desktop.sync.outbox import Head, size_of_rows
from clinic_desktop.sync.wire import Origin, WireRow

HEARD_SECONDS = 60.0
"""Not longer: a patient who was erased is to be gone here, too."""
MOST_BYTES = 16 << 20


class Told(NamedTuple):
    """A change set as everybody is told it who did not make it; without rows it concerns nobody else."""

    head: Head
    origin: Origin
    rows: Sequence[WireRow]


class Heard:
    """Change sets by sequence, those read first in front."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._lock, self._bytes, self._now = Lock(), 0, now
        self._told = dict[int, tuple[Told, float]]()

    def following(self, connection: Connection, after: int, most: int) -> list[Told]:
        """Those in a row after a sequence that are known, if they are still those of this journal."""
        oldest, found = self._now() - HEARD_SECONDS, list[Told]()
        with self._lock:
            while len(found) < most:
                told, read_at = self._told.get(after + len(found) + 1, (None, 0.0))
                if told is None or read_at < oldest:
                    break
                found.append(told)
        if found and hash_at(connection, found[-1].head.seq) != found[-1].head.hash:
            return []  # a backup was put in its place
        return found

    def add(self, told: Told) -> None:
        """Remember one for a while, and forget what is too old or too much."""
        now = self._now()
        with self._lock:
            self._forget(told.head.seq)
            self._told[told.head.seq] = told, now
            self._bytes += size_of_rows(told.rows)
            while self._told:
                seq, (_, read_at) = next(iter(self._told.items()))
                if self._bytes <= MOST_BYTES and read_at >= now - HEARD_SECONDS:
                    return
                self._forget(seq)

    def _forget(self, seq: int) -> None:
        told, _ = self._told.pop(seq, (None, 0.0))
        self._bytes -= 0 if told is None else size_of_rows(told.rows)


_heard: WeakKeyDictionary[Database, Heard] = WeakKeyDictionary()


def heard_of(central: Database) -> Heard:
    """What this process told from this database."""
    return _heard.setdefault(central, Heard())
