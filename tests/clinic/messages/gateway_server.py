"""A real text message gateway on this computer, good or bad as a test wants it."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

import msgspec

NUMBER, SECRET = "+919876543210", "Bearer k7Hq-20.pZ/9"


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form, each given once."""
        return {name: value for name, (value,) in parse_qs(self.body.decode("ascii"), keep_blank_values=True, strict_parsing=True).items()}

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return msgspec.json.decode(self.body)


@dataclass(frozen=True)
class Answer:
    """What the gateway answers; with ``hangs`` only when the test is over."""

    status: int = 200
    body: bytes = b'{"id": "gw-1"}'
    headers: dict[str, str] = field(default_factory=dict)
    phrase: str | None = None
    hangs: bool = False
    endless: bool = False


@dataclass
class Gateway:
    """Takes messages; ``answers`` are given first, one a request."""

    answers: list[Answer] = field(default_factory=list)
    always: Answer = Answer()
    requests: list[Request] = field(default_factory=list)
    url: str = ""
    over: Event = field(default_factory=Event)


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            gateway.requests.append(Request(self.command, self.path, headers, body))
            answer = gateway.answers.pop(0) if gateway.answers else gateway.always
            if answer.hangs:
                gateway.over.wait(timeout=30)
            self.send_response(answer.status, answer.phrase)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if not answer.endless:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            while answer.endless:
                self.wfile.write(b"x" * 4_096)

        do_GET = do_POST  # noqa: N815 - who follows a redirect is seen

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        # Whoever hangs up while the gateway speaks is what some tests are about.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@contextmanager
def text_gateway(*answers: Answer, context: ssl.SSLContext | None = None) -> Iterator[Gateway]:
    """A gateway on a free port of 127.0.0.1."""
    gateway = Gateway(list(answers))
    server = _Server(("127.0.0.1", 0), _handler(gateway))
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    gateway.url = f"{'http' if context is None else 'https'}://127.0.0.1:{server.server_port}/messages"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield gateway
    finally:
        gateway.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
