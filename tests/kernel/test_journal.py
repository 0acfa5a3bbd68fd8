"""The journal: nothing escapes it, its order is commit order, and tampering is found."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import clinic_desktop.kernel.origins
import clinic_desktop.sync.models
import clinic_desktop.sync.peers  # noqa: F401 - their tables, too
from clinic_desktop.kernel import journal, journal_proof, journal_rows
from clinic_desktop.kernel.capture import JournalBypass, mapped_tables
from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal_proof import head, verify
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base
from tests.history import entity_history

ACTOR = Actor.system("tester")


def write_key(database: Database, command: str = "first", key: UUID | None = None) -> UUID:
    with database.write(ACTOR) as tx:
        tx.command = "test.write"
        return tx.add(CommandKey(key=key or new_id(), command=command, result=None)).key


def newest(database: Database) -> int:
    """The journal's newest sequence; the migration has left the first change set."""
    with database.read() as session:
        return head(session).seq


def raw(database: Database, *statements: str) -> None:
    """Run SQL behind the journal's back, as an attacker with the file would."""
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def without_triggers(database: Database, table: str, *statements: str) -> None:
    """Run SQL as an attacker who first takes the append-only triggers off."""
    if database.engine.dialect.name == "postgresql":
        raw(database, f"ALTER TABLE {table} DISABLE TRIGGER ALL", *statements)
    else:
        raw(database, *(f"DROP TRIGGER {table}_{what}" for what in ("no_update", "no_delete", "no_replace")), *statements)


def test_a_change_is_readable_by_entity_with_old_and_new_values(database: Database) -> None:
    key = write_key(database)
    with database.write(ACTOR) as tx:
        tx.command, tx.reason = "test.edit", "typing mistake"
        row = tx.session.get_one(CommandKey, key)
        row.command = "second"
    with database.read() as session:
        first, second = entity_history(session, "command_keys", key)
    assert (first.operation, first.changes) == ("I", {"key": str(key), "command": "first"})
    assert (second.operation, second.changes) == ("U", {"command": ["first", "second"]})
    assert (second.command, second.reason, second.actor_name) == ("test.edit", "typing mistake", "tester")


def test_several_flushes_of_a_row_are_one_entry(database: Database) -> None:
    with database.write(ACTOR) as tx:
        kept, dropped = (tx.add(CommandKey(key=new_id(), command="a", result=None)) for _ in range(2))
        tx.session.flush()
        kept.command = "b"
        tx.session.flush()
        kept.command = "c"
        tx.session.delete(dropped)
    with database.read() as session:
        (entry,) = entity_history(session, "command_keys", kept.key)
        assert entity_history(session, "command_keys", dropped.key) == []
    assert entry.changes == {"key": str(kept.key), "command": "c"}


def test_a_rolled_back_transaction_leaves_no_gap(database: Database) -> None:
    before = newest(database)
    write_key(database)
    with pytest.raises(ZeroDivisionError), database.write(ACTOR) as tx:
        tx.add(CommandKey(key=new_id(), command="lost", result=None))
        tx.session.flush()
        raise ZeroDivisionError
    write_key(database)
    with database.read() as session:
        assert verify(session).broken is None
        assert verify(session).change_sets == before + 2


def test_a_rolled_back_savepoint_is_not_journalled(database: Database) -> None:
    lost = new_id()
    with database.write(ACTOR) as tx:
        tx.add(CommandKey(key=new_id(), command="kept", result=None))
        with pytest.raises(ZeroDivisionError), tx.savepoint():
            tx.add(CommandKey(key=lost, command="lost", result=None))
            tx.session.flush()
            raise ZeroDivisionError
    with database.read() as session:
        assert entity_history(session, "command_keys", lost) == []
        assert session.get(CommandKey, lost) is None
        assert verify(session).broken is None


def test_bulk_statements_are_refused(database: Database) -> None:
    for statement in (update(CommandKey).values(command="x"), text("UPDATE command_keys SET command = 'x'")):
        with pytest.raises(JournalBypass), database.write(ACTOR) as tx:
            tx.session.execute(statement)


def test_only_the_journal_itself_and_keystrokes_are_not_journalled() -> None:
    """Whoever marks a further table takes it out of audit, sync and restore: that is decided here, too."""
    journal = {"journal_head", "journal", "audit_logs", "journal_secrets"}
    mechanics = {"access_stamp", "backup_service", "document_blobs", "drafts", "key_vault", "kiosk_tries", "session_sightings"}
    made_by_triggers = {"name_words", "name_word_keys"}
    sync = {"journal_origins", "sync_link", "sync_load_pages", "sync_parked", "sync_parked_rows", "sync_tombstones", "sync_taken"}
    sync |= {"sync_service"}
    documents = {"sync_documents", "sync_document_parts"}
    central = {"sync_contacts", "sync_spent_challenges", "sync_tries", "central_operator", "central_sessions"}
    assert Base.metadata.tables.keys() - set(mapped_tables()) == journal | mechanics | made_by_triggers | sync | documents | central


