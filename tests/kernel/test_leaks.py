"""What a patient told the clinic is nowhere in readable bytes: database, log, shared memory, keys, documents, logs, temp folder."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.exc import DBAPIError

from clinic_desktop.clinic.access.commands import keep_drafts
from clinic_desktop.clinic.patients.rules import PhoneTaken
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.keys import DataKey, RecoveryKey, UserPassword, new_recovery_key
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.store import store_of
from tests.clinic.patients.desk import found, register
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

NAMES = ("Wilhelmina", "عبدالرحمن", "सरस्वती")
HISTORY = ("Penicillin-Anaphylaxis-1998", "حساسية البنسلين الشديدة", "पेनिसिलिन से एलर्जी")
TYPED = ("Palpitations-since-Tuesday", "خفقان منذ الثلاثاء", "मंगलवार से धड़कन")
LETTERS = ("Discharge-Letter-Wilhelmina", "خطاب خروج المريض", "छुट्टी का पत्र")
PASSWORDS = ("battery-staple-of-Meera", "another-staple-of-Ravi")
KNOWN = (*NAMES, *HISTORY, *TYPED, *LETTERS, *PASSWORDS)


def spellings(words: str) -> set[bytes]:
    """The bytes in which a program may have written words, whatever letters it took for capitals."""
    encodings = ("utf-8", "utf-16-le", "utf-16-be", "unicode_escape")
    return {form.encode(encoding) for form in (words, words.casefold()) for encoding in encodings}


def leaks(folder: Path) -> set[tuple[str, str]]:
    """Each known string that stands in readable bytes, with the file it stands in."""
    searched = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    wanted = {(words, encoded) for words in KNOWN for encoded in spellings(words)}
    return {(name, words) for name, content in searched.items() for words, encoded in wanted if encoded in content}


@contextmanager
def everything_logged(file: Path) -> Iterator[None]:
    """All that the program logs at DEBUG, and each statement that SQLAlchemy sends (its DEBUG shows rows, and is never put on)."""
    handler, root, statements = logging.FileHandler(file, encoding="utf-8"), logging.getLogger(), logging.getLogger("sqlalchemy.engine")
    before = root.level, statements.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    statements.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.setLevel(before[0])
        statements.setLevel(before[1])
        root.removeHandler(handler)
        handler.close()


def live(database: Database) -> None:
    """A morning of a clinic: patients, drafts, a document, searches, refusals, and a failure that is logged."""
    world = build_world(database)
    for number, (name, history) in enumerate(zip(NAMES, HISTORY, strict=True)):
        register(world, name, medical_history=history, remarks=history, phone=f"+91980000000{number}")
        assert found(world, name[:5]) == [f"{name} Rao"]
    database.run(
        world.actor("doctor"), keep_drafts, changed={"consultation": msgspec.json.encode(TYPED).decode()}, open_screen="consultation"
    )
    document = "\n".join(LETTERS)
    for content in (document.encode(), document.encode("utf-16")):
        assert store_of(database).get(store_of(database).put(content)) == content
    with pytest.raises(PhoneTaken):
        register(world, NAMES[0], phone="+919800000000")
    with pytest.raises(InvalidInput):
        register(world, NAMES[1] * 100)
    fail_unexpectedly(world)


def fail_unexpectedly(world: World) -> None:
    """A statement of ours that the engine refuses, logged as the program logs what it did not expect."""
    try:
        with world.db.engine.execution_options(clinic_write=True).begin() as connection:
            connection.exec_driver_sql("INSERT INTO patients (first_name, remarks) VALUES (?, ?)", (NAMES[2], HISTORY[2]))
    except DBAPIError:
        logging.getLogger("clinic_desktop").exception("unexpected error, report 1234")
    else:
        raise AssertionError("a patient without a number was taken")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where all of it happens, with a temp folder of its own."""
    made = tmp_path / "computer"
    (made / "temp").mkdir(parents=True)
    for variable in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(variable, str(made / "temp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return made


def test_no_known_string_is_readable_anywhere_on_the_disk(folder: Path) -> None:
    with everything_logged(folder / "everything.log"):
        database = Database.open(f"sqlcipher:///{folder / 'clinic.db'}", secret=UserPassword("meera", PASSWORDS[0]))
        upgrade(database)
        database.vault.add(UserPassword("ravi", PASSWORDS[1]))
        database.vault.add(RecoveryKey(new_recovery_key()))
        live(database)
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2, "sorting must not spill into files"
        names = {one.name for one in folder.rglob("*") if one.is_file()}
        assert {"clinic.db", "clinic.db-wal", "clinic.db-shm", "clinic.db.keys", "everything.log"} < names
        assert (folder / "clinic.db-wal").stat().st_size > 100_000, "the log was to be searched with something in it"
        assert leaks(folder) == set()
        assert "INSERT INTO patients" in (folder / "everything.log").read_text(encoding="utf-8")
        assert "unexpected error" in (folder / "everything.log").read_text(encoding="utf-8")
        data_key = database.data_key
        database.close()  # the log is folded into the database
    assert leaks(folder) == set()
    assert list((folder / "temp").iterdir()) == []
    assert data_key is not None
    for spelling in (data_key, data_key.hex().encode(), data_key.hex().upper().encode()):
        assert [one.name for one in folder.rglob("*") if one.is_file() and spelling in one.read_bytes()] == []
    again = Database.open(f"sqlcipher:///{folder / 'clinic.db'}", secret=DataKey(data_key))
    with again.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM patients").scalar() == len(NAMES)
    again.close()


def test_the_same_search_finds_all_of_it_in_a_plain_database(folder: Path) -> None:
    database = Database.open(f"sqlite:///{folder / 'clinic.db'}")
    upgrade(database)
    live(database)
    found_words = {words for _, words in leaks(folder)}
    assert found_words == set(KNOWN) - set(PASSWORDS)
    assert {name.split("/")[0] for name, _ in leaks(folder)} >= {"clinic.db-wal", "clinic.db.documents"}
    database.close()
    assert {words for name, words in leaks(folder) if name == "clinic.db"} == {*NAMES, *HISTORY, *TYPED}


def test_what_a_server_refuses_is_logged_without_the_row(tmp_path: Path, clock: FrozenClock) -> None:
    server, world = fresh("postgres", tmp_path, clock, recipe="world", build=build_world)
    world.db = server
    patient = register(world, NAMES[0], medical_history=HISTORY[0], remarks=HISTORY[1], national_id=HISTORY[0])
    statements = ("UPDATE patients SET gender = NULL WHERE id = %s", "UPDATE patients SET gender = 'unheard of' WHERE id = %s")
    with everything_logged(tmp_path / "everything.log"):
        for statement in statements:
            try:
                with server.engine.begin() as connection:
                    connection.exec_driver_sql(statement, (patient.id,))
            except DBAPIError:
                logging.getLogger("clinic_desktop").exception("unexpected error, report 1234")
    logged = (tmp_path / "everything.log").read_text(encoding="utf-8")
    assert ("violates not-null constraint" in logged, "violates check constraint" in logged) == (True, True)
    assert leaks(tmp_path) == set()
    drop(server)
