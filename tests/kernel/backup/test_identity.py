"""A database that is not the one that was here is noticed, and told for what it is."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from clinic_desktop.kernel.backup.routine import identity_of
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.identity import Diverged, Fresh, Older, Other, Restored, Same, accept_as_restored, check_identity, remember
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.security import Actor
from tests.conftest import FrozenClock
from tests.kernel.backup.conftest import Made
from tests.kernel.backup.test_taking import write_key

ACTOR = Actor.system("tester")


@contextmanager
def at(file: Path, clock: FrozenClock) -> Iterator[Database]:
    with closing(Database.open(f"sqlite:///{file}", clock=clock)) as database:
        yield database


def file_of(database: Database) -> Path:
    assert database.address.file is not None
    database.close()
    return database.address.file


def test_the_same_database_goes_on(keyed: Database, tmp_path: Path) -> None:
    assert check_identity(keyed) == Fresh()
    remember(keyed)
    assert check_identity(keyed) == Same()
    write_key(keyed)
    assert check_identity(keyed) == Same()
    remember(keyed)
    (anchor,) = (tmp_path / "state" / "anchors").iterdir()
    if os.name != "nt":
        assert stat.S_IMODE(anchor.stat().st_mode) == 0o600


def test_an_old_file_copied_over_the_new_one_is_older(made: Made, clock: FrozenClock, tmp_path: Path) -> None:
    file = file_of(made("sqlite"))
    shutil.copy(file, tmp_path / "old.db")
    with at(file, clock) as database:
        for _ in range(3):
            write_key(database)
        remember(database)
    shutil.copy(tmp_path / "old.db", file)
    with at(file, clock) as database:
        assert check_identity(database) == Older(missing=3)


def test_a_clone_that_went_another_way_has_diverged(made: Made, clock: FrozenClock, tmp_path: Path) -> None:
    file, clone = file_of(made("sqlite")), tmp_path / "clone.db"
    shutil.copy(file, clone)
    with at(file, clock) as database:
        write_key(database)
        remember(database)
        seen = check_identity(database)
    with at(clone, clock) as database:
        for _ in range(2):
            write_key(database)
    shutil.copy(clone, file)
    assert seen == Same()
    with at(file, clock) as database:
        assert check_identity(database) == Diverged(since=2)


def test_another_database_is_another(made: Made, clock: FrozenClock) -> None:
    file, other = file_of(made("sqlite")), made("sqlcipher")
    with at(file, clock) as database:
        remember(database)
        mine = identity_of(database).database_id
    file.unlink()
    replacement = made("sqlite")
    accept_as_restored(replacement, ACTOR)  # tests copy one template, so it needs an id of its own
    accept_as_restored(replacement, ACTOR)
    shutil.copy(file_of(replacement), file)
    with at(file, clock) as database:
        found = check_identity(database)
        assert found == Other(identity_of(database).database_id)
        assert isinstance(found, Other)
        assert found.database_id not in (mine, identity_of(other).database_id)


def test_whoever_accepts_a_copy_gives_it_an_id_of_its_own(keyed: Database) -> None:
    before = identity_of(keyed)
    remember(keyed)
    after = accept_as_restored(keyed, ACTOR)
    assert identity_of(keyed).database_id == after != before.database_id
    assert identity_of(keyed).site_id == before.site_id
    assert check_identity(keyed) == Same()
    with keyed.read() as session:
        assert verify(session).broken is None
    write_key(keyed)


def test_a_computer_that_was_away_hears_that_it_was_restored(keyed: Database, tmp_path: Path) -> None:
    before = identity_of(keyed).database_id
    remember(keyed)
    anchors = tmp_path / "state" / "anchors"
    (anchor,) = anchors.iterdir()
    known = anchor.read_bytes()
    accept_as_restored(keyed, ACTOR)
    anchor.write_bytes(known)
    assert check_identity(keyed) == Restored(before)


def test_an_unreadable_anchor_is_none(keyed: Database, tmp_path: Path) -> None:
    remember(keyed)
    (anchor,) = (tmp_path / "state" / "anchors").iterdir()
    anchor.write_bytes(b"{")
    assert check_identity(keyed) == Fresh()
