"""A network between a program and its server: it forwards, swallows what is sent without closing, or is cut."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from types import TracebackType

from sqlalchemy import make_url

_CHUNK = 65_536


class Proxy:
    """Stands before a server; ``address`` leads through it."""

    def __init__(self, address: str) -> None:
        url = make_url(address)
        self._server = (str(url.host), int(url.port or 5432))
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = url.set(port=self._door.getsockname()[1]).render_as_string(hide_password=False)
        self._forwards = Event()
        self._forwards.set()
        self._has_ended = False
        self._lines: list[socket.socket] = []
        self._threads = [Thread(target=self._accept, name="proxy", daemon=True)]
        self._threads[0].start()

    def swallow(self) -> None:
        """From now on nothing arrives on either side; whoever connects is accepted and hears nothing."""
        self._forwards.clear()

    def mend(self) -> None:
        """Forward again; the lines that were open are dead, as those of a switch that was restarted."""
        self._hang_up()
        self._forwards.set()

    def _accept(self) -> None:
        while True:
            try:
                line, _caller = self._door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._server)
            except OSError:
                line.close()
                continue
            self._lines += [line, far]
            for one, other in ((line, far), (far, line)):
                self._threads.append(Thread(target=self._carry, args=(one, other), name="proxy", daemon=True))
                self._threads[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while carried := source.recv(_CHUNK):
                self._forwards.wait()
                target.sendall(carried)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        for one in self._lines:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._hang_up()
        self._forwards.set()
        for thread in self._threads:
            thread.join(timeout=5)
        for one in self._lines:
            one.close()


@contextmanager
def network_to(address: str) -> Iterator[Proxy]:
    """A network to a server, for the length of a test."""
    with Proxy(address) as made:
        yield made
