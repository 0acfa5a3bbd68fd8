"""Fresh migrated databases for tests: one template an engine and recipe for the whole run, copied for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Dialect, make_url, update

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.kernel.keys import key_file_path
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.store import documents_folder
from clinic_desktop.kernel.tables import NO_CURRENCY, Base
from tests.granting import act_as_roles, grant_in
from tests.sharing import shared

ENGINES = ("sqlite", "postgres")
EMPTY = "empty"
START = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
"""Monday 2026-03-02, 09:00 in Asia/Kolkata: when the tests' clocks begin."""
PASSPHRASE = "correct horse"
"""What opens the copies of a template of the engine ``sqlcipher``."""
_counter = itertools.count(1)
_templates: dict[tuple[str, str], tuple[str, Any]] = {}
_dialects: dict[tuple[str, str], Dialect] = {}
_compiled: dict[Any, Any] = {}
_servers: dict[str, psycopg.Connection] = {}
_copied_from: dict[str, str] = {}
_untouched: dict[str, list[str]] = {}
_REPORTED = "SELECT numbackends, tup_inserted + tup_updated + tup_deleted FROM pg_stat_database WHERE datname = %s"

Clock = Callable[[], datetime]
Build = Callable[..., Any]
"""Fills a template, which it is given; pickled, what it returns is for all."""


def fresh(engine: str, folder: Path, clock: Clock, *, recipe: str = EMPTY, build: Build | None = None) -> tuple[Database, Any]:
    """A database of its own for one test, copied from the template ``recipe``, and what building that template returned."""
    if engine == "postgres":
        act_as_roles()
    address, built = _template_of(engine, recipe, build, clock)
    if _untouched.get(address):
        ours = _untouched[address].pop()
    else:
        ours = _copy(engine, address, folder)
        _copied_from[str(make_url(ours).database)] = address
    return _compiling_once(_opened(ours, clock), engine, recipe), built


def on(recipe: str, build: Build) -> Callable[[Build], Build]:
    """Builds on a copy of that other template, and is handed what its build returned."""

    def mark(further: Build) -> Build:
        vars(further)["begins_with"] = recipe, build
        return further

    return mark


def _template_of(engine: str, recipe: str, build: Build | None, clock: Clock) -> tuple[str, Any]:
    if (engine, recipe) not in _templates:
        if recipe == EMPTY:
            made = shared(f"{engine}-{EMPTY}", lambda place: _migrated(engine, place))
        else:
            # The lock of a former one is held for no longer than it takes to build that one.
            beginning, first = getattr(build, "begins_with", (EMPTY, None))
            former, handed = _template_of(engine, beginning, first, clock)
            made = shared(f"{engine}-{recipe}", lambda place: _template(engine, recipe, place, clock, build, former, handed))
        _templates[engine, recipe] = made
    return _templates[engine, recipe]


def _migrated(engine: str, place: Path) -> tuple[str, Any]:
    """The template of all templates: migrated once for the whole run."""
    address = _place_of(engine, EMPTY, place)
    _create(address)
    template = _opened(address, lambda: START)
    try:
        upgrade(template)
    finally:
        template.close()
    if engine == "postgres":
        grant_in(address)
    return address, None


def _template(engine: str, recipe: str, place: Path, clock: Clock, build: Build | None, former: str, handed: Any) -> tuple[str, Any]:
    address = _place_of(engine, recipe, place)
    _copy_to(engine, former, address)
    template = _opened(address, clock)
    try:
        renewed(template)
        if build is None:
            return address, None
        return address, build(template, handed) if hasattr(build, "begins_with") else build(template)
    finally:
        template.close()


def renewed(database: Database) -> UUID:
    """Copies of a template share its identity: give one its own."""
    made, site = new_id(), new_id()
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(update(DatabaseIdentity).values(database_id=made, site_id=site))
    return made


def _place_of(engine: str, recipe: str, place: Path) -> str:
    ours = f"{recipe}_{os.getpid()}_{next(_counter)}"  # who comes after one that failed begins anew
    return _new_address(engine, place / f"{engine}-{ours}.db", f"template_{ours}")


def copied(database: Database, folder: Path) -> Database:
    """A copy of a database as it is now, such as a backup that is restored."""
    database.engine.dispose()
    return copy_of(address_of(database), folder, database.clock)


def copy_of(address: str, folder: Path, clock: Clock) -> Database:
    """A copy of a database that nobody has open."""
    engine = make_url(address).drivername
    kind = "postgres" if engine.startswith("postgresql") else engine
    return _compiling_once(_opened(_copy(kind, address, folder), clock), kind, "copies")


def address_of(database: Database) -> str:
    """Where a database is, in full."""
    return database.address.url.render_as_string(hide_password=False)


def _opened(address: str, clock: Clock) -> Database:
    return Database.open(address, secret=Passphrase(PASSPHRASE) if address.startswith("sqlcipher") else None, clock=clock)


def _compiling_once(opened: Database, engine: str, recipe: str) -> Database:
    """The same database on the dialect of all that keep its currency: what one test has compiled the next need not.

    A dialect knows one currency, and which one a database will keep that has none yet is known to its test.
    """
    kept = recipe if opened.currency == NO_CURRENCY else opened.currency
    dialect = _dialects.setdefault((engine, kept), opened.engine.dialect)
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
    _copy_to(engine, template, address)
    return address


def _copy_to(engine: str, template: str, address: str) -> None:
    source, target = str(make_url(template).database), str(make_url(address).database)
    if engine == "postgres":
        _create(address, source)
    else:
        copy_file(Path(source), Path(target))


def copy_file(source: Path, target: Path) -> None:
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
        name = str(database.address.url.database)
        if name in _copied_from and _is_untouched(name):
            _untouched.setdefault(_copied_from[name], []).append(_postgres_address(name))
        else:
            _server().execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _is_untouched(name: str) -> bool:
    """Whether nobody changed a row in it, catalogues included: then the next test may have it, and no copy is made.

    Each line to it reports what it did as it ends; one that is still there after that moment may yet change something.
    """
    for _ in range(20):
        lines, rows = _server().execute(_REPORTED, [name]).fetchone() or (1, 1)
        if rows or not lines:
            break
        time.sleep(0.001)
    return not rows and not lines


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
