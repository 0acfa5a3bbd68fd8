"""What another program commits is heard, whatever becomes of the hint; a server that says nothing is taken for gone, and waited for."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel import following
from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.following import Following
from clinic_desktop.kernel.happenings import ChangedElsewhere, Undeclared, tables_of, tells_of
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import take_head
from clinic_desktop.kernel.journal_rows import CHANNEL, hint_of
from clinic_desktop.kernel.listening import ANSWERS_WITHIN, ServerEar
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.servers import POSTGRES_ARGUMENTS
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.kernel.proxy import Proxy, network_to

TOLD_S = 3.0
"""What a lost hint, and a server that says nothing, may take until they are noticed, by the waits that the follower sets itself."""
SYSTEM_S = 10.0
"""After which the system itself gives a silent line up: whoever is told earlier was told by the follower, on however slow a machine."""
PATIENCE_S = 60.0
"""For what comes at once where the processor is free."""


class Ears:
    """What a follower said, in turn."""

    def __init__(self) -> None:
        self.told: Queue[object] = Queue()
        self.reached: Queue[bool] = Queue()

    def hear(self, events: list[object]) -> None:
        for one in events:
            self.told.put(one)

    def next(self) -> object:
        return self.told.get(timeout=PATIENCE_S)

    def hears_nothing(self, seconds: float) -> bool:
        try:
            self.told.get(timeout=seconds)
        except Empty:
            return True
        return False


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """The same database, in another program."""
    made = Database.open(database.address.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    yield made
    made.close()


def follow(database: Database, ears: Ears) -> None:
    database.subscribe(ears.hear)
    database.follow(ears.reached.put)
    write(database)  # its own first commit: once that is read the follower is there
    Caught.up(database)


class Caught:
    """Waiting for the thread, as what it does not tell cannot be waited for."""

    @staticmethod
    def up(database: Database) -> None:
        follower = database._following
        assert follower is not None
        until = monotonic() + PATIENCE_S
        while follower._own or follower._seq is None:
            assert monotonic() < until
            os.sched_yield()


def keep(tx: Tx) -> None:
    tx.command = "tests.keep"
    tx.add(CommandKey(key=new_id(), command="tests", result=None))


def write(database: Database) -> None:
    database.run(Actor.system(), keep)


HEARD = ChangedElsewhere(frozenset({"command_keys"}))


def test_a_commit_elsewhere_is_told_and_ones_own_is_not(database: Database, other: Database, ears: Ears) -> None:
    follow(database, ears)
    assert ears.told.empty()
    write(other)
    assert ears.next() == HEARD
    write(database)
    Caught.up(database)
    assert ears.told.empty()
    database.unfollow()
    write(other)
    assert ears.hears_nothing(0.2)


def test_a_burst_is_told_a_few_times_and_nothing_of_it_is_lost(database: Database, other: Database, ears: Ears) -> None:
    follow(database, ears)
    began = monotonic()
    for _ in range(40):
        write(other)
        write(database)
    with other.write(Actor.system()) as tx:
        tx.command = "tests.last"
        tx.note("last", "tests", uuid4())
    took, told, tables = monotonic() - began, 0, set()
    while "tests" not in tables:
        one = ears.next()
        assert isinstance(one, ChangedElsewhere)
        told, tables = told + 1, tables | one.tables
    assert tables == {"command_keys", "tests"}
    assert told <= took / following.AT_MOST_EVERY + 3
    assert ears.hears_nothing(0.2)


def test_the_number_of_a_transaction_that_failed_is_heard_from_whoever_got_it(database: Database, other: Database, ears: Ears) -> None:
    follower = Following(database.engine, database.address, None, ears.hear, ears.reached.put)
    try:
        while follower._seq is None:
            os.sched_yield()
        follower.note_own(follower._seq + 1, b"never committed")
        write(other)
        assert ears.next() == HEARD
    finally:
        follower.close()


def test_an_event_must_say_of_what_it_tells() -> None:
    class Forgotten:
        pass

    @tells_of("patients", "visits")
    class Declared:
        pass

    assert tables_of([Declared]) == {"patients", "visits"}
    with pytest.raises(Undeclared):
        tables_of([Declared, Forgotten])


# A server


@pytest.fixture
def server_db(clock: FrozenClock, tmp_path: Path) -> Iterator[Database]:
    made, _ = fresh("postgres", tmp_path, clock)
    yield made
    drop(made)


def plain(database: Database) -> str:
    return database.address.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_a_server_says_so_at_once(server_db: Database, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ServerEar, "pause", 60.0)  # nobody looks by himself
    follow(server_db, ears)
    nearer = Database.open(plain(server_db))
    try:
        for _ in range(3):
            write(nearer)
            assert ears.next() == HEARD
    finally:
        nearer.close()


def test_a_hint_that_never_came_costs_a_beat(server_db: Database, ears: Ears) -> None:
    assert ServerEar.pause + ANSWERS_WITHIN < TOLD_S
    follow(server_db, ears)
    commit_silently(server_db)
    assert ears.next() == ChangedElsewhere(frozenset({"patients"}))


def commit_silently(database: Database) -> None:
    """As a program that does not notify."""
    with psycopg.connect(plain(database)) as silent:
        silent.execute("UPDATE journal_head SET seq = seq + 1")
        silent.execute(
            "INSERT INTO journal (seq, at, hlc, actor_name, command, hash) SELECT seq, now(), 1, 'x', 'x', '\\x01' FROM journal_head"
        )
        silent.execute(
            "INSERT INTO audit_logs (seq, ordinal, entity_type, entity_id, operation, changes)"
            " SELECT seq, 0, 'patients', gen_random_uuid(), 'N', %s FROM journal_head",
            (json.dumps({"event": "x"}),),
        )


def test_hints_are_told_without_reading_the_journal_and_a_lie_among_them_hides_nothing(
    server_db: Database, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(server_db, ears)
    monkeypatch.setattr(following, "READ_EVERY", 600.0)
    monkeypatch.setattr(ServerEar, "pause", 600.0)
    nearer = Database.open(plain(server_db))
    try:
        with psycopg.connect(plain(server_db), autocommit=True) as liar:
            for hint in (hint_of(10**9, b"?" * 32, ["visits"]), "12 xyz visits"):
                liar.execute("SELECT pg_notify(%s, %s)", (CHANNEL, hint))
                if "xyz" not in hint:
                    assert ears.next() == ChangedElsewhere(frozenset({"visits"}))
        write(nearer)
        assert ears.next() == HEARD
        monkeypatch.setattr(following, "READ_EVERY", 0.0)
        commit_silently(server_db)
        write(nearer)  # what wakes the follower, which reads the journal now
        told: set[str] = set()
        while told != {"patients", "command_keys"}:  # at once, or one after the other where something else woke it in between
            one = ears.next()
            assert isinstance(one, ChangedElsewhere)
            assert not one.tables & told
            told |= one.tables
        assert ears.hears_nothing(0.2)  # what a hint had told is not told again
    finally:
        nearer.close()


def test_a_follower_that_was_thrown_out_comes_back_and_has_everything_read_again(server_db: Database, ears: Ears) -> None:
    follow(server_db, ears)
    with psycopg.connect(plain(server_db), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert [ears.reached.get(timeout=PATIENCE_S), ears.reached.get(timeout=PATIENCE_S)] == [False, True]
    told = ears.next()
    assert isinstance(told, ChangedElsewhere)
    assert {"patients", "visits", "invoices"} <= told.tables


@pytest.fixture
def network(server_db: Database) -> Iterator[Proxy]:
    with network_to(plain(server_db)) as made:
        yield made


@pytest.fixture
def far(network: Proxy) -> Iterator[Database]:
    """The database as seen through the network."""
    made = Database.open(make_url(network.address).render_as_string(hide_password=False))
    yield made
    made.close()


def timed(question: Callable[[], object]) -> tuple[float, str]:
    began = monotonic()
    try:
        question()
    except DatabaseUnavailable as refusal:
        return monotonic() - began, str(refusal.params["reason"])
    return monotonic() - began, "answered"


def ask(database: Database) -> None:
    with database.read() as session:
        session.connection().execute(text("SELECT count(*) FROM journal"))


def test_a_network_that_swallows_everything_is_noticed_and_nobody_hangs(
    far: Database, server_db: Database, network: Proxy, ears: Ears
) -> None:
    follow(far, ears)
    ask(far)
    answers: Queue[tuple[float, str]] = Queue()
    asking = [Thread(target=lambda: answers.put(timed(lambda: ask(far)))), Thread(target=lambda: answers.put(timed(lambda: write(far))))]
    network.swallow()
    began = monotonic()
    for one in asking:
        one.start()
    assert ears.reached.get(timeout=PATIENCE_S) is False
    assert monotonic() - began < SYSTEM_S
    waited = [answers.get(timeout=PATIENCE_S), answers.get(timeout=PATIENCE_S)]
    assert [reason for _seconds, reason in waited] == ["unreachable"] * 2
    assert max(seconds for seconds, _reason in waited) < SYSTEM_S
    seconds, reason = timed(lambda: ask(far))
    assert reason == "unreachable"
    assert seconds < POSTGRES_ARGUMENTS["connect_timeout"]  # at once: nobody waits for a connection that does not come
    write(server_db)  # somebody nearer to the server works on
    network.mend()
    assert ears.reached.get(timeout=PATIENCE_S) is True
    told = ears.next()
    assert isinstance(told, ChangedElsewhere)
    assert "command_keys" in told.tables
    ask(far)
    write(server_db)
    assert ears.next() == HEARD
    for one in asking:
        one.join()


def test_a_computer_that_falls_silent_with_the_head_in_its_hand_does_not_stop_the_others(server_db: Database, clock: FrozenClock) -> None:
    nearer = Database.open(plain(server_db), clock=clock)
    try:
        with pytest.raises(DBAPIError), server_db.write(Actor.system()) as tx:
            began = monotonic()
            take_head(tx.session)
            write(nearer)  # else it would be refused after a quarter of a minute
            took = monotonic() - began
        assert took > 1
    finally:
        nearer.close()
