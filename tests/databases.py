"""Fresh migrated databases for tests: one template an engine, copied for each test."""

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

ENGINES = ("sqlite", "postgres")
PASSPHRASE = "correct horse"
"""What opens the copies of a template of the engine ``sqlcipher``."""
_counter = itertools.count(1)
_templates: dict[tuple[str, str], tuple[str, Any]] = {}
_dialects: dict[tuple[str, str], Dialect] = {}
_compiled: dict[Any, Any] = {}

Clock = Callable[[], datetime]


def fresh(
    engine: str, folder: Path, clock: Clock, *, recipe: str = "empty", build: Callable[[Database], Any] | None = None
) -> tuple[Database, Any]:
    """A database of its own for one test, copied from the template ``recipe``, and what building that template returned."""
    if (engine, recipe) not in _templates:
        address = _new_address(engine, folder.parent / f"template-{engine}-{recipe}-{os.getpid()}.db", f"template_{recipe}_{os.getpid()}")
        _create(address)
        template = _opened(address, clock)
        try:
            upgrade(template)
            built = build(template) if build else None
        finally:
            template.close()
        _templates[engine, recipe] = (address, built)
    address, built = _templates[engine, recipe]
    return _compiling_once(_opened(_copy(engine, address, folder), clock), (engine, recipe)), built


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
        with psycopg.connect(os.environ["CLINIC_TEST_POSTGRES"], autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{url.database}" TEMPLATE "{template}" STRATEGY file_copy')  # type: ignore[arg-type]


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
        with psycopg.connect(os.environ["CLINIC_TEST_POSTGRES"], autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database.address.url.database}" WITH (FORCE)')  # type: ignore[arg-type]
