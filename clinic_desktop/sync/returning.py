"""A detached copy comes back: what was done on it is handed over, both ends agree, and the server is worked on again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event

from sqlalchemy import func, select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.sync import joining
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.comparing import compare
from clinic_desktop.sync.documents import Documents
from clinic_desktop.sync.errors import Busy, Offline, Refused
from clinic_desktop.sync.models import SyncDocument
from clinic_desktop.sync.outbox import own_changes
from clinic_desktop.sync.replica_standing import Connect, NotHandedOver, channel_to, note
from clinic_desktop.sync.rounds import catch_up
from clinic_desktop.sync.scope import link_of, writing
from clinic_desktop.sync.seen import Round
from clinic_desktop.sync.site import Site

_QUIET_TRIES = 5
_A_PAGE = 1 << 20


@dataclass(frozen=True, slots=True)
class Returned:
    """What was handed over."""

    sent: int
    parked: int
    """Pieces of it that wait for a person on the server."""


def hand_over(
    replica: Database,
    told: Callable[[Round], None] = lambda _round: None,
    ended: Event | None = None,
    *,
    connect: Connect = joining.channel_of,
) -> Returned:
    """Send and read everything, see that both ends agree, and attach the copy again.

    Raises Offline (also when ``ended`` is set), Busy, Refused or NotHandedOver: then nothing is lost and it is called again.
    """
    stop = ended or Event()
    with channel_to(replica, connect, stop) as channel:
        site = Site(replica, channel, runner_id=new_id())
        site.take_hold()
        try:
            return _hand_over(site, channel, told, stop)
        finally:
            site.let_go()


def _hand_over(site: Site, channel: Channel, told: Callable[[Round], None], ended: Event) -> Returned:
    def goes_on(done: Round) -> None:
        told(done)
        if ended.is_set():
            raise Offline(reason="stopped")

    sent = parked = 0
    for _ in range(_QUIET_TRIES):
        done = catch_up(site, goes_on)
        sent, parked = sent + done.pushed, parked + len(done.parked)
        _send_documents(site.database, channel)
        compared = compare(site)
        if compared.is_proof and not compared.repairs and not done.clock_ahead:
            attach(site.database)
            with suppress(Offline, Busy, Refused):  # or the next feeding says so: until then nobody there counts the tills
                site.round()
            return Returned(sent, parked)
    raise NotHandedOver(unsent=0, reason="differs")


def _send_documents(replica: Database, channel: Channel) -> None:
    documents = Documents(replica, channel)
    documents.try_all_again()
    while documents.step():
        pass
    with replica.read() as session:
        left = session.scalar(select(func.count()).select_from(SyncDocument).where(~SyncDocument.is_fetched)) or 0
    if left:
        raise NotHandedOver(unsent=left, reason="documents")


def attach(replica: Database) -> None:
    """Nobody works on the copy any more: it is fed again. Raises NotHandedOver while the server lacks something."""
    with writing(replica, "sync.attach") as tx:
        link = link_of(tx)
        if left := own_changes(tx.session.connection(), link.pushed_seq, _A_PAGE):
            raise NotHandedOver(unsent=len(left), reason="unsent")
        link.detached_at = None
    note(replica)
