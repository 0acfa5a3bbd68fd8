"""The database and its two scopes: ``write`` (one journalled transaction) and ``read``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from clinic_desktop.kernel.capture import Capture, watch
from clinic_desktop.kernel.clock import Clock, system_clock
from clinic_desktop.kernel.engines import WRITING, Address, parse_address, reading, worded
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable, PermissionDenied, StaleRecord
from clinic_desktop.kernel.following import Following
from clinic_desktop.kernel.journal import NOTE, DatabaseIdentity, Entry, Header, append
from clinic_desktop.kernel.key_secrets import Passphrase, Secret
from clinic_desktop.kernel.lan.seats import Seats
from clinic_desktop.kernel.reactions import react
from clinic_desktop.kernel.remembered import forget
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.sharing import refuse_in_copy, refuse_owned, refuse_shared
from clinic_desktop.kernel.tables import NO_CURRENCY, Base, currency_of
from clinic_desktop.kernel.unlocking import open_with_keys
from clinic_desktop.kernel.vault import Vault
from clinic_desktop.kernel.vouching import Vouching, decide_rights, raise_stamp

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T", bound=Base)
log = logging.getLogger(__name__)

_ATTEMPTS = 5
_TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATEs after which the same command may simply run again: serialization, deadlock, lock timeout."""
_LOST_RACE = "23505"
"""A value that must be unique was taken by another desk after the command had looked: it looks again, once, and says so."""


class ClinicSession(Session):
    """The session class that the journal watches."""


watch(ClinicSession)


