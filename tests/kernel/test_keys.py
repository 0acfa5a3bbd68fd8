"""Keys: every way to open the data opens it, nothing else does, and a refusal changes no file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from shutil import copyfile
from typing import Any

import keyring
import keyring.backends.fail
import keyring.backends.null
import msgspec
import pytest
from argon2.low_level import hash_secret_raw

from clinic_desktop.kernel import keys
from clinic_desktop.kernel.device_keys import can_keep_keys
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.key_secrets import CODE, DEVICE, PASSPHRASE, RECOVERY, USER, SlotSecret
from clinic_desktop.kernel.keys import (
    DataKey,
    DeviceKey,
    KeyFile,
    LastKeySlot,
    OneTimeCode,
    Passphrase,
    RecoveryKey,
    UserPassword,
    WrongPassphrase,
    new_one_time_code,
    new_recovery_key,
    ways_to_open,
)
from clinic_desktop.kernel.recovery_key import recovery_bytes
from clinic_desktop.kernel.stretching import STANDARD, Stretching
from clinic_desktop.wording import sentence
from tests.conftest import FrozenClock
from tests.kernel.encrypted import HEAD, MEERA, Clinic, SafeKeyring

# Ways to open


def test_each_kind_of_secret_opens_the_same_data(clinic: Clinic, safe_keyring: SafeKeyring) -> None:
    printed, code = new_recovery_key(), new_one_time_code()
    ways: list[SlotSecret] = [MEERA, RecoveryKey(printed), DeviceKey(), OneTimeCode("ravi", code)]
    clinic.add(*ways)
    opened = {clinic.opens(way) for way in (HEAD, *ways)}
    assert len(opened) == 1
    (data_key,) = opened
    assert data_key is not None
    assert clinic.opens(DataKey(data_key)) == data_key
    assert ways_to_open(clinic.file) == {PASSPHRASE, USER, RECOVERY, DEVICE, CODE}


def test_a_missing_file_is_made_with_the_slot_of_any_lasting_secret(tmp_path: Path, clock: FrozenClock, safe_keyring: SafeKeyring) -> None:
    for number, way in enumerate((MEERA, RecoveryKey(new_recovery_key()), DeviceKey())):
        made = Clinic(tmp_path / f"{number}.db", clock)
        assert made.opens(way) == made.opens(way)
        assert len(ways_to_open(made.file)) == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (Passphrase("wrong horse"), "passphrase"),
        (UserPassword("meera", "wrong staple"), "user"),
        (UserPassword("nobody", "battery staple"), "user"),
        (RecoveryKey(new_recovery_key()), "recovery"),
        (OneTimeCode("ravi", "00000-00000"), "code"),
        (OneTimeCode("meera", "ABCDE-FGHJK"), "code"),
        (DataKey(bytes(32)), "data_key"),
    ],
)
def test_a_wrong_secret_is_refused_in_words_and_changes_nothing(clinic: Clinic, wrong: keys.Secret, reason: str) -> None:
    clinic.add(MEERA, RecoveryKey(new_recovery_key()), OneTimeCode("ravi", "ABCDE-FGHJK"))
    before = clinic.hashes()
    with pytest.raises(WrongPassphrase) as refused:
        clinic.open(wrong)
    assert refused.value.params["reason"] == reason
    assert "could not be done" not in sentence(refused.value)
    assert clinic.hashes() == before


def test_usernames_and_passwords_are_compared_as_they_were_meant(clinic: Clinic) -> None:
    clinic.add(UserPassword(" Jose\u0301 ", "cafe\u0301 staple"))
    assert clinic.opens(UserPassword("JOSÉ", "café staple")) == clinic.opens(HEAD)


def test_the_key_file_names_nobody_until_it_is_unlocked(clinic: Clinic) -> None:
    clinic.add(MEERA, UserPassword("abdullah", "another password"))
    content = clinic.key_file.read_bytes()
    for name in ("meera", "Meera", "abdullah"):
        assert name.encode() not in content
        assert msgspec.json.encode(name.encode()).strip(b'"=') not in content
    labels = {slot.label for slot in KeyFile.parse(content).slots}
    other = Clinic(clinic.file.with_name("other.db"), clinic.clock)
    other.opens(HEAD)
    other.add(MEERA)
    assert labels.isdisjoint(slot.label for slot in KeyFile.parse(other.key_file.read_bytes()).slots if slot.label)
    database = clinic.open(HEAD)
    assert [(row.kind, row.name) for row in database.vault.slots()] == [(PASSPHRASE, ""), (USER, "meera"), (USER, "abdullah")]
    database.close()


def test_secrets_do_not_show_in_what_is_printed_of_them() -> None:
    shown = repr([HEAD, MEERA, RecoveryKey("ABCDE"), OneTimeCode("meera", "ABCDE"), DataKey(b"secret"), DeviceKey(b"secret")])
    for hidden in ("horse", "staple", "ABCDE", "secret", "meera", "Meera"):
        assert hidden not in shown


def test_a_try_costs_one_stretching_however_many_slots_there_are(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, stretching: Callable[[Stretching], None]
) -> None:
    stretching(STANDARD)
    clinic.add(HEAD, MEERA, *(UserPassword(f"user{number}", "battery staple") for number in range(3)))
    stretched: list[Any] = []

    def counting(*arguments: Any) -> bytes:
        stretched.append(arguments[2:6])
        return hash_secret_raw(*arguments)

    monkeypatch.setattr(keys, "hash_secret_raw", counting)
    for secret in (HEAD, MEERA, UserPassword("nobody", "battery staple"), OneTimeCode("nobody", "ABCDEFGH")):
        stretched.clear()
        with suppress(WrongPassphrase):
            clinic.opens(secret)
        assert stretched == [(3, 65536, 4, 32)], secret


def test_opening_by_a_typed_secret_does_not_load_the_keyring(clinic: Clinic) -> None:
    program = (
        "import sys\nfrom clinic_desktop.kernel.db import Database\n"
        f"Database.open('sqlcipher:///{clinic.file}', passphrase='correct horse').close()\n"
        "assert 'keyring' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# The recovery key


def test_a_recovery_key_is_read_as_people_type_it(clinic: Clinic) -> None:
    printed = new_recovery_key()
    assert [len(group) for group in printed.split("-")] == [5] * 8
    clinic.add(RecoveryKey(printed))
    sloppy = printed.lower().replace("-", " – ").replace("0", "o").replace("1", "l") + "\n"
    assert clinic.opens(RecoveryKey(sloppy)) == clinic.opens(HEAD)
    assert recovery_bytes(sloppy) == recovery_bytes(printed.replace("-", ""))
    assert len(recovery_bytes(printed)) * 8 == 160
    assert len({new_recovery_key() for _ in range(100)}) == 100


def test_every_single_typing_error_of_a_recovery_key_is_found_in_its_group() -> None:
    printed = new_recovery_key()
    for place, right in enumerate(printed):
        for wrong in set("0123456789ABCDEFGHJKMNPQRSTVWXYZU*") - {right} if right != "-" else ():
            with pytest.raises(InvalidInput) as refused:
                recovery_bytes(printed[:place] + wrong + printed[place + 1 :])
            assert (refused.value.reason, refused.value.params["group"]) == ("recovery_typo", place // 6 + 1)


def test_exchanged_characters_and_groups_of_a_recovery_key_are_found() -> None:
    for _ in range(50):
        printed = new_recovery_key()
        groups = printed.split("-")
        for place, (left, right) in enumerate(pairwise(printed)):
            if left != right and "-" not in (left, right):
                with pytest.raises(InvalidInput):
                    recovery_bytes(printed[:place] + right + left + printed[place + 2 :])
        for first in range(8):
            for second in range(first):
                exchanged = list(groups)
                exchanged[first], exchanged[second] = groups[second], groups[first]
                if exchanged != groups:
                    with pytest.raises(InvalidInput):
                        recovery_bytes("-".join(exchanged))


@pytest.mark.parametrize(("typed", "reason"), [("", "required"), ("  ", "required"), ("short", "recovery_length")])
def test_half_a_recovery_key_is_told_from_a_wrong_one(typed: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        recovery_bytes(typed if typed != "short" else new_recovery_key()[:-6])
    assert refused.value.reason == reason
    with pytest.raises(InvalidInput):
        recovery_bytes(new_recovery_key() + "A")


def test_the_recovery_key_opens_the_data_on_a_clean_machine(clinic: Clinic, no_keyring: None, tmp_path: Path) -> None:
    printed = new_recovery_key()
    clinic.add(RecoveryKey(printed), MEERA)
    before = clinic.open(HEAD)
    with before.engine.execution_options(clinic_write=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (word TEXT)")
        connection.exec_driver_sql("INSERT INTO kept VALUES ('here')")
    before.close()
    moved = Clinic(tmp_path / "elsewhere" / "clinic.db", clinic.clock)
    moved.file.parent.mkdir()
    copyfile(clinic.file, moved.file)
    copyfile(clinic.key_file, moved.key_file)
    assert not can_keep_keys()
    database = moved.open(RecoveryKey(printed))
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT word FROM kept").scalar() == "here"
    keyring.set_keyring(SafeKeyring())  # a computer with a keyring, later
    database.vault.add(UserPassword("new", "another password"))
    database.vault.add(DeviceKey())
    database.close()
    assert moved.opens(UserPassword("new", "another password")) == moved.opens(DeviceKey()) == clinic.opens(HEAD)


# One-time codes


def test_a_code_opens_until_it_expires(clinic: Clinic) -> None:
    code = new_one_time_code()
    clinic.add(OneTimeCode("meera", code))
    assert clinic.opens(OneTimeCode("Meera", code.lower().replace("-", " "))) is not None
    clinic.clock.advance(minutes=61)
    before = clinic.hashes()
    with pytest.raises(WrongPassphrase) as refused:
        clinic.open(OneTimeCode("meera", code))
    assert refused.value.params["reason"] == "code_expired"
    assert clinic.hashes() == before
    clinic.add(UserPassword("other", "battery staple"))
    assert CODE not in ways_to_open(clinic.file)


def test_a_new_password_uses_the_code_up_and_only_that_persons(clinic: Clinic) -> None:
    clinic.add(OneTimeCode("meera", "ABCDE-FGHJK"), OneTimeCode("ravi", "ABCDE-FGHJK"))
    database = clinic.open(OneTimeCode("meera", "ABCDE-FGHJK"))
    database.vault.add(MEERA)
    database.close()
    with pytest.raises(WrongPassphrase):
        clinic.open(OneTimeCode("meera", "ABCDE-FGHJK"))
    assert clinic.opens(OneTimeCode("ravi", "ABCDE-FGHJK")) == clinic.opens(MEERA)


def test_another_expiry_written_into_the_file_opens_nothing(clinic: Clinic) -> None:
    clinic.add(OneTimeCode("meera", "ABCDE-FGHJK"))
    file = KeyFile.parse(clinic.key_file.read_bytes())
    longer = tuple(
        msgspec.structs.replace(slot, expires_at=slot.expires_at + timedelta(days=9)) if slot.expires_at else slot for slot in file.slots
    )
    clinic.key_file.write_bytes(msgspec.structs.replace(file, slots=longer).export())
    clinic.clock.advance(minutes=61)
    with pytest.raises(WrongPassphrase) as refused:
        clinic.open(OneTimeCode("meera", "ABCDE-FGHJK"))
    assert refused.value.params["reason"] == "code"


# Slots


def test_a_changed_password_replaces_the_old_one(clinic: Clinic) -> None:
    clinic.add(MEERA, UserPassword("MEERA", "a newer password"))
    with pytest.raises(WrongPassphrase):
        clinic.open(MEERA)
    assert clinic.opens(UserPassword("meera", "a newer password")) == clinic.opens(HEAD)
    database = clinic.open(HEAD)
    assert len(database.vault.slots()) == 2
    database.close()


def test_a_removed_slot_opens_nothing_and_the_last_one_stays(clinic: Clinic, safe_keyring: SafeKeyring) -> None:
    clinic.add(MEERA, DeviceKey(), OneTimeCode("ravi", "ABCDE-FGHJK"))
    database = clinic.open(MEERA)
    assert database.vault.has(USER, "meera")
    assert not database.vault.has(USER, "ravi")
    database.vault.remove(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        clinic.open(HEAD)
    with pytest.raises(LastKeySlot):
        database.vault.remove(USER, "meera")
    database.vault.remove(CODE, "ravi")
    database.vault.remove(DEVICE)
    assert safe_keyring.kept == {}
    assert [row.kind for row in database.vault.slots()] == [USER]
    database.close()
    assert clinic.opens(MEERA)


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        (Passphrase("short"), "too_short"),
        (OneTimeCode("meera", "1234567"), "too_short"),
        (UserPassword("", "battery staple"), "required"),
        (UserPassword("meera", ""), "required"),
        (RecoveryKey(""), "required"),
    ],
)
def test_a_secret_that_is_none_gets_no_slot(clinic: Clinic, secret: SlotSecret, reason: str) -> None:
    before = clinic.hashes()
    with pytest.raises(InvalidInput) as refused:
        clinic.add(secret)
    assert refused.value.reason == reason
    assert clinic.hashes() == before


def test_two_programs_that_add_slots_at_once_lose_none(clinic: Clinic) -> None:
    opened = [clinic.open(HEAD) for _ in range(3)]

    def add(number: int) -> None:
        opened[number % 3].vault.add(UserPassword(f"user{number}", "battery staple"))

    with ThreadPoolExecutor(3) as several:
        list(several.map(add, range(9)))
    assert len(opened[0].vault.slots()) == 10
    for database in opened:
        database.close()
