"""Connections to a server: what each is opened with, that one which rested long is tried first, and that all can be ended at once."""

from __future__ import annotations

import socket
from contextlib import suppress
from importlib import import_module
from threading import Lock
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

_POSTGRES_OPTIONS = "-c timezone=UTC -c lock_timeout=15s -c idle_in_transaction_session_timeout=60s"
_SILENCE = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""A cable that was pulled says nothing: the connection is over after some ten seconds, not after the system's two hours."""
POSTGRES_ARGUMENTS: dict[str, Any] = {"options": _POSTGRES_OPTIONS, "connect_timeout": 5, **_SILENCE}
ONE_VIEW = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
POOLED: dict[str, Any] = {"pool_size": 8, "max_overflow": 8, "hide_parameters": True}
"""Parameters are what people typed about patients: no log and no error message shows them."""
_connected: WeakKeyDictionary[Engine, WeakSet[Any]] = WeakKeyDictionary()
_connecting = Lock()
RESTED_AFTER = 2.0
"""Seconds in the pool after which a connection is tried before use: asking each time costs a LAN round trip a transaction."""


def open_server(url: URL) -> Engine:
    """An engine on a server's database."""
    return _listened(create_engine(url, connect_args=_arguments(), **POOLED), WeakSet[Any]())


def _arguments() -> dict[str, Any]:
    # Not imported above: it takes the server's driver along, which a clinic on one computer never needs.
    return {**POSTGRES_ARGUMENTS, "cursor_factory": import_module("clinic_desktop.kernel.described").LateCursor}


def beside(engine: Engine, *, username: str, password: str) -> Engine:
    """Another login's connections to the same database: of the same dialect, and cut off with the first's."""
    made = create_engine(engine.url.set(username=username, password=password), connect_args=_arguments(), **POOLED)
    made.dialect = engine.dialect
    return _listened(made, _connected[engine])


def _listened(engine: Engine, lines: WeakSet[Any]) -> Engine:
    _connected[engine] = lines

    def connected(connection: Any, _entry: ConnectionPoolEntry) -> None:
        with _connecting:
            lines.add(connection)

    def rest(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["rested_since"] = monotonic()

    def wake(connection: Any, entry: ConnectionPoolEntry, _borrowed: Any) -> None:
        if monotonic() - entry.info.get("rested_since", monotonic()) < RESTED_AFTER:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the server was restarted: the pool connects anew

    event.listen(engine, "connect", connected)
    event.listen(engine, "handle_error", _without_values)
    event.listen(engine, "checkin", rest)
    event.listen(engine, "checkout", wake)
    return engine


def cut(engine: Engine) -> None:
    """End the connections to a server that does not answer: who waits for it on one of them is told so now."""
    with _connecting:
        lines = list(_connected.get(engine, ()))
    for connection in lines:
        if not connection.closed:
            line = socket.socket(fileno=connection.fileno())
            with suppress(OSError):  # the system has ended it already
                line.shutdown(socket.SHUT_RDWR)
            line.detach()  # it stays the driver's to close


def _without_values(context: ExceptionContext) -> None:
    """The server's DETAIL repeats the refused row word by word: no log is to show it."""
    primary = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if primary is not None:
        context.original_exception.args = (primary,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (f"({type(context.original_exception).__name__}) {primary}",)
