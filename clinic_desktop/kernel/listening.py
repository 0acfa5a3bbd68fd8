"""Hearing a server's notifications, and noticing that it says nothing any more."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine

from clinic_desktop.kernel.following import NEWEST, SINCE, Touched, by_pages
from clinic_desktop.kernel.journal_rows import CHANNEL, read_hint
from clinic_desktop.kernel.servers import POSTGRES_ARGUMENTS

RV = TypeVar("RV")
_SINCE = SINCE.format(mark="%s")
ANSWERS_WITHIN = 1.2
"""Seconds. With the pause between two questions this is how long a silent server is believed: less than the three that are promised."""


class _Prompt(psycopg.Connection[tuple[Any, ...]]):
    """A connection whose questions are small: an answer that does not come at once will not come."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        return super().wait(gen, interval, ANSWERS_WITHIN if timeout is None else timeout)


class ServerEar:
    """Listens on the channel of a clinic's database."""

    pause = 0.75

    def __init__(self, engine: Engine) -> None:
        _arguments, address = engine.dialect.create_connect_args(engine.url)
        wanted = cast("dict[str, Any]", {**address, **POSTGRES_ARGUMENTS, "connect_timeout": 2})
        self._connection = _Prompt.connect(**wanted, autocommit=True)
        try:
            self._connection.execute(f"LISTEN {CHANNEL}")
        except BaseException:
            self.close()
            raise
        self.sockets: tuple[socket.socket | int, ...] = (self._connection.fileno(),)

    def newest(self) -> int:
        """The sequence number of the last commit."""
        row = self._connection.execute(NEWEST).fetchone()
        assert row is not None
        return int(row[0])

    def hinted(self) -> Sequence[Touched] | None:
        """What the hints say that came meanwhile; None where they do not say it all."""
        hints = [read_hint(one.payload) for one in self._connection.notifies(timeout=0)]
        told = [(one[0], one[1], table) for one in hints if one is not None for table in one[2]]
        return None if None in hints or not hints else told

    def since(self, seq: int) -> Iterable[Touched]:
        """What was committed after a sequence number."""
        return by_pages(lambda last: self._connection.execute(_SINCE, (last,)).fetchall(), seq)

    def close(self) -> None:
        """Hear nothing any more."""
        self._connection.close()