@dataclass(slots=True)
class Tx:
    """One open write transaction: what commands take first."""

    session: Session
    actor: Actor
    now: datetime
    capture: Capture
    engine: Engine
    command: str | None = None
    reason: str | None = None
    events: list[object] = field(default_factory=list)

    @property
    def currency(self) -> str:
        """The currency of this database."""
        return currency_of(self.engine.dialect)

    def choose_currency(self, code: str) -> None:
        """Fix the one currency of this database; it cannot be changed once chosen."""
        identity = self.session.scalars(select(DatabaseIdentity).with_for_update()).one()
        if identity.currency not in (None, code):
            raise ClinicError("currency", current=identity.currency)
        identity.currency = code
        _remember_currency(self.engine, code)

    def add(self, row: T) -> T:
        """Add a new row to the session and return it."""
        self.session.add(row)
        return row

    def emit(self, happened: object) -> None:
        """Run the reactions of higher departments now; tell the subscribers after commit."""
        self.events.append(happened)
        react(self, happened)

    def note(self, code: str, entity_type: str, entity_id: UUID, /, **details: Any) -> None:
        """Write an audit entry for something that changed no row: a print, a read, an override."""
        self.capture.add(Entry(entity_type, entity_id, NOTE, {"event": code, **details}))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that may fail by itself: rows, journal entries and events return to where they were."""
        self.session.flush()
        marked, events = self.capture.mark(), len(self.events)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            self.capture.rewind(marked)
            forget(self.session)
            del self.events[events:]
            raise


Subscriber = Callable[[list[object]], None]


class Database:
    """An open clinic database. Safe to share between threads; each scope uses a connection of its own."""

    def __init__(self, engine: Engine, vault: Vault, address: Address, clock: Clock) -> None:
        self.engine = engine
        self.vault = vault
        self.address = address
        self.clock = clock
        self.vouching = Vouching()
        self._subscribers: list[Subscriber] = []
        self._following: Following | None = None
        self.seats = Seats(engine)
        self._before_closing: list[Callable[[], None]] = []
        self._write_session = sessionmaker(class_=ClinicSession, expire_on_commit=False)
        self._read_session = sessionmaker(class_=ClinicSession, expire_on_commit=False, autoflush=False)

    @classmethod
    def open(cls, url: str, *, passphrase: str | None = None, secret: Secret | None = None, clock: Clock = system_clock) -> Database:
        """Open a database; a missing encrypted file is made, with the slot of the secret.

        Raises DatabaseUnavailable, WrongPassphrase, KeyFileMissing, KeyFileDamaged, KeyFileForeign or InvalidInput.
        """
        address = parse_address(url)
        if secret is None and passphrase is not None:
            secret = Passphrase(passphrase)
        engine, vault = open_with_keys(address, secret, clock)
        database = cls(engine, vault, address, clock)
        try:
            database.recall_currency()
            if address.file is None and secret is not None and vault.exists:
                vault.unlock(secret)
        except BaseException:
            database.close()
            raise
        return database

    @property
    def data_key(self) -> bytes | None:
        """The clinic's data key; None for a plain development database, and for a server's until its vault is unlocked."""
        return self.vault.data_key

    def recall_currency(self) -> None:
        """Take the currency from the database's identity row; raises DatabaseUnavailable when nothing answers."""
        try:
            with self.engine.connect() as connection:
                self.seats.look(connection)
                if inspect(connection).has_table(DatabaseIdentity.__tablename__):
                    code = connection.scalar(select(DatabaseIdentity.currency))
                    _remember_currency(self.engine, code or NO_CURRENCY)
        except DBAPIError as error:
            raise worded(error) from error

    @property
    def currency(self) -> str:
        """The currency of this database, or XXX before a hospital has chosen one."""
        return currency_of(self.engine.dialect)

    def before_closing(self, act: Callable[[], None]) -> None:
        """Have ``act`` end what works here by itself when the database is closed, whoever closes it."""
        self._before_closing.append(act)

    def close(self) -> None:
        """Close every connection."""
        while self._before_closing:
            self._before_closing.pop()()
        self.unfollow()
        self.seats.close()
        self.engine.dispose()

    def rest(self) -> None:
        """End the connections to a server that is gone, and keep everybody's login for when it is back."""
        self.engine.dispose()
        self.seats.rest()

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call ``subscriber`` with the events of each commit, on the committing thread, after the commit has returned.

        Once somebody follows, it hears of others' commits too: one ChangedElsewhere for a burst of them, on a thread of its own.
        """
        self._subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop calling a subscriber."""
        self._subscribers.remove(subscriber)

    def follow(self, reached: Callable[[bool], None] = lambda _is_reached: None) -> None:
        """Hear what other programs commit from now on; ``reached`` hears when a server answers no more, and when it does again."""
        self.unfollow()
        self._following = Following(self.engine, self.address, self.data_key, self._publish, reached)

    def unfollow(self) -> None:
        """Hear only of own commits again."""
        following, self._following = self._following, None
        if following is not None:
            following.close()

    def _publish(self, events: list[object]) -> None:
        for subscriber in list(self._subscribers):
            subscriber(events)

    def _refuse_when_gone(self) -> None:  # each question by itself would wait for a connection that does not come
        if self._following is not None and self._following.is_gone:
            raise DatabaseUnavailable(reason="unreachable")

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Tx]:
        """One journalled transaction: all of it is committed, or none. Events are published after the commit.

        Raises SessionEnded before anything is done when the actor's session stands no more.
        """
        self._refuse_when_gone()
        with self._write_session(bind=self.seats.engine_of(actor)) as session:
            capture = Capture()
            tx = Tx(session, actor, self.clock(), capture, self.engine)
            session.info.update(tx=tx, capture=capture)
            currency = self.currency
            try:
                with session.begin():
                    session.connection(execution_options=WRITING)
                    tx.actor = self.vouching.vouch(session, actor, tx.now)
                    yield tx
                    session.flush()
                    refuse_in_copy(session, tx.command, capture.entries)
                    refuse_shared(session, tx.command, capture.entries)
                    refuse_owned(session, tx.actor, tx.command, capture.entries)
                    if decide_rights(capture.entries):
                        raise_stamp(session)
                    if capture.entries:
                        seq, digest = append(session, _header(tx), capture.entries)
                        if self._following is not None:
                            self._following.note_own(seq, digest)
            except BaseException:
                _remember_currency(self.engine, currency)  # a currency chosen here was not chosen after all
                raise
            finally:
                session.info.clear()
        if tx.events:
            self._publish(tx.events)

    @contextmanager
    def read(self, actor: Actor | None = None) -> Iterator[Session]:
        """A read-only view; nothing of it may outlive the scope but plain values.

        With an actor it raises SessionEnded when the session stands no more; DatabaseUnavailable when the database does not answer.
        """
        self._refuse_when_gone()
        try:
            with self._read_session(bind=self.seats.engine_of(actor)) as session, session.begin():
                session.connection(execution_options=reading(self.engine))
                if actor is not None:
                    self.vouching.vouch(session, actor, self.clock())
                yield session
        except DBAPIError as error:
            told = worded(error)
            if told is error:
                raise
            raise told from error

    def run(self, actor: Actor, command: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one command in its own transaction, again when the engine asks for it; denials are audited."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self.write(actor) as tx:
                    return command(tx, *args, **kwargs)
            except PermissionDenied as denial:
                self._audit_denial(actor, denial.params)
                raise
            except StaleDataError as error:
                raise StaleRecord(entity=getattr(command, "name", ""), key="") from error
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if attempt == _ATTEMPTS or not (state in _TRY_AGAIN or (state == _LOST_RACE and attempt == 1)):
                    raise worded(error) from error
                log.info("command runs again after %s", state)
        raise AssertionError("unreachable")

    def _audit_denial(self, actor: Actor, params: Mapping[str, Any]) -> None:
        with self.write(actor) as tx:
            tx.command = "access.denied"
            tx.note("denied", "users", actor.user_id or UUID(int=0), **params)


def _header(tx: Tx) -> Header:
    actor = tx.actor
    return Header(tx.now, actor.user_id, actor.name, actor.workstation_id, tx.command or "unnamed", tx.reason)


def _remember_currency(engine: Engine, code: str) -> None:
    engine.dialect.clinic_currency = code  # type: ignore[attr-defined]
