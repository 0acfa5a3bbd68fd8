"""Makes ``migrations/schema``, a script an engine by which an empty database is laid out: ``make schema``, after each migration."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import make_url

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.revisions import raise_to
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.kernel.schema_scripts import BETWEEN, HEADING, OWN_IDS, SCRIPTS
from tests.databases import address_of, bare, drop
from tests.postgres import binaries, running_postgres

FILES = {"sqlite": "sqlite.sql", "postgres": "postgresql.sql"}
"""By engine, what its script is called."""
_TABLES = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
_STATEMENTS = """
SELECT sql FROM sqlite_schema WHERE type {} 'table' AND sql IS NOT NULL
AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid
"""
_OBJECT = re.compile(r"^--\n-- (?:Data for )?Name: .*\n--\n", re.MULTILINE)
_NOT_OURS = re.compile(r"^(SET default_|COMMENT ON EXTENSION|-- PostgreSQL database dump complete|--$|\\unrestrict).*\n?", re.MULTILINE)
_CHOICE = re.compile(r"\((\w+)\)::text (= ANY|<> ALL) \(\(ARRAY\[([^]]*)]\)::text\[]\)")
_RANGE = re.compile(r"\(\((\w+|\w+\(\w+\)) >= ([^\s()]+|\([^\s()]+\))\) AND \(\1 <= ([^\s()]+|\([^\s()]+\))\)\)")


def by_revisions(database: Database) -> None:
    """Bring an empty database to the newest revision by all of them, one after the other."""
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        raise_to(connection, newest_revision())


def dump(database: Database) -> str:
    """All that Postgres itself would write down of a database, but for who owns it and what it is called by."""
    address = make_url(address_of(database)).set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(binaries() / "pg_dump"), "--no-owner", "--column-inserts", address]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return _unnamed(database, re.sub(r"^\\(un)?restrict .*\n", "", told, flags=re.MULTILINE))


def listing(database: Database) -> str:
    """All that a SQLite file holds: what SQLite knows of its tables, indexes and triggers, and every row."""
    with database.engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all()
        return _unnamed(database, "\n".join([*map(str, known), *_rows(connection)]))


def _rows(connection: Any) -> Iterator[str]:
    for (table,) in connection.exec_driver_sql(_TABLES).all():
        columns = [name for (name,) in connection.exec_driver_sql(f"SELECT name FROM pragma_table_info('{table}') ORDER BY cid").all()]
        quoted = connection.exec_driver_sql(f"SELECT {', '.join(f'quote({column})' for column in columns)} FROM {table}").all()
        for values in quoted:
            yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(values)})"


def script_of(database: Database) -> str:
    """The script that makes what a database is."""
    statements = _sqlite(database) if database.engine.dialect.name == "sqlite" else _postgres(database)
    heading = f"{HEADING}{newest_revision()}\n-- Made by `make schema` from migrations/versions. Do not edit.\n\n"
    return heading + BETWEEN.join(statements) + BETWEEN.rstrip() + "\n"


def _sqlite(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        tables, others = (connection.exec_driver_sql(_STATEMENTS.format(sign)).scalars().all() for sign in ("=", "<>"))
        statements = [_unnamed(database, one) for one in (*tables, *_rows(connection), *others)]
    assert not [one for one in statements if BETWEEN in one]  # the program takes it apart there
    return statements


def _postgres(database: Database) -> list[str]:
    _settings, *objects = _OBJECT.split(dump(database))
    ours = [_NOT_OURS.sub("", one).strip().removesuffix(";") for one in objects]
    # The search path says in which schema, as it does for revisions.
    return [_as_revisions_say(one.replace(" WITH SCHEMA public", "").replace("public.", "")) for one in ours if one]


def _as_revisions_say(statement: str) -> str:
    """The words of a revision again: what Postgres wrote down of them it would itself take for something a little different."""
    return _CHOICE.sub(_as_chosen, _RANGE.sub(r"(\1 BETWEEN \2 AND \3)", statement))


def _as_chosen(found: re.Match[str]) -> str:
    column, sign, values = found.groups()
    return f"{column} {'IN' if sign == '= ANY' else 'NOT IN'} ({values.replace('::character varying', '')})"


def _unnamed(database: Database, text: str) -> str:
    """The same text of whatever database: its own ids are what is different in each."""
    with database.engine.connect() as connection:
        ids = connection.exec_driver_sql("SELECT database_id, site_id FROM database_identity").one()
    for own, place in zip(ids, OWN_IDS, strict=True):
        assert text.count(str(own)) <= 1
        text = text.replace(str(own), place)
    return text


def make(folder: Path) -> None:
    """Write the scripts of both engines."""
    load_departments()
    with running_postgres() as server, TemporaryDirectory() as place:
        os.environ["CLINIC_TEST_POSTGRES"] = server
        for engine, name in FILES.items():
            database = bare(engine, Path(place))
            by_revisions(database)
            (folder / name).write_text(script_of(database), encoding="utf-8")
            drop(database)


if __name__ == "__main__":
    make(SCRIPTS)
    sys.stdout.write(f"{SCRIPTS}: revision {newest_revision()}\n")
