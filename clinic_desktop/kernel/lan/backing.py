"""The login of the server's own backups: only the computer that runs the server has it, and whoever works there is asked for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql
from sqlalchemy import make_url, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.key_secrets import DataKey
from clinic_desktop.kernel.lan import names
from clinic_desktop.kernel.lan.kept import keep_backup_way, kept_backup_way
from clinic_desktop.kernel.lan.scram import new_secret, verifier
from clinic_desktop.kernel.lan.settling import connected


def make_backup_login(url: str, database: str) -> None:
    """Give the backups of a server on this computer a login with a new secret, kept here for this user."""
    secret, role = new_secret(), names.backup(database)
    with connected(url, database=database) as admin:
        row = admin.execute("SELECT database_id FROM database_identity").fetchone()
        admin.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier(secret))))
    assert row is not None
    way = make_url(url).set(drivername="postgresql", username=role, password=secret, database=database)
    keep_backup_way(str(row[0]), way.render_as_string(hide_password=False))


@contextmanager
def backup_source(db: Database) -> Iterator[Database | None]:
    """The database as whoever backs it up here reads it; None where its backups are another computer's work."""
    if not db.seats.is_needed:
        yield db
        return
    with db.read() as session:
        way = kept_backup_way(str(session.scalars(select(DatabaseIdentity.database_id)).one()))
    if way is None or db.data_key is None:
        yield None
        return
    source = Database.open(way, secret=DataKey(db.data_key), clock=db.clock)
    try:
        yield source
    finally:
        source.close()
