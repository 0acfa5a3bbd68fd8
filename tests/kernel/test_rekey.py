"""A new data key: the old one reads nothing more, nothing is lost, and no kill at any moment leaves a closed door."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread, current_thread
from time import monotonic
from typing import Any

import msgspec
import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from clinic_desktop.kernel import engines, keys
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import connect_to, fits
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.keys import (
    DataKey,
    KeyFile,
    Passphrase,
    RecoveryKey,
    UserPassword,
    WrongPassphrase,
    key_file_path,
    new_recovery_key,
)
from clinic_desktop.kernel.rekey import ANNOUNCED, COPIED, RENEWED, RESEALED, SWAPPED, rekey
from clinic_desktop.kernel.store import DocumentDamaged, documents_folder, store_of
from clinic_desktop.kernel.unlocking import next_file_path
from clinic_desktop.kernel.vault import NotEncrypted, VaultRenewed
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.faults.killing import Zygote

ROUNDS = int(os.environ.get("CLINIC_REKEY_KILLS", "20"))
STEPS = (COPIED, ANNOUNCED, SWAPPED, RENEWED, RESEALED)
HEAD, MEERA, RAVI = Passphrase("correct horse"), UserPassword("meera", "battery staple"), UserPassword("ravi", "another staple")
NEWER = Passphrase("newer horse")
PAGES, ROWS = 4096, 3000
DOCUMENTS = [b"letter %d " % number * 200 for number in range(12)]


def opened(file: Path, secret: keys.Secret) -> Database:
    return Database.open(f"sqlcipher:///{file}", secret=secret)


def add_rows(database: Database, first: int, count: int) -> None:
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        rows = [(number, f"patient {number} " * 80) for number in range(first, first + count)]
        connection.exec_driver_sql("INSERT INTO visits_kept VALUES (?, ?)", rows)


def numbers(database: Database) -> list[int]:
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        return list(connection.exec_driver_sql("SELECT number FROM visits_kept ORDER BY number").scalars())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted database of some MB with documents, closed; the passphrase and two people open it."""
    made = tmp_path_factory.mktemp("rekeyed") / "clinic.db"
    with closing(opened(made, HEAD)) as database:
        with database.engine.execution_options(clinic_write=True).begin() as connection:
            connection.exec_driver_sql("CREATE TABLE visits_kept (number INTEGER PRIMARY KEY, words TEXT)")
        add_rows(database, 0, ROWS)
        database.vault.add(MEERA)
        database.vault.add(RAVI)
        for document in DOCUMENTS:
            store_of(database).put(document)
    assert made.stat().st_size > 3_000_000
    return made


