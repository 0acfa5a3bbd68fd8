"""A site's side: one round sends what is new here and reads what is new elsewhere. Each page is one short transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.sync import parking
from clinic_desktop.sync.central import CLOCK_TOLERANCE
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.documents import expect, stored_names
from clinic_desktop.sync.entering import Prepared
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.following import AsOf, Following
from clinic_desktop.sync.integrate import Integration, hopefully
from clinic_desktop.sync.lineage import formers, hash_at, identity
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.outbox import LATEST, own_changes, own_head, size_of
from clinic_desktop.sync.scope import link_of, new_link, standing_link, writing
from clinic_desktop.sync.seen import Round, Seen
from clinic_desktop.sync.told_again import as_of_origin, not_here_yet
from clinic_desktop.sync.unsettled import Unsettled
from clinic_desktop.sync.wire import (
    PAGE_BYTES,
    PROTOCOLS,
    Hello,
    Page,
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


Told = Callable[[Round], None]


class Site:
    """The sync of one database. With a ``runner_id`` it works only while no other program has taken hold of it since."""

    def __init__(self, database: Database, channel: Channel, *, page_bytes: int = PAGE_BYTES, runner_id: UUID | None = None) -> None:
        self.database, self.channel, self.page_bytes, self.runner_id = database, channel, page_bytes, runner_id
        self._unsettled: Unsettled | None = None
        self._looked = 0
        """Through which change set nothing of this database's own is left to send."""
        self._formers: tuple[UUID, list[tuple[UUID, int]]] | None = None
        self._seen = Seen(new_link(), False, None)

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

    def unsettled(self, link: SyncLink) -> Unsettled:
        """What was edited here and is not settled yet, as far as it was read."""
        if self._unsettled is None:
            self._unsettled = Unsettled(link.echoed_seq)
        return self._unsettled

    def round(self, told: Told = lambda _round: None) -> Round:
        """Greet, send, read; raises Offline, Busy or Refused, with everything kept that was done until then."""
        done = Round()
        welcome = self._greet()
        ahead = self.database.clock() - welcome.now
        done.clock_ahead = ahead > CLOCK_TOLERANCE
        has_sent = self._seen.has_sent and self._seen.agrees(welcome)
        if not done.clock_ahead and not has_sent:
            self._push(welcome, done, told)
        if not (has_sent and self._seen.has_read(welcome)):
            self._pull(done, told)
        done.is_complete = not done.clock_ahead
        if done.clock_ahead or not self._seen.is_recent(self.database.clock()):
            self._note_round(done)
        return done

    def _note_round(self, done: Round) -> None:
        with writing(self.database) as tx:
            link = self.held(tx)
            link.last_contact_at, link.last_error = tx.now, None
            if done.is_complete:
                link.last_synced_at = tx.now

    def is_proof_due(self, after: timedelta) -> bool:
        """Whether the last comparison of both ends is so long ago, one was cut, or there was none since central came back from a backup."""
        with self.database.read() as session:
            link = session.get_one(SyncLink, THE_ONE)
            proved_at, is_begun = link.proved_at, link.proving_since is not None
        now = self.database.clock()
        return is_begun or proved_at is None or not proved_at <= now < proved_at + after

    def note_proof(self) -> None:
        """Both ends hold the same."""
        with writing(self.database) as tx:
            link = self.held(tx)
            link.proved_at, link.proving_since = tx.now, None

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
            link.proving_since = None
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
            head, me = own_head(connection)
            has_sent = self._looked >= head
            self._seen = Seen(link, has_sent, hash_at(connection, link.pushed_seq))
            hello = Hello(
                protocols=PROTOCOLS,
                revision=newest_revision(),
                central_id=link.central_id,
                pushed_seq=link.pushed_seq,
                pushed_hash=link.pushed_hash,
                pulled_seq=link.pulled_seq,
                pulled_hash=link.pulled_hash,
                head_seq=head,
                formers=self._before(connection, me),
                has_sent=has_sent,
                detached_at=link.detached_at,
            )
        if self.runner_id is not None and self._seen.runner_id != self.runner_id:
            raise Fenced
        welcome = unpack(Welcome, self.channel.ask("hello", pack(hello)))
        if not self._seen.agrees(welcome):
            self._go_by(welcome)
        return welcome

    def _before(self, connection: Connection, me: UUID) -> list[tuple[UUID, int]]:
        """What this database was before, the newest first: it never changes while it keeps its id."""
        if self._formers is None or self._formers[0] != me:
            self._formers = (me, [(one.database_id, one.through) for one in reversed(formers(connection))])
        return self._formers[1]

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
                link.doubt()  # what central decides a second time may come out another way
            link.central_id, link.last_contact_at = welcome.central_id, tx.now

    def _push(self, welcome: Welcome, done: Round, told: Told) -> None:
        latest = int(welcome.now.timestamp() * 1000) << 16
        is_last = False
        while not is_last:
            changes, through, me = self._own_page(latest)
            if not changes:
                return
            body = pack(Push(newest_revision(), changes, me))
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
            is_last = through >= 0 and taken.taken_seq >= changes[-1].seq
            self._looked = through if is_last else self._looked

    def _own_page(self, latest: int) -> tuple[list[WireChange], int, UUID]:
        """What is to be sent next; if that is all, also how far the journal went by then (else -1); and whose it is."""
        with self.database.read() as session:
            link, connection = standing_link(session), session.connection()
            head, me = own_head(connection)
            page = own_changes(connection, link.pushed_seq, self.page_bytes, latest, self._looked)
            self._looked = self._looked if page else head
            return page, head if sum([size_of(one) for one in page]) < self.page_bytes else -1, me

    def _pull(self, done: Round, told: Told, upto: int = LATEST) -> None:
        while True:
            with self.database.read() as session:
                link, connection = standing_link(session), session.connection()
                me = identity(connection).database_id
                owns = [(me, LATEST), *self._before(connection, me)]
                pull = Pull(link.pulled_seq, link.pulled_hash, self.page_bytes, owns, upto)
            if pull.after >= upto:
                return
            page = unpack(Page, self.channel.ask("pull", pack(pull)))
            self._take_page(pull, page, done)
            told(done)
            if page.through >= min(page.head_seq, upto) or page.through == pull.after:
                return

    def _take_page(self, pull: Pull, page: Page, done: Round) -> None:
        if page.through != pull.after:
            hopefully(lambda is_careful: self._take(pull, page, done, is_careful=is_careful))

    def _take(self, pull: Pull, page: Page, done: Round, *, is_careful: bool) -> None:
        with writing(self.database) as tx:
            link, connection = self.held(tx), tx.session.connection()
            if (link.pulled_seq, link.pulled_hash) != (pull.after, pull.hash):
                raise Refused("overtaken")  # another program read the same page meanwhile
            changes = not_here_yet(connection, page.changes)
            if len(changes) < len(page.changes):
                link.doubt()  # central lost some and was sent them again: by then they may have come out another way
            unsettled = self.unsettled(link)
            brought = AsOf(connection) if link.loads_from is not None else None
            rules = Following(unsettled, link.echoed_seq, page.changes, brought)
            came = self._integrate(tx, rules, changes, is_careful=is_careful)
            done.pulled += sum(1 for one in changes if one.rows)
            link.echoed_seq = max([link.echoed_seq, *(one.echo for one in page.changes)])
            link.pulled_seq, link.pulled_hash = page.through, page.hash
            echoed = link.echoed_seq
        unsettled.forget(echoed)
        for _, seq in came:  # what others did is nothing to send
            self._looked = seq if seq == self._looked + 1 else self._looked

    def _integrate(self, tx: Tx, rules: Following, changes: Sequence[WireChange], *, is_careful: bool) -> list[tuple[Prepared, int]]:
        full = [one for one in changes if one.rows and one.origin is not None]
        if not full:
            return []  # only what became of this site's own
        came = Integration(tx, rules, is_careful=is_careful).take(full, [one.origin for one in full if one.origin is not None])
        for change, why in came.parked:
            assert change.origin is not None
            parking.park(tx, change.origin.site_id, change.origin.database_id, [(as_of_origin(change), why)])
        expect(tx, stored_names(full), is_fetched=True)
        return came.taken
