"""Databases of the three kinds that a backup is taken of: plain, encrypted, and a server's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import Passphrase
from clinic_desktop.kernel.migrations import upgrade
from tests.clinic.world import build_world
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

KINDS = ("sqlite", "sqlcipher", "postgres")
PASSPHRASE = "correct horse"

Made = Callable[..., Database]


@pytest.fixture
def made(tmp_path: Path, clock: FrozenClock) -> Iterator[Made]:
    """Make a database of a kind; all of them are closed and dropped afterwards."""
    kept: list[Database] = []

    def make(kind: str, build: Callable[[Database], Any] | None = None) -> Database:
        if kind == "sqlcipher":
            database = Database.open(f"sqlcipher:///{tmp_path / f'keyed-{len(kept)}.db'}", passphrase=PASSPHRASE, clock=clock)
            kept.append(database)
            upgrade(database)
            if build is not None:
                build(database)
            return database
        recipe = "empty" if build is None else "world"
        database, _ = fresh(kind, tmp_path, clock, recipe=recipe, build=build)
        kept.append(database)
        if kind == "postgres":
            database.vault.add(Passphrase(PASSPHRASE))
        return database

    yield make
    for database in kept:
        drop(database)


@pytest.fixture(params=KINDS)
def keyed(request: pytest.FixtureRequest, made: Made) -> Database:
    """An empty database of each kind; the passphrase opens its backups."""
    return made(request.param)


@pytest.fixture(params=KINDS)
def world_keyed(request: pytest.FixtureRequest, made: Made) -> Database:
    """A furnished clinic of each kind."""
    return made(request.param, build_world)


@pytest.fixture(autouse=True)
def own_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a computer remembers of its databases stays in the test."""
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))
