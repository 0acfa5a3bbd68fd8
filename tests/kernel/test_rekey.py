"""A new data key: the old one reads nothing more, nothing is lost, and no kill at any moment leaves a closed door."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from clinic_desktop.kernel import engines
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import connect_to, fits
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.keys import (
    DataKey,
    KeyFile,
    Passphrase,
    RecoveryKey,
    WrongPassphrase,
    key_file_path,
    new_recovery_key,
)
from clinic_desktop.kernel.rekey import ANNOUNCED, COPIED, RENEWED, rekey
from clinic_desktop.kernel.store import DocumentDamaged, store_of
from clinic_desktop.kernel.unlocking import next_file_path
from clinic_desktop.kernel.vault import NotEncrypted, VaultRenewed
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.kernel.rekeyed import DOCUMENTS, HEAD, MEERA, PAGES, RAVI, ROWS, STEPS, add_rows, file, numbers, opened, template

__all__ = ["file", "template"]


def test_afterwards_only_what_was_kept_opens_and_all_is_there(file: Path) -> None:
    with closing(opened(file, HEAD)) as database:
        old_key = database.data_key
    assert old_key is not None
    printed = RecoveryKey(new_recovery_key())
    steps: list[str] = []
    done = rekey(f"sqlcipher:///{file}", MEERA, keep=[MEERA, printed], reached=steps.append)
    assert [(row.kind, row.name) for row in done.lost] == [("passphrase", ""), ("user", "ravi")]
    assert (done.documents, steps) == (len(DOCUMENTS), list(STEPS))
    for secret in (HEAD, RAVI, DataKey(old_key)):
        with pytest.raises(WrongPassphrase):
            opened(file, secret)
    assert not fits(file, old_key)
    for secret in (MEERA, printed):
        with closing(opened(file, secret)) as database:
            assert database.data_key not in (None, old_key)
            assert numbers(database) == list(range(ROWS))
            assert [store_of(database).get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
            with database.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    key_file = KeyFile.parse(key_file_path(file).read_bytes())
    assert (key_file.successor, key_file.earlier) == (None, ())
    assert {one.name for one in file.parent.iterdir()} == {"clinic.db", "clinic.db.keys", "clinic.db.documents"}


def test_who_lost_a_slot_gets_it_again_at_the_next_login(file: Path) -> None:
    rekey(f"sqlcipher:///{file}", HEAD, keep=[HEAD])
    with closing(opened(file, HEAD)) as database:
        assert not database.vault.has("user", "ravi")
        database.vault.add(RAVI)
    opened(file, RAVI).close()


def test_the_old_key_opens_no_document_any_more(file: Path) -> None:
    with closing(opened(file, HEAD)) as database:
        old_key = database.data_key
    rekey(f"sqlcipher:///{file}", HEAD, keep=[HEAD])
    with closing(opened(file, HEAD)) as database:
        database.vault.data_key = old_key
        with pytest.raises((DocumentDamaged, VaultRenewed)):
            store_of(database).get(sha256(DOCUMENTS[0]).hexdigest())


def test_documents_stay_readable_while_they_wait_to_be_sealed_anew(file: Path) -> None:
    """Two rekeys that were killed before the documents were sealed: three keys in use at once, and the third rekey ends it."""

    class Killed(Exception):
        pass

    def die(step: str) -> None:
        if step == RENEWED:
            raise Killed

    for number in range(2):
        with pytest.raises(Killed):
            rekey(f"sqlcipher:///{file}", HEAD, keep=[HEAD], reached=die)
        with closing(opened(file, HEAD)) as database:
            store_of(database).put(b"between %d" % number)
            assert len(database.vault.keys()) == number + 2
            assert [store_of(database).get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
    done = rekey(f"sqlcipher:///{file}", HEAD, keep=[HEAD])
    assert done.documents == len(DOCUMENTS) + 2
    with closing(opened(file, HEAD)) as database:
        assert len(database.vault.keys()) == 1
        assert len([store_of(database).get(name) for name in store_of(database).every()]) == len(DOCUMENTS) + 2


@pytest.mark.parametrize("secret", [HEAD, Passphrase("wrong horse")], ids=["idle", "wrong secret"])
def test_it_is_refused_while_another_program_has_the_file_open(file: Path, secret: Passphrase) -> None:
    program = (
        "import sys\nfrom clinic_desktop.kernel.db import Database\n"
        f"database = Database.open('sqlcipher:///{file}', passphrase='correct horse')\n"
        "print('open', flush=True)\nsys.stdin.readline()\ndatabase.close()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "open\n"
        before = hashes(file)
        with pytest.raises((DatabaseUnavailable, WrongPassphrase)) as refused:
            rekey(f"sqlcipher:///{file}", secret, keep=[HEAD])
        assert refused.value.params["reason"] == ("in_use" if secret is HEAD else "passphrase")
        assert hashes(file) == before
        other.stdin.write("\n")
    rekey(f"sqlcipher:///{file}", HEAD, keep=[HEAD])


def test_who_opened_the_old_file_while_it_was_being_replaced_writes_into_the_new_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other has the old file open, with nothing read, when the new one takes its name: its row must not go down with it."""
    has_opened, goes_on = Event(), Event()

    def spied(*arguments: Any, **options: Any) -> Any:
        connection = connect_to(*arguments, **options)
        if current_thread() is other and not options:
            has_opened.set()
            assert goes_on.wait(30)
        return connection

    def write() -> None:
        with closing(opened(file, HEAD)) as database:
            add_rows(database, ROWS, 1)

    def reached(step: str) -> None:
        if step == COPIED:
            other.start()
            assert has_opened.wait(30)
        elif step == RENEWED:
            goes_on.set()

    other = Thread(target=write)
    monkeypatch.setattr(engines, "connect_to", spied)
    rekey(f"sqlcipher:///{file}", HEAD, keep=[HEAD], reached=reached)
    other.join()
    with closing(opened(file, HEAD)) as database:
        assert numbers(database) == list(range(ROWS + 1))