@pytest.fixture
def file(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(template.parent, tmp_path / "first")
    return tmp_path / "first" / template.name


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


# Kills


def crash_image(file: Path, folder: Path, *, first: int, count: int) -> Path:
    """The database as a power cut leaves it after another connection has committed rows: with its log, not folded in."""
    folder.mkdir()
    image = folder / file.name
    with closing(opened(file, whoever_opens(file))) as database:
        add_rows(database, first, count)
        for one in (file, file.with_name("clinic.db-wal"), key_file_path(file)):
            shutil.copyfile(one, folder / one.name)
        shutil.copytree(documents_folder(file), documents_folder(image))
    assert image.with_name("clinic.db-wal").stat().st_size > 0
    return image


def whoever_opens(file: Path) -> Passphrase:
    """The one of the two secrets that opens the database and goes on doing so."""
    for _ in range(2):  # while a rekey is unfinished either opens, and the one that stays ends it
        doors = []
        for secret in (HEAD, NEWER):
            with suppress(WrongPassphrase):
                opened(file, secret).close()
                doors.append(secret)
    assert len(doors) == 1
    return doors[0]


def begin_child(workers: Zygote, file: Path, old: Passphrase, fatal: str = "") -> int:
    """Let a worker rekey from one of the two passphrases to the other; it kills itself after the fatal step, if one is named."""
    return workers.start("rekey", f"sqlcipher:///{file}", old.text, (NEWER if old is HEAD else HEAD).text, fatal)


def run_child(workers: Zygote, file: Path, old: Passphrase, *, fatal: str = "") -> float:
    """Rekey in a worker to its end, which is the fatal step if one is named; how many seconds that took."""
    worker = begin_child(workers, file, old, fatal)
    assert workers.hear() == "go"
    began, said = monotonic(), workers.hear()
    lasted = monotonic() - began
    assert said == (fatal or "done")
    workers.wait_for(worker)
    return lasted


def kill_child(workers: Zygote, file: Path, old: Passphrase, *, after: float) -> bool:
    """Rekey in a worker and kill it some seconds after it began; False when it was done before."""
    return "done" not in workers.kill_after(after, begin_child(workers, file, old))


def check_whole(file: Path, rows: int) -> None:
    with closing(opened(file, whoever_opens(file))) as database:
        assert numbers(database) == list(range(rows))
        store = store_of(database)
        assert [store.get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
        assert len(list(store.every())) == len(DOCUMENTS)
    assert not next_file_path(file).exists()
    assert KeyFile.parse(key_file_path(file).read_bytes()).successor is None


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("first_by", ["old", "new"])
def test_killed_after_any_step_it_opens_with_old_or_new_and_is_whole(
    file: Path, tmp_path: Path, workers: Zygote, step: str, first_by: str
) -> None:
    image = crash_image(file, tmp_path / "image", first=ROWS, count=50)
    run_child(workers, image, HEAD, fatal=step)
    doors = {"old": HEAD, "new": NEWER}
    if step in (ANNOUNCED, SWAPPED):
        opened(image, doors[first_by]).close()  # while both are named, either opens
    check_whole(image, ROWS + 50)
    assert (whoever_opens(image) is NEWER) == (step in (SWAPPED, RENEWED, RESEALED))


@pytest.mark.parametrize(("step", "staying", "leaving"), [(ANNOUNCED, [HEAD, RAVI], [NEWER]), (SWAPPED, [NEWER], [RAVI, HEAD])])
def test_both_generations_open_until_one_comes_that_stays(
    file: Path, tmp_path: Path, workers: Zygote, step: str, staying: list[keys.Secret], leaving: list[keys.Secret]
) -> None:
    image = crash_image(file, tmp_path / "image", first=ROWS, count=1)
    run_child(workers, image, HEAD, fatal=step)
    for secret in leaving * 2:
        opened(image, secret).close()
    for secret in staying:
        opened(image, secret).close()
    for secret in leaving:
        with pytest.raises(WrongPassphrase):
            opened(image, secret)


@pytest.mark.parametrize("step", [ANNOUNCED, SWAPPED])
def test_who_came_in_by_a_door_that_will_shut_can_make_a_new_one(file: Path, tmp_path: Path, workers: Zygote, step: str) -> None:
    image = crash_image(file, tmp_path / "image", first=ROWS, count=1)
    run_child(workers, image, HEAD, fatal=step)
    leaving, staying = (NEWER, HEAD) if step == ANNOUNCED else (HEAD, NEWER)
    newest = UserPassword("usha", "a third staple")
    with closing(opened(image, leaving)) as database:
        assert database.vault.has("passphrase")
        database.vault.add(newest)
        assert "usha" in [row.name for row in database.vault.slots()]
        assert [store_of(database).get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
    opened(image, staying).close()
    with closing(opened(image, newest)) as database:
        assert numbers(database) == list(range(ROWS + 1))


def test_a_rekey_that_was_killed_can_be_begun_again_by_either(file: Path, tmp_path: Path, workers: Zygote) -> None:
    for number, (step, secret) in enumerate((step, secret) for step in (ANNOUNCED, SWAPPED) for secret in (HEAD, NEWER)):
        image = crash_image(file, tmp_path / f"image-{number}", first=ROWS + number, count=1)
        run_child(workers, image, HEAD, fatal=step)
        rekey(f"sqlcipher:///{image}", secret, keep=[MEERA])
        for gone in (HEAD, NEWER):
            with pytest.raises(WrongPassphrase):
                opened(image, gone)
        with closing(opened(image, MEERA)) as database:
            assert numbers(database) == list(range(ROWS + number + 1))
            assert [store_of(database).get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
            assert len(database.vault.keys()) == 1


@pytest.mark.parametrize("step", ["", *STEPS])
def test_a_version_1_file_is_rekeyed_and_killed_like_any_other(file: Path, tmp_path: Path, workers: Zygote, step: str) -> None:
    image = crash_image(file, tmp_path / "image", first=ROWS, count=1)
    with closing(opened(image, HEAD)) as database:
        data_key = database.data_key
    assert data_key is not None
    salt = bytes(range(16))
    wrapped = aes_key_wrap(hash_secret_raw(HEAD.text.encode(), salt, 1, 64, 4, 32, Type.ID), data_key)
    slot = {"kind": "passphrase", "salt": salt, "time_cost": 1, "memory_kib": 64, "lanes": 4, "wrapped_key": wrapped}
    key_file_path(image).write_bytes(msgspec.json.encode({"version": 1, "slots": [slot]}))
    run_child(workers, image, HEAD, fatal=step)
    check_whole(image, ROWS + 1)


def test_killed_at_random_moments_it_always_opens_and_loses_no_commit(file: Path, tmp_path: Path, workers: Zygote) -> None:
    """One database through all rounds; each adds rows that only its log holds, and kills the rekey somewhere."""
    chance, rows, killed = random.Random(), ROWS, 0
    current = crash_image(file, tmp_path / "timed", first=rows, count=10)
    rows += 10
    lasts = run_child(workers, current, HEAD)
    for number in range(ROUNDS):
        door = whoever_opens(current)
        image = crash_image(current, tmp_path / f"round-{number}", first=rows, count=10)
        rows += 10
        shutil.rmtree(current.parent)
        was_killed = kill_child(workers, image, door, after=chance.uniform(0, lasts * 1.1))
        killed += was_killed
        lasts *= 1.05 if was_killed else 0.8  # the machine may be busier or idler than when it was measured
        check_whole(image, rows)
        current = image
    assert killed > ROUNDS / 4, "most rekeys were done before they could be killed"


# On a server


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
