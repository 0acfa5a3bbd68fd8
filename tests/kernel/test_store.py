"""The document store: what is put comes back or is said to be damaged, on every kind of database, and stays in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.keys import UserPassword, new_data_key, new_key_file, with_slot
from clinic_desktop.kernel.store import DocumentDamaged, DocumentMissing, Store, documents_folder, store_of
from clinic_desktop.kernel.vault import VaultLocked, VaultRenewed
from clinic_desktop.wording import sentence
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

MEERA = UserPassword("meera", "battery staple")
LETTER = "Discharge letter of मीरा".encode() * 40


@pytest.fixture(params=["plain", "encrypted", "server"])
def clinic(request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock) -> Iterator[Database]:
    """A database of each kind, unlocked."""
    folder = tmp_path / "clinic"
    folder.mkdir()
    made, _ = fresh({"plain": "sqlite", "encrypted": "sqlcipher", "server": "postgres"}[request.param], folder, clock)
    if request.param != "plain":
        made.vault.add(MEERA)
    yield made
    drop(made)


def sealed(database: Database, name: str) -> bytes:
    """What lies on the disk."""
    if database.address.file is not None:
        return (documents_folder(database.address.file) / name[:2] / name).read_bytes()
    with database.engine.connect() as connection:
        return bytes(connection.exec_driver_sql(f"SELECT content FROM document_blobs WHERE sha256 = '{name}'").scalar_one())


def overwrite(database: Database, name: str, content: bytes) -> None:
    """Put something else on the disk."""
    if database.address.file is not None:
        (documents_folder(database.address.file) / name[:2] / name).write_bytes(content)
        return
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE document_blobs SET content = %s WHERE sha256 = %s", (content, name))


@pytest.mark.parametrize("document", [b"", b"x", LETTER, bytes(range(256)) * 4096], ids=["empty", "short", "letter", "a megabyte"])
def test_what_is_put_comes_back(clinic: Database, document: bytes) -> None:
    store = store_of(clinic)
    name = store.put(document)
    assert name == sha256(document).hexdigest()
    assert store.has(name)
    assert store.get(name) == document
    assert store_of(clinic).get(name) == document


def test_the_same_bytes_twice_are_one_document(clinic: Database) -> None:
    store = store_of(clinic)
    name = store.put(LETTER)
    before = sealed(clinic, name)
    assert store.put(LETTER) == name
    assert sealed(clinic, name) == before
    assert list(store.every()) == [name]


def test_every_document_is_listed_once_in_order(clinic: Database) -> None:
    store = store_of(clinic)
    assert list(store.every()) == []
    names = {store.put(b"%d" % number) for number in range(60)}
    assert list(store.every()) == sorted(names)
    gone = min(names)
    store.remove(gone)
    store.remove(gone)
    assert not store.has(gone)
    assert list(store.every()) == sorted(names - {gone})
    with pytest.raises(DocumentMissing) as refused:
        store.get(gone)
    assert "backup" in sentence(refused.value)


def test_only_a_plain_development_database_keeps_documents_readable(clinic: Database) -> None:
    store = store_of(clinic)
    name = store.put(LETTER)
    assert (LETTER[:24] in sealed(clinic, name)) == (clinic.data_key is None)


def test_each_changed_byte_is_noticed_and_put_again_is_repaired(clinic: Database) -> None:
    store = store_of(clinic)
    name = store.put(LETTER)
    whole = sealed(clinic, name)
    places = [*range(min(len(whole), 30)), len(whole) // 2, len(whole) - 1]
    broken = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in places]
    for content in (*broken, b"", whole[:-1], whole + b"x", whole[:10]):
        overwrite(clinic, name, content)
        with pytest.raises(DocumentDamaged):
            store.get(name)
    assert store.put(LETTER) == name
    assert store.get(name) == LETTER


def test_one_document_is_not_taken_for_another(clinic: Database) -> None:
    store = store_of(clinic)
    mine, yours = store.put(b"Meera's letter"), store.put(b"Ravi's letter ")
    overwrite(clinic, mine, sealed(clinic, yours))
    with pytest.raises(DocumentDamaged):
        store.get(mine)
    assert store.get(yours) == b"Ravi's letter "


@pytest.mark.parametrize("name", ["", "../../clinic.db", "a" * 63, "A" * 64, "/etc/passwd", "..", "a" * 64 + "\n", "a" * 62 + "/x"])
def test_nothing_outside_the_store_is_asked_for(clinic: Database, name: str) -> None:
    store = store_of(clinic)
    for ask in (store.get, store.has, store.remove):
        with pytest.raises(DocumentMissing):
            ask(name)


def test_a_document_that_is_too_large_is_refused(clinic: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic_desktop.kernel.store.LARGEST_DOCUMENT", 100)
    with pytest.raises(InvalidInput) as refused:
        store_of(clinic).put(LETTER)
    assert refused.value.reason == "file_too_large"
    assert list(store_of(clinic).every()) == []


def test_two_desks_that_put_the_same_document_at_once_keep_it(clinic: Database) -> None:
    stores = [store_of(clinic) for _ in range(6)]
    threads = [Thread(target=one.put, args=(LETTER,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].get(sha256(LETTER).hexdigest()) == LETTER


def test_files_are_whole_private_and_named_by_nothing_but_their_hash(tmp_path: Path) -> None:
    database = Database.open(f"sqlcipher:///{tmp_path / 'clinic.db'}", secret=MEERA)
    name = store_of(database).put(LETTER)
    folder = documents_folder(tmp_path / "clinic.db")
    found = [one for one in folder.rglob("*") if one.is_file()]
    assert [one.relative_to(folder).as_posix() for one in found] == [f"{name[:2]}/{name}"]
    assert found[0].stat().st_mode & 0o077 == 0
    (found[0].parent / f".{name}.1234.new").write_bytes(b"left by a crash")
    assert list(store_of(database).every()) == [name]
    assert re.fullmatch("[0-9a-f]{64}", name)
    database.close()


# On a server


@pytest.fixture
def server(tmp_path: Path, clock: FrozenClock) -> Iterator[Database]:
    made, _ = fresh("postgres", tmp_path, clock)
    yield made
    drop(made)


def test_a_locked_vault_gives_and_takes_no_documents(server: Database) -> None:
    store = store_of(server)
    with pytest.raises(VaultLocked):
        store.put(LETTER)
    server.vault.add(MEERA)
    name = store.put(LETTER)
    later = Database.open(server.address.url.render_as_string(hide_password=False))
    with pytest.raises(VaultLocked):
        store_of(later).get(name)
    with pytest.raises(VaultLocked):
        store_of(later).put(b"another")
    later.vault.unlock(MEERA)
    assert store_of(later).get(name) == LETTER
    later.close()


def test_a_computer_that_missed_a_new_key_is_told_and_seals_nothing(server: Database) -> None:
    server.vault.add(MEERA)
    store, newer = store_of(server), new_data_key()
    server.vault.change(lambda _file: with_slot(new_key_file(newer), newer, MEERA, now=server.clock()))
    with pytest.raises(VaultRenewed) as refused:
        store.put(LETTER)
    assert "Log in again" in sentence(refused.value)
    fresh_one = Database.open(server.address.url.render_as_string(hide_password=False), secret=MEERA)
    name = Store.put(store_of(fresh_one), LETTER)
    with pytest.raises(VaultRenewed):
        store.get(name)
    fresh_one.close()
