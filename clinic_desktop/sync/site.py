"""A site's side: one round sends what is new here and reads what is new elsewhere. Each page is one short transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec
from sqlalchemy import Connection, func, select

from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.sync import parking
from clinic_desktop.sync.central import CLOCK_TOLERANCE
from clinic_desktop.sync.documents import expect, stored_names
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.following import AsOf, Following
from clinic_desktop.sync.integrate import Integration
from clinic_desktop.sync.lineage import formers, hash_at, identity
from clinic_desktop.sync.models import THE_ONE, SyncLink, SyncParked
from clinic_desktop.sync.outbox import LATEST, own_changes, own_head, size_of
from clinic_desktop.sync.scope import link_of, new_link, writing
from clinic_desktop.sync.unsettled import Unsettled
from clinic_desktop.sync.wire import (
    PAGE_BYTES,
    PROTOCOLS,
    Hello,
    Page,
    Parked,
    Pull,
    Push,
    Taken,
    Welcome,
    WireChange,
    pack,
    unpack,
)

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
"""How long a program that says nothing more keeps others from running sync for its database."""


class Fenced(ClinicError):
    """Another program runs sync for this database."""

    code = "sync_elsewhere"


class Channel(Protocol):
    """The way to central."""

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask central; raises Offline, Busy or Refused."""


@dataclass(slots=True)
class Round:
    """What one round did."""

    pushed: int = 0
    pulled: int = 0
    parked: list[Parked] = field(default_factory=list)
    clock_ahead: bool = False
    """This computer's clock is more than five minutes ahead: nothing was sent."""
    is_complete: bool = False
    """Everything was sent and read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where sync stands, as the status bar shows it."""

    is_linked: bool
    last_contact_at: datetime | None
    last_synced_at: datetime | None
    unsent: int
    parked: int
    error: str | None


Told = Callable[[Round], None]


