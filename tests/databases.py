"""Fresh migrated databases for tests: one template an engine and recipe for the whole run, copied for each test."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Dialect, make_url

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.kernel.keys import key_file_path
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.store import documents_folder
from clinic_desktop.kernel.tables import Base
from tests.granting import act_as_roles, grant_in
from tests.sharing import shared

ENGINES = ("sqlite", "postgres")
PASSPHRASE = "correct horse"
"""What opens the copies of a template of the engine ``sqlcipher``."""
_counter = itertools.count(1)
_templates: dict[tuple[str, str], tuple[str, Any]] = {}
_dialects: dict[tuple[str, str], Dialect] = {}
_compiled: dict[Any, Any] = {}
_servers: dict[str, psycopg.Connection] = {}

Clock = Callable[[], datetime]


def fresh(
    engine: str, folder: Path, clock: Clock, *, recipe: str = "empty", build: Callable[[Database], Any] | None = None
) -> tuple[Database, Any]:
    """A database of its own for one test, copied from the template ``recipe``, and what building that template returned."""
    if engine == "postgres":
        act_as_roles()
    if (engine, recipe) not in _templates:
        _templates[engine, recipe] = shared(f"{engine}-{recipe}", lambda place: _template(engine, recipe, place, clock, build))
    address, built = _templates[engine, recipe]
    return _compiling_once(_opened(_copy(engine, address, folder), clock), (engine, recipe)), built


def _template(engine: str, recipe: str, place: Path, clock: Clock, build: Callable[[Database], Any] | None) -> tuple[str, Any]:
    ours = f"{recipe}_{os.getpid()}_{next(_counter)}"  # who comes after one that failed begins anew
    address = _new_address(engine, place / f"{engine}-{ours}.db", f"template_{ours}")
    _create(address)
    template = _opened(address, clock)
    try:
        upgrade(template)
        if engine == "postgres":
            grant_in(address)
        return address, build(template) if build else None
    finally:
        template.close()


def copied(database: Database, folder: Path) -> Database:
    """A copy of a database as it is now, such as a backup that is restored."""
    database.engine.dispose()
    return copy_of(address_of(database), folder, database.clock)


def copy_of(address: str, folder: Path, clock: Clock) -> Database:
    """A copy of a database that nobody has open."""
    engine = make_url(address).drivername
    kind = "postgres" if engine.startswith("postgresql") else engine
    opened = _opened(_copy(kind, address, folder), clock)
    return _compiling_once(opened, (kind, f"copies that keep {opened.currency}"))  # a dialect knows one currency


def address_of(database: Database) -> str:
    """Where a database is, in full."""
    return database.address.url.render_as_string(hide_password=False)


def _opened(address: str, clock: Clock) -> Database:
    return Database.open(address, secret=Passphrase(PASSPHRASE) if address.startswith("sqlcipher") else None, clock=clock)


def _compiling_once(opened: Database, template: tuple[str, str]) -> Database:
    """The same database on the dialect of all copies of its template: what one test has compiled the next need not."""
    dialect = _dialects.setdefault(template, opened.engine.dialect)
    dialect.clinic_currency = opened.currency  # type: ignore[attr-defined]
    opened.engine.dialect = dialect
    opened.engine.update_execution_options(compiled_cache=_compiled)
    return Database(opened.engine, opened.vault, opened.address, opened.clock)


def forget_compiled() -> None:
    """What a mapper compiled for another engine would keep that engine's dialect, and with it all its types, to the end."""
    for mapper in Base.registry.mappers:
        compiled = vars(mapper).get("_compiled_cache", {})
        for key in [one for one in compiled if one[0] not in _dialects.values()]:
            del compiled[key]


def bare(engine: str, folder: Path) -> Database:
    """A database of its own without any table."""
    number = next(_counter)
    address = _new_address(engine, folder / f"bare-{number}.db", f"bare_{os.getpid()}_{number}")
    _create(address)
    return Database.open(address)


def _new_address(engine: str, file: Path, name: str) -> str:
    return _postgres_address(name) if engine == "postgres" else f"{engine}:///{file}"


def _postgres_address(name: str) -> str:
    return make_url(os.environ["CLINIC_TEST_POSTGRES"]).set(database=name).render_as_string(hide_password=False)


def _create(address: str, template: str = "template1") -> None:
    url = make_url(address)
    if url.drivername == "postgresql":
        _server().execute(f'CREATE DATABASE "{url.database}" TEMPLATE "{template}" STRATEGY file_copy')


def _copy(engine: str, template: str, folder: Path) -> str:
    number = next(_counter)
    address = _new_address(engine, folder / f"clinic-{number}.db", f"test_{os.getpid()}_{number}")
    source, target = str(make_url(template).database), str(make_url(address).database)
    if engine == "postgres":
        _create(address, source)
    else:
        _copy_file(Path(source), Path(target))
    return address


def _copy_file(source: Path, target: Path) -> None:
    """The file with what a template may have beside it: its key slots and its documents."""
    shutil.copyfile(source, target)
    if key_file_path(source).exists():
        shutil.copyfile(key_file_path(source), key_file_path(target))
    if documents_folder(source).exists():
        shutil.copytree(documents_folder(source), documents_folder(target))


def drop(database: Database) -> None:
    """Close a test's database and free its room."""
    database.close()
    if database.address.file is None:
        _server().execute(f'DROP DATABASE IF EXISTS "{database.address.url.database}" WITH (FORCE)')


def _server() -> psycopg.Connection:
    """One line to the run's Postgres for all that a worker makes and drops there: a new one each time costs as much as a small test."""
    address = os.environ["CLINIC_TEST_POSTGRES"]
    if address not in _servers or _servers[address].closed:
        _servers[address] = psycopg.connect(address, autocommit=True)
    return _servers[address]


def hang_up() -> None:
    """Close this worker's lines to the servers."""
    while _servers:
        _servers.popitem()[1].close()
