"""What others commit to the same database: a thread that follows the journal from where this program came in.

The journal's cursor is the truth. What wakes the thread is only a hint: a notification of the server, or that the file
has changed. Where a hint says what was touched, that is told at once and the journal is read later, once for all hints of a
second: else each of twenty desks would ask the server after each commit of the others. A hint that is lost costs the time of
a beat, and what was committed while the server was away is read when it is back. A server that says nothing is taken for
gone, whether it closed the connection or the network swallows it.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from selectors import EVENT_READ, DefaultSelector
from threading import Thread
from time import monotonic
from typing import Any, Protocol

from sqlalchemy import Engine

from clinic_desktop.kernel.engines import Address, follow_file
from clinic_desktop.kernel.happenings import ChangedElsewhere
from clinic_desktop.kernel.servers import cut
from clinic_desktop.kernel.tables import Base

log = logging.getLogger(__name__)

AT_MOST_EVERY = 0.05
"""Seconds between two tellings: a burst of commits is one change, and no screen reads again more often."""
_SHARE = 10
"""Where a look takes long the server has much to do: the next one comes only after so many times as long."""
READ_EVERY = 1.0
"""Seconds for which hints that say everything are believed without reading the journal."""
TRY_AGAIN = 0.3
"""Seconds between two tries to reach a server that is away."""

NEWEST = "SELECT seq FROM journal_head"
PAGE = 50
SINCE = (
    f"SELECT j.seq, j.hash, a.entity_type FROM (SELECT seq, hash FROM journal WHERE seq > {{mark}} ORDER BY seq LIMIT {PAGE}) j"
    " LEFT JOIN audit_logs a ON a.seq = j.seq GROUP BY j.seq, j.hash, a.entity_type ORDER BY j.seq"
)
"""By pages: then a server goes by the index, however old its statistics are."""

Touched = tuple[int, bytes, str | None]
"""Sequence and hash of a change set, and a table of which it holds rows."""


def by_pages(ask: Callable[[int], Iterable[Sequence[Any]]], seq: int) -> Iterator[Touched]:
    """Everything after a sequence number, where one question brings a page of it."""
    is_end = False
    while not is_end:
        page = [(int(number), bytes(digest), table) for number, digest, table in ask(seq)]
        yield from page
        is_end = len({one[0] for one in page}) < PAGE
        seq = page[-1][0] if page else seq


class Ear(Protocol):
    """A connection of its own that hears of commits."""

    sockets: tuple[socket.socket | int, ...]
    """What becomes readable when there is a hint."""
    pause: float
    """Seconds after which to look without a hint."""

    def newest(self) -> int:
        """The sequence number of the last commit."""

    def hinted(self) -> Sequence[Touched] | None:
        """What the hints say that came meanwhile; None where they do not say it all."""

    def since(self, seq: int) -> Iterable[Touched]:
        """What was committed after a sequence number; a server that does not answer raises."""

    def close(self) -> None:
        """Hear nothing any more."""


class _FileEar:
    """Several programs on one file: the engine counts the commits of others, and to ask costs microseconds."""

    pause = 0.05
    sockets: tuple[socket.socket | int, ...] = ()

    def __init__(self, address: Address, data_key: bytes | None) -> None:
        assert address.file is not None
        self._connection = follow_file(address.file, data_key)
        self._seen: int | None = None

    def newest(self) -> int:
        return int(self._connection.execute(NEWEST).fetchone()[0])

    def hinted(self) -> None:
        """That a file has changed does not say where."""

    def since(self, seq: int) -> Iterable[Touched]:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version == self._seen:
            return ()
        found = list(by_pages(lambda last: self._connection.execute(SINCE.format(mark="?"), (last,)).fetchall(), seq))
        self._seen = version
        return found

    def close(self) -> None:
        self._connection.close()


class Following:
    """The thread. It tells of commits that are not this program's own, and whether the server answers."""

    def __init__(
        self,
        engine: Engine,
        address: Address,
        data_key: bytes | None,
        told: Callable[[list[object]], None],
        reached: Callable[[bool], None],
    ) -> None:
        self._engine, self._address, self._data_key = engine, address, data_key
        self._told, self._reached = told, reached
        self._seq: int | None = None
        self._own: dict[int, bytes] = {}
        self._believed: set[tuple[int, bytes]] = set()
        """Told by a hint, and not read in the journal yet."""
        self._read_at = -READ_EVERY
        self._is_lost = self._has_ended = False
        self.is_gone = False
        """Whether the server did not answer a new connection either: until it does, nobody needs to wait for it."""
        self._bell, self._button = socket.socketpair()
        self._thread = Thread(target=self._run, name="following", daemon=True)
        self._thread.start()

    def note_own(self, seq: int, digest: bytes) -> None:
        """A change set that this program is about to commit. By its hash, as another may get the number of one that fails."""
        self._own[seq] = digest

    def close(self) -> None:
        """End the thread; it finishes what it tells."""
        self._has_ended = True
        self._button.send(b".")
        self._thread.join()
        self._bell.close()
        self._button.close()

    def _run(self) -> None:
        while not self._has_ended:
            try:
                ear = self._open()
            except Exception as error:
                self._miss(error)
                self.is_gone = self._address.file is None
                cut(self._engine)
                self._rest(TRY_AGAIN)
                continue
            with closing(ear):
                try:
                    self._hear(ear)
                except Exception as error:
                    self._miss(error)
            self._rest(TRY_AGAIN)

    def _open(self) -> Ear:
        if self._address.file is not None:
            return _FileEar(self._address, self._data_key)
        # Not imported above: it takes the server's driver along, which a clinic on one computer never needs.
        opened: Ear = import_module("clinic_desktop.kernel.listening").ServerEar(self._engine)
        return opened

    def _hear(self, ear: Ear) -> None:
        if self._seq is None:
            self._seq = ear.newest()
        with DefaultSelector() as hints:
            for one in (self._bell, *ear.sockets):
                hints.register(one, EVENT_READ)
            while not self._has_ended:
                began = monotonic()
                tables = self._look(ear)
                self._find()
                if tables:
                    pause = max(AT_MOST_EVERY, _SHARE * (monotonic() - began))
                    self._told([ChangedElsewhere(tables)])
                    self._rest(began + pause - monotonic())
                else:  # after a rest the next look comes at once: much comes in twos, a patient and then the visit
                    hints.select(ear.pause)

    def _look(self, ear: Ear) -> frozenset[str]:
        """The tables that others have changed since the last look."""
        hinted = ear.hinted()
        if hinted is not None and monotonic() < self._read_at + READ_EVERY:
            return self._believe(hinted)
        assert self._seq is not None
        self._read_at, tables = monotonic(), set()
        for seq, digest, table in ear.since(self._seq):
            if table is not None and self._own.get(seq) != digest and (seq, digest) not in self._believed:
                tables.add(table)
            self._seq = seq
        for seq in [one for one in list(self._own) if one <= self._seq]:
            self._own.pop(seq, None)
        self._believed = {one for one in self._believed if one[0] > self._seq}
        return frozenset(tables)

    def _believe(self, hinted: Sequence[Touched]) -> frozenset[str]:
        """The same by what hints say. One that is not true costs a screen that is read once in vain: the cursor stays where it is."""
        assert self._seq is not None
        fresh = [(seq, digest, table) for seq, digest, table in hinted if seq > self._seq]
        tables = {table for seq, digest, table in fresh if table is not None and self._own.get(seq) != digest}
        for seq, digest, _table in fresh:
            self._believed.add((seq, digest))
            if self._own.get(seq) == digest:
                self._own.pop(seq, None)
        return frozenset(tables)

    def _miss(self, error: Exception) -> None:
        if not self._is_lost:
            log.info("the journal cannot be followed: %s", error)
            self._is_lost = True
            self._tell_reach(False)

    def _find(self) -> None:
        if self._is_lost:
            self._is_lost = self.is_gone = False
            self._tell_reach(True)
            # What a screen could not read in the meantime it reads now, whatever it shows.
            self._told([ChangedElsewhere(frozenset(Base.metadata.tables))])

    def _tell_reach(self, is_reached: bool) -> None:
        if self._address.file is None:
            self._reached(is_reached)

    def _rest(self, seconds: float) -> None:
        """Wait, unless it is over."""
        with DefaultSelector() as bell:
            bell.register(self._bell, EVENT_READ)
            bell.select(max(seconds, 0))