class Site:
    """The sync of one database. With a ``runner_id`` it works only while no other program has taken hold of it since."""

    def __init__(self, database: Database, channel: Channel, *, page_bytes: int = PAGE_BYTES, runner_id: UUID | None = None) -> None:
        self.database, self.channel, self.page_bytes, self.runner_id = database, channel, page_bytes, runner_id
        self._unsettled: Unsettled | None = None
        self.wants_proof = True
        """Nobody has compared both ends since this program began, or since central came back from a backup."""
        self._looked = 0
        """Through which change set nothing of this database's own is left to send."""

    def take_hold(self) -> None:
        """Become the one program that runs sync for this database; raises Fenced while another one is at it."""
        with writing(self.database) as tx:
            link = link_of(tx)
            is_held = link.runner_until is not None and tx.now < link.runner_until <= tx.now + 2 * LEASE
            if link.runner_id not in (None, self.runner_id):
                if is_held:
                    raise Fenced
                self._unsettled = None
            link.runner_id, link.runner_until = self.runner_id, tx.now + LEASE

    def let_go(self) -> None:
        """Let another program take over at once."""
        with writing(self.database) as tx:
            link = link_of(tx)
            if link.runner_id == self.runner_id:
                link.runner_id = link.runner_until = None

    def note_error(self, error: str | None) -> None:
        """Remember how the last round went, for whoever looks from another program."""
        with writing(self.database) as tx:
            self.held(tx).last_error = error

    def held(self, tx: Tx) -> SyncLink:
        """The link, locked, while this is still the program that runs sync: otherwise nothing of it may be written."""
        link = link_of(tx)
        if self.runner_id is not None:
            if link.runner_id != self.runner_id:
                raise Fenced
            link.runner_until = tx.now + LEASE
        return link

    def round(self, told: Told = lambda _round: None) -> Round:
        """Greet, send, read; raises Offline, Busy or Refused, with everything kept that was done until then."""
        done = Round()
        welcome = self._greet()
        ahead = self.database.clock() - welcome.now
        done.clock_ahead = ahead > CLOCK_TOLERANCE
        if not done.clock_ahead:
            self._push(welcome, done, told)
        self._pull(done, told)
        done.is_complete = not done.clock_ahead
        with writing(self.database) as tx:
            link = self.held(tx)
            link.last_contact_at, link.last_error = tx.now, None
            if done.is_complete:
                link.last_synced_at = tx.now
        return done

    def begin_load(self) -> None:
        """Send what is new here, and take central's present place for where whole rows are read from; a load under way goes on."""
        welcome = self._greet()
        with self.database.read() as session:
            if session.get_one(SyncLink, THE_ONE).loads_from is not None:
                return
        self._push(welcome, Round(), lambda _round: None)
        welcome = self._greet()
        with writing(self.database) as tx:
            link = self.held(tx)
            link.loads_from = link.pulled_seq = welcome.head_seq
            link.pulled_hash, link.echoed_seq = welcome.head_hash, welcome.taken_seq
        self._unsettled = None

    def pull_to(self, seq: int) -> bool:
        """Read just as far as one place of central's journal; whether this is where it stands now."""
        self._pull(Round(), lambda _round: None, seq)
        with self.database.read() as session:
            return session.get_one(SyncLink, THE_ONE).pulled_seq == seq

    def _greet(self) -> Welcome:
        with self.database.read() as session:
            connection = session.connection()
            link = session.get(SyncLink, THE_ONE) or new_link()
            head, _me = own_head(connection)
            before = [(one.database_id, one.through) for one in reversed(formers(connection))]
            hello = Hello(
                protocols=PROTOCOLS,
                revision=newest_revision(),
                central_id=link.central_id,
                pushed_seq=link.pushed_seq,
                pushed_hash=link.pushed_hash,
                pulled_seq=link.pulled_seq,
                pulled_hash=link.pulled_hash,
                now=self.database.clock(),
                head_seq=head,
                formers=before,
            )
        welcome = unpack(Welcome, self.channel.ask("hello", pack(hello)))
        self._go_by(welcome)
        return welcome

    def _go_by(self, welcome: Welcome) -> None:
        """Take central's word on what it has of this database, and on how far of what was read is still so."""
        with writing(self.database) as tx:
            link, connection = self.held(tx), tx.session.connection()
            if hash_at(connection, welcome.taken_seq) not in (None, welcome.taken_hash):
                raise Refused("diverged", seq=welcome.taken_seq)
            if welcome.taken_seq < link.echoed_seq or 0 <= welcome.read_to < link.pulled_seq:
                self._unsettled = None
            if welcome.taken_seq < link.pushed_seq:
                self._looked = 0
            link.pushed_seq, link.pushed_hash = welcome.taken_seq, welcome.taken_hash
            link.echoed_seq = min(link.echoed_seq, welcome.taken_seq)
            if welcome.read_to >= 0:
                link.pulled_seq, link.pulled_hash = welcome.read_to, welcome.read_hash
                self.wants_proof = True  # what central decides a second time may come out another way
            link.central_id, link.last_contact_at = welcome.central_id, tx.now

    def _push(self, welcome: Welcome, done: Round, told: Told) -> None:
        latest = int(welcome.now.timestamp() * 1000) << 16
        while changes := self._own_page(latest):
            body = pack(Push(newest_revision(), changes))
            taken = unpack(Taken, self.channel.ask("push", body))
            with writing(self.database) as tx:
                link = self.held(tx)
                is_on = taken.taken_seq > link.pushed_seq
                link.pushed_seq, link.pushed_hash = taken.taken_seq, taken.taken_hash
                expect(tx, stored_names(changes), is_fetched=False)
            done.pushed += sum(1 for one in changes if one.seq <= taken.taken_seq)
            done.parked += taken.parked
            told(done)
            if not is_on:
                raise Refused("no_progress", seq=taken.taken_seq)

    def _own_page(self, latest: int) -> list[WireChange]:
        with self.database.read() as session:
            link, connection = session.get_one(SyncLink, THE_ONE), session.connection()
            head, _me = own_head(connection)
            page = own_changes(connection, link.pushed_seq, self.page_bytes, latest, self._looked)
            self._looked = self._looked if page else head
            return page

    def _pull(self, done: Round, told: Told, upto: int = LATEST) -> None:
        while True:
            with self.database.read() as session:
                link, connection = session.get_one(SyncLink, THE_ONE), session.connection()
                me = identity(connection)
                owns = [(me.database_id, LATEST), *((one.database_id, one.through) for one in reversed(formers(connection)))]
                pull = Pull(newest_revision(), link.pulled_seq, link.pulled_hash, self.page_bytes, owns, upto)
            if pull.after >= upto:
                return
            page = unpack(Page, self.channel.ask("pull", pack(pull)))
            self._take_page(pull, page, done)
            told(done)
            if page.through >= min(page.head_seq, upto) or page.through == pull.after:
                return

    def _take_page(self, pull: Pull, page: Page, done: Round) -> None:
        if page.through == pull.after:
            return
        with writing(self.database) as tx:
            link, connection = self.held(tx), tx.session.connection()
            if (link.pulled_seq, link.pulled_hash) != (pull.after, pull.hash):
                raise Refused("overtaken")  # another program read the same page meanwhile
            changes = _unknown(connection, page.changes)
            if self._unsettled is None:
                self._unsettled = Unsettled(link.echoed_seq)
            brought = AsOf(connection) if link.loads_from is not None else None
            rules = Following(self._unsettled, link.echoed_seq, page.changes, brought)
            self._integrate(tx, rules, changes)
            done.pulled += sum(1 for one in changes if one.rows)
            link.echoed_seq = max([link.echoed_seq, *(one.echo for one in page.changes)])
            link.pulled_seq, link.pulled_hash = page.through, page.hash
            echoed = link.echoed_seq
        self._unsettled.forget(echoed)

    def _integrate(self, tx: Tx, rules: Following, changes: Sequence[WireChange]) -> None:
        full = [one for one in changes if one.rows and one.origin is not None]
        came = Integration(tx, rules).take(full, [one.origin for one in full if one.origin is not None])
        for change, why in came.parked:
            assert change.origin is not None
            parking.park(tx, change.origin.site_id, change.origin.database_id, [(_as_of_origin(change), why)])
        _follow_currency(tx, full)
        expect(tx, stored_names(full), is_fetched=True)


