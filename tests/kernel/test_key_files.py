"""The key file: damaged, missing, foreign, older and newer ones are told apart, and a refusal changes no file."""

from __future__ import annotations

import secrets
from pathlib import Path
from shutil import copyfile

import msgspec
import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.keys import (
    DataKey,
    KeyFile,
    KeyFileDamaged,
    KeyFileMissing,
    Passphrase,
    RecoveryKey,
    WrongPassphrase,
    new_recovery_key,
)
from clinic_desktop.kernel.unlocking import KeyFileForeign
from clinic_desktop.kernel.vault import NotEncrypted
from clinic_desktop.wording import sentence
from tests.kernel.encrypted import HEAD, MEERA, Clinic


def test_a_version_1_file_opens_and_its_next_write_makes_it_version_2(clinic: Clinic) -> None:
    data_key = clinic.opens(HEAD)
    assert data_key is not None
    salt = secrets.token_bytes(16)
    wrapped = aes_key_wrap(hash_secret_raw(b"correct horse", salt, 3, 65536, 4, 32, Type.ID), data_key)
    slot = {"kind": "passphrase", "salt": salt, "time_cost": 3, "memory_kib": 65536, "lanes": 4, "wrapped_key": wrapped}
    clinic.key_file.write_bytes(msgspec.json.encode({"version": 1, "slots": [slot]}))
    before = clinic.hashes()
    with pytest.raises(WrongPassphrase):
        clinic.open(Passphrase("wrong horse"))
    assert clinic.opens(HEAD) == clinic.opens(DataKey(data_key)) == data_key
    assert clinic.hashes()["clinic.db.keys"] == before["clinic.db.keys"]
    clinic.add(MEERA)
    assert msgspec.json.decode(clinic.key_file.read_bytes())["version"] == 2
    assert clinic.opens(HEAD) == clinic.opens(MEERA) == data_key


def broken_key_files(content: bytes) -> dict[str, bytes]:
    """A key file after what can happen to a file."""
    raised = msgspec.json.decode(content) | {"version": 3}
    shorter = msgspec.json.decode(content)
    shorter["slots"] = []
    return {
        "empty": b"",
        "truncated": content[: len(content) // 2],
        "no key file": b"these are no keys",
        "not text": bytes(range(256)),
        "a list": b"[]",
        "of a newer program": msgspec.json.encode(raised),
        "without its slots": msgspec.json.encode(shorter),
    }


@pytest.mark.parametrize("how", list(broken_key_files(b'{"slots":[]}')))
def test_a_damaged_key_file_is_named_and_nothing_is_changed(clinic: Clinic, how: str) -> None:
    clinic.key_file.write_bytes(broken_key_files(clinic.key_file.read_bytes())[how])
    before = clinic.hashes()
    with pytest.raises(KeyFileDamaged) as refused:
        clinic.open(HEAD)
    assert str(clinic.key_file) in sentence(refused.value)
    assert ("newer" in sentence(refused.value)) == (how == "of a newer program")
    assert clinic.hashes() == before


def test_each_changed_byte_of_a_key_file_is_noticed(clinic: Clinic) -> None:
    whole = clinic.key_file.read_bytes()
    noticed = 0
    for place in range(len(whole)):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        try:
            noticed += KeyFile.parse(changed) == KeyFile.parse(whole)
        except KeyFileDamaged:
            noticed += 1
    assert noticed == len(whole)


def test_a_missing_key_file_is_named_and_no_new_one_is_made(clinic: Clinic) -> None:
    clinic.key_file.unlink()
    before = clinic.hashes()
    for secret in (HEAD, MEERA, RecoveryKey(new_recovery_key())):
        with pytest.raises(KeyFileMissing) as refused:
            clinic.open(secret)
        assert str(clinic.key_file) in sentence(refused.value)
    assert clinic.hashes() == before


def test_another_clinics_key_file_is_told_from_a_damaged_database(clinic: Clinic) -> None:
    other = Clinic(clinic.file.with_name("other.db"), clinic.clock)
    other.opens(HEAD)
    own = clinic.key_file.read_bytes()
    clinic.key_file.write_bytes(other.key_file.read_bytes())
    before = clinic.hashes()
    with pytest.raises(KeyFileForeign):
        clinic.open(HEAD)
    assert clinic.hashes() == before
    clinic.key_file.write_bytes(own)
    page = bytearray(clinic.file.read_bytes())
    page[1000] ^= 1
    clinic.file.write_bytes(bytes(page))
    before = clinic.hashes()
    with pytest.raises(DatabaseUnavailable) as refused:
        clinic.open(HEAD)
    assert refused.value.params["reason"] == "damaged"
    assert clinic.hashes() == before


def test_a_refusal_leaves_an_open_log_alone(clinic: Clinic, tmp_path: Path) -> None:
    """A crash left a write-ahead log; a foreign key file must not make it part of the database, nor delete it."""
    database = clinic.open(HEAD)
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (word TEXT)")
    crashed = Clinic(tmp_path / "crashed" / "clinic.db", clinic.clock)
    crashed.file.parent.mkdir()
    for one in (clinic.file, clinic.file.with_name("clinic.db-wal")):
        copyfile(one, crashed.file.with_name(one.name))
    database.close()
    other = Clinic(tmp_path / "other.db", clinic.clock)
    other.opens(HEAD)
    copyfile(other.key_file, crashed.key_file)
    before = crashed.hashes()
    assert len(before) == 3
    with pytest.raises(KeyFileForeign):
        crashed.open(HEAD)
    assert crashed.hashes() == before
    copyfile(clinic.key_file, crashed.key_file)
    database = crashed.open(HEAD)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM kept").scalar() == 0
    database.close()


def test_a_plain_database_has_no_keys(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'plain.db'}", passphrase="correct horse")
    assert (database.data_key, database.vault.slots(), database.vault.exists) == (None, (), False)
    with pytest.raises(NotEncrypted):
        database.vault.add(MEERA)
    database.close()


def test_the_exported_key_file_is_the_key_file(clinic: Clinic) -> None:
    database = clinic.open(HEAD)
    assert database.vault.export() == clinic.key_file.read_bytes()
    database.close()


def test_whoever_has_the_data_key_makes_a_key_file_anew(clinic: Clinic) -> None:
    data_key = clinic.opens(HEAD)
    assert data_key is not None
    clinic.key_file.unlink()
    database = clinic.open(DataKey(data_key))
    assert database.vault.slots() == ()
    database.vault.add(MEERA)
    database.close()
    assert clinic.opens(MEERA) == data_key
