"""Somebody to whom a crowd must make no difference: a site that says hello, the operator, and whoever watches the server."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import perf_counter

import httpx

from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.sync.errors import Busy
from clinic_desktop.sync.http_channel import HttpChannel, Site
from clinic_desktop.sync.wire import PROTOCOLS, Hello, pack
from tests.server.serving import PASSWORD, Served

_PAUSE = 0.1
"""Seconds between two looks."""
_HELLO = Hello(PROTOCOLS, newest_revision(), None, 0, b"", 0, b"", 0)
Samples = dict[str, list[float]]


class Witness:
    """Asks the same again and again, and notes the milliseconds to each answer."""

    def __init__(self, served: Served, quiet: Site) -> None:
        self.asked = self.turned_away = 0
        self.before: Samples = {}
        self.meanwhile: Samples = {}
        self._channel = HttpChannel(served.address, quiet, pin=served.pin)
        trust = ssl._create_unverified_context()
        self._line = httpx.Client(base_url=served.url, verify=trust, timeout=60, trust_env=False)
        entered = self._line.post("/operator/login", data={"password": PASSWORD})
        assert entered.is_redirect, "the operator was not let in"
        self._asks: dict[str, Callable[[], bool]] = {
            "hello": self._hello,
            "/ready": lambda: self._seen("/ready", b"ready"),
            "operator's page": lambda: self._seen("/operator", b"data-site"),
        }
        self.look({})  # connections are made, and nothing of that is measured

    def close(self) -> None:
        """Let go of the connections."""
        self._channel.close()
        self._line.close()

    def look(self, told: Samples) -> None:
        """Ask each once."""
        for name, ask in self._asks.items():
            began = perf_counter()
            self.turned_away += not ask()
            self.asked += 1
            told.setdefault(name, []).append((perf_counter() - began) * 1000)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Ask again and again while something goes on."""
        is_over = Event()

        def ask() -> None:
            while not is_over.wait(_PAUSE):
                self.look(self.meanwhile)

        with ThreadPoolExecutor(1) as thread:
            asking = thread.submit(ask)
            try:
                yield
            finally:
                is_over.set()
                asking.result()

    def _hello(self) -> bool:
        try:
            self._channel.ask("hello", pack(_HELLO))
        except Busy:
            return False
        return True

    def _seen(self, path: str, shows: bytes) -> bool:
        answer = self._line.get(path)
        if answer.status_code in (429, 503):
            return False
        assert shows in answer.raise_for_status().content, f"{path} is another page than expected"
        return True