def test_a_file_without_a_log_yet_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a rekey or a restore leaves it: whoever opens it while another program writes into it comes after it, and is not refused."""
    with closing(opened(file, HEAD)) as database:
        key = database.data_key
    held, tried = connect_to(file, key), list[str]()
    assert held.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    held.execute("BEGIN IMMEDIATE")

    def seen(statement: str) -> None:
        if "journal_mode" in statement:
            tried.append(statement)
            if len(tried) == 2:
                held.rollback()

    def spied(*arguments: Any, **options: Any) -> Any:
        connection = connect_to(*arguments, **options)
        connection.set_trace_callback(seen)
        return connection

    monkeypatch.setattr(engines, "connect_to", spied)
    with closing(held), closing(opened(file, HEAD)) as database:
        assert numbers(database)
    assert len(tried) >= 2


def hashes(file: Path) -> dict[str, str]:
    """What matters of a database: the shared memory beside it is nobody's data."""
    return {one.name: sha256(one.read_bytes()).hexdigest() for one in (file, key_file_path(file)) if one.exists()}


def test_nobody_can_write_from_the_copy_to_the_swap(file: Path) -> None:
    with closing(opened(file, HEAD)) as database:
        assert database.data_key is not None
        key = database.data_key.hex()
    program = (
        "import sqlcipher3.dbapi2 as sqlcipher\n"
        f"connection = sqlcipher.connect('{file}', timeout=0.2, isolation_level=None)\n"
        f"connection.execute('PRAGMA key = \"x\\'{key}\\'\"')\n"
        "try:\n    connection.execute('DELETE FROM visits_kept')\n"
        "except sqlcipher.OperationalError as error:\n    print(error)\n"
    )
    heard: dict[str, str] = {}

    def reached(step: str) -> None:
        if step in (COPIED, ANNOUNCED):
            heard[step] = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    rekey(f"sqlcipher:///{file}", HEAD, keep=[HEAD], reached=reached)
    assert heard == {COPIED: "database is locked\n", ANNOUNCED: "database is locked\n"}
    with closing(opened(file, HEAD)) as database:
        assert numbers(database) == list(range(ROWS))


def test_giving_up_before_the_swap_leaves_all_as_it_was(file: Path) -> None:
    def stop(_step: str) -> None:
        raise InterruptedError

    before = key_file_path(file).read_bytes()
    with pytest.raises(InterruptedError):
        rekey(f"sqlcipher:///{file}", HEAD, keep=[Passphrase("newer horse")], reached=stop)
    assert key_file_path(file).read_bytes() == before
    assert not next_file_path(file).exists()
    with closing(opened(file, RAVI)) as database:
        assert numbers(database) == list(range(ROWS))


def test_a_damaged_database_is_not_rekeyed(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[PAGES * 200 + 77] ^= 1
    file.write_bytes(bytes(content))
    before = key_file_path(file).read_bytes()
    with pytest.raises(DatabaseUnavailable):
        rekey(f"sqlcipher:///{file}", HEAD, keep=[HEAD])
    assert key_file_path(file).read_bytes() == before
    assert file.read_bytes()[PAGES:] == bytes(content)[PAGES:]
    assert not next_file_path(file).exists()


def test_a_plain_database_cannot_be_rekeyed(tmp_path: Path) -> None:
    Database.open(f"sqlite:///{tmp_path / 'plain.db'}").close()
    with pytest.raises(NotEncrypted):
        rekey(f"sqlite:///{tmp_path / 'plain.db'}", HEAD, keep=[HEAD])


@pytest.fixture
def server(tmp_path: Path, clock: FrozenClock) -> Iterator[Database]:
    made, _ = fresh("postgres", tmp_path, clock)
    made.vault.add(HEAD)
    made.vault.add(RAVI)
    for document in DOCUMENTS:
        store_of(made).put(document)
    yield made
    drop(made)


def test_a_server_gets_a_new_key_while_others_work(server: Database) -> None:
    url = server.address.url.render_as_string(hide_password=False)
    done = rekey(url, HEAD, keep=[HEAD])
    assert ([row.name for row in done.lost], done.documents) == (["ravi"], len(DOCUMENTS))
    with pytest.raises(VaultRenewed):
        store_of(server).put(b"sealed with the old key")
    with pytest.raises(VaultRenewed):
        store_of(server).get(sha256(DOCUMENTS[0]).hexdigest())
    with pytest.raises(WrongPassphrase):
        server.vault.unlock(RAVI)
    server.vault.unlock(HEAD)
    assert [store_of(server).get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
    assert len(server.vault.keys()) == 1


def test_a_servers_rekey_that_was_killed_keeps_every_document_readable(server: Database) -> None:
    def die(step: str) -> None:
        if step == RENEWED:
            raise InterruptedError

    url = server.address.url.render_as_string(hide_password=False)
    with pytest.raises(InterruptedError):
        rekey(url, HEAD, keep=[HEAD], reached=die)
    with closing(Database.open(url, secret=HEAD)) as later:
        assert len(later.vault.keys()) == 2
        assert [store_of(later).get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
    assert rekey(url, HEAD, keep=[HEAD]).documents == len(DOCUMENTS)
