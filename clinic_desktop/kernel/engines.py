"""The two engines: SQLite (plain or SQLCipher) and Postgres, set up so that one command body is right on both."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

from clinic_desktop.kernel.errors import DatabaseUnavailable, InvalidInput
from clinic_desktop.kernel.filesystems import refuse_share
from clinic_desktop.kernel.servers import ONE_VIEW, POOLED, open_server

APPLICATION_ID = 0x436C6E63
"""``PRAGMA application_id`` of a clinic file ("Clnc"), so that another program's file is not taken for one."""

OLDEST_SQLITE = (3, 51, 3)
"""Earlier engines can corrupt a database when the write-ahead log is reset."""

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -64000",
)
_PRIMARY = 0xFF
"""The part of SQLite's error codes that says what kind it is."""
_PATIENCE = 15.0
"""Seconds that whoever finds the file locked waits for it."""
WRITING = {"clinic_write": True}
"""The options of a connection that is to write."""
NO_OPTIONS: Mapping[str, Any] = {}
log = logging.getLogger(__name__)


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


def open_engine(address: Address, data_key: bytes | None = None) -> Engine:
    """An engine with the settings that the promises rest on; ``data_key`` is that of an encrypted file."""
    return open_server(address.url) if address.file is None else _open_sqlite(address.file, data_key)


def reading(engine: Engine) -> Mapping[str, Any]:
    """The options of a connection for one read scope: on Postgres all its queries see one state, and none can write."""
    return NO_OPTIONS if engine.dialect.name == "sqlite" else ONE_VIEW


def for_reading(engine: Engine) -> Engine:
    """The same engine with these options for every connection; it costs more to make than a small query."""
    return engine.execution_options(**reading(engine))


def check_place(file: Path) -> None:
    """Refuse, before anything is written, an engine or a folder that no database file is safe with."""
    if tuple(sqlcipher.sqlite_version_info) < OLDEST_SQLITE:
        raise DatabaseUnavailable(reason="engine_too_old", version=sqlcipher.sqlite_version)
    refuse_share(file)
    if not file.parent.is_dir():
        raise DatabaseUnavailable(reason="folder_missing", path=str(file.parent))


def _open_sqlite(file: Path, data_key: bytes | None) -> Engine:
    check_place(file)

    def connect() -> Any:
        if not file.exists():
            file.touch(mode=0o600)  # its log and index follow the rights of the file
        before = _which(file)
        connection = connect_to(file, data_key)
        try:
            _claim(connection)
            _still_the_same(file, before)
            _keep_log(connection)
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            _still_the_same(file, before)
        except sqlcipher.DatabaseError as error:
            connection.close()
            raise refused(error, file) from error
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite+pysqlite://", module=sqlcipher, creator=connect, poolclass=QueuePool, **POOLED)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def connect_to(file: Path, data_key: bytes | None, *, options: str = "", timeout: float = _PATIENCE) -> Any:
    """A bare connection with its key given and nothing read yet; ``options`` are those of a SQLite URI."""
    uri = f"file:{quote(str(file))}?{options}" if options else str(file)
    connection = sqlcipher.connect(uri, uri=bool(options), isolation_level=None, check_same_thread=False, timeout=timeout)
    if data_key is not None:
        connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is an answer, no line on standard error
        connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
    return connection


def follow_file(file: Path, data_key: bytes | None) -> Any:
    """A connection that only looks, for as long as the database is open."""
    connection = connect_to(file, data_key, options="mode=ro")
    connection.execute("PRAGMA query_only = ON")
    return connection


def fits(file: Path, data_key: bytes) -> bool:
    """Whether a key reads a database file, asked without touching the file, its log or its locks."""
    probe = connect_to(file, data_key, options="immutable=1")
    try:
        probe.execute("PRAGMA application_id").fetchone()
    except sqlcipher.DatabaseError as error:
        # The key reads the first page, which does not agree with the file: whoever copied the log into it died on the way.
        return bool(error.sqlite_errorcode == sqlcipher.SQLITE_CORRUPT)
    finally:
        probe.close()
    return True


def has_log(file: Path) -> bool:
    """Whether something that was committed is not in the database file itself yet."""
    beside = file.with_name(f"{file.name}-wal")
    return beside.exists() and beside.stat().st_size > 0


def take_in_log(engine: Engine) -> None:
    """Copy the log into the file, as far as nobody still reads what was before: then its pages can be looked at by themselves."""
    with closing(engine.raw_connection()) as connection:
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlcipher.DatabaseError as error:  # a full disk, say: nothing is lost, it stays in the log
            log.info("the log stays by itself: %s", error)


def salt_of(file: Path) -> str:
    """The random first bytes of an encrypted file, which tell one database from another."""
    probe = connect_to(file, bytes(32), options="immutable=1")
    try:
        return str(probe.execute("PRAGMA cipher_salt").fetchone()[0])
    finally:
        probe.close()


def _which(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _still_the_same(file: Path, before: tuple[int, int] | None) -> None:
    # A rekey puts a new file in place of the old one: who had waited for the old one must not write into it.
    if before is not None and _which(file) != before:
        raise DatabaseUnavailable(reason="replaced", path=str(file))


def _claim(connection: Any) -> None:
    """Mark an empty file as a clinic's; refuse another program's."""
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    if found == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    elif found != APPLICATION_ID:
        raise sqlcipher.DatabaseError("another program's file")


def _keep_log(connection: Any) -> None:
    """Write ahead into a log. SQLite waits for nobody where a file that has none yet (new, restored, rekeyed) is opened by two at once."""
    deadline = monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlcipher.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY != sqlcipher.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.01)
        else:
            return


def refused(error: Exception, file: Path) -> DatabaseUnavailable:
    """The clinic's word for why a file could not be opened or copied."""
    if "database is locked" in str(error):
        return DatabaseUnavailable(reason="busy")
    if "disk is full" in str(error):
        return DatabaseUnavailable(reason="disk_full")
    return DatabaseUnavailable(reason="not_a_clinic_file", path=str(file))


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that later wants to write fails at once with "database is locked"; IMMEDIATE waits its turn.
    writes = connection.get_execution_options().get("clinic_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


MOVED_TO = "database moved to "
"""What a file says of which the clinic is at work on a server, with the server's place after it."""
_NO_CONNECTION = ("refused", "failed", "closed", "timeout expired")


def worded(error: DBAPIError) -> Exception:
    """The clinic's word for an engine failure that a person can act on; any other stays as it is."""
    text = str(error.orig).lower()
    if error.connection_invalidated or ("connection" in text and any(sign in text for sign in _NO_CONNECTION)):
        return DatabaseUnavailable(reason="unreachable")
    if "disk is full" in text or "no space left" in text or getattr(error.orig, "sqlstate", None) == "53100":
        return DatabaseUnavailable(reason="disk_full")
    if "database is locked" in text:
        return DatabaseUnavailable(reason="busy")
    if getattr(error.orig, "sqlstate", None) == "42501":
        return DatabaseUnavailable(reason="not_granted", said=text)
    if MOVED_TO in text:
        return DatabaseUnavailable(reason="moved", path="", to=text.partition(MOVED_TO)[2])
    if "malformed" in text or "file is not a database" in text:
        return DatabaseUnavailable(reason="damaged")
    return error
