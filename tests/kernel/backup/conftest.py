"""Databases of the three kinds that a backup is taken of: plain, encrypted, and a server's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clinic_desktop.kernel.backup.routine import back_up
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import Passphrase
from tests.clinic.lived import live
from tests.clinic.simulation.clinic import furnish
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import PASSPHRASE, drop, fresh, on
from tests.kernel.backup.photographs import Album, Lived, Photograph, copy_into

__all__ = ["PASSPHRASE"]
KINDS = ("sqlite", "sqlcipher", "postgres")
SECRET = Passphrase(PASSPHRASE)

Made = Callable[..., Database]


@pytest.fixture
def made(tmp_path: Path, clock: FrozenClock) -> Iterator[Made]:
    """Make a database of a kind; all of them are closed and dropped afterwards."""
    kept: list[Database] = []

    def make(kind: str, build: Callable[[Database], Any] | None = None) -> Database:
        recipe = "empty" if build is None else "world"
        database, _ = fresh(kind, tmp_path, clock, recipe=recipe, build=build)
        kept.append(database)
        if kind == "postgres":
            database.vault.add(SECRET)
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for backups."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture(params=("sqlcipher", "postgres"))
def lived(
    request: pytest.FixtureRequest, folder: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, clock: FrozenClock
) -> Iterator[Lived]:
    """A clinic that lived a day, photographed now and then, with one backup and one copy early on.

    It lives once for all tests of a kind; each gets its own database, and in ``folder`` the backup. A plain file differs from
    an encrypted one by its key alone: that its backup is taken and comes back is shown with a smaller one.
    """

    @on("furnished", furnish)
    def live_a_day(database: Database, furnished: World) -> tuple[tuple[Photograph, ...], Path]:
        beside = tmp_path_factory.mktemp("lived")
        (beside / "backups").mkdir()
        if request.param == "postgres":
            database.vault.add(SECRET)

        def first() -> None:
            back_up(database, beside / "backups", reason="SCHEDULED", passphrase=PASSPHRASE)
            copy_into(beside / "copy.db")(database)

        album = Album(database, every=31, first=first)
        database.subscribe(album.look)
        live(database, furnished)
        album.photograph()
        return tuple(album.taken), beside

    database, (taken, beside) = fresh(request.param, tmp_path, clock, recipe="lived-and-backed-up", build=live_a_day)
    if request.param == "postgres":
        database.vault.unlock(SECRET)
    shutil.copytree(beside / "backups", folder, dirs_exist_ok=True)
    shutil.copyfile(beside / "copy.db", tmp_path / "copy.db")
    clock.now = taken[-1].at
    yield Lived(database, taken, tmp_path / "copy.db")
    drop(database)


@pytest.fixture(autouse=True)
def own_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a computer remembers of its databases stays in the test."""
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))