def test_a_read_scope_does_not_write(database: Database) -> None:
    key = write_key(database)
    with pytest.raises(JournalBypass), database.read() as session:
        session.get_one(CommandKey, key).command = "changed"
        session.flush()


@pytest.mark.parametrize("table", ["journal", "audit_logs"])
@pytest.mark.parametrize("statement", ["UPDATE {t} SET seq = seq", "DELETE FROM {t}", "REPLACE", "TRUNCATE"])
def test_the_journal_is_append_only(database: Database, table: str, statement: str) -> None:
    write_key(database)
    postgres = database.engine.dialect.name == "postgresql"
    if statement == "REPLACE":
        statement = "DELETE FROM {t} WHERE seq = 1" if postgres else "INSERT OR REPLACE INTO {t} SELECT * FROM {t}"
    if statement == "TRUNCATE":
        statement = "TRUNCATE {t} CASCADE" if postgres else "DELETE FROM {t} WHERE seq >= 0"
    with pytest.raises(DBAPIError, match="append-only"):
        raw(database, statement.format(t=table))


TAMPERINGS: dict[str, tuple[str, list[str], tuple[int, str]]] = {
    "who": ("journal", ["UPDATE journal SET actor_name = 'somebody else' WHERE seq = 2"], (2, "altered")),
    "what": ("audit_logs", ["UPDATE audit_logs SET changes = replace(changes, 'first', 'worst') WHERE seq = 3"], (3, "altered")),
    "when": ("journal", ["UPDATE journal SET at = (SELECT at FROM journal WHERE seq = 1), hlc = 5 WHERE seq = 4"], (4, "altered")),
    "deleted": ("journal", ["DELETE FROM journal WHERE seq = 3"], (3, "missing")),
    "deleted row": ("audit_logs", ["DELETE FROM audit_logs WHERE seq = 3"], (3, "altered")),
    "deleted tail": ("journal", ["DELETE FROM journal WHERE seq = 5"], (5, "truncated")),
    "inserted row": (
        "audit_logs",
        ["INSERT INTO audit_logs SELECT seq, 7, entity_type, entity_id, operation, changes FROM audit_logs WHERE seq = 2"],
        (2, "altered"),
    ),
    "inserted after the end": (
        "audit_logs",
        ["INSERT INTO audit_logs SELECT 9, ordinal, entity_type, entity_id, operation, changes FROM audit_logs WHERE seq = 2"],
        (9, "altered"),
    ),
    "reordered": (
        "journal",
        [
            "UPDATE journal SET seq = -2 WHERE seq = 2",
            "UPDATE journal SET seq = 2 WHERE seq = 3",
            "UPDATE journal SET seq = 3 WHERE seq = -2",
        ],
        (2, "altered"),
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_and_named(database: Database, tampering: str) -> None:
    while newest(database) < 5:
        write_key(database)
    with database.read() as session:
        assert verify(session, page=2).broken is None
    table, statements, found = TAMPERINGS[tampering]
    without_triggers(database, table, *statements)
    with database.read() as session:
        broken = verify(session, page=2).broken
    assert broken is not None
    assert (broken.seq, broken.problem) == found


def test_no_write_escapes_the_journal(database: Database) -> None:
    """Shadow triggers count every row change of every table; the journal must hold each of them."""
    install_shadow_triggers(database)
    key = write_key(database)
    with database.write(ACTOR) as tx:
        tx.choose_currency("INR")
        tx.session.get_one(CommandKey, key).command = "second"
    with database.write(ACTOR) as tx:
        tx.session.delete(tx.session.get_one(CommandKey, key))
    assert shadow_count(database) == {
        ("command_keys", "I"): 1,
        ("command_keys", "U"): 1,
        ("command_keys", "D"): 1,
        ("database_identity", "U"): 1,
    }
    assert journal_count(database) == shadow_count(database)


def install_shadow_triggers(database: Database) -> None:
    """Triggers, unknown to the product, that log each row change into a table of their own."""
    raw(database, "CREATE TABLE shadow (name TEXT, operation TEXT)")
    if database.engine.dialect.name == "postgresql":
        raw(
            database,
            "GRANT INSERT ON shadow TO PUBLIC",  # the triggers write in the name of whoever changes a row
            "CREATE FUNCTION cast_shadow() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO shadow VALUES (TG_TABLE_NAME, left(TG_OP, 1)); RETURN NULL; END $$",
            *(
                f"CREATE TRIGGER shadow_{table} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION cast_shadow()"
                for table in mapped_tables()
            ),
        )
        return
    for table in mapped_tables():
        for operation in ("INSERT", "UPDATE", "DELETE"):
            raw(
                database,
                f"CREATE TRIGGER shadow_{table}_{operation} AFTER {operation} ON {table}"
                f" BEGIN INSERT INTO shadow VALUES ('{table}', '{operation[0]}'); END",
            )


def shadow_count(database: Database) -> dict[tuple[str, str], int]:
    """How often the shadow triggers fired, by table and operation."""
    return counted(database, "SELECT name, operation, count(*) FROM shadow GROUP BY name, operation")


def journal_count(database: Database) -> dict[tuple[str, str], int]:
    """How many row entries the journal holds, by table and operation."""
    return counted(
        database, "SELECT entity_type, operation, count(*) FROM audit_logs WHERE operation <> 'N' GROUP BY entity_type, operation"
    )


def counted(database: Database, query: str) -> dict[tuple[str, str], int]:
    with database.engine.connect() as connection:
        return {(name, operation): count for name, operation, count in connection.exec_driver_sql(query)}


class Poller:
    """A reader that remembers the highest sequence it saw and asks for what came after, as sync and other screens do."""

    def __init__(self, database: Database) -> None:
        self.database, self.cursor, self.stop = database, newest(database), threading.Event()
        self.seen: list[int] = []

    def __call__(self) -> None:
        while True:
            ending = self.stop.is_set()
            with self.database.engine.connect() as connection:
                found = connection.execute(text("SELECT seq FROM journal WHERE seq > :c ORDER BY seq"), {"c": self.cursor}).scalars().all()
            if found:
                self.seen.extend(found)
                self.cursor = found[-1]
            elif ending:
                return


def write_concurrently(database: Database, writers: int, each: int) -> list[int]:
    """Let several threads commit while a poller follows the journal; returns the sequences that the poller saw."""
    poller = Poller(database)
    following = threading.Thread(target=poller)
    following.start()
    start = threading.Barrier(writers)

    def write() -> None:
        start.wait()
        for _ in range(each):
            write_key(database)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    poller.stop.set()
    following.join()
    return poller.seen


def test_a_polling_reader_misses_nothing_under_concurrent_commits(database: Database) -> None:
    each, before = 40, newest(database)
    assert write_concurrently(database, 8, each) == list(range(before + 1, before + 8 * each + 1))
    with database.read() as session:
        assert verify(session).broken is None


def serial_head(database: Database) -> Callable[[Session], tuple[int, bytes, int]]:
    """What the journal would do with a serial instead of the locked counter row."""
    raw(database, f"CREATE SEQUENCE serial_head START {newest(database) + 1}")

    def take(session: Session, sets: int = 1) -> tuple[int, bytes, int]:
        seq = session.connection().execute(text("SELECT nextval('serial_head')")).scalar_one()
        return int(seq), journal_proof.GENESIS, 0

    return take


@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_serial_in_place_of_the_counter_loses_change_sets(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The experiment behind the counter row: with a serial, sequence order is not commit order, and a poller misses commits."""
    each = 40
    monkeypatch.setattr(journal, "take_head", serial_head(database))
    monkeypatch.setattr(journal_rows, "_SET_HEAD", "UPDATE journal_head SET hash = :hash, hlc = :hlc WHERE false")
    monkeypatch.setattr(journal_rows, "_all_at_once", journal_rows._all_at_once.__wrapped__)
    for _ in range(5):
        seen = write_concurrently(database, 8, each)
        if len(seen) < 8 * each:
            return
    pytest.fail("the serial lost nothing in five rounds")


def test_a_field_left_out_at_first_may_be_set_later_in_the_same_transaction(database: Database) -> None:
    with database.write(ACTOR) as tx:
        row = tx.add(CommandKey(key=new_id(), command="first"))
        tx.session.flush()
        row.result = "answer"
    with database.read() as session:
        (entry,) = entity_history(session, "command_keys", row.key)
        assert session.get_one(CommandKey, row.key).result == "answer"
    assert entry.changes == {"key": str(row.key), "command": "first", "result": "(secret)"}


def test_a_secret_is_journalled_as_changed_but_never_shown(database: Database) -> None:
    key = write_key(database)
    with database.write(ACTOR) as tx:
        tx.session.get_one(CommandKey, key).result = "hidden"
    with database.read() as session:
        entries = entity_history(session, "command_keys", key)
        assert "hidden" not in str(entries)
    assert entries[-1].changes == {"result": [None, "(secret)"]}
