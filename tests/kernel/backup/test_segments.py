"""The journal beside backups: whole or not at all, in order, and cut off where something is missing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from clinic_desktop.kernel.backup.changes import changes_of
from clinic_desktop.kernel.backup.errors import BackupFailed
from clinic_desktop.kernel.backup.planning import plan_restore
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.backup.routine import back_up, identity_of, save_journal
from clinic_desktop.kernel.backup.segments import changes_in, drop_before, files_of, records_of
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import Passphrase, key_id
from tests.conftest import FrozenClock
from tests.kernel.backup.conftest import PASSPHRASE, Made
from tests.kernel.backup.test_taking import write_key

SECRET = Passphrase(PASSPHRASE)


@pytest.fixture
def clinic(made: Made, tmp_path: Path) -> tuple[Database, Path]:
    """An encrypted database with one backup."""
    folder = tmp_path / "backups"
    folder.mkdir()
    database = made("sqlcipher")
    back_up(database, folder, reason="MANUAL")
    return database, folder


def sequences(database: Database, folder: Path, after: int = 1) -> list[int]:
    assert database.data_key is not None
    keys = {key_id(database.data_key): database.data_key}
    return [change.seq for change in changes_in(folder, identity_of(database).database_id, keys, after)]


def work(database: Database, folder: Path, clock: FrozenClock, *, rounds: int) -> None:
    for _ in range(rounds):
        clock.advance(hours=9)
        write_key(database)
        write_key(database)
        assert save_journal(database, folder).change_sets == 2


def test_what_was_committed_since_is_added_and_read_back(clinic: tuple[Database, Path], clock: FrozenClock) -> None:
    database, folder = clinic
    work(database, folder, clock, rounds=5)
    assert sequences(database, folder) == list(range(2, 12))
    assert save_journal(database, folder).change_sets == 0
    assert len(files_of(folder, identity_of(database).database_id)) == 3  # one a day
    with database.engine.connect() as connection:
        told = list(changes_of(connection, 1))
    assert database.data_key is not None
    keys = {key_id(database.data_key): database.data_key}
    assert list(changes_in(folder, identity_of(database).database_id, keys, 1)) == told
    assert any(change.secrets for change in told)


def test_without_a_backup_there_is_nothing_to_follow(made: Made, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed) as refused:
        save_journal(made("sqlcipher"), tmp_path)
    assert refused.value.params["reason"] == "no_backup"


Harm = Callable[[Path], None]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [cut, alter, Path.unlink])
def test_reading_ends_before_what_was_harmed(clinic: tuple[Database, Path], clock: FrozenClock, tmp_path: Path, harm: Harm) -> None:
    database, folder = clinic
    work(database, folder, clock, rounds=4)
    whose = identity_of(database).database_id
    middle = files_of(folder, whose)[1]
    first = min(record.first for record in records_of(folder, whose) if record.path == middle)
    harm(middle)
    left = sequences(database, folder)
    assert left == list(range(2, left[-1] + 1))
    assert first - 1 <= left[-1] < 9
    # What is left is restored, and no more.
    url = f"sqlcipher:///{tmp_path / 'restored.db'}"
    assert restore(plan_restore(folder, SECRET, clock()), url, SECRET, clock=clock).rebuilt.seq == left[-1]


def test_a_torn_end_is_cut_before_the_next_record(clinic: tuple[Database, Path], clock: FrozenClock) -> None:
    database, folder = clinic
    write_key(database)
    save_journal(database, folder)
    (path,) = files_of(folder, identity_of(database).database_id)
    whole = path.read_bytes()
    write_key(database)
    save_journal(database, folder)
    path.write_bytes(path.read_bytes()[:-10])  # killed in the middle of the second one
    assert sequences(database, folder) == [2]
    assert save_journal(database, folder).change_sets == 1
    assert path.read_bytes().startswith(whole)
    assert sequences(database, folder) == [2, 3]


def test_files_that_no_restore_needs_go(clinic: tuple[Database, Path], clock: FrozenClock) -> None:
    database, folder = clinic
    work(database, folder, clock, rounds=4)
    whose = identity_of(database).database_id
    before = files_of(folder, whose)
    last = {path: max(record.last for record in records_of(folder, whose) if record.path == path) for path in before}
    gone = drop_before(folder, whose, last[before[1]])
    assert gone == before[:2]
    assert sequences(database, folder, after=last[before[1]]) == list(range(last[before[1]] + 1, 10))


def test_nothing_in_a_segment_is_readable(clinic: tuple[Database, Path], clock: FrozenClock) -> None:
    database, folder = clinic
    work(database, folder, clock, rounds=1)
    for path in files_of(folder, identity_of(database).database_id):
        assert b"command_keys" not in path.read_bytes()
        assert b"tester" not in path.read_bytes()


def test_the_journal_goes_on_after_a_restore_under_its_new_name(clinic: tuple[Database, Path], clock: FrozenClock, tmp_path: Path) -> None:
    database, folder = clinic
    work(database, folder, clock, rounds=1)
    url = f"sqlcipher:///{tmp_path / 'restored.db'}"
    restore(plan_restore(folder, SECRET, clock()), url, SECRET, clock=clock)
    with closing(Database.open(url, secret=SECRET, clock=clock)) as copy:
        with pytest.raises(BackupFailed):
            save_journal(copy, folder)
        back_up(copy, folder, reason="SCHEDULED")
        write_key(copy)
        assert save_journal(copy, folder).change_sets == 1
        assert sequences(database, folder) == [2, 3]
        assert sequences(copy, folder, after=4) == [5]
