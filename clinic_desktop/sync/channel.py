"""The way from a database to central, whatever carries it."""

from __future__ import annotations

from typing import Protocol


class Channel(Protocol):
    """Who carries it derives from this; what holds no connection has nothing to cut or to close."""

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask central; raises Offline, Busy or Refused."""

    def cut(self) -> None:
        """End what is under way at once, from another thread: it raises Offline."""

    def close(self) -> None:
        """Let go of what is held."""
