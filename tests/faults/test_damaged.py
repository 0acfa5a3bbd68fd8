"""A file with a flipped bit anywhere: noticed before anybody writes, refused in plain words, and left exactly as it is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from clinic_desktop.clinic.doctor import Health, examine
from clinic_desktop.clinic.simulation.demo import build_demo
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.soundness import refuse_damaged
from clinic_desktop.wording import sentence
from clinic_desktop.wording.doctor import advice

SECRET = "one bit is enough"
ROUNDS = max(12, int(os.environ.get("CLINIC_FAULT_ROUNDS", "0")) // 5)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("whole") / "clinic.db"
    database = Database.open(f"sqlcipher:///{file}", passphrase=SECRET)
    upgrade(database)
    build_demo(database, patients=20)
    database.close()
    return file


def copy_of(whole: Path, folder: Path) -> Path:
    for end in ("", ".keys"):
        shutil.copy(f"{whole}{end}", folder / f"clinic.db{end}")
    return folder / "clinic.db"


def opened(file: Path) -> Database:
    return Database.open(f"sqlcipher:///{file}", passphrase=SECRET)


def refusal_of(file: Path) -> DatabaseUnavailable | None:
    """What opening says, with the look at every page that the program and the command line take."""
    try:
        database = opened(file)
    except DatabaseUnavailable as refusal:
        return refusal
    try:
        refuse_damaged(database)
    except DatabaseUnavailable as refusal:
        return refusal
    finally:
        database.close()
    return None


def test_a_whole_file_is_not_refused(whole: Path) -> None:
    assert refusal_of(whole) is None


def test_one_flipped_bit_anywhere_is_noticed_and_nothing_is_written(whole: Path, tmp_path: Path) -> None:
    chance, size = Random(5), whole.stat().st_size
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        folder.mkdir()
        file = copy_of(whole, folder)
        content = bytearray(file.read_bytes())
        content[chance.randrange(size)] ^= 1 << chance.randrange(8)
        file.write_bytes(content)
        refusal = refusal_of(file)
        assert refusal is not None
        assert refusal.params["reason"] in ("damaged", "not_a_clinic_file")
        assert file.read_bytes() == content
        assert "backup" in sentence(refusal) or "damaged" in sentence(refusal)


def test_the_doctor_says_what_to_do_about_it(whole: Path, tmp_path: Path) -> None:
    file = copy_of(whole, tmp_path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    grave = [one for one in examine(f"sqlcipher:///{file}", lambda: opened(file)) if one.health is Health.BAD]
    assert [one.code for one in grave] == ["pages_damaged"]
    assert "clinic restore" in advice(grave[0].code, grave[0].params) or "backup" in advice(grave[0].code, grave[0].params)


def test_a_file_cut_off_in_the_middle_is_refused(whole: Path, tmp_path: Path) -> None:
    file = copy_of(whole, tmp_path)
    with file.open("r+b") as open_file:
        open_file.truncate(file.stat().st_size // 2)
    before = file.read_bytes()
    assert refusal_of(file) is not None
    assert file.read_bytes() == before
