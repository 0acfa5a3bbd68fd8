"""Every test on Postgres is a test of the server's grants: what a person of a role does there runs under that role's groups.

A command that reaches for a table which its permission was not granted fails with "permission denied for table …". Then either the
command is wrong, or tests/lan/recording.py is due, and a look at what it changes in resources/server/table_rights.txt.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, event, make_url

from clinic_desktop.clinic.access.rules import ALL_POWERFUL, DEFAULT_ROLES
from clinic_desktop.clinic.server_rights import server_rights
from clinic_desktop.kernel.db import ClinicSession
from clinic_desktop.kernel.lan import names, settling
from clinic_desktop.kernel.lan.rights import grants
from clinic_desktop.kernel.security import declared_permissions

DATABASE = "tests"
"""What the roles' names begin with, whatever the databases are called."""
OFF = "CLINIC_TEST_WITHOUT_GRANTS"
"""Set while a recording runs: what is not granted yet must get through."""
_LOCK = 4_711
_held: dict[str, frozenset[str]] = {}


def grant_in(template: str) -> None:
    """Grant in a template what a clinic's server grants; its copies have it too."""
    if OFF in os.environ:
        return
    act_as_roles()
    with psycopg.connect(make_url(template).set(drivername="postgresql").render_as_string(hide_password=False)) as line:
        there = frozenset(name for (name,) in line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        line.execute(";\n".join(grants(server_rights(), DATABASE, there)).encode())


def act_as_roles() -> None:
    """From now on what a person of a role does in this process runs under the groups of that role."""
    if OFF in os.environ:
        return
    if not _held:
        _make_roles(os.environ["CLINIC_TEST_POSTGRES"])
        event.listen(ClinicSession, "after_begin", _act_as_role)


def _make_roles(maintenance: str) -> None:
    groups = server_rights().groups
    for role in DEFAULT_ROLES:
        _held[role] = frozenset(one.code for one in declared_permissions() if role in one.roles or role in ALL_POWERFUL)
    with psycopg.connect(maintenance, autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))  # each worker of the run comes by here
        settling.make_roles(line, DATABASE, groups)
        known = {name for (name,) in line.execute("SELECT rolname FROM pg_roles")}
        for role, held in _held.items():
            if _name(role) not in known:
                members = '", "'.join([names.staff(DATABASE), *(names.group(DATABASE, code) for code in sorted(held))])
                line.execute(f'CREATE ROLE "{_name(role)}" NOLOGIN IN ROLE "{members}"'.encode())


def _act_as_role(session: ClinicSession, _transaction: Any, connection: Connection) -> None:
    tx = session.info.get("tx")
    if tx is None or tx.actor.is_system or len(tx.actor.roles) != 1 or not _is_granted(tx.engine.url):
        return
    (role,) = tx.actor.roles
    if tx.actor.permissions <= _held.get(role, frozenset()):
        connection.exec_driver_sql(f'SET LOCAL ROLE "{_name(role)}"')


def _is_granted(url: URL) -> bool:
    """Whether a database came of ``databases.fresh``: one that a test or benchmark made by itself has no grants but its owner's."""
    return url.port == _port() and str(url.database).startswith(("test_", "template_"))


@cache
def _port() -> int | None:
    return make_url(os.environ["CLINIC_TEST_POSTGRES"]).port


def _name(role: str) -> str:
    return f"{DATABASE}_as_{role}"
