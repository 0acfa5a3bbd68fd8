"""Putting a restored file in place: killed at any moment, the next start finds the old database or the new one, and both are there."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from clinic_desktop.kernel.backup.planning import plan_restore
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.backup.routine import back_up, identity_of
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import Passphrase
from tests.conftest import FrozenClock
from tests.faults.killing import Zygote
from tests.kernel.backup.conftest import PASSPHRASE, Made
from tests.kernel.backup.test_taking import write_key


def keys_in(database: Database) -> int:
    with database.engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM command_keys")) or 0


STEPS = 8
"""What a restore says that it has reached: built, planned, and each of six renames."""


@pytest.mark.parametrize("deadly", range(1, STEPS + 1))
def test_killed_at_any_moment_either_database_opens_and_both_are_there(
    made: Made, folder: Path, tmp_path: Path, clock: FrozenClock, workers: Zygote, deadly: int
) -> None:
    database = made("sqlcipher")
    back_up(database, folder, reason="MANUAL")
    write_key(database)
    before, file = identity_of(database).database_id, database.address.file
    assert file is not None
    database.close()
    url = f"sqlcipher:///{file}"
    worker = workers.start("restore", url, str(folder), PASSPHRASE, str(tmp_path / "state"), str(deadly))
    assert workers.hear() == f"dies at {deadly}"
    workers.wait_for(worker)
    with closing(Database.open(url, passphrase=PASSPHRASE, clock=clock)) as found:
        is_new = identity_of(found).database_id != before
        assert is_new == (deadly > 1)  # once the renames are written down, the next start does them
        assert keys_in(found) == (0 if is_new else 1)
    aside = list(file.parent.glob("*before-restore-*.db"))
    assert len(aside) == int(is_new)
    for kept in aside:
        with closing(Database.open(f"sqlcipher:///{kept}", passphrase=PASSPHRASE, clock=clock)) as old:
            assert (identity_of(old).database_id, keys_in(old)) == (before, 1)
    assert not file.with_name(file.name + ".restore-plan").exists()


def test_a_restore_that_nobody_kills_says_as_many_steps(made: Made, folder: Path, clock: FrozenClock) -> None:
    """Else the kills above would miss some."""
    database = made("sqlcipher")
    back_up(database, folder, reason="MANUAL")
    steps: list[str] = []
    secret = Passphrase(PASSPHRASE)
    url = f"sqlcipher:///{database.address.file}"
    restore(plan_restore(folder, secret, clock()), url, secret, present=database, clock=clock, reached=steps.append)
    assert len(steps) == STEPS


def test_a_damaged_database_is_put_aside_as_it_is(made: Made, folder: Path, clock: FrozenClock) -> None:
    database = made("sqlcipher")
    back_up(database, folder, reason="MANUAL")
    file = database.address.file
    assert file is not None
    database.close()
    with file.open("r+b") as content:
        content.write(b"\0" * 8192)
    broken, secret, url = file.read_bytes(), Passphrase(PASSPHRASE), f"sqlcipher:///{file}"
    done = restore(plan_restore(folder, secret, clock()), url, secret, clock=clock)
    assert file.with_name(done.kept_at or "").read_bytes() == broken
    with closing(Database.open(url, passphrase=PASSPHRASE, clock=clock)) as found:
        assert identity_of(found).database_id == done.rebuilt.database_id