def _as_of_origin(change: WireChange) -> WireChange:
    assert change.origin is not None
    return msgspec.structs.replace(change, seq=change.origin.seq)


def _follow_currency(tx: Tx, changes: Sequence[WireChange]) -> None:
    """A database that joins takes the currency of the organisation."""
    for change in changes:
        for row in change.rows:
            if row.table == "hospitals" and row.operation == "I":
                tx.choose_currency(str(msgspec.json.decode(row.changes)["currency"]))


def _unknown(connection: Connection, changes: Sequence[WireChange]) -> list[WireChange]:
    """Those that are not here yet: a central server that came back from a backup tells some again."""
    origin = JournalOrigin.__table__.c
    known: set[tuple[UUID, int]] = set()
    told = [one.origin for one in changes if one.origin is not None]
    for database_id in {one.database_id for one in told}:
        seqs = sorted(one.seq for one in told if one.database_id == database_id)
        for at in range(0, len(seqs), 500):
            wanted = select(origin.origin_seq).where(origin.database_id == database_id, origin.origin_seq.in_(seqs[at : at + 500]))
            known |= {(database_id, seq) for seq in connection.scalars(wanted)}
    return [one for one in changes if one.origin is None or (one.origin.database_id, one.origin.seq) not in known]


def standing(database: Database) -> Standing:
    """Where sync stands."""
    with database.read() as session:
        link, connection = session.get(SyncLink, THE_ONE), session.connection()
        parked = len(session.scalars(select(SyncParked.id).where(SyncParked.resolved_at.is_(None))).all())
        if link is None:
            return Standing(False, None, None, 0, parked, None)
        unsent = _unsent(connection, link.pushed_seq)
        return Standing(True, link.last_contact_at, link.last_synced_at, unsent, parked, link.last_error)


def _unsent(connection: Connection, after: int) -> int:
    """How many change sets are to be sent: exactly where it is a page of them, else counting those, too, of which nothing travels."""
    page = own_changes(connection, after, PAGE_BYTES)
    if sum(size_of(one) for one in page) < PAGE_BYTES:
        return len(page)
    seq, origin = ChangeSet.__table__.c.seq, JournalOrigin.__table__.c.seq
    is_own = ~select(origin).where(origin == seq).exists()
    return len(page) + int(connection.scalar(select(func.count()).select_from(ChangeSet).where(seq > page[-1].seq, is_own)) or 0)
