"""A rebuilt file into a Postgres database, in one transaction: whoever looks sees the old state or the new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.backup.copying import copy_rows, digests
from clinic_desktop.kernel.backup.errors import BadBackup, RestoreRefused
from clinic_desktop.kernel.backup.sides import PostgresSide, SqliteSide
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import KeyFile
from clinic_desktop.kernel.migrations import upgrade_within

_EXTENSIONS = text("SELECT e.extname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname = :name")


def load(
    source: Any,
    revision: str,
    key_slots: KeyFile | None,
    target: Database,
    now: datetime,
    steps: Steps = UNWATCHED,
    finish: Callable[[Connection], None] = lambda _connection: None,
) -> str | None:
    """Bring a file's rows into a server's database; returns the schema where the rows of before are kept, if any."""
    with target.engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        kept = _set_aside(connection, now)
        upgrade_within(connection, revision)
        copied = copy_rows(SqliteSide(source), PostgresSide(driver), steps)
        if digests(PostgresSide(driver), steps) != copied:
            raise BadBackup(path=str(target.address.url.database), reason="miscounted")
        if key_slots is not None and inspect(connection).has_table("key_vault"):
            connection.execute(text("INSERT INTO key_vault (id, content) VALUES (1, :content)"), {"content": key_slots.export()})
            if kept is not None:
                _take_documents(connection, kept, key_slots)
        finish(connection)
    return kept


def _set_aside(connection: Connection, now: datetime) -> str | None:
    """Rename the present schema and begin a new one; None when there is nothing in it."""
    schema = connection.scalar(text("SELECT current_schema()"))
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    kept = f"before_restore_{now.astimezone(UTC):%Y%m%d_%H%M%S}"
    try:
        # Whoever is in the middle of something finishes first; whoever comes next waits, and then finds the new tables.
        connection.exec_driver_sql("LOCK TABLE " + ", ".join(f'"{name}"' for name in sorted(tables)) + " IN ACCESS EXCLUSIVE MODE")
        connection.exec_driver_sql(f'ALTER SCHEMA "{schema}" RENAME TO "{kept}"')
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
        connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA "{schema}" TO PUBLIC')
        for extension in connection.scalars(_EXTENSIONS, {"name": kept}).all():
            connection.exec_driver_sql(f'ALTER EXTENSION "{extension}" SET SCHEMA "{schema}"')
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        reason = {"42501": "no_rights", "55P03": "in_use", "40P01": "in_use"}.get(str(state))
        if reason is None:
            raise
        raise RestoreRefused(reason=reason, path=str(connection.engine.url.database)) from error
    return kept


def _take_documents(connection: Connection, kept: str, key_slots: KeyFile) -> None:
    """Documents never change: those of before are still the clinic's, where the same key seals them."""
    if not inspect(connection).has_table("document_blobs", schema=kept):
        return
    found = connection.scalar(text(f'SELECT content FROM "{kept}".key_vault WHERE id = 1'))
    if found is not None and KeyFile.parse(bytes(found)).key_id == key_slots.key_id:
        connection.exec_driver_sql(
            f'INSERT INTO document_blobs (sha256, content, put_at) SELECT sha256, content, now() FROM "{kept}".document_blobs'
        )
