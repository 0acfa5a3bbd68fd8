"""Taking a backup: whole under a steady writer, encrypted, verified before it has a name, and gone when it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from clinic_desktop.kernel.backup.container import append_manifest, read_sealed, unpack
from clinic_desktop.kernel.backup.copying import digests
from clinic_desktop.kernel.backup.errors import BackupFailed, BadBackup, Cancelled
from clinic_desktop.kernel.backup.folders import shelf
from clinic_desktop.kernel.backup.routine import back_up
from clinic_desktop.kernel.backup.sides import SqliteSide, side_of
from clinic_desktop.kernel.backup.steps import Steps
from clinic_desktop.kernel.backup.verifying import verify
from clinic_desktop.kernel.backup.workfiles import reading
from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.keys import Passphrase, WrongPassphrase
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import store_of
from tests.conftest import FrozenClock
from tests.kernel.backup.conftest import Made

SECRET = "correct horse"


def write_key(database: Database) -> None:
    with database.write(Actor.system("tester")) as tx:
        tx.command = "test.write"
        tx.add(CommandKey(key=new_id(), command="first", result="1"))


def test_a_backup_holds_every_row_and_opens_with_its_passphrase(keyed: Database, folder: Path, clock: FrozenClock) -> None:
    write_key(keyed)
    taken = back_up(keyed, folder, reason="MANUAL", passphrase=SECRET)
    assert taken.path.parent == folder
    assert taken.path.name.endswith("-20260302T033000Z-2.clinicbackup")
    keys = shelf(folder).keys(Passphrase(SECRET), clock())
    found = verify(taken.path, keys)
    assert (found.manifest.seq, found.change_sets, found.rows) == (2, 2, sum(found.manifest.tables.values()))
    assert found.manifest.tables["command_keys"] == 1
    with reading(taken.path, keys[found.manifest.key_id]) as copy, side_of(keyed) as source:
        assert digests(SqliteSide(copy)) == digests(source)
    with pytest.raises(WrongPassphrase):
        shelf(folder).keys(Passphrase("wrong horse"), clock())


def test_nothing_in_the_folder_is_readable_without_the_key(world_keyed: Database, folder: Path) -> None:
    name = store_of(world_keyed).put(b"letter about Sunrise Hospital" * 50) if world_keyed.address.kind != "sqlite" else None
    taken = back_up(world_keyed, folder, reason="MANUAL", passphrase=SECRET)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == (2 if name is None else 3)
    for path in files:
        content = path.read_bytes()
        for text_ in ("Sunrise", "Farah", "MMC-1001", "CREATE TABLE"):
            assert text_.encode() not in content, (path.name, text_)
            assert text_.encode("utf-16-le") not in content, (path.name, text_)
    assert b"payload_sha256" in taken.path.read_bytes()


def test_a_backup_ends_under_a_steady_writer_and_is_one_state(keyed: Database, folder: Path, clock: FrozenClock) -> None:
    stop = threading.Event()
    written: list[int] = []

    def work() -> None:
        while not stop.is_set():
            write_key(keyed)
            written.append(1)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        while len(written) < 10 and writer.is_alive():  # it is at work
            os.sched_yield()
        for _ in range(2):
            taken = back_up(keyed, folder, reason="MANUAL", passphrase=SECRET)
            assert taken.manifest.tables["command_keys"] == taken.manifest.seq - 1
            assert taken.manifest.tables["journal"] == taken.manifest.seq
    finally:
        stop.set()
        writer.join()
    assert len(written) > 10
    assert len(shelf(folder).backups) == 2
    with keyed.engine.connect() as connection:
        assert connection.scalar(text("SELECT seq FROM journal_head")) == len(written) + 1


def test_documents_lie_beside_once(keyed: Database, folder: Path) -> None:
    if keyed.address.file is None and keyed.data_key is None:
        pytest.skip("a server without a vault keeps no documents")
    names = {store_of(keyed).put(bytes([n]) * 1000) for n in range(3)}
    back_up(keyed, folder, reason="MANUAL", passphrase=SECRET)
    copies = {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if len(path.name) == 64}
    assert copies.keys() == names
    store_of(keyed).put(b"one more")
    back_up(keyed, folder, reason="MANUAL", passphrase=SECRET)
    later = {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if len(path.name) == 64}
    assert len(later) == 4
    assert {name: later[name] for name in copies} == copies


def damage(path: Path, at: int) -> None:
    """Turn every bit of one byte."""
    with path.open("r+b") as file:
        file.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
        (before,) = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([before ^ 0xFF]))


def test_a_changed_byte_anywhere_is_found(keyed: Database, folder: Path, clock: FrozenClock, tmp_path: Path) -> None:
    taken = back_up(keyed, folder, reason="MANUAL", passphrase=SECRET)
    keys, copy = shelf(folder).keys(Passphrase(SECRET), clock()), tmp_path / "copy.clinicbackup"
    for at in (0, 5_000, 70_000, -5_000, -600, -20, -1):
        shutil.copyfile(taken.path, copy)
        verify(copy, keys)
        damage(copy, at)
        with pytest.raises(BadBackup):
            verify(copy, keys)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"tables": {"command_keys": 2}}, "miscounted"),
        ({"seq": 1}, "miscounted"),
        ({"hash": "00" * 32}, "miscounted"),
        ({"payload_sha256": "00" * 32}, "damaged"),
        ({"format": 2}, "newer_version"),
    ],
)
def test_a_backup_that_is_not_what_it_says(made: Made, folder: Path, tmp_path: Path, wrong: dict[str, Any], reason: str) -> None:
    database = made("sqlcipher")
    write_key(database)
    sealed = read_sealed(back_up(database, folder, reason="MANUAL").path)
    forged = tmp_path / "forged.clinicbackup"
    unpack(sealed, forged)
    tables = {**sealed.manifest.tables, **wrong.pop("tables", {})}
    append_manifest(forged, msgspec.structs.replace(sealed.manifest, tables=tables, **wrong), sealed.key_slots)
    assert database.data_key is not None
    with pytest.raises(BadBackup) as refused:
        verify(forged, {sealed.manifest.key_id: database.data_key})
    assert refused.value.params["reason"] == reason


def test_a_cut_file_is_no_backup(keyed: Database, folder: Path, tmp_path: Path) -> None:
    taken = back_up(keyed, folder, reason="MANUAL", passphrase=SECRET)
    for left in (0, 10, 4096, 100_000, taken.path.stat().st_size - 1):
        cut = tmp_path / "cut.clinicbackup"
        cut.write_bytes(taken.path.read_bytes()[:left])
        with pytest.raises(BadBackup) as refused:
            read_sealed(cut)
        assert refused.value.params["reason"] == "not_a_backup"


@pytest.mark.skipif(not sys.platform.startswith("linux") or os.getuid() != 0, reason="needs to mount a file system")
def test_a_full_disk_leaves_nothing_and_works_again_with_room(keyed: Database, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(small)], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let tests mount")
    try:
        with pytest.raises(BackupFailed) as refused:
            back_up(keyed, small, reason="MANUAL", passphrase=SECRET)
        assert refused.value.params == {"reason": "disk_full", "folder": str(small)}
        assert [path.name for path in small.iterdir() if path.suffix != ".keys"] == []
        subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
        back_up(keyed, small, reason="MANUAL", passphrase=SECRET)
        subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
        with pytest.raises(BackupFailed) as refused:
            back_up(keyed, small, reason="MANUAL", passphrase=SECRET)
        assert refused.value.params["reason"] == "not_writable"
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_folder_that_is_gone_is_named(keyed: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed) as refused:
        back_up(keyed, tmp_path / "usb", reason="MANUAL", passphrase=SECRET)
    assert refused.value.params == {"reason": "folder_missing", "folder": str(tmp_path / "usb")}


def test_how_far_it_is_is_told_on_the_way(world_keyed: Database, folder: Path) -> None:
    told: list[tuple[int, int, str]] = []
    back_up(world_keyed, folder, reason="MANUAL", passphrase=SECRET, steps=Steps(lambda *said: told.append(said)))
    assert all(0 <= done <= total for done, total, _ in told)
    assert len({done for done, _, label in told if label == "copy"}) > 1
    assert [label for label in dict.fromkeys(label for _, _, label in told) if label != "documents"] == ["copy", "check", "count"]


def test_whoever_cancels_leaves_nothing(keyed: Database, folder: Path) -> None:
    back_up(keyed, folder, reason="MANUAL", passphrase=SECRET)
    before = {path.name for path in folder.iterdir()}
    heard: list[str] = []

    def hear(_done: int, _total: int, label: str) -> None:
        heard.append(label)

    for label in ("copy", "check", "count"):
        heard.clear()
        with pytest.raises(Cancelled):
            back_up(keyed, folder, reason="MANUAL", passphrase=SECRET, steps=Steps(hear, lambda label=label: label in heard))
        assert heard[-1] == label
        assert {path.name for path in folder.iterdir()} == before


def test_a_plain_database_asks_for_a_passphrase(database: Database, folder: Path) -> None:
    with pytest.raises(BackupFailed) as refused:
        back_up(database, folder, reason="MANUAL")
    assert refused.value.params["reason"] == "passphrase_missing"
    assert list(folder.iterdir()) == []
