"""A program that died while SQLite copied its log into the file: the file alone is no whole database, with its log it is.

``fits`` looks at the file without its log, which must not make a file damaged that only waits for its log to be copied again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.keys import Passphrase, key_file_path
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.soundness import refuse_damaged

PAGE, SECTOR = 4096, 512
HEAD = Passphrase("correct horse")
ROWS = 400


def opened(file: Path) -> Database:
    return Database.open(f"sqlcipher:///{file}", secret=HEAD)


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, bytes, bytes]:
    """The file before its log was copied into it, and after it; the log; the key file."""
    file = tmp_path_factory.mktemp("first") / "clinic.db"
    with closing(opened(file)) as database:
        upgrade(database)
    before = file.read_bytes()
    with closing(opened(file)) as database:
        with database.write(Actor.system()) as tx:
            for number in range(ROWS):
                tx.add(CommandKey(key=new_id(), command=f"row {number}", result="x" * 200))
        log, keys = file.with_name("clinic.db-wal").read_bytes(), key_file_path(file).read_bytes()
        assert file.read_bytes() == before, "the log is still by itself"
    after = file.read_bytes()
    assert len(after) > len(before) + 10 * PAGE
    assert after[:PAGE] != before[:PAGE]
    shutil.rmtree(file.parent)
    return before, after, log, keys


def first_page_is_written(before: bytes, after: bytes) -> bytes:
    """The first page tells of pages that the file does not have yet."""
    return after[:PAGE] + before[PAGE:]


def half_of_the_first_page_is_written(before: bytes, after: bytes) -> bytes:
    """As a power cut leaves it on a disk of small sectors."""
    return after[: 3 * SECTOR] + before[3 * SECTOR :]


def half_of_all_pages_are_written(before: bytes, after: bytes) -> bytes:
    middle = len(after) // PAGE // 2 * PAGE
    return after[:middle] + before[middle:]


@pytest.mark.parametrize(
    "torn", [first_page_is_written, half_of_the_first_page_is_written, half_of_all_pages_are_written], ids=lambda one: one.__name__
)
def test_with_its_log_it_is_whole(states: tuple[bytes, bytes, bytes, bytes], tmp_path: Path, torn: Callable[[bytes, bytes], bytes]) -> None:
    before, after, log, keys = states
    file = tmp_path / "clinic.db"
    file.write_bytes(torn(before, after))
    file.with_name("clinic.db-wal").write_bytes(log)
    key_file_path(file).write_bytes(keys)
    with closing(opened(file)) as database:
        refuse_damaged(database)
        with database.read() as session:
            assert session.query(CommandKey).count() == ROWS


def test_without_its_log_it_is_refused_and_left_as_it_is(states: tuple[bytes, bytes, bytes, bytes], tmp_path: Path) -> None:
    before, after, _log, keys = states
    file = tmp_path / "clinic.db"
    torn = half_of_the_first_page_is_written(before, after)
    file.write_bytes(torn)
    key_file_path(file).write_bytes(keys)
    with pytest.raises(DatabaseUnavailable) as refused:
        opened(file)
    assert refused.value.params["reason"] == "damaged"
    assert file.read_bytes() == torn
