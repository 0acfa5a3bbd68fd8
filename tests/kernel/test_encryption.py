"""Encrypted databases: a key opens them, nothing else does, and a wrong one changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable, InvalidInput
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.keys import KeyFileMissing, WrongPassphrase, key_file_path
from clinic_desktop.kernel.security import Actor
from tests.conftest import FrozenClock
from tests.databases import fresh

SECRET = "a known patient string"


@pytest.fixture
def encrypted(tmp_path: Path, clock: FrozenClock) -> Path:
    """An encrypted database with a known string in it, closed."""
    database, _ = fresh("sqlcipher", tmp_path, clock)
    file = Path(str(database.address.file))
    with database.write(Actor.system()) as tx:
        tx.add(CommandKey(key=new_id(), command=SECRET, result=None))
    assert SECRET.encode() not in file.with_name(f"{file.name}-wal").read_bytes()
    database.close()
    return file


def test_no_plain_text_reaches_the_disk(encrypted: Path) -> None:
    for file in encrypted.parent.iterdir():
        assert SECRET.encode() not in file.read_bytes()
        assert b"SQLite format 3" not in file.read_bytes()


def test_the_passphrase_opens_it_again(encrypted: Path) -> None:
    database = Database.open(f"sqlcipher:///{encrypted}", passphrase="correct horse")
    with database.read() as session:
        assert session.query(CommandKey.command).scalar() == SECRET
    database.close()


def test_a_wrong_passphrase_is_refused_and_changes_nothing(encrypted: Path) -> None:
    before = {file.name: file.read_bytes() for file in encrypted.parent.iterdir()}
    with pytest.raises(WrongPassphrase):
        Database.open(f"sqlcipher:///{encrypted}", passphrase="wrong horse")
    assert {file.name: file.read_bytes() for file in encrypted.parent.iterdir()} == before


def test_a_lost_key_file_is_named_and_no_new_key_is_made(encrypted: Path) -> None:
    key_file_path(encrypted).unlink()
    with pytest.raises(KeyFileMissing):
        Database.open(f"sqlcipher:///{encrypted}", passphrase="correct horse")
    assert not key_file_path(encrypted).exists()


def test_another_programs_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    file.write_bytes(b"this is not a database at all, but long enough to be one" * 20)
    before = file.read_bytes()
    with pytest.raises(DatabaseUnavailable) as refused:
        Database.open(f"sqlite:///{file}")
    assert refused.value.params["reason"] == "not_a_clinic_file"
    assert file.read_bytes() == before


@pytest.mark.parametrize("address", ["clinic.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "", "postgresql"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        Database.open(address)


def test_a_short_passphrase_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        Database.open(f"sqlcipher:///{tmp_path / 'clinic.db'}", passphrase="short")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        Database.open("postgresql://nobody@127.0.0.1:1/none")
    assert refused.value.params["reason"] == "unreachable"
