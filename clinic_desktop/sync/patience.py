"""A way to central for work that a person watches: where central says when to come again, it waits and asks once more."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.errors import Busy

LONGEST = 180.0
"""Seconds that one question waits in all; then its Busy is everybody's."""
_LOOKS = 0.2


class Patient(Channel):
    """A channel; ``look`` is called again and again while it waits, and ends the waiting by raising."""

    def __init__(self, channel: Channel, look: Callable[[], object]) -> None:
        self._channel, self._look = channel, look

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask central; raises Offline, Refused, or Busy when that is said for too long."""
        last = monotonic() + LONGEST
        while True:
            try:
                return self._channel.ask(verb, body)
            except Busy as busy:
                again = monotonic() + float(busy.params.get("retry_after", 1.0))
                if again > last:
                    raise
                self._wait(again)

    def cut(self) -> None:
        """End what is under way at once."""
        self._channel.cut()

    def close(self) -> None:
        """Let go of what is held."""
        self._channel.close()

    def _wait(self, until: float) -> None:
        while (left := until - monotonic()) > 0:
            self._look()
            sleep(min(left, _LOOKS))
