"""The way to central while a first load is under way: it can be cut from another thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Way:
    """Opens the channel when it is needed."""

    def __init__(self, connect: Callable[[Any], Any]) -> None:
        self._connect = connect
        self._channel: Any = None

    @contextmanager
    def open(self, db: Any) -> Iterator[Any]:
        """The channel of a database."""
        self._channel = self._connect(db)
        try:
            yield self._channel
        finally:
            channel, self._channel = self._channel, None
            if channel is not None:
                channel.close()

    def cut(self) -> None:
        """End what is under way at once."""
        channel = self._channel
        if channel is not None:
            channel.cut()
