"""Serving for real: TLS always, one process or several, and an end that cuts nothing off."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from tempfile import TemporaryDirectory

import uvicorn
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.supervisors import Multiprocess

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.server import founding
from clinic_desktop.server.admission import Bounds, Limits
from clinic_desktop.server.application import application
from clinic_desktop.server.figures import SHARED_FOLDER
from clinic_desktop.server.folder import Central
from clinic_desktop.server.serving import LOGGING, Spec

MOST_WORKERS = 32
_GRACE = 90
"""Seconds that running questions have to end; a question is answered or told to come again after sixty."""
_IDLE = 75
_BACKLOG = 1024
_LINGER = 1.0
_ON_SQLITE = Limits(heavy=Bounds(2, 8, 2.0))
"""One database file is written by one at a time: more at once would only wait for it."""


class _Connection(H11Protocol):
    """One connection; a site that keeps one open without asking anything does not hold up the end."""

    def shutdown(self) -> None:
        """Close it when the server stops: at once where nothing is being answered, else after the answer."""
        is_idle = self.cycle is None or self.cycle.response_complete
        super().shutdown()
        if is_idle:
            self.transport.abort()  # closing politely waits half a minute for the other side's word
        else:
            self.headers.append(CLOSE_HEADER)  # so the answer asks the other side to close
            self.loop.call_later(_LINGER, self._leave)

    def _leave(self) -> None:
        """End it once the answer has gone out whole, whether or not the other side has closed."""
        if self.transport.is_closing() and not self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.loop.call_later(_LINGER, self._leave)


def _config(central: Central, limits: Limits, *, host: str, port: int, workers: int, is_lan: bool) -> uvicorn.Config:
    data_key = central.database.data_key
    assert data_key is not None
    spec = Spec(central.folder, central.config.database, data_key, central.pin, limits, is_lan)
    served = central.served
    return uvicorn.Config(
        partial(application, spec),
        factory=True,
        host=host,
        port=port,
        workers=workers,
        ssl_certfile=served.certificate,
        ssl_keyfile=served.key,
        ssl_keyfile_password=served.password,
        http=_Connection,
        ws="none",
        loop="asyncio",
        log_config=LOGGING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_GRACE,
        backlog=_BACKLOG,
    )


def _bound(config: uvicorn.Config) -> socket:
    try:
        return config.bind_socket()
    except SystemExit as error:
        raise InvalidInput("port", "cannot_listen", address=f"{config.host}:{config.port}") from error


def serve(central: Central, *, host: str, port: int, workers: int, listening: Callable[[int], None], is_lan: bool = False) -> None:
    """Serve until a signal says stop; ``listening`` hears of the port once it is open. The caller's database is not used."""
    is_file = central.database.address.file is not None
    if not 1 <= workers <= MOST_WORKERS or (is_file and workers > 1):
        raise InvalidInput("workers", "one_worker" if is_file else "out_of_range", low=1, high=1 if is_file else MOST_WORKERS)
    founding.renew_in_time(central)
    config = _config(central, _ON_SQLITE if is_file else Limits(), host=host, port=port, workers=workers, is_lan=is_lan)
    central.database.close()
    with _bound(config) as door:
        door.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # else the end of a small answer waits 40 ms for the word that its beginning came
        door.listen(_BACKLOG)  # whoever comes before the application has started waits for it
        listening(int(door.getsockname()[1]))
        if workers == 1:
            uvicorn.Server(config).run(sockets=[door])
            return
        with TemporaryDirectory(prefix="clinic-central-") as shared:
            os.environ[SHARED_FOLDER] = shared  # the worker processes count into it
            Multiprocess(config, sockets=[door]).run()
