"""An encrypted database with rows and a document, to be rekeyed."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from clinic_desktop.kernel import keys
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import (
    Passphrase,
    UserPassword,
)
from clinic_desktop.kernel.rekey import ANNOUNCED, COPIED, RENEWED, RESEALED, SWAPPED
from clinic_desktop.kernel.store import store_of

STEPS = (COPIED, ANNOUNCED, SWAPPED, RENEWED, RESEALED)
HEAD, MEERA, RAVI = Passphrase("correct horse"), UserPassword("meera", "battery staple"), UserPassword("ravi", "another staple")

PAGES, ROWS = 4096, 3000
DOCUMENTS = [b"letter %d " % number * 200 for number in range(12)]


def opened(file: Path, secret: keys.Secret) -> Database:
    return Database.open(f"sqlcipher:///{file}", secret=secret)


def add_rows(database: Database, first: int, count: int) -> None:
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        rows = [(number, f"patient {number} " * 80) for number in range(first, first + count)]
        connection.exec_driver_sql("INSERT INTO visits_kept VALUES (?, ?)", rows)


def numbers(database: Database) -> list[int]:
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        return list(connection.exec_driver_sql("SELECT number FROM visits_kept ORDER BY number").scalars())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted database of some MB with documents, closed; the passphrase and two people open it."""
    made = tmp_path_factory.mktemp("rekeyed") / "clinic.db"
    with closing(opened(made, HEAD)) as database:
        with database.engine.execution_options(clinic_write=True).begin() as connection:
            connection.exec_driver_sql("CREATE TABLE visits_kept (number INTEGER PRIMARY KEY, words TEXT)")
        add_rows(database, 0, ROWS)
        database.vault.add(MEERA)
        database.vault.add(RAVI)
        for document in DOCUMENTS:
            store_of(database).put(document)
    assert made.stat().st_size > 3_000_000
    return made


@pytest.fixture
def file(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(template.parent, tmp_path / "first")
    return tmp_path / "first" / template.name
