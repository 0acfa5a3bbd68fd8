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

from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.following import Following
from clinic_desktop.kernel.happenings import ChangedElsewhere, Undeclared, tables_of, tells_of
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import take_head
from clinic_desktop.kernel.listening import ServerEar
from clinic_desktop.kernel.security import Actor
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.kernel.proxy import Proxy, network_to

TOLD_S = 3.0
"""What a lost hint, and a server that says nothing, may take until they are noticed."""
CUT_S = 8.0
"""What somebody waits at most for an answer that does not come."""


class Ears:
    """What a follower said, in turn."""

    def __init__(self) -> None:
        self.told: Queue[object] = Queue()
        self.reached: Queue[bool] = Queue()

    def hear(self, events: list[object]) -> None:
        for one in events:
            self.told.put(one)

    def next(self, seconds: float = TOLD_S) -> object:
        return self.told.get(timeout=seconds)

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
        following = database._following
        assert following is not None
        until = monotonic() + 10
        while following._own or following._seq is None:
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
    took, told = monotonic() - began, 0
    while "tests" not in getattr(ears.next(), "tables", ()):
        told += 1
    assert 1 <= told <= took / 0.05 + 2
    assert ears.hears_nothing(0.2)


def test_the_number_of_a_transaction_that_failed_is_heard_from_whoever_got_it(database: Database, other: Database, ears: Ears) -> None:
    following = Following(database.engine, database.address, None, ears.hear, ears.reached.put)
    try:
        while following._seq is None:
            os.sched_yield()
        following.note_own(following._seq + 1, b"never committed")
        write(other)
        assert ears.next() == HEARD
    finally:
        following.close()


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
    follow(server_db, ears)
    with psycopg.connect(plain(server_db)) as silent:  # a program that does not notify
        silent.execute("UPDATE journal_head SET seq = seq + 1")
        silent.execute(
            "INSERT INTO journal (seq, at, hlc, actor_name, command, hash) SELECT seq, now(), 1, 'x', 'x', '\\x01' FROM journal_head"
        )
        silent.execute(
            "INSERT INTO audit_logs (seq, ordinal, entity_type, entity_id, operation, changes)"
            " SELECT seq, 0, 'patients', gen_random_uuid(), 'N', %s FROM journal_head",
            (json.dumps({"event": "x"}),),
        )
    assert ears.next() == ChangedElsewhere(frozenset({"patients"}))


def test_a_follower_that_was_thrown_out_comes_back_and_has_everything_read_again(server_db: Database, ears: Ears) -> None:
    follow(server_db, ears)
    with psycopg.connect(plain(server_db), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert [ears.reached.get(timeout=TOLD_S), ears.reached.get(timeout=TOLD_S)] == [False, True]
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
    assert ears.reached.get(timeout=TOLD_S) is False
    assert monotonic() - began < TOLD_S
    waited = [answers.get(timeout=CUT_S), answers.get(timeout=CUT_S)]
    assert [reason for _seconds, reason in waited] == ["unreachable"] * 2
    assert timed(lambda: ask(far)) < (0.5, "unreachable ")  # at once: nobody waits for a connection that does not come
    write(server_db)  # somebody nearer to the server works on
    network.mend()
    assert ears.reached.get(timeout=CUT_S) is True
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
            take_head(tx.session)
            began = monotonic()
            write(nearer)
            took = monotonic() - began
        assert 1 < took < CUT_S
    finally:
        nearer.close()
