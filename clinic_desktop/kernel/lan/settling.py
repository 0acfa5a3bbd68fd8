"""Setting a clinic's database up on a server, by an administrator's connection: roles, database, schema, grants. Again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import event, make_url
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import worded
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.lan import functions, names
from clinic_desktop.kernel.lan.rights import Rights, grants

OLDEST = 150_000
"""Postgres 15: before it everybody could make tables in the schema ``public``."""


class NotSettled(ClinicError):
    """The server cannot be set up: param ``reason`` is too_old, no_scram, no_rights or no_tls, with ``said`` in the server's words."""

    code = "server_not_settled"


@contextmanager
def in_words() -> Iterator[None]:
    """Whatever a server says while a clinic is set up or moves there, as an error that a person can act on."""
    try:
        yield
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(reason="unreachable") from error
    except DBAPIError as error:
        raise worded(error) from error


def connected(url: str, *, database: str | None = None, role: str | None = None) -> psycopg.Connection[Any]:
    """A connection by an address of ours, each statement its own transaction; ``role`` is who it acts as."""
    address = make_url(url).set(drivername="postgresql")
    if database is not None:
        address = address.set(database=database)
    options = "" if role is None else f"-c role={role}"
    try:
        return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True, connect_timeout=5, options=options)
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotSettled(reason="no_rights", said=str(error)) from error


def check_server_fits(admin: psycopg.Connection[Any]) -> None:
    """Raise NotSettled where passwords would be kept weakly or the version is too old."""
    if admin.info.server_version < OLDEST:
        raise NotSettled(reason="too_old", said=str(admin.info.server_version))
    if _shown(admin, "password_encryption") != "scram-sha-256":
        raise NotSettled(reason="no_scram", said=_shown(admin, "password_encryption"))


def make_roles(admin: psycopg.Connection[Any], database: str, permissions: Iterable[str]) -> None:
    """Create what is missing of owner, keeper and groups; none of them can log in."""
    groups = [names.group(database, code) for code in permissions]
    ours = [names.owner(database), names.staff(database), names.devices(database), names.joining(database), names.backup(database), *groups]
    ours.append(names.service(database))
    known = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles")}
    try:
        for name in (name for name in ours if name not in known):
            admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
        keeper = names.keeper(database)
        if keeper not in known:
            admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN CREATEROLE").format(sql.Identifier(keeper)))
        given = [sql.Identifier(name) for name in ("pg_signal_backend", *ours[1:4], *groups)]
        admin.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(sql.SQL(", ").join(given), sql.Identifier(keeper)))
        # A superuser acts as either of them as it is; as a member, the server's door would take it for one of the clinic's people.
        for name in () if _shown(admin, "is_superuser") == "on" else (names.owner(database), keeper):
            admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotSettled(reason="no_rights", said=str(error)) from error


def make_database(admin: psycopg.Connection[Any], database: str) -> bool:
    """Create the database where it is missing; whether it was. Nobody enters it but its own roles."""
    name = sql.Identifier(database)
    is_new = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is None
    try:
        if is_new:
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
            admin.execute(statement.format(name, sql.Identifier(names.owner(database))))
        else:
            admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(names.owner(database))))
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        for kind in (names.staff, names.devices, names.joining, names.backup, names.service, names.keeper):
            admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(kind(database))))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotSettled(reason="no_rights", said=str(error)) from error
    return is_new


_OWN = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v') AND c.relowner <> '{owner}'::regrole LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO "{owner}"', one.name);
    END LOOP;
    FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND p.proowner <> '{owner}'::regrole
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO "{owner}"', one.name);
    END LOOP;
END $$
"""


def make_schemas(inside: psycopg.Connection[Any], database: str) -> None:
    """Give the tables to their owner, and the schema of logins to the keeper; ``inside`` is the administrator in the database."""
    owner, keeper = names.owner(database), names.keeper(database)
    inside.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(owner)))
    inside.execute(_OWN.format(owner=owner))
    inside.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(sql.Identifier(names.SCHEMA), sql.Identifier(keeper)))


def grant(url: str, database: str, rights: Rights, account_groups: tuple[str, ...], *, authority: str) -> None:
    """Grant exactly what the rights say, and make the functions of logins anew; each in one transaction."""
    with connected(url, database=database, role=names.keeper(database)) as keeper, keeper.transaction():
        for statement in functions.statements(database, tuple(names.group(database, code) for code in account_groups)):
            keeper.execute(statement.encode())
        if authority:
            keeper.execute("DELETE FROM clinic_lan.authority")
            keeper.execute("INSERT INTO clinic_lan.authority (pem) VALUES (%s)", (authority,))
    with connected(url, database=database, role=names.owner(database)) as owner, owner.transaction():
        there = frozenset(name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        owner.execute(";\n".join(grants(rights, database, there)).encode())


def as_owner(database: Database) -> Database:
    """Have every connection of an administrator's open database act as the owner of the tables: migrations do."""
    owner = names.owner(str(database.address.url.database))

    def become(connection: Any, _entry: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner)))
        connection.commit()

    event.listen(database.engine, "connect", become)
    database.engine.dispose()
    return database


def _shown(admin: psycopg.Connection[Any], setting: str) -> str:
    row = admin.execute("SELECT current_setting(%s)", (setting,)).fetchone()
    return "" if row is None else str(row[0])
