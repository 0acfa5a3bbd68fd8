"""The two engines: SQLite (plain or SQLCipher) and Postgres, set up so that one command body is right on both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from clinic_desktop.kernel.errors import DatabaseUnavailable, InvalidInput
from clinic_desktop.kernel.keys import create_key, key_file_path, unlock_key

APPLICATION_ID = 0x436C6E63
"""``PRAGMA application_id`` of a clinic file ("Clnc"), so that another program's file is not taken for one."""

OLDEST_SQLITE = (3, 51, 3)
"""Earlier engines can corrupt a database when the write-ahead log is reset."""

_PRAGMAS = (
    "PRAGMA busy_timeout = 15000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -64000",
)
_POSTGRES_OPTIONS = "-c timezone=UTC -c lock_timeout=15s -c idle_in_transaction_session_timeout=60s"
_ONE_VIEW = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
RESTED_AFTER = 2.0
"""Seconds in the pool after which a connection is tried before use: asking each time costs a LAN round trip a transaction."""


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed database address: ``kind`` is sqlite, sqlcipher or postgresql."""

    kind: str
    url: URL
    file: Path | None

    @property
    def needs_passphrase(self) -> bool:
        """Whether a secret opens this database."""
        return self.kind == "sqlcipher"

    @property
    def exists(self) -> bool:
        """Whether there is a file; a server's database is assumed to exist."""
        return self.file is None or self.file.exists()


def parse_address(text: str) -> Address:
    """Read ``sqlite:///path``, ``sqlcipher:///path`` or ``postgresql://…``; anything else is refused."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise InvalidInput("db", "not_a_database_address", address=text) from error
    kind = url.drivername.split("+")[0]
    if kind == "postgresql":
        return Address(kind, url.set(drivername="postgresql+psycopg"), None)
    if kind not in ("sqlite", "sqlcipher") or not url.database or url.database == ":memory:":
        raise InvalidInput("db", "not_a_database_address", address=url.render_as_string(hide_password=True))
    return Address(kind, url, Path(url.database).expanduser())


def open_engine(address: Address, passphrase: str | None) -> Engine:
    """An engine with the settings that the promises rest on; a missing encrypted file gets a new data key."""
    return _open_postgres(address.url) if address.file is None else _open_sqlite(address, address.file, passphrase)


def for_reading(engine: Engine) -> Engine:
    """The same engine for read scopes: on Postgres all queries of one scope see one state, and none can write."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(**_ONE_VIEW)


def _open_postgres(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"options": _POSTGRES_OPTIONS, "connect_timeout": 5}, pool_size=8, max_overflow=8)

    def rest(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["rested_since"] = monotonic()

    def wake(connection: Any, entry: ConnectionPoolEntry, _borrowed: Any) -> None:
        if monotonic() - entry.info.get("rested_since", monotonic()) < RESTED_AFTER:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the server was restarted: the pool connects anew

    event.listen(engine, "checkin", rest)
    event.listen(engine, "checkout", wake)
    return engine


def _open_sqlite(address: Address, file: Path, passphrase: str | None) -> Engine:
    if tuple(sqlcipher.sqlite_version_info) < OLDEST_SQLITE:
        raise DatabaseUnavailable(reason="engine_too_old", version=sqlcipher.sqlite_version)
    if not file.parent.is_dir():
        raise DatabaseUnavailable(reason="folder_missing", path=str(file.parent))
    data_key = _data_key(file, passphrase) if address.kind == "sqlcipher" else None

    def connect() -> Any:
        connection = sqlcipher.connect(str(file), isolation_level=None, check_same_thread=False, timeout=15)
        try:
            _configure_sqlite(connection, data_key)
        except sqlcipher.DatabaseError as error:
            connection.close()
            raise DatabaseUnavailable(reason="not_a_clinic_file", path=str(file)) from error
        return connection

    engine = create_engine("sqlite+pysqlite://", module=sqlcipher, creator=connect, pool_size=8, max_overflow=8, poolclass=QueuePool)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _data_key(file: Path, passphrase: str | None) -> bytes:
    if passphrase is None:
        raise DatabaseUnavailable(reason="passphrase_missing", path=str(file))
    if not file.exists() and not key_file_path(file).exists():
        return create_key(file, passphrase)
    return unlock_key(file, passphrase)


def _configure_sqlite(connection: Any, data_key: bytes | None) -> None:
    if data_key is not None:
        connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    if found == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    elif found != APPLICATION_ID:
        raise sqlcipher.DatabaseError("another program's file")
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that later wants to write fails at once with "database is locked"; IMMEDIATE waits its turn.
    writes = connection.get_execution_options().get("clinic_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
